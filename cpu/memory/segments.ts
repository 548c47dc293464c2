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
/** Runs that are remembered at most. */
const RUNS_MAX = 64;

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
  #known: Segment[] = [];

  /** `usable` says which frames may be accessed so at all. */
  constructor(access: number, usable: (frame: number) => boolean) {
    this.#access = access;
    this.#usable = usable;
  }

  /** The run around a page that may be accessed. */
  around(space: Space, page: number): Segment {
    const found = this.#containing(page);
    if (found !== undefined) return found;
    const frame = space.lookup(page) >>> 3;
    const first = this.#reach(space, page, frame, -1);
    const end = this.#reach(space, page, frame, 1) + 1;
    const segment = { first, end, frame: frame - (page - first) };
    this.#known = this.#known.filter((one) => one.end <= first || one.first >= end);
    if (this.#known.length === RUNS_MAX) this.#known.length = 0;
    this.#known.push(segment);
    return segment;
  }

  /** Forget the run around a page; it is given, if there was one. */
  drop(page: number): Segment | undefined {
    const found = this.#containing(page);
    if (found !== undefined) this.#known.splice(this.#known.indexOf(found), 1);
    return found;
  }

  /** Forget the run that a frame is in. */
  dropFrame(frame: number): Segment | undefined {
    const found = this.#known.find((one) =>
      frame >= one.frame && frame < one.frame + one.end - one.first
    );
    return found === undefined ? undefined : this.drop(found.first);
  }

  /** Forget all. */
  clear(): void {
    this.#known.length = 0;
  }

  #containing(page: number): Segment | undefined {
    return this.#known.find((one) => page >= one.first && page < one.end);
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
