/**
 * Runs of pages that may overlap, by where they begin, so that those that touch a range are found soon.
 *
 * @module
 */
import { SortedPieces } from "./sorted_pieces.ts";

/** Something with a run of pages. */
export interface PageRun {
  /** Its first page. */
  readonly firstPage: number;
  /** The page behind its last. */
  readonly endPage: number;
}

/** Those that begin at the same page, in the order in which they came. */
class Beginning<R extends PageRun> {
  readonly base: number;
  /** None of them ends behind this page. */
  end: number;
  #one: R | null;
  #more: Set<R> | null = null;

  constructor(run: R) {
    this.base = run.firstPage;
    this.end = run.endPage;
    this.#one = run;
  }

  get empty(): boolean {
    return this.#one === null && (this.#more === null || this.#more.size === 0);
  }

  add(run: R): void {
    this.end = Math.max(this.end, run.endPage);
    if (this.empty) this.#one = run;
    else (this.#more ??= new Set()).add(run);
  }

  remove(run: R): boolean {
    if (this.#one !== run) return this.#more !== null && this.#more.delete(run);
    this.#one = null;
    return true;
  }

  forEach(visit: (run: R) => void): void {
    if (this.#one !== null) visit(this.#one);
    if (this.#more !== null) this.#more.forEach(visit);
  }
}

/** Runs of pages. */
export class PageRuns<R extends PageRun> {
  readonly #beginnings = new SortedPieces<Beginning<R>>();
  #size = 0;
  /** No run is longer than this, so a search knows how far back to look. */
  #longest = 0;

  /** How many there are. */
  get size(): number {
    return this.#size;
  }

  /** Put one in. */
  add(run: R): void {
    const { firstPage, endPage } = run;
    this.#longest = Math.max(this.#longest, endPage - firstPage);
    this.#size++;
    const there = this.#at(firstPage);
    if (there === null) this.#beginnings.add(new Beginning(run));
    else there.add(run);
  }

  /** Take one out, whose pages are those that it was put in with; answers whether it was there. */
  remove(run: R): boolean {
    const there = this.#at(run.firstPage);
    if (there === null || !there.remove(run)) return false;
    if (there.empty) this.#beginnings.remove(there.base);
    if (--this.#size === 0) this.#longest = 0;
    return true;
  }

  /** Visit those that touch a range, in order. */
  forEach(first: number, end: number, visit: (run: R) => void): void {
    if (this.#size === 0) return;
    this.#beginnings.forEachFrom(first - this.#longest, (beginning) => {
      if (beginning.base >= end) return false;
      if (beginning.end <= first) return true;
      beginning.forEach((run) => {
        if (run.endPage > first) visit(run);
      });
      return true;
    });
  }

  #at(page: number): Beginning<R> | null {
    const found = this.#beginnings.upTo(page);
    return found !== undefined && found.base === page ? found : null;
  }
}
