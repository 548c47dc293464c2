/**
 * Small arrays of bytes to use again: making one costs more than filling it.
 *
 * @module
 */

/** Larger arrays are not kept. */
const LENGTH_MAX = 512;
/** So many arrays of one length are kept. */
const KEPT_MAX = 64;

/** Arrays by their length. What is in them is arbitrary: whoever takes one fills all of it. */
export class BytePool {
  readonly #free: (Uint8Array[] | undefined)[] = [];

  /** An array of this length that nobody uses. */
  take(length: number): Uint8Array {
    if (length > LENGTH_MAX) return new Uint8Array(length);
    return this.#free[length]?.pop() ?? new Uint8Array(length);
  }

  /** Nobody uses this array any more. */
  give(bytes: Uint8Array): void {
    if (bytes.length > LENGTH_MAX) return;
    const free = this.#free[bytes.length] ??= [];
    if (free.length < KEPT_MAX) free.push(bytes);
  }
}
