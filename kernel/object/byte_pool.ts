/**
 * Small arrays of bytes to use again: making one costs more than filling it.
 *
 * @module
 */

/** Larger arrays are not kept. */
const LENGTH_MAX = 512;
/** So many arrays of one length are kept. */
const KEPT_MAX = 64;
/** So many are made at a time, once a length is wanted often. */
const BATCH_MAX = 32;

/** Arrays of one length. */
class Shelf {
  readonly #free: Uint8Array[] = [];
  #count = 0;
  /** How many to make when there is none. */
  #batch = 1;

  /** One of them; where there is none, some are made. */
  take(length: number): Uint8Array {
    if (this.#count === 0) return this.#restock(length);
    return this.#free[--this.#count]!;
  }

  give(bytes: Uint8Array): void {
    if (this.#count < KEPT_MAX) this.#free[this.#count++] = bytes;
  }

  /**
   * Make some arrays, and answer one more: the host makes a row of them in half the time that it takes
   * for as many between other things.
   */
  #restock(length: number): Uint8Array {
    for (let at = 1; at < this.#batch; at++) this.give(new Uint8Array(length));
    this.#batch = Math.min(2 * this.#batch, BATCH_MAX);
    return new Uint8Array(length);
  }
}

/** Arrays by their length. What is in them is arbitrary: whoever takes one fills all of it. */
export class BytePool {
  readonly #shelves: (Shelf | undefined)[] = [];

  /** An array of this length that nobody uses, with a buffer of its own. */
  take(length: number): Uint8Array {
    if (length > LENGTH_MAX) return new Uint8Array(length);
    const shelf = this.#shelves[length] ??= new Shelf();
    return shelf.take(length);
  }

  /** The same with what these bytes are. */
  copy(bytes: Uint8Array): Uint8Array {
    const copy = this.take(bytes.length);
    copy.set(bytes);
    return copy;
  }

  /** Nobody uses this array any more. */
  give(bytes: Uint8Array): void {
    if (bytes.length > LENGTH_MAX) return;
    (this.#shelves[bytes.length] ??= new Shelf()).give(bytes);
  }
}
