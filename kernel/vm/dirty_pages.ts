/**
 * Which pages differ from what their pager has, and which of them it is writing back.
 *
 * @module
 */
import { Pages } from "./pages.ts";

const DIRTY = 1;
const WRITING_BACK = 2;

/** A run of pages that differ. */
export interface DirtyRange {
  /** Its first page. */
  readonly first: number;
  /** The page behind its last. */
  readonly end: number;
  /** Whether they are zeros that nobody wrote. */
  readonly zero: boolean;
}

/** States of pages; a page is clean until it is said to be anything else. */
export class DirtyPages {
  readonly #states = new Pages();
  /** Pages that a resize added and that nobody has written to. */
  #zeroFrom = 0;
  #zeroTo = 0;
  #zeroWritingBack = 0;

  /** How many pages differ, without those that a resize added. */
  get count(): number {
    return this.#states.frames;
  }

  /** Whether a page differs and is not being written back. */
  isDirty(page: number): boolean {
    return this.#states.get(page) === DIRTY;
  }

  /** The first page of a range that is not, or `end`. */
  firstClean(first: number, end: number): number {
    for (let page = first; page < end; page++) if (!this.isDirty(page)) return page;
    return end;
  }

  /** A page differs from now on. */
  set(page: number): void {
    this.#states.set(page, DIRTY);
  }

  /** The pages from one to another are zeros that the pager does not know of. */
  zeroTail(from: number, to: number): void {
    if (this.#zeroTo <= this.#zeroFrom) this.#zeroFrom = from;
    this.#zeroTo = to;
  }

  /** Forget the pages from here on. */
  truncate(end: number): void {
    this.#clear(end, Number.MAX_SAFE_INTEGER, () => true);
    this.#zeroTo = Math.min(this.#zeroTo, end);
  }

  /** The pager begins to write back; answers the pages that must be seen to be written to again. */
  beginWriteback(first: number, end: number): number[] {
    const found: number[] = [];
    this.#states.forEach(first, end, (page, state) => {
      if (state === DIRTY) found.push(page);
    });
    for (const page of found) this.#states.set(page, WRITING_BACK);
    if (first <= this.#zeroFrom) this.#zeroWritingBack = Math.min(end, this.#zeroTo);
    return found;
  }

  /** The pager has written back: what was not written to meanwhile is clean. */
  endWriteback(first: number, end: number): void {
    this.#clear(first, end, (state) => state === WRITING_BACK);
    if (first <= this.#zeroFrom && end >= this.#zeroWritingBack) {
      this.#zeroFrom = Math.max(this.#zeroFrom, this.#zeroWritingBack);
    }
    this.#zeroWritingBack = 0;
  }

  /** Runs of pages of a range that differ, in order. */
  ranges(first: number, end: number): DirtyRange[] {
    const found: DirtyRange[] = [];
    const add = (from: number, to: number, zero: boolean) => {
      const last = found[found.length - 1];
      if (last && last.end === from && last.zero === zero) {
        found[found.length - 1] = { first: last.first, end: to, zero };
      } else if (from < to) found.push({ first: from, end: to, zero });
    };
    let zero = Math.max(first, this.#zeroFrom);
    const zeroTo = Math.min(end, this.#zeroTo);
    this.#states.forEach(first, end, (page) => {
      if (page >= zero && zero < zeroTo) {
        add(zero, Math.min(page, zeroTo), true);
        zero = page + 1;
      }
      add(page, page + 1, false);
    });
    if (zero < zeroTo) add(zero, zeroTo, true);
    return found;
  }

  #clear(first: number, end: number, which: (state: number) => boolean): void {
    const found: number[] = [];
    this.#states.forEach(first, end, (page, state) => {
      if (which(state)) found.push(page);
    });
    for (const page of found) this.#states.set(page, 0);
  }
}
