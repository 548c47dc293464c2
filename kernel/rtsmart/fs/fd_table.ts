/**
 * The descriptors of a process (`dfs_fdtable`).
 *
 * @module
 */
import { Errno } from "../error.ts";
import type { OpenFile } from "./open_file.ts";

/** So many descriptors a process can have. */
export const FD_MAX = 256;

/** Descriptors and their files. */
export class FdTable {
  readonly #files: (OpenFile | undefined)[] = [];

  /** The file of a descriptor. */
  get(descriptor: number): OpenFile | null {
    return this.#files[descriptor] ?? null;
  }

  /** Those in use, in order. */
  get descriptors(): number[] {
    return [...this.#files.keys()].filter((one) => this.#files[one] !== undefined);
  }

  /** Put a file at the lowest free descriptor; answers that, or EMFILE. */
  add(file: OpenFile): number {
    let descriptor = 0;
    while (this.#files[descriptor] !== undefined) descriptor++;
    if (descriptor >= FD_MAX) return Errno.EMFILE;
    this.set(descriptor, file);
    return descriptor;
  }

  /** Put a file at a descriptor, in place of what was there. */
  set(descriptor: number, file: OpenFile): void {
    file.hold();
    const before = this.#files[descriptor];
    this.#files[descriptor] = file;
    before?.drop();
  }

  /** Close a descriptor; answers 0 or EBADF. */
  close(descriptor: number): number {
    const file = this.get(descriptor);
    if (!file) return Errno.EBADF;
    this.#files[descriptor] = undefined;
    file.drop();
    return 0;
  }

  /** Another table with the same files. */
  copy(): FdTable {
    const copy = new FdTable();
    for (const one of this.descriptors) copy.set(one, this.get(one)!);
    return copy;
  }

  /** Close all. */
  closeAll(): void {
    for (const one of this.descriptors) this.close(one);
  }
}
