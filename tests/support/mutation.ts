/**
 * Files spoilt at random, the same ones every time.
 *
 * @module
 */

/** Numbers that programs trip over. */
const ODD = [
  0n,
  1n,
  0xffn,
  0xfffn,
  0x1000n,
  0xffffn,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 47n,
  2n ** 53n,
  2n ** 63n,
  2n ** 64n - 1n,
];

/** Spoils copies of a file. */
export class Mutator {
  readonly #original: Uint8Array;
  readonly #headers: number;
  readonly #within: number;
  #state: number;

  /** For a file whose first bytes, `headers` of them, are spoilt most, and of all only the first. */
  constructor(original: Uint8Array, { headers, within, seed }: {
    readonly headers: number;
    readonly within?: number;
    readonly seed: number;
  }) {
    this.#original = original;
    this.#headers = headers;
    this.#within = within ?? original.length;
    this.#state = seed;
  }

  /** The next spoilt file: one to three changes, and sometimes cut short. */
  next(): Uint8Array {
    const file = this.#original.slice();
    const view = new DataView(file.buffer);
    const size = this.random() % 8 === 0 ? this.random() % (file.length + 1) : file.length;
    for (let edits = 1 + this.random() % 3; edits > 0; edits--) this.#change(view);
    return file.subarray(0, size);
  }

  /** The next random number (xorshift). */
  random(): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return this.#state >>> 0;
  }

  #change(view: DataView): void {
    const where = this.random() % 3 === 0 ? this.#within : this.#headers;
    const at = this.random() % where;
    if (this.random() % 2 === 0 || at + 8 > view.byteLength) {
      view.setUint8(at, this.random() & 0xff);
    } else {
      view.setBigUint64(at - at % 8, ODD[this.random() % ODD.length]!, true);
    }
  }
}
