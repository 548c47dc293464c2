/**
 * Small arrays of bytes cut from larger ones: the host takes longer to make an array of its own than
 * the bytes take to be copied.
 *
 * @module
 */

/** So many bytes are made at a time: what is kept of them keeps no more than a page. */
const SLAB = 4096;
/** Larger arrays are made by themselves. */
const CUT_MAX = 512;

/** The slab that nothing can be cut from. */
const NONE = new Uint8Array(0);

/** Where small arrays are cut from; what is in them at first is zero. */
export class ByteSlab {
  #slab = NONE;
  #used = 0;

  /** An array of this length; its buffer is not its own. */
  cut(length: number): Uint8Array {
    if (length > CUT_MAX) return new Uint8Array(length);
    if (this.#used + length > this.#slab.length) {
      this.#slab = new Uint8Array(SLAB);
      this.#used = 0;
    }
    const from = this.#used;
    this.#used += length;
    return this.#slab.subarray(from, this.#used);
  }

  /** The same with what some bytes are from `from` up to `to`. */
  copy(bytes: Uint8Array, from = 0, to = bytes.length): Uint8Array {
    if (to - from > CUT_MAX) return bytes.slice(from, to);
    const copy = this.cut(to - from);
    for (let at = 0; at < copy.length; at++) copy[at] = bytes[from + at]!;
    return copy;
  }
}
