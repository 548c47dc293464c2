/**
 * Files that keep bytes: a memory object, whose pages are the page cache, and a length.
 *
 * @module
 */
import { failed } from "../../abi.ts";
import { KernelBug } from "../../invariant.ts";
import type { Realm } from "../../object/realm.ts";
import { Vmo } from "../../vm/vmo.ts";
import { Errno } from "../error.ts";
import type { MemObject } from "../mm/varea.ts";
import { FileKind, Node } from "./node.ts";
import { OpenFile, OpenFlag } from "./open_file.ts";

/** No file is longer. */
const FILE_SIZE_MAX = 2 ** 31 - 1;

const SEEK_CUR = 1;
const SEEK_END = 2;

/** A file that keeps bytes. */
export class RegularFile extends Node {
  readonly #realm: Realm;
  #vmo: Vmo | null = null;
  #size = 0;
  #users = 0;
  #hasName = true;

  /** An empty file. */
  constructor(realm: Realm, ino: number, mode: number) {
    super(ino, FileKind.REGULAR | (mode & 0o7777));
    this.#realm = realm;
  }

  override get size(): number {
    return this.#size;
  }

  /** Its bytes as memory. */
  get vmo(): Vmo {
    if (this.#vmo) return this.#vmo;
    const vmo = Vmo.create(this.#realm, 0, { resizable: true });
    if (failed(vmo)) throw new KernelBug("an empty file is not too large");
    vmo.hold();
    return this.#vmo = vmo;
  }

  /** It as something to map, privately or with everybody who maps it so. */
  asObject(name: string, shared: boolean): MemObject {
    const { koid, content } = this.vmo;
    return {
      name,
      koid,
      content,
      shared,
      hold: () => this.hold(),
      drop: () => this.drop(),
    };
  }

  /** Somebody has it open or mapped. */
  hold(): void {
    this.#users++;
  }

  /** Somebody no longer has. */
  drop(): void {
    this.#users--;
    this.#freeIfUnused();
  }

  override open(flags: number, path: string): OpenFile {
    if ((flags & OpenFlag.TRUNC) !== 0) this.truncate(0);
    return new OpenRegular(this, flags, path);
  }

  override unlinked(): void {
    this.#hasName = false;
    this.#freeIfUnused();
  }

  /** Bytes from an offset on: up to the end, at most so many. */
  readAt(offset: number, count: number): Uint8Array {
    const length = Math.max(0, Math.min(count, this.#size - offset));
    const bytes = new Uint8Array(length);
    if (length > 0) this.vmo.read(offset, bytes);
    return bytes;
  }

  /** Put bytes at an offset; answers how many, or why not. */
  writeAt(offset: number, bytes: Uint8Array): number {
    if (bytes.length === 0) return 0;
    const end = offset + bytes.length;
    if (end > FILE_SIZE_MAX) return Errno.EFBIG;
    const { vmo } = this;
    if (end > vmo.size) vmo.resize(end);
    if (vmo.write(offset, bytes) < 0) return Errno.ENOSPC;
    this.#size = Math.max(this.#size, end);
    this.modified = this.#realm.now;
    return bytes.length;
  }

  /** Change its length; answers 0 or why not. */
  truncate(size: number): number {
    if (size < 0) return Errno.EINVAL;
    if (size > FILE_SIZE_MAX) return Errno.EFBIG;
    this.vmo.resize(size);
    this.#size = size;
    this.modified = this.#realm.now;
    return 0;
  }

  #freeIfUnused(): void {
    if (this.#users > 0 || this.#hasName || this.#vmo === null) return;
    this.#vmo.drop();
    this.#vmo = null;
    this.#size = 0;
  }
}

/** A file that keeps bytes, open. */
export class OpenRegular extends OpenFile {
  /** The file. */
  readonly file: RegularFile;

  /** A file that was opened. */
  constructor(file: RegularFile, flags: number, path: string) {
    super(file, flags, path);
    this.file = file;
    file.hold();
  }

  override read(count: number): Uint8Array {
    const bytes = this.file.readAt(this.position, count);
    this.position += bytes.length;
    return bytes;
  }

  override write(bytes: Uint8Array): number {
    if ((this.flags & OpenFlag.APPEND) !== 0) this.position = this.file.size;
    const count = this.file.writeAt(this.position, bytes);
    if (count > 0) this.position += count;
    return count;
  }

  override seek(offset: number, whence: number): number {
    if (whence < 0 || whence > SEEK_END) return Errno.EINVAL;
    const from = whence === SEEK_CUR ? this.position : whence === SEEK_END ? this.file.size : 0;
    const to = from + offset;
    if (to < 0 || to > FILE_SIZE_MAX) return Errno.EINVAL;
    return this.position = to;
  }

  protected override closed(): void {
    this.file.drop();
  }
}
