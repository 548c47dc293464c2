/**
 * What one process sees: which frame is at which page, and what may be done there.
 *
 * Pages are kept in chunks of 64 neighbours, so that ten thousand idle processes fit in little
 * memory. What the processor has cached of a space hangs at the space and is shot down here.
 *
 * @module
 */
import type { Translations } from "./translations.ts";

const CHUNK = 64;

/** How many chunks all spaces of a processor may have, beyond those that each may always have. */
const CHUNKS_MAX = 1 << 19;

/** So many chunks a space may have whatever others have: more than any instruction touches. */
const CHUNKS_LEAST = 64;

/** What the spaces of one processor take together. */
export class SpaceBudget {
  /** How many chunks they have. */
  chunks = 0;
  /** How many they may have. */
  readonly most: number;

  /** Nothing is taken yet. */
  constructor(most: number = CHUNKS_MAX) {
    this.most = most;
  }
}

/** An address space. */
export class Space {
  /** What the processor has cached of this space, while it has. */
  translations: Translations | null = null;
  /** Addresses where a debugger wants to stop, if there are any. */
  breakpoints: Set<number> | null = null;
  /** False once the space was destroyed. */
  alive = true;
  readonly #chunks = new Map<number, Uint32Array>();
  readonly #budget: SpaceBudget;
  /** The chunk that was looked at last, for whoever looks at its neighbours. */
  #lastIndex = -1;
  #last: Uint32Array | null = null;

  /** A space in which nothing is yet. */
  constructor(budget: SpaceBudget = new SpaceBudget()) {
    this.#budget = budget;
  }

  /**
   * Put a frame at a page, in place of what was there. Where programs see so much that it would fill
   * the host, the space forgets the rest: whoever touches that is asked for it again.
   */
  map(page: number, frame: number, access: number): void {
    const index = Math.floor(page / CHUNK);
    let chunk = this.#chunks.get(index);
    if (chunk === undefined) {
      const budget = this.#budget;
      if (budget.chunks >= budget.most && this.#chunks.size >= CHUNKS_LEAST) {
        this.unmap(0, Number.MAX_SAFE_INTEGER);
      }
      budget.chunks++;
      chunk = new Uint32Array(CHUNK);
      this.#chunks.set(index, chunk);
      this.#lastIndex = -1;
    }
    const at = page - index * CHUNK;
    if (chunk[at] !== 0) this.translations?.drop(page);
    chunk[at] = frame * 8 + (access & 7);
  }

  /** Take away what is at these pages, if anything. */
  unmap(page: number, count: number): void {
    const end = page + count;
    if (count > this.#chunks.size * CHUNK) return this.#unmapSparse(page, end);
    while (page < end) {
      const index = Math.floor(page / CHUNK);
      const stop = Math.min(end, (index + 1) * CHUNK);
      this.#unmapIn(index, page, stop);
      page = stop;
    }
  }

  /** What is at a page: `frame * 8 + access`, or 0 where nothing is. */
  lookup(page: number): number {
    const index = Math.floor(page / CHUNK);
    if (index !== this.#lastIndex) {
      this.#last = this.#chunks.get(index) ?? null;
      this.#lastIndex = index;
    }
    return this.#last === null ? 0 : this.#last[page - index * CHUNK]!;
  }

  /** Forget everything; the space is not used again. */
  destroy(): void {
    this.alive = false;
    this.translations?.detach();
    this.#budget.chunks -= this.#chunks.size;
    this.#chunks.clear();
    this.#lastIndex = -1;
    this.breakpoints = null;
  }

  /** A range that is wider than all there is: walk what there is. */
  #unmapSparse(page: number, end: number): void {
    for (const index of [...this.#chunks.keys()]) {
      const first = Math.max(page, index * CHUNK);
      const stop = Math.min(end, (index + 1) * CHUNK);
      if (first < stop) this.#unmapIn(index, first, stop);
    }
  }

  #unmapIn(index: number, page: number, stop: number): void {
    const chunk = this.#chunks.get(index);
    if (chunk === undefined) return;
    const start = index * CHUNK;
    for (let at = page - start; at < stop - start; at++) {
      if (chunk[at] === 0) continue;
      this.translations?.drop(start + at);
      chunk[at] = 0;
    }
    if (!chunk.every((entry) => entry === 0)) return;
    this.#chunks.delete(index);
    this.#budget.chunks--;
    this.#lastIndex = -1;
  }
}
