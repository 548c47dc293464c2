/**
 * Memory that can be shared, cloned and resized: a window on a content.
 *
 * @module
 */
import { type Failure, ObjectType, Signal, Status, VmoChild } from "../abi.ts";
import { KernelObject } from "../object/object.ts";
import type { Realm } from "../object/realm.ts";
import { PAGE_SIZE } from "../ports.ts";
import { Content } from "./content.ts";

/** No memory object is larger: sizes stay exact as numbers, with room to add two of them. */
export const VMO_SIZE_MAX = 2 ** 52;

/** How a memory object can be made. */
export interface VmoOptions {
  /** Its size may change. */
  readonly resizable?: boolean;
}

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
  /** Whether its size may change. */
  readonly resizable: boolean;
  /** How many bytes a stream over it sees. */
  streamSize: number;
  /** Where its code is, if it is a vDSO: only these pages may ever be executed, and only as a whole. */
  vdsoCode: { readonly offset: number; readonly length: number } | null = null;
  /** How many mappings show it. */
  mappings = 0;
  /** A slice keeps the size that it was made with. */
  readonly #slicePages: number;
  #parent: Vmo | null = null;
  #children: Set<Vmo> | null = null;

  private constructor(realm: Realm, content: Content, options: {
    size: number;
    resizable: boolean;
    firstPage?: number;
    slicePages?: number;
  }) {
    super(realm, ObjectType.VMO, Signal.VMO_ZERO_CHILDREN);
    content.hold();
    this.content = content;
    this.streamSize = options.size;
    this.resizable = options.resizable;
    this.firstPage = options.firstPage ?? 0;
    this.#slicePages = options.slicePages ?? -1;
  }

  /** A memory object of zeros, or OUT_OF_RANGE if that is too much. */
  static create(realm: Realm, size: number, options: VmoOptions = {}): Vmo | -14 {
    if (size > VMO_SIZE_MAX) return Status.OUT_OF_RANGE;
    const content = new Content(realm, pagesOf(size));
    return new Vmo(realm, content, { size, resizable: options.resizable ?? false });
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
    return this.#parent;
  }

  /** How many memory objects were made from it and live. */
  get children(): number {
    return this.#children?.size ?? 0;
  }

  override get relatedKoid(): number {
    return this.#parent?.koid ?? 0;
  }

  /** Copy bytes out; all of them, or none and why. */
  read(offset: number, target: Uint8Array): 0 | Failure {
    if (!this.#holds(offset, target.length)) return Status.OUT_OF_RANGE;
    const bytes = this.realm.memory.bytes;
    for (let done = 0; done < target.length;) {
      const at = offset + done;
      const frame = this.content.read(this.firstPage + Math.floor(at / PAGE_SIZE));
      if (frame < 0) return frame as Failure;
      const within = at % PAGE_SIZE;
      const count = Math.min(PAGE_SIZE - within, target.length - done);
      const from = frame * PAGE_SIZE + within;
      target.set(bytes.subarray(from, from + count), done);
      done += count;
    }
    return Status.OK;
  }

  /** Copy bytes in; after a failure some may have been. */
  write(offset: number, source: Uint8Array): 0 | Failure {
    if (!this.#holds(offset, source.length)) return Status.OUT_OF_RANGE;
    const { memory } = this.realm;
    for (let done = 0; done < source.length;) {
      const at = offset + done;
      const frame = this.content.write(this.firstPage + Math.floor(at / PAGE_SIZE));
      if (frame < 0) return frame as Failure;
      const within = at % PAGE_SIZE;
      const count = Math.min(PAGE_SIZE - within, source.length - done);
      memory.bytes.set(source.subarray(done, done + count), frame * PAGE_SIZE + within);
      memory.wrote(frame);
      done += count;
    }
    return Status.OK;
  }

  /** Change its size, and with it what a stream sees. */
  resize(size: number): 0 | Failure {
    if (!this.resizable) return Status.UNAVAILABLE;
    if (size > VMO_SIZE_MAX) return Status.OUT_OF_RANGE;
    this.content.resize(pagesOf(size));
    this.streamSize = size;
    return Status.OK;
  }

  /** Make another memory object from a part of this one; `options` holds one kind of `VmoChild`. */
  createChild(options: number, offset: number, size: number): Vmo | Failure {
    if (offset % PAGE_SIZE !== 0) return Status.INVALID_ARGS;
    if (offset + size > VMO_SIZE_MAX) return Status.OUT_OF_RANGE;
    const first = this.firstPage + offset / PAGE_SIZE;
    const child = (options & VmoChild.SLICE) !== 0
      ? this.#slice(first, size)
      : (options & VmoChild.REFERENCE) !== 0
      ? this.#reference(offset, size)
      : new Vmo(this.realm, this.#copy(first, pagesOf(size)), {
        size,
        resizable: (options & VmoChild.RESIZABLE) !== 0,
      });
    if (typeof child !== "number") this.#adopt(child);
    return child;
  }

  protected override onDeath(): void {
    const parent = this.#parent;
    const children = this.#children;
    this.#parent = this.#children = null;
    // Whoever came from this one belongs, from now on, where this one belonged.
    if (parent) parent.#children!.delete(this);
    for (const child of children ?? []) {
      child.#parent = null;
      if (parent) parent.#adopt(child);
    }
    if (parent) parent.#updateChildren();
    this.content.drop();
  }

  #holds(offset: number, length: number): boolean {
    return offset <= this.size && length <= this.size - offset;
  }

  #slice(first: number, size: number): Vmo | -10 | -2 {
    if (this.resizable) return Status.NOT_SUPPORTED;
    const slicePages = pagesOf(size);
    if (first + slicePages > this.firstPage + this.pageCount) return Status.INVALID_ARGS;
    return new Vmo(this.realm, this.content, {
      size,
      resizable: false,
      firstPage: first,
      slicePages,
    });
  }

  #reference(offset: number, size: number): Vmo | -10 {
    if (offset !== 0 || size !== 0) return Status.INVALID_ARGS;
    return new Vmo(this.realm, this.content, {
      size: this.streamSize,
      resizable: this.resizable,
      firstPage: this.firstPage,
      slicePages: this.#slicePages,
    });
  }

  #copy(first: number, count: number): Content {
    const end = Math.min(first + count, this.firstPage + this.pageCount);
    return this.content.snapshot(first, end, count);
  }

  #adopt(child: Vmo): void {
    child.#parent = this;
    (this.#children ??= new Set()).add(child);
    this.#updateChildren();
  }

  #updateChildren(): void {
    if (this.children === 0) this.updateSignals(0, Signal.VMO_ZERO_CHILDREN);
    else this.updateSignals(Signal.VMO_ZERO_CHILDREN, 0);
  }
}
