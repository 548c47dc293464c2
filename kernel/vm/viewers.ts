/**
 * Who shows which pages of a content: so that a change reaches exactly the mappings it concerns.
 *
 * @module
 */
import { invariant } from "../invariant.ts";

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

/** Viewers, sorted by their first page. */
export class Viewers {
  #list: Viewer[] = [];
  /** No viewer is longer than this, so a search knows how far back to look. */
  #longest = 0;

  /** How many there are. */
  get size(): number {
    return this.#list.length;
  }

  /** Let one look on. */
  add(viewer: Viewer): void {
    const list = this.#list;
    const length = viewer.endPage - viewer.firstPage;
    if (length > this.#longest) this.#longest = length;
    const last = list[list.length - 1];
    if (last === undefined || last.firstPage <= viewer.firstPage) list.push(viewer);
    else list.splice(this.#lowerBound(viewer.firstPage), 0, viewer);
  }

  /** Let one look on no longer. Its pages must be those that it was added with. */
  remove(viewer: Viewer): void {
    const list = this.#list;
    for (let at = this.#lowerBound(viewer.firstPage); at < list.length; at++) {
      if (list[at] !== viewer) continue;
      list.splice(at, 1);
      if (list.length === 0) this.#longest = 0;
      return;
    }
    invariant(false, "a viewer is removed once, where it was added");
  }

  /** Visit everybody who shows a page of a range. */
  forEach(first: number, end: number, visit: (viewer: Viewer) => void): void {
    const list = this.#list;
    if (list.length === 0) return;
    for (let at = this.#lowerBound(first - this.#longest); at < list.length; at++) {
      const viewer = list[at]!;
      if (viewer.firstPage >= end) return;
      if (viewer.endPage > first) visit(viewer);
    }
  }

  /** Where the first viewer stands that begins at this page or behind it. */
  #lowerBound(page: number): number {
    const list = this.#list;
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (list[middle]!.firstPage < page) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
