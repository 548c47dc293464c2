/**
 * Runs of pages whose frames follow one another and allow the same access: for compiled code, one
 * comparison covers such a run whole.
 *
 * @module
 */
import { Access } from "../layout.ts";
import type { Space } from "./space.ts";

/** Pages in a run at most, so that finding one and forgetting one stay cheap. */
const PAGES_MAX = 1024;
/** Runs that are known at most. */
export const RUNS_MAX = 4096;

/** Neighbouring pages on neighbouring frames. */
export interface Segment {
  /** The first page. */
  readonly first: number;
  /** The page behind the last one. */
  readonly end: number;
  /** The frame of the first page. */
  readonly frame: number;
}

/** The runs of one space, for one kind of access. */
export class Segments {
  readonly #access: number;
  readonly #usable: (frame: number) => boolean;
  readonly #onForgotten: (segment: Segment) => void;
  /** Those that are known, by their pages. */
  readonly #known: Segment[] = [];

  /**
   * `usable` says which frames may be accessed so at all. Whoever was given a run learns with
   * `onForgotten` that it is not known any more: nobody tells when a page of it changes from then on.
   */
  constructor(
    access: number,
    usable: (frame: number) => boolean,
    onForgotten: (segment: Segment) => void,
  ) {
    this.#access = access;
    this.#usable = usable;
    this.#onForgotten = onForgotten;
  }

  /** The run around a page that may be accessed. */
  around(space: Space, page: number): Segment {
    const found = this.#containing(page);
    if (found !== undefined) return found;
    if (this.#known.length === RUNS_MAX) this.#forgetAll();
    const frame = space.lookup(page) >>> 3;
    const first = this.#reach(space, page, frame, -1);
    const end = this.#reach(space, page, frame, 1) + 1;
    const segment = { first, end, frame: frame - (page - first) };
    const at = this.#placeOf(first);
    this.#known.splice(at, this.#placeOf(end) - at, segment);
    return segment;
  }

  /** Forget the run around a page; it is given, if there was one. */
  drop(page: number): Segment | undefined {
    const found = this.#containing(page);
    if (found !== undefined) this.#known.splice(this.#placeOf(page), 1);
    return found;
  }

  /** Forget the run that a frame is in. */
  dropFrame(frame: number): Segment | undefined {
    const found = this.#known.find((one) =>
      frame >= one.frame && frame < one.frame + one.end - one.first
    );
    return found === undefined ? undefined : this.drop(found.first);
  }

  /** Forget all, where nobody has to be told. */
  clear(): void {
    this.#known.length = 0;
  }

  #forgetAll(): void {
    for (const one of this.#known) this.#onForgotten(one);
    this.clear();
  }

  /** Where the first run is that does not end before a page. */
  #placeOf(page: number): number {
    let [from, to] = [0, this.#known.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.#known[middle]!.end > page) to = middle;
      else from = middle + 1;
    }
    return from;
  }

  #containing(page: number): Segment | undefined {
    const found = this.#known[this.#placeOf(page)];
    return found !== undefined && found.first <= page ? found : undefined;
  }

  /** The last page in a direction that belongs to the run of a page. */
  #reach(space: Space, page: number, frame: number, step: 1 | -1): number {
    let at = page;
    while (Math.abs(at - page) < PAGES_MAX) {
      const next = at + step;
      const entry = space.lookup(next);
      const expected = frame + (next - page);
      if (entry >>> 3 !== expected || !allows(entry, this.#access) || !this.#usable(expected)) {
        break;
      }
      const known = this.#containing(next);
      if (known === undefined) at = next;
      else at = step === 1 ? known.end - 1 : known.first;
    }
    return at;
  }
}

/** Whether a page's entry allows an access. A page that can only be written cannot be written. */
export function allows(entry: number, access: number): boolean {
  return (entry & access) !== 0 && (access !== Access.WRITE || (entry & Access.READ) !== 0);
}
