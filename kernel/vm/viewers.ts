/**
 * Who shows which pages of a content: so that a change reaches exactly the mappings it concerns.
 *
 * @module
 */
import { invariant } from "../invariant.ts";
import { SortedPieces } from "./sorted_pieces.ts";

/** Something that shows a run of pages, and may have to stop. */
export interface Viewer {
  /** The first page it shows. */
  readonly firstPage: number;
  /** The page behind the last one it shows. */
  readonly endPage: number;
  /** Pages have other frames now, or none: look again when they are touched. */
  forget(first: number, end: number): void;
  /** The frame at a page must not be written to any more without asking again. */
  makeReadOnly(page: number): void;
}

/** Those who begin at the same page. */
class Beginning {
  readonly base: number;
  /** None of them ends behind this page. */
  end: number;
  #one: Viewer | null;
  #more: Set<Viewer> | null = null;

  constructor(viewer: Viewer) {
    this.base = viewer.firstPage;
    this.end = viewer.endPage;
    this.#one = viewer;
  }

  get empty(): boolean {
    return this.#one === null && (this.#more === null || this.#more.size === 0);
  }

  add(viewer: Viewer): void {
    this.end = Math.max(this.end, viewer.endPage);
    if (this.#one === null) this.#one = viewer;
    else (this.#more ??= new Set()).add(viewer);
  }

  remove(viewer: Viewer): boolean {
    if (this.#one !== viewer) return this.#more !== null && this.#more.delete(viewer);
    this.#one = null;
    return true;
  }

  forEach(visit: (viewer: Viewer) => void): void {
    if (this.#one !== null) visit(this.#one);
    if (this.#more !== null) this.#more.forEach(visit);
  }
}

/** Everybody who shows pages, by where they begin. */
export class Viewers {
  readonly #beginnings = new SortedPieces<Beginning>();
  #size = 0;
  /** No viewer is longer than this, so a search knows how far back to look. */
  #longest = 0;

  /** How many there are. */
  get size(): number {
    return this.#size;
  }

  /** Let one look on. */
  add(viewer: Viewer): void {
    const { firstPage, endPage } = viewer;
    this.#longest = Math.max(this.#longest, endPage - firstPage);
    this.#size++;
    const there = this.#at(firstPage);
    if (there === null) this.#beginnings.add(new Beginning(viewer));
    else there.add(viewer);
  }

  /** Let one look on no longer. Its pages must be those that it was added with. */
  remove(viewer: Viewer): void {
    const there = this.#at(viewer.firstPage);
    invariant(there !== null, "a viewer is removed where it was added");
    invariant(there.remove(viewer), "a viewer is removed once");
    if (there.empty) this.#beginnings.remove(there.base);
    if (--this.#size === 0) this.#longest = 0;
  }

  /** Visit everybody who shows a page of a range. */
  forEach(first: number, end: number, visit: (viewer: Viewer) => void): void {
    if (this.#size === 0) return;
    this.#beginnings.forEachFrom(first - this.#longest, (beginning) => {
      if (beginning.base >= end) return false;
      if (beginning.end <= first) return true;
      beginning.forEach((viewer) => {
        if (viewer.endPage > first) visit(viewer);
      });
      return true;
    });
  }

  #at(page: number): Beginning | null {
    const found = this.#beginnings.upTo(page);
    return found !== undefined && found.base === page ? found : null;
  }
}
