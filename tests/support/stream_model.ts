/**
 * What a stream is, written down as plainly as possible: a place in an array of bytes.
 *
 * @module
 */
import { SeekOrigin, Status } from "../../kernel/abi.ts";
import type { ModelVmo } from "./memory_model.ts";

const PAGE = 4096;
const SIZE_MAX = 2 ** 52;

/** One stream. */
export class ModelStream {
  readonly vmo: ModelVmo;
  readonly #grows: boolean;
  append: boolean;
  seek: number;

  constructor(vmo: ModelVmo, how: { grows: boolean; append: boolean; seek: number }) {
    this.vmo = vmo;
    this.#grows = how.grows && vmo.resizable;
    this.append = how.append;
    this.seek = how.seek;
  }

  /** Read so many bytes, from where it stands or from elsewhere. */
  read(length: number, at: number | null): Uint8Array {
    const from = at ?? this.seek;
    const end = Math.min(from + length, this.vmo.extent.bytes);
    const found = this.vmo.bytes.slice(from, Math.max(from, end));
    if (at === null) this.seek += found.length;
    return found;
  }

  /** Write bytes; answers how many of them, or why none. */
  write(bytes: Uint8Array, at: number | null, append = this.append): number | { wrote: number } {
    if (bytes.length === 0) return { wrote: 0 };
    const { vmo } = this;
    const from = at ?? (append ? vmo.extent.bytes : this.seek);
    if (from >= SIZE_MAX) return Status.FILE_BIG;
    const end = from + bytes.length;
    if (end > vmo.size && this.#grows) this.#grow(end);
    const room = Math.min(end, vmo.size) - from;
    if (room <= 0) return Status.NO_SPACE;
    if (from > vmo.extent.bytes) vmo.bytes.fill(0, vmo.extent.bytes, from);
    vmo.bytes.set(bytes.subarray(0, room), from);
    vmo.extent.bytes = Math.max(vmo.extent.bytes, from + room);
    if (at === null) this.seek = from + room;
    return { wrote: room };
  }

  /** Go elsewhere. */
  go(whence: number, offset: number): number {
    const { START, CURRENT, END } = SeekOrigin;
    if (whence > END) return Status.INVALID_ARGS;
    const from = whence === START ? 0 : whence === CURRENT ? this.seek : this.vmo.extent.bytes;
    if (from + offset < 0) return Status.INVALID_ARGS;
    this.seek = from + offset;
    return Status.OK;
  }

  #grow(end: number): void {
    const { extent } = this.vmo;
    const seen = extent.bytes;
    this.vmo.resize(Math.ceil(end / PAGE) * PAGE);
    extent.bytes = seen;
  }
}
