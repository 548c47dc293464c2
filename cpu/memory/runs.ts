/**
 * Where the next frame is taken: pages that follow one another get frames that do, as far as that
 * goes, since compiled code checks a run of pages with one comparison.
 *
 * Memory is divided into runs. A page that may have neighbours opens a run of its own, at its own
 * place in it; single pages share runs.
 *
 * @module
 */

/** Frames in a run: enough for most stacks, and few enough that a machine has thousands. */
const RUN = 32;

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

  /** A free frame, of which there must be one; for a page that may have neighbours, or for -1. */
  find(page: number): number {
    if (page >= 0) {
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
    return -1;
  }

  #anywhere(): number {
    const found = this.#isTaken.indexOf(0, this.#cursor);
    this.#cursor = found < 0 ? this.#isTaken.indexOf(0) : found;
    return this.#cursor;
  }
}
