/**
 * Address translations of the spaces that ran last, where machine code can probe them inline.
 *
 * Reading, writing and fetching have tables of their own, so that a permission is the presence of an
 * entry and one comparison covers absence, permission, the address's upper bits and the page's end.
 * Spaces that take turns keep their tables: switching between them costs nothing.
 *
 * @module
 */
import { callIndex } from "../call_index.ts";
import type { Frames } from "./frames.ts";
import {
  Access,
  PAGE_SHIFT,
  PAGE_SIZE,
  State,
  Tlb,
  TLB_COUNT,
  TLB_POOL,
  TLB_SIZE,
} from "../layout.ts";
import { type Segment, Segments } from "./segments.ts";
import { Sites } from "./sites.ts";
import type { Space } from "./space.ts";

/** More entries than this are forgotten by clearing the tables whole. */
const FILLED_MAX = 512;

/** The tables of one space. */
export class Translations {
  /** Where the tables lie. */
  readonly base: number;
  /** Whose they are. */
  space: Space | null = null;
  /** When they were last used. */
  usedAt = 0;
  readonly #frames: Frames;
  readonly #readable: Segments;
  readonly #writable: Segments;
  #filled: number[] = [];
  #calls: number[] = [];
  /** Whether decoded pages are known. */
  #fetches = false;
  /** Pages that the code of these calls is on. */
  readonly #codePages = new Set<number>();
  readonly #pool: TranslationPool;

  constructor(frames: Frames, index: number, pool: TranslationPool) {
    this.#frames = frames;
    this.#pool = pool;
    const told = (access: number) => (one: Segment) => this.#dropSegment(one, access);
    this.#readable = new Segments(Access.READ, () => true, told(Access.READ));
    const usable = (frame: number) => pool.mayWrite(frame);
    this.#writable = new Segments(Access.WRITE, usable, told(Access.WRITE));
    this.base = TLB_POOL + index * TLB_SIZE;
    this.#invalidateEdges();
  }

  /** Remember where a page is, for one kind of access. */
  fillPage(page: number, access: number, frame: number): void {
    const entry = this.base + tableOf(access) + ((page % 4096) << 4);
    if (this.#holds(entry, page)) return;
    this.#write(entry, page * PAGE_SIZE, frame * PAGE_SIZE - page * PAGE_SIZE);
    this.#frames.words[(entry + SEGMENT + 8) >> 2] = 0;
  }

  /** Remember where a page is, with all around it; gives how many bytes lie there from the page on. */
  fillSegment(page: number, access: number): number {
    const { space } = this;
    const segments = access === Access.WRITE ? this.#writable : this.#readable;
    const { first, end, frame } = segments.around(space!, page);
    this.fillPage(page, access, frame + page - first);
    const { words } = this.#frames;
    const entry = this.base + tableOf(access) + SEGMENT + ((page % 4096) << 4);
    for (const at of [entry, this.#windowOf(page, access)]) {
      this.#put(at, first * PAGE_SIZE);
      words[(at + 8) >> 2] = (end - first) * PAGE_SIZE;
      words[(at + 12) >> 2] = frame * PAGE_SIZE;
    }
    return (end - page) * PAGE_SIZE;
  }

  /** Remember the decoded records of a page. */
  fillFetch(page: number, records: number): void {
    this.#fetches = true;
    this.#write(this.#fetchEntry(page), page * PAGE_SIZE, records);
  }

  /** Remember which compiled function starts at an address. */
  fillCall(address: number, slot: number, pages: Iterable<number>): void {
    const entry = this.base + Tlb.CALL + callIndex(address);
    this.#write(entry, address, slot);
    this.#calls.push(entry);
    for (const page of pages) this.#codePages.add(page);
  }

  /** Forget a page: it was unmapped or is something else now. */
  drop(page: number): void {
    const at = (page % 4096) << 4;
    this.#dropIf(this.base + Tlb.READ + at, page);
    this.#dropIf(this.base + Tlb.WRITE + at, page);
    this.#dropSegment(this.#readable.drop(page), Access.READ);
    this.#dropSegment(this.#writable.drop(page), Access.WRITE);
    this.#dropIf(this.#fetchEntry(page), page);
    if (this.#codePages.has(page)) this.dropCalls();
  }

  /** Forget every page that leads to a frame for writing. */
  dropWritesTo(frame: number): void {
    const words = this.#frames.words;
    const first = (this.base + Tlb.WRITE) >> 2;
    const host = (frame * PAGE_SIZE) | 0;
    for (let at = first; at < first + 4096 * 4; at += 4) {
      if (((words[at]! + words[at + 2]!) | 0) === host) this.#invalidate(at << 2);
    }
    this.#dropSegment(this.#writable.dropFrame(frame), Access.WRITE);
  }

  /** Forget all decoded pages. */
  dropFetches(): void {
    if (!this.#fetches) return;
    this.#fetches = false;
    const from = this.base + Tlb.FETCH;
    this.#frames.bytes.fill(0, from, from + Tlb.FETCH_MASK + 16);
    this.#invalidate(from);
  }

  /** Forget which code to call, and let no compiled code that is under way go on. */
  dropCalls(): void {
    for (const entry of this.#calls) this.#invalidate(entry);
    this.#calls.length = 0;
    this.#codePages.clear();
    this.#pool.sites.empty();
    this.#frames.words[State.UNWIND >> 2] = 1;
  }

  /** Forget everything. */
  clear(): void {
    this.dropCalls();
    this.#readable.clear();
    this.#writable.clear();
    if (this.#filled.length < FILLED_MAX) {
      for (const entry of this.#filled) this.#invalidate(entry);
      const windows = this.base + Tlb.READ_WINDOW;
      this.#frames.bytes.fill(0, windows, this.base + TLB_SIZE);
    } else {
      this.#frames.bytes.fill(0, this.base, this.base + TLB_SIZE);
      this.#invalidateEdges();
    }
    this.#filled.length = 0;
  }

  /** The space is gone. */
  detach(): void {
    this.clear();
    if (this.space !== null) this.space.translations = null;
    this.space = null;
    this.usedAt = 0;
  }

  /** No page may be known any longer to lie in what is not a run any more. */
  #dropSegment(segment: Segment | undefined, access: number): void {
    if (segment === undefined) return;
    const { words } = this.#frames;
    const table = this.base + tableOf(access) + SEGMENT;
    for (let page = segment.first; page < segment.end; page++) {
      words[(table + ((page % 4096) << 4) + 8) >> 2] = 0;
    }
    for (let page = segment.first - segment.first % WINDOW; page < segment.end; page += WINDOW) {
      words[(this.#windowOf(page, access) + 8) >> 2] = 0;
    }
    this.#pool.sites.empty();
  }

  /** Where it is remembered what was found last around a page. */
  #windowOf(page: number, access: number): number {
    const table = access === Access.WRITE ? Tlb.WRITE_WINDOW : Tlb.READ_WINDOW;
    return this.base + table + ((Math.floor(page / WINDOW) << 4) & Tlb.WINDOW_MASK);
  }

  #fetchEntry(page: number): number {
    return this.base + Tlb.FETCH + (((page % 4096) << 4) & Tlb.FETCH_MASK);
  }

  #write(entry: number, tag: number, value: number): void {
    this.#put(entry, tag);
    this.#frames.words[(entry >> 2) + 2] = value;
    if (this.#filled.length < FILLED_MAX) this.#filled.push(entry);
  }

  #put(at: number, value: number): void {
    this.#frames.words[at >> 2] = value;
    this.#frames.words[(at >> 2) + 1] = Math.floor(value / 4294967296);
  }

  #holds(entry: number, page: number): boolean {
    const words = this.#frames.words;
    const tag = page * PAGE_SIZE;
    return words[entry >> 2] === (tag | 0) &&
      words[(entry >> 2) + 1] === (Math.floor(tag / 4294967296) | 0);
  }

  #dropIf(entry: number, page: number): boolean {
    const same = this.#holds(entry, page);
    if (same) this.#invalidate(entry);
    return same;
  }

  /**
   * An entry of zeros would be right for the first page, and for an access that begins on the last
   * one and ends on the first.
   */
  #invalidateEdges(): void {
    for (const table of [Tlb.READ, Tlb.WRITE, Tlb.CALL, Tlb.FETCH]) {
      this.#invalidate(this.base + table);
    }
    for (const table of [Tlb.READ, Tlb.WRITE]) this.#invalidate(this.base + table + Tlb.PAGE_MASK);
  }

  #invalidate(entry: number): void {
    this.#frames.words[entry >> 2] = Tlb.INVALID;
    this.#frames.words[(entry >> 2) + 1] = 0;
  }
}

/** Pages in a window. */
const WINDOW = 1 << (Tlb.WINDOW_SHIFT - PAGE_SHIFT);

/** How far the table of segments is from the table of pages. */
const SEGMENT = Tlb.READ_SEGMENT - Tlb.READ;

function tableOf(access: number): number {
  return access === Access.WRITE ? Tlb.WRITE : Tlb.READ;
}

/** The tables of all spaces that have some. */
export class TranslationPool {
  /** Those that were made so far. */
  readonly all: Translations[] = [];
  /** Which frames may be written inline. */
  mayWrite: (frame: number) => boolean = () => true;
  /** What compiled code remembers of the space that runs. */
  readonly sites: Sites;
  readonly #frames: Frames;
  #clock = 0;
  #last: Translations | null = null;

  constructor(frames: Frames) {
    this.#frames = frames;
    this.sites = new Sites(frames);
  }

  /** The tables of a space, if need be those of the space that ran longest ago. */
  of(space: Space): Translations {
    const own = space.translations ?? this.#take(space);
    if (this.#last !== own) this.sites.empty();
    this.#last = own;
    own.usedAt = ++this.#clock;
    return own;
  }

  #take(space: Space): Translations {
    let chosen = this.all.find((one) => one.space === null);
    if (chosen === undefined && this.all.length < TLB_COUNT) {
      chosen = new Translations(this.#frames, this.all.length, this);
      this.all.push(chosen);
    }
    chosen ??= this.all.reduce((a, b) => a.usedAt < b.usedAt ? a : b);
    if (chosen.space !== null) chosen.detach();
    chosen.space = space;
    space.translations = chosen;
    return chosen;
  }
}
