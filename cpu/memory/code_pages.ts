/**
 * Pages of code as the interpreter reads them: one record for every two bytes of a frame, decoded
 * when it is first reached. Frames are decoded, not pages of a space, so that processes which share
 * text share its records too.
 *
 * A frame that has records is never written inline. A store that misses all decoded instructions
 * leaves them; one that hits makes exactly those undecoded.
 *
 * @module
 */
import type { Frames } from "./frames.ts";
import { PAGE_SIZE, Record, RECORDS, RECORDS_COUNT, RECORDS_STRIDE, State } from "../layout.ts";

/** Stores into a page beside its decoded code after which the page is taken for data. */
const STORES_MAX = 4096;

/** When there is no room for another page, so many go. */
const GIVEN_UP = RECORDS_COUNT / 8;

/** What the interpreter does for a record that is not an instruction's. */
export const Special = {
  /** Nothing was decoded here yet; must be 0. */
  UNDECODED: 0,
  /** The page ends here. */
  PAGE_END: 1,
  /** The instruction's second half is on the next page. */
  STRADDLE: 2,
  /** A compiled function may start here. */
  ENTER: 3,
  /** A debugger may want to stop here. */
  BREAKPOINT: 4,
  /** There is no such instruction. */
  ILLEGAL: 5,
  /** How many of these there are; instructions are numbered from here. */
  COUNT: 6,
} as const;

/** Whose records they are, if a debugger set breakpoints there: a space, and its page. */
export interface Owner {
  /** Addresses where to stop. */
  readonly breakpoints: ReadonlySet<number> | null;
}

/** A page of records. */
export interface CodePage {
  readonly frame: number;
  readonly base: number;
  /** The only space that may use it, and which page it is there; null for everybody. */
  readonly owner: Owner | null;
  readonly page: number;
  /** How many records are decoded. */
  decoded: number;
  stores: number;
}

/** The decoded records of all frames that have some. */
export class CodePages {
  /** Called when code changes that may have been compiled: a frame, and which of its bytes. */
  onChanged: (frame: number, offset: number, size: number) => void = () => {};
  /** Called when a frame gets records, so that nobody writes it inline any more. */
  onProtected: (frame: number) => void = () => {};
  /** Called when records were dropped, so that nobody may know where they were. */
  onDropped: () => void = () => {};
  /** Whether something was made of a frame's code that is gone with its records. */
  isNeeded: (frame: number) => boolean = () => false;
  readonly #frames: Frames;
  readonly #pages = new Map<number, CodePage[]>();
  /** By frame: 1 where it has some. It is asked at every write that the kernel does. */
  readonly #has: Uint8Array;
  readonly #byIndex: (CodePage | undefined)[] = [];
  readonly #freeIndexes: number[] = [];
  #count = 0;

  constructor(frames: Frames) {
    this.#frames = frames;
    this.#has = new Uint8Array(frames.bytes.length / PAGE_SIZE);
  }

  /** Whether a frame has decoded records. */
  has(frame: number): boolean {
    return this.#has[frame] !== 0;
  }

  /** Where the records of a frame lie; those of an owner have its breakpoints in them. */
  recordsOf(frame: number, owner: Owner | null, page: number): number {
    const found = this.#pages.get(frame)?.find((one) =>
      one.owner === owner && (owner === null || one.page === page)
    );
    return (found ?? this.#create(frame, owner, page)).base;
  }

  /** The page that a record belongs to, unless it was dropped. */
  pageOf(record: number): CodePage | undefined {
    return this.#byIndex[Math.floor((record - RECORDS) / RECORDS_STRIDE)];
  }

  /** Bytes of a frame were written: what was decoded from them is undecoded again. */
  overwritten(frame: number, offset: number, size: number): void {
    for (const page of this.#pages.get(frame) ?? []) this.#overwrite(page, offset, size);
  }

  /** All of a frame is something else now. */
  drop(frame: number): void {
    if (this.#has[frame] === 0) return;
    const pages = this.#pages.get(frame)!;
    this.onChanged(frame, 0, PAGE_SIZE);
    this.#pages.delete(frame);
    this.#has[frame] = 0;
    for (const page of pages) this.#forget(page);
    this.onDropped();
  }

  /** Decode a halfword again when it is reached next. */
  unmark(frame: number, offset: number): void {
    for (const page of this.#pages.get(frame) ?? []) {
      const word = (page.base + (offset >>> 1) * Record.SIZE) >> 2;
      if ((this.#frames.words[word]! & 0xffff) !== Special.ENTER) continue;
      this.#frames.words[word] = Special.UNDECODED;
      page.decoded--;
    }
  }

  /** The records of a frame that everybody may use, if there are some. */
  sharedPage(frame: number): CodePage | undefined {
    return this.#pages.get(frame)?.find((one) => one.owner === null);
  }

  /** A space's breakpoints have changed. */
  dropOwned(owner: Owner): void {
    for (const [frame, pages] of [...this.#pages]) {
      if (pages.some((page) => page.owner === owner)) this.drop(frame);
    }
  }

  #overwrite(page: CodePage, offset: number, size: number): void {
    const words = this.#frames.words;
    // A decoded instruction may begin in the halfword before.
    const first = Math.max(0, (offset >>> 1) - 1);
    const last = (offset + size - 1) >>> 1;
    let hit = false;
    for (let at = first; at <= last; at++) {
      const word = (page.base + at * Record.SIZE) >> 2;
      if ((words[word]! & 0xffff) === Special.UNDECODED) continue;
      words[word] = Special.UNDECODED;
      page.decoded--;
      hit = true;
    }
    if (hit) this.onChanged(page.frame, offset, size);
    if (page.decoded === 0 || ++page.stores > STORES_MAX) this.drop(page.frame);
  }

  /**
   * Undecode everything, so that an interpreter which is in this page notices at the next record.
   * The one that it is at it still reads.
   */
  #forget(page: CodePage): void {
    const { bytes, words } = this.#frames;
    const current = words[State.CURRENT >> 2]!;
    const kept = bytes.slice(current, current + Record.SIZE);
    bytes.fill(0, page.base, page.base + RECORDS_STRIDE);
    if (current >= page.base && current < page.base + RECORDS_STRIDE) bytes.set(kept, current);
    const index = (page.base - RECORDS) / RECORDS_STRIDE;
    this.#byIndex[index] = undefined;
    this.#freeIndexes.push(index);
    this.#count--;
  }

  /**
   * Drop pages, the oldest first, and those that are needed last. The one that the interpreter is in
   * stays: whoever comes next would have its place, and the interpreter would go on there.
   */
  #makeRoom(): void {
    const current = this.pageOf(this.#frames.words[State.CURRENT >> 2]!)?.frame;
    for (const isNeeded of [false, true]) {
      for (const frame of [...this.#pages.keys()]) {
        if (frame === current || this.isNeeded(frame) !== isNeeded) continue;
        this.drop(frame);
        if (RECORDS_COUNT - this.#count >= GIVEN_UP) return;
      }
    }
  }

  #create(frame: number, owner: Owner | null, page: number): CodePage {
    if (this.#count === RECORDS_COUNT) this.#makeRoom();
    const index = this.#freeIndexes.pop() ?? this.#count;
    const base = RECORDS + index * RECORDS_STRIDE;
    this.#frames.bytes.fill(0, base, base + RECORDS_STRIDE);
    this.#frames.words[(base + 2048 * Record.SIZE) >> 2] = Special.PAGE_END;
    const created = { frame, base, owner, page, decoded: 0, stores: 0 };
    const pages = this.#pages.get(frame);
    if (pages === undefined) this.#pages.set(frame, [created]);
    else pages.push(created);
    this.#has[frame] = 1;
    this.#byIndex[index] = created;
    this.#count++;
    this.onProtected(frame);
    return created;
  }
}
