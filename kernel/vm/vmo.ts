/**
 * Memory that can be shared, cloned and resized: a window on a content.
 *
 * @module
 */
import { CachePolicy, ObjectType, Signal, Status, VmoChild } from "../abi.ts";
import { KernelObject } from "../object/object.ts";
import type { Realm } from "../object/realm.ts";
import { PAGE_SIZE } from "../ports.ts";
import { Content, type PageFailure } from "./content.ts";
import { DiscardLock } from "./discard_lock.ts";
import { Family } from "./family.ts";
import type { PageNeed } from "./page_source.ts";
import { Showings } from "./showings.ts";
import {
  copyOf,
  type Extent,
  referenceTo,
  sliceOf,
  type VmoKind,
  type Window,
  type WindowFailure,
} from "./window.ts";

const { SNAPSHOT, SLICE, REFERENCE, SNAPSHOT_MODIFIED, RESIZABLE, NO_WRITE } = VmoChild;
const COPY_KINDS = SNAPSHOT | VmoChild.SNAPSHOT_AT_LEAST_ON_WRITE | SNAPSHOT_MODIFIED;
const CHILD_KINDS = COPY_KINDS | SLICE | REFERENCE;

/** No memory object is larger: sizes stay exact as numbers, with room to add two of them. */
export const VMO_SIZE_MAX = 2 ** 52;

/** How a memory object can be made. */
export interface VmoOptions {
  /** Its size may change. */
  readonly resizable?: boolean;
  /** What is in it may be taken away while nobody has locked it. */
  readonly discardable?: boolean;
  /** As large as can be, with a stream's size of its own. */
  readonly unbounded?: boolean;
}

type OutOfRange = typeof Status["OUT_OF_RANGE"];
type ChildFailure = OutOfRange | WindowFailure | typeof Status["BAD_STATE"];

/** The number of pages that so many bytes need. */
export function pagesOf(bytes: number): number {
  return Math.ceil(bytes / PAGE_SIZE);
}

/** Bytes of memory with an identity, a size and a name. */
export class Vmo extends KernelObject {
  readonly type = ObjectType.VMO;
  /** The pages it looks at. */
  readonly content: Content;
  /** The page of the content that is its first. */
  readonly firstPage: number;
  /** Whether its size may be changed by its handles. */
  readonly resizable: boolean;
  /** Whether its size may change at all: what it refers to may be resizable where it is not. */
  readonly resized: boolean;
  /** Whether it is ordinary memory. */
  readonly kind: VmoKind;
  /** Who needs its frames to stay, if they could be taken away. */
  readonly discardLock: DiscardLock | null;
  /** How many bytes a stream over it sees, which it may have in common with others. */
  readonly extent: Extent;
  /** How the processor is to cache it; only `CACHED` memory can be copied by the kernel. */
  cachePolicy = CachePolicy.CACHED as number;
  /** The mappings that show it. */
  readonly showings = new Showings();
  /** Whether nobody can ever change it. */
  immutable = false;
  /** Where its code is, if it is a vDSO: only these pages may ever be executed, and only as a whole. */
  vdsoCode: { readonly offset: number; readonly length: number } | null = null;
  /** A slice keeps the size that it was made with. */
  readonly #slicePages: number;
  readonly #family: Family<Vmo> = new Family<Vmo>(this);

  private constructor(realm: Realm, window: Window, discardable = false) {
    super(realm, ObjectType.VMO, Signal.VMO_ZERO_CHILDREN);
    window.content.hold();
    this.content = window.content;
    this.kind = window.kind;
    this.extent = window.extent;
    this.resizable = window.resizable;
    this.resized = window.resizable || (window.resized ?? false);
    this.firstPage = window.firstPage ?? 0;
    this.#slicePages = window.slicePages ?? -1;
    this.discardLock = discardable ? new DiscardLock(this.content) : null;
  }

  /** A memory object of zeros, or OUT_OF_RANGE if that is too much. */
  static create(realm: Realm, size: number, options: VmoOptions = {}) {
    if (size > VMO_SIZE_MAX) return Status.OUT_OF_RANGE;
    const pages = options.unbounded ? VMO_SIZE_MAX / PAGE_SIZE : pagesOf(size);
    const content = new Content(realm, pages);
    const resizable = options.resizable ?? false;
    const window: Window = { content, kind: "paged", extent: { bytes: size }, resizable };
    return new Vmo(realm, window, options.discardable);
  }

  /** Memory as hardware has it: every frame is there from the start and stays; or NO_MEMORY. */
  static createFixed(realm: Realm, size: number, kind: "contiguous" | "physical") {
    if (size > VMO_SIZE_MAX) return Status.OUT_OF_RANGE;
    const content = new Content(realm, pagesOf(size));
    const vmo = new Vmo(realm, { content, kind, extent: { bytes: size }, resizable: false });
    if (content.commit(0, content.end) === Status.OK) return vmo;
    vmo.abandon();
    return Status.NO_MEMORY;
  }

  /** How many bytes a stream over it sees. */
  get streamSize(): number {
    return this.extent.bytes;
  }

  /** Its size in pages. */
  get pageCount(): number {
    return this.#slicePages < 0 ? this.content.end : this.#slicePages;
  }

  /** Its size in bytes, whole pages. */
  get size(): number {
    return this.pageCount * PAGE_SIZE;
  }

  /** Whether it is a window on a part of its parent. */
  get slice(): boolean {
    return this.#slicePages >= 0;
  }

  /** The memory object it was made from, while that one lives. */
  get parent(): Vmo | null {
    return this.#family.parent;
  }

  /** How many memory objects were made from it and live. */
  get children(): number {
    return this.#family.children;
  }

  override get relatedKoid(): number {
    return this.parent?.koid ?? 0;
  }

  /** Whether it holds all bytes of a range. */
  holds(offset: number, length: number): boolean {
    return offset <= this.size && length <= this.size - offset;
  }

  /** Copy bytes out; after a failure some may have been. */
  read(offset: number, target: Uint8Array): 0 | OutOfRange | PageFailure {
    if (!this.holds(offset, target.length)) return Status.OUT_OF_RANGE;
    for (let done = 0; done < target.length;) {
      const bytes = this.readable(offset + done, target.length - done);
      if (typeof bytes === "number") return bytes;
      target.set(bytes, done);
      done += bytes.length;
    }
    return Status.OK;
  }

  /** Copy bytes in; after a failure some may have been. */
  write(offset: number, source: Uint8Array): 0 | OutOfRange | PageFailure {
    if (!this.holds(offset, source.length)) return Status.OUT_OF_RANGE;
    for (let done = 0; done < source.length;) {
      const bytes = this.writable(offset + done, source.length - done);
      if (typeof bytes === "number") return bytes;
      bytes.set(source.subarray(done, done + bytes.length));
      done += bytes.length;
    }
    return Status.OK;
  }

  /** The bytes from an offset on, as many of these as are in its page, to read at once. */
  readable(offset: number, length: number): Uint8Array | PageFailure {
    const frame = this.content.read(this.firstPage + Math.floor(offset / PAGE_SIZE));
    return frame < 0 ? frame as PageFailure : this.#within(frame, offset, length);
  }

  /** The same, to write to at once. */
  writable(offset: number, length: number): Uint8Array | PageFailure {
    const frame = this.content.write(this.firstPage + Math.floor(offset / PAGE_SIZE));
    if (frame < 0) return frame as PageFailure;
    this.realm.memory.wrote(frame);
    return this.#within(frame, offset, length);
  }

  /** What a pager has to do first so that a range can be read, written, or zeroed; or null. */
  need(offset: number, length: number, writing: boolean, zeroing = false): PageNeed | null {
    const first = this.firstPage + Math.floor(offset / PAGE_SIZE);
    const end = this.firstPage + Math.min(pagesOf(offset + length), this.pageCount);
    const { content } = this;
    return zeroing ? content.needToZero(first, end) : content.need(first, end, writing);
  }

  /** Give every page that a range touches a frame of its own. */
  commit(offset: number, length: number): 0 | OutOfRange | PageFailure {
    if (!this.holds(offset, length)) return Status.OUT_OF_RANGE;
    const first = this.firstPage + Math.floor(offset / PAGE_SIZE);
    return this.content.commit(first, this.firstPage + pagesOf(offset + length));
  }

  /** Give the frames of whole pages back; they are zeros again. */
  decommit(offset: number, length: number) {
    if (!this.#decommittable) return Status.NOT_SUPPORTED;
    if (offset % PAGE_SIZE !== 0 || length % PAGE_SIZE !== 0) return Status.INVALID_ARGS;
    if (!this.holds(offset, length)) return Status.OUT_OF_RANGE;
    const first = this.firstPage + offset / PAGE_SIZE;
    this.content.clear(first, first + length / PAGE_SIZE);
    return Status.OK;
  }

  /** Let bytes be zeros, and give back the frames of whole pages. */
  zero(offset: number, length: number): 0 | OutOfRange | PageFailure {
    if (!this.holds(offset, length)) return Status.OUT_OF_RANGE;
    const end = offset + length;
    const firstWhole = Math.ceil(offset / PAGE_SIZE);
    const endWhole = Math.floor(end / PAGE_SIZE);
    if (endWhole < firstWhole) return this.#zeroPart(endWhole, offset, end);
    let status = this.#zeroPart(firstWhole - 1, offset, firstWhole * PAGE_SIZE);
    if (status === Status.OK) status = this.#zeroPart(endWhole, endWhole * PAGE_SIZE, end);
    if (status !== Status.OK || endWhole === firstWhole) return status;
    const [from, to] = [this.firstPage + firstWhole, this.firstPage + endWhole];
    if (this.kind === "paged") return this.content.clear(from, to);
    for (let page = from; page < to; page++) this.content.clearPart(page, 0, PAGE_SIZE);
    return Status.OK;
  }

  /** Change its size, and with it what a stream sees. */
  resize(size: number) {
    if (!this.resizable) return Status.UNAVAILABLE;
    if (size > VMO_SIZE_MAX) return Status.OUT_OF_RANGE;
    // What is cut off within a page must not be there when the size grows again.
    const within = size % PAGE_SIZE;
    if (within !== 0 && size < this.size) {
      const page = Math.floor(size / PAGE_SIZE);
      const status = this.#zeroPart(page, size, size - within + PAGE_SIZE);
      if (status === Status.NO_MEMORY) return status;
    }
    this.content.resize(pagesOf(size));
    this.extent.bytes = size;
    return Status.OK;
  }

  /** Change what a stream sees, within its size; what it did not see before, or does no longer, is zeros. */
  setStreamSize(size: number): 0 | OutOfRange | PageFailure {
    if (size > this.size) return Status.OUT_OF_RANGE;
    const [from, to] = this.zerosForStream(size);
    const status = this.zero(from, to - from);
    if (status !== Status.OK) return status;
    this.extent.bytes = size;
    // Some mappings end where a stream does.
    this.content.forget(this.firstPage + Math.floor(from / PAGE_SIZE), this.content.end);
    return Status.OK;
  }

  /** What becomes zeros when a stream sees so many bytes. Of a pager's pages, only those up to there. */
  zerosForStream(size: number): readonly [from: number, to: number] {
    if (size === this.streamSize) return [size, size];
    const to = this.content.paged ? pagesOf(size) * PAGE_SIZE : this.size;
    return [Math.min(size, this.streamSize, to), to];
  }

  /** Whether all its frames can be moved elsewhere: nobody else has to do with them. */
  get canGivePages(): boolean {
    return this.kind === "paged" && this.children === 0 && !this.slice &&
      this.content.solitary && !this.content.copy && this.content.source === null;
  }

  /** Take pages out of another memory object, in place of those that are here. */
  takePages(offset: number, length: number, source: { from: Vmo; offset: number }) {
    const { from } = source;
    if (!this.holds(offset, length) || !from.holds(source.offset, length)) {
      return Status.OUT_OF_RANGE;
    }
    if (this.kind !== "paged" || from.kind !== "paged") return Status.NOT_SUPPORTED;
    if (this.content.paged || from.content.paged) return Status.NOT_SUPPORTED;
    const first = this.firstPage + offset / PAGE_SIZE;
    const fromFirst = from.firstPage + source.offset / PAGE_SIZE;
    this.content.take(first, length / PAGE_SIZE, { from: from.content, first: fromFirst });
    return Status.OK;
  }

  /** Make another memory object from a part of this one; `options` are those of `VmoChild`. */
  createChild(options: number, offset: number, size: number): Vmo | ChildFailure {
    const kind = options & CHILD_KINDS;
    const single = kind !== 0 && (kind & (kind - 1)) === 0;
    if (!single || (options & ~(CHILD_KINDS | RESIZABLE | NO_WRITE)) !== 0) {
      return Status.INVALID_ARGS;
    }
    const resizable = (options & RESIZABLE) !== 0;
    if (resizable && (options & (NO_WRITE | SLICE)) !== 0) return Status.INVALID_ARGS;
    if (offset % PAGE_SIZE !== 0) return Status.INVALID_ARGS;
    if (offset + size > VMO_SIZE_MAX) return Status.OUT_OF_RANGE;
    if (this.discardLock !== null) return Status.NOT_SUPPORTED;
    const uncached = this.cachePolicy !== CachePolicy.CACHED;
    if (uncached && (kind !== SLICE || this.kind === "paged")) return Status.BAD_STATE;
    const window = kind === SLICE
      ? sliceOf(this, offset, size)
      : kind === REFERENCE
      ? referenceTo(this, { offset, size, resizable })
      : copyOf(this, kind, { offset, size, resizable });
    if (typeof window === "number") return window;
    const child = new Vmo(this.realm, window);
    child.cachePolicy = this.cachePolicy;
    child.immutable = kind === SNAPSHOT && (options & NO_WRITE) !== 0;
    this.#family.adopt(child.#family);
    return child;
  }

  /** Let the signals say whether something was made from it. */
  childrenChanged(): void {
    if (this.children === 0) this.updateSignals(0, Signal.VMO_ZERO_CHILDREN);
    else this.updateSignals(Signal.VMO_ZERO_CHILDREN, 0);
  }

  protected override onDeath(): void {
    this.#family.leave();
    this.discardLock?.close();
    this.content.drop();
  }

  #within(frame: number, offset: number, length: number): Uint8Array {
    const within = offset % PAGE_SIZE;
    const from = frame * PAGE_SIZE + within;
    return this.realm.memory.bytes.subarray(from, from + Math.min(PAGE_SIZE - within, length));
  }

  #zeroPart(page: number, from: number, to: number): 0 | PageFailure {
    if (from >= to) return Status.OK;
    const base = page * PAGE_SIZE;
    return this.content.clearPart(this.firstPage + page, from - base, to - base);
  }

  /** Whether nothing but zeros is behind a page that it gives up. */
  get #decommittable(): boolean {
    const { content } = this;
    return this.kind === "paged" && !content.copy && content.source === null &&
      content.copies === 0;
  }
}
