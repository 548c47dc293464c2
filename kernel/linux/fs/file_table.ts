/**
 * Descriptors: small numbers for open files.
 *
 * @module
 */
import { Errno } from "../errno.ts";
import { OpenFlag } from "../abi/open.ts";
import type { FileLocks } from "../file_locks.ts";
import type { OpenFile } from "./open_file.ts";

/** How many slots a table has before it grows. */
const FIRST_SLOTS = 64;
/** A grown table has this many slots, or twice, or four times as many. */
const GROWN_SLOTS = 128;

/** What a descriptor is. */
interface Slot {
  readonly file: OpenFile;
  closeOnExec: boolean;
}

/** Small numbers for open files. */
export class FileTable {
  /** How many tasks use it. */
  users = 1;
  /** How many slots there are: `select` looks no further, whatever it is asked for. */
  capacity = FIRST_SLOTS;
  readonly #slots: (Slot | undefined)[] = [];
  readonly #locks: FileLocks;

  /** An empty table, whose locks are among these. */
  constructor(locks: FileLocks) {
    this.#locks = locks;
  }

  /** The file of a descriptor. */
  get(descriptor: number): OpenFile | null {
    return this.#slots[descriptor]?.file ?? null;
  }

  /** The lowest free descriptor from `from` on. */
  lowestFree(from = 0): number {
    let descriptor = from;
    while (this.#slots[descriptor]) descriptor++;
    return descriptor;
  }

  /** Put a file at the lowest free descriptor from `from` on, or EMFILE. */
  add(file: OpenFile, { limit, from = 0, closeOnExec = false }: AddOptions): number {
    const descriptor = this.lowestFree(from);
    if (descriptor >= limit) return Errno.EMFILE;
    this.set(descriptor, file, closeOnExec);
    return descriptor;
  }

  /** Put a file at a descriptor, in place of what was there. */
  set(descriptor: number, file: OpenFile, closeOnExec: boolean): void {
    const before = this.#slots[descriptor];
    file.hold();
    this.#growTo(descriptor + 1);
    while (this.#slots.length < descriptor) this.#slots.push(undefined);
    this.#slots[descriptor] = { file, closeOnExec };
    if (before) this.#leave(before.file);
  }

  /** Whether a descriptor is closed by `execve`. */
  closesOnExec(descriptor: number): boolean {
    return this.#slots[descriptor]?.closeOnExec ?? false;
  }

  /** Let a descriptor be closed by `execve`, or not. */
  setCloseOnExec(descriptor: number, closeOnExec: boolean): void {
    const slot = this.#slots[descriptor];
    if (slot) slot.closeOnExec = closeOnExec;
  }

  /** Close a descriptor. */
  close(descriptor: number): 0 | typeof Errno.EBADF {
    const slot = this.#slots[descriptor];
    if (!slot) return Errno.EBADF;
    this.#slots[descriptor] = undefined;
    this.#leave(slot.file);
    return 0;
  }

  /** Close what `execve` closes; answers which. */
  closeForExec(keep: (file: OpenFile) => boolean = () => false): number[] {
    const closed = [...this.descriptors()].filter((one) => {
      const slot = this.#slots[one]!;
      return slot.closeOnExec && !keep(slot.file);
    });
    for (const descriptor of closed) this.close(descriptor);
    return closed;
  }

  /** The descriptors in order. */
  *descriptors(): Generator<number> {
    for (let at = 0; at < this.#slots.length; at++) if (this.#slots[at]) yield at;
  }

  /** Another table with the same files. */
  copy(): FileTable {
    const copy = new FileTable(this.#locks);
    // A last descriptor in the middle of a word takes the whole word along.
    copy.#growTo(Math.ceil((Math.max(0, ...this.descriptors()) + 1) / FIRST_SLOTS) * FIRST_SLOTS);
    for (const descriptor of this.descriptors()) {
      const { file, closeOnExec } = this.#slots[descriptor]!;
      copy.set(descriptor, file, closeOnExec);
    }
    return copy;
  }

  #leave(file: OpenFile): void {
    if ((file.flags & OpenFlag.PATH) === 0) this.#locks.closedBy(this, file.inode);
    file.leftBy(this);
    file.drop();
  }

  #growTo(slots: number): void {
    if (slots <= this.capacity) return;
    this.capacity = GROWN_SLOTS;
    while (this.capacity < slots) this.capacity *= 2;
  }

  /** One task fewer uses it; after the last everything is closed. */
  drop(): void {
    if (--this.users > 0) return;
    for (const descriptor of [...this.descriptors()]) this.close(descriptor);
  }
}

/** Where a descriptor may be. */
export interface AddOptions {
  /** The first number that is too large. */
  readonly limit: number;
  /** The first number to try. */
  readonly from?: number;
  /** Whether `execve` closes it. */
  readonly closeOnExec?: boolean;
}
