/**
 * Address translations of the spaces that ran last, where machine code can probe them inline.
 *
 * Reading, writing and fetching have tables of their own, so that a permission is the presence of an
 * entry and one comparison covers absence, permission, the address's upper bits and the page's end.
 * Spaces that take turns keep their tables: switching between them costs nothing.
 *
 * @module
 */
import type { Frames } from "./frames.ts";
import { Access, PAGE_SIZE, State, Tlb, TLB_COUNT, TLB_POOL, TLB_SIZE } from "./layout.ts";
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
  #filled: number[] = [];
  #calls: number[] = [];

  constructor(frames: Frames, index: number) {
    this.#frames = frames;
    this.base = TLB_POOL + index * TLB_SIZE;
    for (const table of [Tlb.READ, Tlb.WRITE, Tlb.CALL, Tlb.FETCH]) {
      this.#invalidate(this.base + table);
    }
  }

  /** Remember where a page is, for one kind of access. */
  fillPage(page: number, access: number, frame: number): void {
    const table = access === Access.WRITE ? Tlb.WRITE : Tlb.READ;
    const entry = this.base + table + ((page % 4096) << 4);
    this.#write(entry, page * PAGE_SIZE, frame * PAGE_SIZE - page * PAGE_SIZE);
  }

  /** Remember the decoded records of a page. */
  fillFetch(page: number, records: number): void {
    this.#write(this.#fetchEntry(page), page * PAGE_SIZE, records);
  }

  /** Remember which compiled function starts at an address. */
  fillCall(address: number, slot: number): void {
    const entry = this.#callEntry(address);
    this.#write(entry, address, slot);
    this.#calls.push(entry);
  }

  /** Forget a page: it was unmapped or is something else now. */
  drop(page: number): void {
    const at = (page % 4096) << 4;
    this.#dropIf(this.base + Tlb.READ + at, page);
    this.#dropIf(this.base + Tlb.WRITE + at, page);
    if (this.#dropIf(this.#fetchEntry(page), page) || this.#calls.length > 0) this.dropCalls();
  }

  /** Forget that a page may be written at once; true if it was remembered. */
  dropWrite(page: number): boolean {
    return this.#dropIf(this.base + Tlb.WRITE + ((page % 4096) << 4), page);
  }

  /** Forget every page that leads to a frame for writing. */
  dropWritesTo(frame: number): void {
    const words = this.#frames.words;
    const first = (this.base + Tlb.WRITE) >> 2;
    const host = (frame * PAGE_SIZE) | 0;
    for (let at = first; at < first + 4096 * 4; at += 4) {
      if (((words[at]! + words[at + 2]!) | 0) === host) this.#invalidate(at << 2);
    }
  }

  /** Forget all decoded pages. */
  dropFetches(): void {
    const from = this.base + Tlb.FETCH;
    this.#frames.bytes.fill(0, from, from + Tlb.FETCH_MASK + 16);
    this.#invalidate(from);
  }

  /** Forget which code to call, and let no compiled code that is under way go on. */
  dropCalls(): void {
    for (const entry of this.#calls) this.#invalidate(entry);
    this.#calls.length = 0;
    this.#frames.words[State.UNWIND >> 2] = 1;
  }

  /** Forget everything. */
  clear(): void {
    this.dropCalls();
    if (this.#filled.length < FILLED_MAX) {
      for (const entry of this.#filled) this.#invalidate(entry);
    } else {
      this.#frames.bytes.fill(0, this.base, this.base + TLB_SIZE);
      for (const table of [Tlb.READ, Tlb.WRITE, Tlb.CALL, Tlb.FETCH]) {
        this.#invalidate(this.base + table);
      }
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

  #fetchEntry(page: number): number {
    return this.base + Tlb.FETCH + (((page % 4096) << 4) & Tlb.FETCH_MASK);
  }

  #callEntry(address: number): number {
    return this.base + Tlb.CALL + (((address % PAGE_SIZE ** 2) << 3) & Tlb.CALL_MASK);
  }

  #write(entry: number, tag: number, value: number): void {
    const words = this.#frames.words;
    words[entry >> 2] = tag;
    words[(entry >> 2) + 1] = Math.floor(tag / 4294967296);
    words[(entry >> 2) + 2] = value;
    if (this.#filled.length < FILLED_MAX) this.#filled.push(entry);
  }

  #dropIf(entry: number, page: number): boolean {
    const words = this.#frames.words;
    const tag = page * PAGE_SIZE;
    const same = words[entry >> 2] === (tag | 0) &&
      words[(entry >> 2) + 1] === (Math.floor(tag / 4294967296) | 0);
    if (same) this.#invalidate(entry);
    return same;
  }

  #invalidate(entry: number): void {
    this.#frames.words[entry >> 2] = Tlb.INVALID;
    this.#frames.words[(entry >> 2) + 1] = 0;
  }
}

/** The tables of all spaces that have some. */
export class TranslationPool {
  /** Those that were made so far. */
  readonly all: Translations[] = [];
  readonly #frames: Frames;
  #clock = 0;

  constructor(frames: Frames) {
    this.#frames = frames;
  }

  /** The tables of a space, if need be those of the space that ran longest ago. */
  of(space: Space): Translations {
    const own = space.translations ?? this.#take(space);
    own.usedAt = ++this.#clock;
    return own;
  }

  #take(space: Space): Translations {
    let chosen = this.all.find((one) => one.space === null);
    if (chosen === undefined && this.all.length < TLB_COUNT) {
      chosen = new Translations(this.#frames, this.all.length);
      this.all.push(chosen);
    }
    chosen ??= this.all.reduce((a, b) => a.usedAt < b.usedAt ? a : b);
    if (chosen.space !== null) chosen.detach();
    chosen.space = space;
    space.translations = chosen;
    return chosen;
  }
}
