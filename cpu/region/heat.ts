/**
 * How often code was jumped to that is not compiled. The interpreter counts in a table, which is
 * hashed; what it cannot count is counted here.
 *
 * @module
 */
import type { Frames } from "../memory/frames.ts";
import { HEAT, HEAT_COUNT, State } from "../layout.ts";

/** What compiled code calls so often is compiled. */
const LEFT_BY_CALLS = 16;

/** The heat of all addresses. */
export class Heat {
  readonly #frames: Frames;
  readonly #met = new Map<number, number>();

  constructor(frames: Frames) {
    this.#frames = frames;
  }

  /** After how many jumps to it code is hot. */
  get threshold(): number {
    return this.#frames.words[State.THRESHOLD >> 2]!;
  }

  /** Begin anew at an address. */
  cool(address: number): void {
    this.#set(address, 0);
  }

  /**
   * Compiled code calls what is not compiled, and so must be left until it is entered again: that
   * counts for more than a jump.
   */
  warm(address: number): void {
    const { bytes } = this.#frames;
    const at = placeOf(address);
    const heat = bytes[at]! + (bytes[at + 1]! << 8) + Math.floor(this.threshold / LEFT_BY_CALLS);
    this.#set(address, Math.min(heat, this.threshold - 1));
  }

  /**
   * The interpreter came to an address that is compiled for other spaces only, where it does not
   * count: whether that happened often enough.
   */
  meets(address: number): boolean {
    const count = (this.#met.get(address) ?? 0) + 1;
    if (count < this.threshold) this.#met.set(address, count);
    else this.#met.delete(address);
    return count >= this.threshold;
  }

  /** Begin anew where the interpreter does not count. */
  clear(): void {
    this.#met.clear();
  }

  #set(address: number, heat: number): void {
    const at = placeOf(address);
    this.#frames.bytes[at] = heat;
    this.#frames.bytes[at + 1] = heat >> 8;
  }
}

function placeOf(address: number): number {
  return HEAT + (address % (HEAT_COUNT * 2));
}
