/**
 * Where the next frame is taken: pages that follow one another get frames that do, as far as that
 * goes, since compiled code checks a run of pages with one comparison.
 *
 * Memory is divided into runs. A page that may have neighbours opens a run of its own, at its own
 * place in it; single pages share runs. A page that has many neighbours already opens several runs
 * side by side, as long as most of the memory was never used.
 *
 * @module
 */

/** Frames in a run: enough for most stacks, and few enough that a machine has thousands. */
const RUN = 32;
/** What is kept for neighbours at a time is at most this part of what nobody had yet. */
const WIDE_PART = 8;

/** What a run is for. */
const Use = {
  /** Neighbours; it is on no list. */
  NEIGHBOURS: 0,
  /** Nothing now; it is on the list of those that are free again. */
  EMPTY: 1,
  /** Single pages; it is on the list of those. */
  SINGLE: 2,
} as const;

/** The runs of a memory, by the index of each frame. */
export class Runs {
  readonly #isTaken: Uint8Array;
  /** Frames left in each run. */
  readonly #left: Uint8Array;
  readonly #use: Uint8Array;
  /** Runs that are free again; some may have been taken since. */
  readonly #empty: number[] = [];
  /** Runs for single pages; some may be full. */
  readonly #single: number[] = [];
  /** The first run that was never looked at. */
  #next = 0;
  /** Whether runs that were kept for neighbours who did not come were looked for. */
  #isSwept = false;
  /** Where frames are looked for when no run is free. */
  #cursor = 0;

  /** `isTaken` is kept by the caller. */
  constructor(isTaken: Uint8Array) {
    this.#isTaken = isTaken;
    const count = Math.ceil(isTaken.length / RUN);
    this.#left = new Uint8Array(count).fill(RUN);
    this.#use = new Uint8Array(count);
    const rest = isTaken.length % RUN;
    if (rest === 0) return;
    this.#left[count - 1] = rest;
    this.#toSingles(count - 1);
  }

  /**
   * A free frame, of which there must be one; for a page that may have neighbours, or for -1. Of those
   * so many may come, a power of two, or before the page if that is negative.
   */
  find(page: number, neighbours = 0): number {
    if (page >= 0) {
      const wide = this.#takeWide(Math.abs(neighbours));
      if (wide >= 0) return neighbours > 0 ? wide : wide - neighbours - 1;
      const run = this.#takeEmpty();
      if (run >= 0) return run * RUN + page % RUN;
    }
    for (;;) {
      const run = this.#single.at(-1) ?? this.#openSingle();
      if (run < 0) return this.#anywhere();
      if (this.#left[run] !== 0) return this.#isTaken.indexOf(0, run * RUN);
      this.#single.pop();
      this.#use[run] = Use.NEIGHBOURS;
    }
  }

  /** A frame was taken. */
  taken(index: number): void {
    this.#left[Math.floor(index / RUN)]!--;
  }

  /** A frame was given back. */
  released(index: number): void {
    const run = Math.floor(index / RUN);
    if (++this.#left[run]! < RUN || this.#use[run] !== Use.NEIGHBOURS) return;
    this.#use[run] = Use.EMPTY;
    this.#empty.push(run);
  }

  #toSingles(run: number): void {
    this.#use[run] = Use.SINGLE;
    this.#single.push(run);
  }

  #openSingle(): number {
    const run = this.#takeEmpty();
    if (run >= 0) this.#toSingles(run);
    return run;
  }

  /** A run with nothing in it, the one given back last first, since its memory is warm; or -1. */
  #takeEmpty(): number {
    for (let run = this.#empty.pop(); run !== undefined; run = this.#empty.pop()) {
      this.#use[run] = Use.NEIGHBOURS;
      if (this.#left[run] === RUN) return run;
    }
    while (this.#next < this.#left.length) {
      const run = this.#next++;
      if (this.#left[run] === RUN && this.#use[run] === Use.NEIGHBOURS) return run;
    }
    if (this.#isSwept) return -1;
    this.#sweep();
    return this.#takeEmpty();
  }

  /** The first frame of so many that nobody had yet, kept for neighbours; or -1. */
  #takeWide(frames: number): number {
    const count = frames / RUN;
    if (count <= 1 || count * WIDE_PART > this.#left.length - this.#next) return -1;
    for (let at = 0; at < count; at++) {
      // Whoever filled his run may have gone on here.
      if (this.#left[this.#next + at] !== RUN) return -1;
    }
    const first = this.#next * RUN;
    this.#next += count;
    return first;
  }

  /** Put what was kept for neighbours, and nobody came, with the runs that are free. */
  #sweep(): void {
    this.#isSwept = true;
    for (let run = 0; run < this.#left.length; run++) {
      if (this.#left[run] !== RUN || this.#use[run] !== Use.NEIGHBOURS) continue;
      this.#use[run] = Use.EMPTY;
      this.#empty.push(run);
    }
  }

  #anywhere(): number {
    const found = this.#isTaken.indexOf(0, this.#cursor);
    this.#cursor = found < 0 ? this.#isTaken.indexOf(0) : found;
    return this.#cursor;
  }
}
