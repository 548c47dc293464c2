/**
 * Random numbers that are the same in every run.
 *
 * @module
 */

/** A stream of random numbers from a seed: counter and mixer, so nearby seeds are unrelated. */
export class SeededRandom {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed, 0x9e3779b1) | 0;
  }

  /** 32 random bits, unsigned. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** A number from 0 up to, not including, `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() / 0x100000000 * limit);
  }

  /** 64 random bits, unsigned. */
  next64(): bigint {
    return BigInt(this.next()) << 32n | BigInt(this.next());
  }

  /** One of some values. */
  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }
}
