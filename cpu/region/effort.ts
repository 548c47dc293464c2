/**
 * How much work a place is worth that is hot.
 *
 * A program that spends its time in few places has them compiled soon, each with all that belongs to
 * it. One that spends it in many, as compilers and interpreters of other languages do, would be
 * compiled for longer than it runs: the more was compiled lately, the hotter a place must be, and the
 * less of what surrounds it is compiled with it.
 *
 * @module
 */
import type { Frames } from "../memory/frames.ts";
import { State } from "../layout.ts";

/** Where more instructions than this were compiled lately, the next place is worth less. */
const MANY = 8192;
/** How much of what was compiled is still lately, each time that code cools. */
const REMEMBERED = 0.95;
/**
 * Instructions in a region at most. V8 spends much more time on longer functions, and where a function is
 * longer than this, half as much would part what belongs together: both were slower by a fifth.
 */
const LENGTH_MAX = 1000;
/** The same where much was compiled. */
const LENGTH_MIN = 60;
/** Instructions of all copies of functions in a region, at most. */
const COPIES_MAX = 1000;
/** Counters of jumps have 16 bits. */
const THRESHOLD_MAX = 60_000;

/** What was compiled lately, and what follows from that. */
export class Effort {
  readonly #frames: Frames;
  /** After how many jumps code is hot where nothing was compiled lately. */
  #threshold = 0;
  /** Instructions that were compiled lately. */
  #spent = 0;

  constructor(frames: Frames) {
    this.#frames = frames;
  }

  /** How many instructions a region may have. */
  get length(): number {
    return Math.max(LENGTH_MIN, Math.floor(LENGTH_MAX * this.#worth));
  }

  /** How many instructions of short functions may be copied into it. */
  get copies(): number {
    return Math.floor(COPIES_MAX * this.#worth);
  }

  /** So many instructions were compiled. */
  spend(instructions: number): void {
    this.#threshold ||= this.#frames.words[State.THRESHOLD >> 2]!;
    this.#spent += instructions;
    this.#raise();
  }

  /** What was compiled was longer ago. */
  recover(): void {
    this.#spent *= REMEMBERED;
    this.#raise();
  }

  get #worth(): number {
    return Math.min(1, MANY / this.#spent);
  }

  /** All is hot at once, or nothing ever, where that was asked for. */
  #raise(): void {
    if (this.#threshold <= 1 || this.#threshold > THRESHOLD_MAX) return;
    const threshold = Math.min(Math.round(this.#threshold / this.#worth), THRESHOLD_MAX);
    this.#frames.words[State.THRESHOLD >> 2] = threshold;
  }
}
