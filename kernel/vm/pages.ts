/**
 * Which frame is at which page: sparse, in pieces of 64 pages, as numbers.
 *
 * @module
 */

const CHUNK_SHIFT = 6;
const CHUNK = 1 << CHUNK_SHIFT;

/** What a piece costs the host: four bytes a page, and the array that they are in. */
const CHUNK_BYTES = 512;

/** A page that shows zeros whatever lies below it. */
export const ZERO_PAGE = -1;

/** Frames by page. Pages that were never set read as 0. */
export class Pages {
  /** The first pages, which are all that most memory objects have. */
  #first: Int32Array | null = null;
  #rest: Map<number, Int32Array> | null = null;
  #frames = 0;

  /** How many pages have a frame. */
  get frames(): number {
    return this.#frames;
  }

  /** What is at a page: a frame, `ZERO_PAGE`, or 0. */
  get(page: number): number {
    if (page < CHUNK) return this.#first === null ? 0 : this.#first[page]!;
    if (this.#rest === null) return 0;
    const chunk = this.#rest.get(Math.floor(page / CHUNK));
    return chunk === undefined ? 0 : chunk[page % CHUNK]!;
  }

  /** Put a frame, `ZERO_PAGE` or 0 at a page. */
  set(page: number, value: number): void {
    if (value === 0) return this.#forget(page);
    const chunk = this.#chunkFor(page);
    const at = page % CHUNK;
    if (chunk[at]! > 0) this.#frames--;
    if (value > 0) this.#frames++;
    chunk[at] = value;
  }

  /** How many bytes of the host the pages of a range take, at most. */
  bytesOf(first: number, end: number): number {
    const rest = this.#rest === null || end <= CHUNK
      ? 0
      : this.#indexes(Math.floor(first / CHUNK), Math.floor((end - 1) / CHUNK)).length;
    return (rest + 2) * CHUNK_BYTES;
  }

  /** Visit, in order, what is at the pages of a range that are not 0. */
  forEach(first: number, end: number, visit: (page: number, value: number) => void): void {
    if (first >= end) return;
    if (first < CHUNK && this.#first) visitChunk(this.#first, 0, first, end, visit);
    if (this.#rest === null || end <= CHUNK) return;
    const from = Math.floor(first / CHUNK);
    const to = Math.floor((end - 1) / CHUNK);
    for (const index of this.#indexes(from, to)) {
      const chunk = this.#rest.get(index);
      if (chunk) visitChunk(chunk, index * CHUNK, first, end, visit);
    }
  }

  /** The first page of a range that has nothing, or `end`. */
  firstEmpty(first: number, end: number): number {
    for (let page = first; page < end; page++) if (this.get(page) === 0) return page;
    return end;
  }

  /** Forget the pages from here on; their frames must be released already. */
  truncate(end: number): void {
    if (this.#rest) {
      const whole = Math.ceil(end / CHUNK);
      for (const index of [...this.#rest.keys()]) if (index >= whole) this.#rest.delete(index);
    }
    if (end === 0) this.#first = null;
  }

  /** There is nothing at a page any more; of a piece without pages nothing is kept. */
  #forget(page: number): void {
    const index = Math.floor(page / CHUNK);
    const chunk = page < CHUNK ? this.#first : this.#rest?.get(index);
    if (!chunk) return;
    const at = page % CHUNK;
    if (chunk[at]! > 0) this.#frames--;
    chunk[at] = 0;
    if (page >= CHUNK && chunk.every((value) => value === 0)) this.#rest!.delete(index);
  }

  #indexes(from: number, to: number): number[] {
    const rest = this.#rest!;
    if (to - from < rest.size) {
      const found: number[] = [];
      for (let index = from; index <= to; index++) if (rest.has(index)) found.push(index);
      return found;
    }
    const within = [...rest.keys()].filter((index) => index >= from && index <= to);
    return within.sort((a, b) => a - b);
  }

  #chunkFor(page: number): Int32Array {
    if (page < CHUNK) return this.#first ??= new Int32Array(CHUNK);
    const rest = this.#rest ??= new Map();
    const index = Math.floor(page / CHUNK);
    let chunk = rest.get(index);
    if (!chunk) rest.set(index, chunk = new Int32Array(CHUNK));
    return chunk;
  }
}

function visitChunk(
  chunk: Int32Array,
  base: number,
  first: number,
  end: number,
  visit: (page: number, value: number) => void,
): void {
  const from = Math.max(first - base, 0);
  const to = Math.min(end - base, CHUNK);
  for (let at = from; at < to; at++) {
    const value = chunk[at]!;
    if (value !== 0) visit(base + at, value);
  }
}
