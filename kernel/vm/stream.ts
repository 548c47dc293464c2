/**
 * A cursor over a memory object, which reads up to its end and writes beyond it.
 *
 * @module
 */
import { ObjectType, SeekOrigin, Status } from "../abi.ts";
import { KernelObject } from "../object/object.ts";
import { PAGE_SIZE } from "../ports.ts";
import { type Vmo, VMO_SIZE_MAX } from "./vmo.ts";

/** What a stream may do. */
export interface StreamOptions {
  /** What its maker may do with it: `StreamMode.READ` and `WRITE`. */
  readonly mode: number;
  /** Whether every write goes to the end. */
  readonly append: boolean;
  /** Whether it may make the memory object larger. */
  readonly canResize: boolean;
  /** Where it begins. */
  readonly seek: number;
}

/** A place in a memory object. */
export class Stream extends KernelObject {
  readonly type = ObjectType.STREAM;
  /** What it reads and writes. */
  readonly vmo: Vmo;
  /** Whether every write goes to the end. */
  append: boolean;
  /** What its maker may do with it. */
  readonly mode: number;
  readonly #canResize: boolean;
  #seek: number;

  /** A stream over a memory object. */
  constructor(vmo: Vmo, { mode, append, canResize, seek }: StreamOptions) {
    super(vmo.realm, ObjectType.STREAM);
    vmo.hold();
    this.vmo = vmo;
    this.mode = mode;
    this.append = append;
    this.#canResize = canResize && vmo.resizable;
    this.#seek = seek;
  }

  override get relatedKoid(): number {
    return this.vmo.koid;
  }

  /** Where the next read or write begins. */
  get seek(): number {
    return this.#seek;
  }

  /** Go somewhere; it may be behind the end. */
  moveTo(origin: number, offset: number) {
    const from = origin === SeekOrigin.START
      ? 0
      : origin === SeekOrigin.CURRENT
      ? this.#seek
      : origin === SeekOrigin.END
      ? this.vmo.streamSize
      : NaN;
    const to = from + offset;
    if (!(to >= 0 && to <= Number.MAX_SAFE_INTEGER)) return Status.INVALID_ARGS;
    this.#seek = to;
    return Status.OK;
  }

  /** How many bytes a read of so many at an offset finds. */
  readable(offset: number, length: number): number {
    return Math.max(0, Math.min(length, this.vmo.streamSize - offset));
  }

  /**
   * Make room for a write; answers how many bytes of it there is room for. What lies between the old
   * end and the write becomes zeros.
   */
  makeRoom(offset: number, length: number) {
    const { vmo } = this;
    if (offset >= VMO_SIZE_MAX) return Status.FILE_BIG;
    const end = Math.min(offset + length, VMO_SIZE_MAX);
    if (end > vmo.size && this.#canResize) this.#grow(end);
    const room = Math.max(0, Math.min(end, vmo.size) - offset);
    if (room === 0 && length > 0) return Status.NO_SPACE;
    if (offset > vmo.streamSize && room > 0) {
      const status = vmo.zero(vmo.streamSize, offset - vmo.streamSize);
      if (status === Status.OUT_OF_RANGE) return Status.NO_SPACE;
      if (status !== Status.OK) return status;
    }
    return { room };
  }

  /** Bytes were written up to here. */
  wrote(end: number): void {
    // The memory object may have become shorter in the middle of the write.
    const there = Math.min(end, this.vmo.size);
    if (there > this.vmo.streamSize) this.vmo.extent.bytes = there;
  }

  /** A read or write at the cursor ended here. */
  advance(to: number): void {
    this.#seek = to;
  }

  protected override onDeath(): void {
    this.vmo.drop();
  }

  #grow(end: number): void {
    const size = this.vmo.streamSize;
    this.vmo.resize(Math.ceil(end / PAGE_SIZE) * PAGE_SIZE);
    this.vmo.extent.bytes = size;
  }
}
