/**
 * Chance that can be repeated: the same seed gives the same numbers.
 *
 * @module
 */
import type { Entropy } from "../../kernel/ports.ts";

/** A sequence of 32-bit numbers that looks random: a counter, well mixed. */
export class SeededEntropy implements Entropy {
  #state: number;

  /** The sequence of this seed. */
  constructor(seed = 1) {
    this.#state = seed >>> 0;
  }

  /** The next number. */
  next(): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return (mixed ^ (mixed >>> 16)) >>> 0;
  }
}
