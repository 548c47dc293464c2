/**
 * Files that keep bytes: a memory object and a length.
 *
 * @module
 */
import { Seal } from "../abi/file.ts";
import { failed } from "../../abi.ts";
import { KernelBug } from "../../invariant.ts";
import { PAGE_SIZE } from "../../ports.ts";
import { Vmo } from "../../vm/vmo.ts";
import { Errno } from "../errno.ts";
import type { FileSystem } from "./file_system.ts";
import { FileKind, Inode, type InodeOptions } from "./inode.ts";
import type { Supply } from "./room.ts";

/** No file is longer. */
export const FILE_SIZE_MAX = 2 ** 43;

const BLOCKS_PER_PAGE = PAGE_SIZE / 512;
const NO_WRITES = Seal.WRITE | Seal.FUTURE_WRITE;

/** A file that keeps bytes. */
export class RegularFile extends Inode {
  /** How many have it open for reading only. */
  readers = 0;
  /** How many have it open for writing. */
  writers = 0;
  /** How many run it, so that nobody may write to it. */
  runners = 0;
  /** What is shown in place of a path, where it never had a name. */
  label: string | null = null;
  /** Whether it can be given its first name yet. */
  linkable = false;
  /** What may no longer be done to it: a mask of `Seal` bits; at first nobody may add one. */
  seals = 1;
  #vmo: Vmo | null = null;
  #size = 0;
  #users = 0;
  /** How many pages its file system has counted. */
  #counted = 0;
  /** How many pages it began with, which nobody counts. */
  #brought = 0;
  /** Whether it had a name, and is still open. */
  #lingers = false;

  /** An empty file. */
  constructor(fs: FileSystem, options: InodeOptions) {
    super(fs, { ...options, mode: FileKind.REGULAR | (options.mode & 0o7777) });
  }

  override get size(): number {
    return this.#size;
  }

  override get blocks(): number {
    if (this.#vmo) return this.#vmo.content.pages.frames * BLOCKS_PER_PAGE;
    return Math.ceil(this.#size / PAGE_SIZE) * BLOCKS_PER_PAGE;
  }

  /** Its bytes as memory. */
  get vmo(): Vmo {
    return this.#vmo ?? this.#load();
  }

  /** Whether its file system has no page left for it. */
  get isFull(): boolean {
    return this.#supply?.free === 0;
  }

  /** Its file system lets it have one more page. */
  admit(): boolean {
    if (this.#supply?.take() === false) return false;
    this.#counted++;
    return true;
  }

  /** Somebody has it open or mapped. */
  hold(): void {
    this.#users++;
  }

  /** Somebody no longer has; without a name and a user it gives its memory back. */
  drop(): void {
    this.#users--;
    this.#freeIfUnused();
  }

  /** Bytes from an offset on: up to the end, at most so many. */
  readAt(offset: number, count: number): Uint8Array {
    const length = Math.max(0, Math.min(count, this.size - offset));
    const bytes = new Uint8Array(length);
    if (length > 0) this.vmo.read(offset, bytes);
    return bytes;
  }

  /** Put bytes at an offset; answers how many, or why not. */
  writeAt(offset: number, bytes: Uint8Array): number {
    if (bytes.length === 0) return 0;
    const end = offset + bytes.length;
    if (end > FILE_SIZE_MAX) return Errno.EFBIG;
    if ((this.seals & NO_WRITES) !== 0) return Errno.EPERM;
    if (end > this.size && (this.seals & Seal.GROW) !== 0) return this.#writeSealed(offset, bytes);
    const { vmo } = this;
    if (offset > this.size) this.#forgetBeyond();
    if (end > vmo.size) vmo.resize(end);
    const done = fill(vmo, offset, bytes);
    this.#settle();
    if (done === 0) return Errno.ENOSPC;
    this.#size = Math.max(this.#size, offset + done);
    this.touched();
    return done;
  }

  /** Change its length; answers 0 or why not. */
  truncate(size: number): number {
    if (size > FILE_SIZE_MAX) return Errno.EFBIG;
    if ((this.seals & (size < this.size ? Seal.SHRINK : Seal.GROW)) !== 0 && size !== this.size) {
      return Errno.EPERM;
    }
    const { vmo } = this;
    if (size > this.#size) this.#forgetBeyond();
    vmo.resize(size);
    this.#settle();
    this.#size = size;
    this.touched();
    return 0;
  }

  /** Whether there is room for a part of it; nobody takes it. */
  hasRoomFor(offset: number, length: number): boolean {
    const [first, end] = [Math.floor(offset / PAGE_SIZE), Math.ceil((offset + length) / PAGE_SIZE)];
    let wanted = end - first;
    this.vmo.content.pages.forEach(first, end, (_page, frame) => {
      if (frame > 0) wanted--;
    });
    return wanted <= (this.#supply?.free ?? this.fs.realm.memory.freeFrames);
  }

  /** Let a part be zeros; answers 0 or why not. */
  punch(offset: number, length: number): number {
    if ((this.seals & NO_WRITES) !== 0) return Errno.EPERM;
    const end = Math.min(offset + length, this.size);
    if (end > offset) this.vmo.zero(offset, end - offset);
    this.#settle();
    return 0;
  }

  /** Where the first bytes are that were ever written, from an offset on; or why there are none. */
  dataFrom(offset: number): number {
    if (offset < 0 || offset >= this.size) return Errno.ENXIO;
    const first = Math.floor(offset / PAGE_SIZE);
    let found = Infinity;
    this.vmo.content.pages.forEach(first, Math.ceil(this.size / PAGE_SIZE), (page, frame) => {
      if (frame > 0) found = Math.min(found, page);
    });
    return found === Infinity ? Errno.ENXIO : Math.max(offset, found * PAGE_SIZE);
  }

  /** Where the first bytes are that were never written, from an offset on: at its end at the latest. */
  holeFrom(offset: number): number {
    if (offset < 0 || offset >= this.size) return Errno.ENXIO;
    for (let page = Math.floor(offset / PAGE_SIZE); page * PAGE_SIZE < this.size; page++) {
      if (!this.#hasPage(page)) return Math.max(offset, page * PAGE_SIZE);
    }
    return this.size;
  }

  override unlinked(): void {
    super.unlinked();
    if (this.links > 0) return;
    // Until nobody has it open it takes the room of a name.
    this.#lingers = true;
    this.fs.room?.files.force();
    this.#freeIfUnused();
  }

  /** The bytes that it begins with. */
  protected initial(): Uint8Array {
    return new Uint8Array();
  }

  /** Say how long it is before its bytes are there. */
  protected setSize(size: number): void {
    this.#size = size;
  }

  /** Where its pages are counted: what never had a name is in no file system that anybody sees. */
  get #supply(): Supply | null {
    return this.label === null ? this.fs.room?.pages ?? null : null;
  }

  /** Give back what was counted and is no longer there. */
  #settle(): void {
    const frames = this.#vmo?.content.pages.frames ?? 0;
    this.#brought = Math.min(this.#brought, frames);
    const over = this.#counted - (frames - this.#brought);
    this.#counted -= over;
    this.#supply?.give(over);
  }

  #hasPage(page: number): boolean {
    return this.vmo.content.pages.get(page) > 0;
  }

  /** Write to a file that may not grow: page by page, as long as they fit. */
  #writeSealed(offset: number, bytes: Uint8Array): number {
    const fits = this.size - this.size % PAGE_SIZE - offset;
    return fits > 0 ? this.writeAt(offset, bytes.subarray(0, fits)) : Errno.EPERM;
  }

  /** What a mapping has left behind the end, in the last page, is not there when the file grows. */
  #forgetBeyond(): void {
    const { vmo } = this;
    const within = this.#size % PAGE_SIZE;
    if (within === 0 || !this.#hasPage(Math.floor(this.#size / PAGE_SIZE))) return;
    const end = this.#size - within + PAGE_SIZE;
    if (vmo.size < end) vmo.resize(end);
    vmo.zero(this.#size, end - this.#size);
  }

  #load(): Vmo {
    const bytes = this.initial();
    const vmo = Vmo.create(this.fs.realm, bytes.length, { resizable: true });
    if (failed(vmo)) throw new KernelBug("a file that the host could read is not too large");
    vmo.hold();
    this.#vmo = vmo;
    this.#size = vmo.write(0, bytes) === 0 ? bytes.length : 0;
    this.#brought = vmo.content.pages.frames;
    vmo.content.room = this;
    return vmo;
  }

  #freeIfUnused(): void {
    if (this.#users > 0 || this.links > 0) return;
    if (this.#lingers) this.fs.room?.files.give(1);
    this.#lingers = false;
    if (this.#vmo === null) return;
    this.#vmo.drop();
    this.#vmo = null;
    this.#size = 0;
    this.#brought = 0;
    this.#settle();
  }
}

/** Put as many bytes there as there are pages for; answers how many. */
function fill(vmo: Vmo, offset: number, bytes: Uint8Array): number {
  let done = 0;
  while (done < bytes.length) {
    const part = vmo.writable(offset + done, bytes.length - done);
    if (typeof part === "number") break;
    part.set(bytes.subarray(done, done + part.length));
    done += part.length;
  }
  return done;
}
