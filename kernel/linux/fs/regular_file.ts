/**
 * Files that keep bytes: a memory object and a length.
 *
 * @module
 */
import { failed } from "../../abi.ts";
import { KernelBug } from "../../invariant.ts";
import { PAGE_SIZE } from "../../ports.ts";
import { Vmo } from "../../vm/vmo.ts";
import { Errno } from "../errno.ts";
import type { FileSystem } from "./file_system.ts";
import { FileKind, Inode, type InodeOptions } from "./inode.ts";

/** No file is longer. */
export const FILE_SIZE_MAX = 2 ** 43;

const BLOCKS_PER_PAGE = PAGE_SIZE / 512;
const NO_SHRINKING = 2;
const NO_GROWTH = 4;
const NO_WRITES = 24;

/** A file that keeps bytes. */
export class RegularFile extends Inode {
  /** How many have it open for writing. */
  writers = 0;
  /** How many run it, so that nobody may write to it. */
  runners = 0;
  /** What is shown in place of a path, where it never had a name. */
  label: string | null = null;
  /** What may no longer be done to it: a mask of `Seal` bits; at first nobody may add one. */
  seals = 1;
  #vmo: Vmo | null = null;
  #size = 0;
  #users = 0;

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
    if (end > this.size && (this.seals & NO_GROWTH) !== 0) return Errno.EPERM;
    const { vmo } = this;
    if (end > vmo.size) vmo.resize(end);
    const status = vmo.write(offset, bytes);
    if (status < 0) return Errno.ENOSPC;
    if (end > this.#size) this.#size = end;
    this.touched();
    return bytes.length;
  }

  /** Change its length; answers 0 or why not. */
  truncate(size: number): number {
    if (size > FILE_SIZE_MAX) return Errno.EFBIG;
    if ((this.seals & (size < this.size ? NO_SHRINKING : NO_GROWTH)) !== 0 && size !== this.size) {
      return Errno.EPERM;
    }
    this.vmo.resize(size);
    this.#size = size;
    this.touched();
    return 0;
  }

  override unlinked(): void {
    super.unlinked();
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

  #load(): Vmo {
    const bytes = this.initial();
    const vmo = Vmo.create(this.fs.realm, bytes.length, { resizable: true });
    if (failed(vmo)) throw new KernelBug("a file that the host could read is not too large");
    vmo.hold();
    this.#vmo = vmo;
    this.#size = vmo.write(0, bytes) === 0 ? bytes.length : 0;
    return vmo;
  }

  #freeIfUnused(): void {
    if (this.#users > 0 || this.links > 0 || this.#vmo === null) return;
    this.#vmo.drop();
    this.#vmo = null;
    this.#size = 0;
  }
}
