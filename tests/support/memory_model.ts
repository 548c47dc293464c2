/**
 * What memory objects are, written down as plainly as possible: arrays of bytes. Every copy is made at
 * once; windows look at the array of another. The kernel is held against it.
 *
 * @module
 */
import { Status, VmoChild } from "../../kernel/abi.ts";

const PAGE = 4096;
const { SNAPSHOT, SLICE, REFERENCE, RESIZABLE, NO_WRITE } = VmoChild;
const COPIES = SNAPSHOT | VmoChild.SNAPSHOT_AT_LEAST_ON_WRITE | VmoChild.SNAPSHOT_MODIFIED;

/** The bytes, which windows have in common. */
interface Store {
  bytes: Uint8Array;
  /** Those who look at them. */
  readonly windows: Set<ModelVmo>;
}

/** One memory object. */
export class ModelVmo {
  readonly store: Store;
  /** Whether it is ordinary memory, not that of hardware. */
  readonly paged: boolean;
  readonly resizable: boolean;
  /** Whether it began as a copy. */
  readonly copy: boolean;
  /** How many bytes a stream sees. */
  readonly extent: { bytes: number };
  parent: ModelVmo | null = null;
  readonly children = new Set<ModelVmo>();
  readonly #first: number;
  /** The length of a slice; -1 for what is as long as its bytes. */
  readonly #length: number;
  readonly #resized: boolean;

  private constructor(store: Store, kind: {
    readonly paged?: boolean;
    readonly resizable?: boolean;
    readonly resized?: boolean;
    readonly copy?: boolean;
    readonly extent: { bytes: number };
    readonly first?: number;
    readonly length?: number;
  }) {
    this.store = store;
    this.paged = kind.paged ?? true;
    this.resizable = kind.resizable ?? false;
    this.#resized = this.resizable || (kind.resized ?? false);
    this.copy = kind.copy ?? false;
    this.extent = kind.extent;
    this.#first = kind.first ?? 0;
    this.#length = kind.length ?? -1;
    store.windows.add(this);
  }

  /** A new one, all zeros. */
  static make(size: number, kind: { readonly paged?: boolean; readonly resizable?: boolean }) {
    return new ModelVmo(storeOf(new Uint8Array(whole(size))), {
      ...kind,
      extent: { bytes: size },
    });
  }

  /** How many bytes it has. */
  get size(): number {
    return this.#length < 0 ? this.store.bytes.length : this.#length;
  }

  /** Its bytes, to read and to write. */
  get bytes(): Uint8Array {
    return this.store.bytes.subarray(this.#first, this.#first + this.size);
  }

  /** Put bytes in, or let them be zeros. */
  fill(offset: number, length: number, value: number): number {
    if (!this.#holds(offset, length)) return Status.OUT_OF_RANGE;
    this.bytes.fill(value, offset, offset + length);
    return Status.OK;
  }

  /** Give whole pages back. */
  decommit(offset: number, length: number): number {
    if (!this.paged || this.copy || this.#copied) return Status.NOT_SUPPORTED;
    if (offset % PAGE !== 0 || length % PAGE !== 0) return Status.INVALID_ARGS;
    return this.fill(offset, length, 0);
  }

  /** Change its size. */
  resize(size: number): number {
    if (!this.resizable) return Status.UNAVAILABLE;
    const bytes = new Uint8Array(whole(size));
    bytes.set(this.store.bytes.subarray(0, size));
    this.store.bytes = bytes;
    this.extent.bytes = size;
    return Status.OK;
  }

  /** Change what a stream sees. */
  setStreamSize(size: number): number {
    if (size > this.size) return Status.OUT_OF_RANGE;
    if (size !== this.extent.bytes) this.bytes.fill(0, Math.min(size, this.extent.bytes));
    this.extent.bytes = size;
    return Status.OK;
  }

  /** Move whole pages here from another one. */
  take(offset: number, length: number, source: ModelVmo, sourceOffset: number): number {
    if ([offset, length, sourceOffset].some((one) => one % PAGE !== 0)) return Status.INVALID_ARGS;
    if (!this.#holds(offset, length) || !source.#holds(sourceOffset, length)) {
      return Status.OUT_OF_RANGE;
    }
    if (!this.paged || !source.paged) return Status.NOT_SUPPORTED;
    const taken = source.bytes.slice(sourceOffset, sourceOffset + length);
    source.fill(sourceOffset, length, 0);
    this.bytes.set(taken, offset);
    return Status.OK;
  }

  /** Make a child, or say why not. */
  child(options: number, offset: number, size: number): ModelVmo | number {
    const made = this.#child(options, offset, size);
    if (typeof made === "number") return made;
    made.parent = this;
    this.children.add(made);
    return made;
  }

  /** It is gone; what came from it belongs where it belonged. */
  close(): void {
    this.store.windows.delete(this);
    this.parent?.children.delete(this);
    for (const child of this.children) {
      child.parent = this.parent;
      this.parent?.children.add(child);
    }
  }

  #child(options: number, offset: number, size: number): ModelVmo | number {
    const kind = options & (COPIES | SLICE | REFERENCE);
    const resizable = (options & RESIZABLE) !== 0;
    if (kind === 0 || (kind & (kind - 1)) !== 0) return Status.INVALID_ARGS;
    if (resizable && (kind === SLICE || (options & NO_WRITE) !== 0)) return Status.INVALID_ARGS;
    if (offset % PAGE !== 0) return Status.INVALID_ARGS;
    if (kind === SLICE) return this.#slice(offset, size);
    if (kind === REFERENCE) {
      if (offset !== 0 || size !== 0) return Status.INVALID_ARGS;
      if (!this.paged || (resizable && !this.resizable)) return Status.NOT_SUPPORTED;
      const same = { extent: this.extent, first: this.#first, length: this.#length };
      return new ModelVmo(this.store, {
        resizable,
        resized: this.#resized,
        copy: this.copy,
        ...same,
      });
    }
    if (!this.paged) return Status.NOT_SUPPORTED;
    const bytes = new Uint8Array(whole(size));
    bytes.set(this.bytes.subarray(offset, offset + bytes.length));
    return new ModelVmo(storeOf(bytes), { resizable, copy: true, extent: { bytes: size } });
  }

  #slice(offset: number, size: number): ModelVmo | number {
    if (!this.#holds(offset, whole(size))) return Status.INVALID_ARGS;
    if (this.#resized) return Status.NOT_SUPPORTED;
    const { paged, copy } = this;
    const first = this.#first + offset;
    const kind = { paged, copy, first, length: whole(size), extent: { bytes: size } };
    return new ModelVmo(this.store, kind);
  }

  /** Whether somebody copied it, or whatever else looks at the same bytes. */
  get #copied(): boolean {
    const { store } = this;
    return [...store.windows].some(({ children }) => {
      return [...children].some((child) => child.store !== store);
    });
  }

  #holds(offset: number, length: number): boolean {
    return offset + length <= this.size;
  }
}

function storeOf(bytes: Uint8Array): Store {
  return { bytes, windows: new Set() };
}

function whole(size: number): number {
  return Math.ceil(size / PAGE) * PAGE;
}
