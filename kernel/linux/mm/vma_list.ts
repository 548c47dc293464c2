/**
 * The runs of addresses of one process, in order.
 *
 * @module
 */
import { firstEndingBehind } from "../../vm/area.ts";
import { PAGE_SIZE } from "../../ports.ts";
import { isData, type Vma, type VmaOptions } from "./vma.ts";

/** What is known of the room between runs, so that who looks for some need not look everywhere. */
export interface Crowded {
  /** From this address on upwards ... */
  readonly from: number;
  /** ... no room is larger than this. */
  readonly largest: number;
}

const NOT_CROWDED: Crowded = { from: Infinity, largest: 0 };

/** Runs of addresses that do not overlap, sorted. */
export class VmaList {
  readonly #list: Vma[] = [];
  #last: Vma | null = null;
  #pages = 0;
  #pagesMost = 0;
  #dataPages = 0;
  #lockedPages = 0;
  #crowded: Crowded = NOT_CROWDED;

  /** How many there are. */
  get size(): number {
    return this.#list.length;
  }

  /** How many pages they have together. */
  get pages(): number {
    return this.#pages;
  }

  /** How many pages of them are data. */
  get dataPages(): number {
    return this.#dataPages;
  }

  /** How many pages of them are locked. */
  get lockedPages(): number {
    return this.#lockedPages;
  }

  /** Where there is little room. */
  get crowded(): Crowded {
    return this.#crowded;
  }

  /** How many they have had at most. */
  get pagesMost(): number {
    return this.#pagesMost;
  }

  /** All, in order. */
  get all(): readonly Vma[] {
    return this.#list;
  }

  /** The one at an address. */
  at(address: number): Vma | null {
    const last = this.#last;
    if (last !== null && address >= last.start && address < last.end) return last;
    const found = this.#list[firstEndingBehind(this.#list, address)];
    return found !== undefined && found.start <= address ? this.#last = found : null;
  }

  /** The place in order of the first one that ends behind an address. */
  placeAfter(address: number): number {
    return firstEndingBehind(this.#list, address);
  }

  /** How many pages of a range they have. */
  pagesWithin(start: number, end: number): number {
    return this.within(start, end).reduce((sum, vma) => sum + overlap(vma, start, end), 0);
  }

  /** Remember where there is little room, until some is made there. */
  noteCrowded(crowded: Crowded): void {
    this.#crowded = crowded;
  }

  /** The first one that ends behind an address. */
  after(address: number): Vma | null {
    return this.#list[firstEndingBehind(this.#list, address)] ?? null;
  }

  /** The last one that begins below an address. */
  before(address: number): Vma | null {
    const at = firstEndingBehind(this.#list, address);
    const here = this.#list[at];
    return here !== undefined && here.start < address ? here : this.#list[at - 1] ?? null;
  }

  /** Those that have addresses in a range, in order. */
  within(start: number, end: number): Vma[] {
    const found: Vma[] = [];
    for (let at = firstEndingBehind(this.#list, start); at < this.#list.length; at++) {
      if (this.#list[at]!.start >= end) break;
      found.push(this.#list[at]!);
    }
    return found;
  }

  /** Put one in, where nothing is, and join it with its neighbours if they are the same thing. */
  insert(vma: Vma): void {
    let at = firstEndingBehind(this.#list, vma.start);
    const { pages } = vma;
    let one = vma;
    const previous = this.#list[at - 1];
    let removed = 0;
    if (previous?.continuesIn(one)) {
      one = join(previous, one);
      at--;
      removed++;
    }
    const next = this.#list[at + removed];
    if (next && one.continuesIn(next)) {
      one = join(one, next);
      removed++;
    }
    this.#list.splice(at, removed, one);
    this.#last = null;
    this.#count(vma, pages);
    this.#pagesMost = Math.max(this.#pagesMost, this.#pages);
  }

  /** Take a range out, cutting those that reach over its borders. */
  carve(start: number, end: number): void {
    this.#last = null;
    if (end > this.#crowded.from) this.#crowded = NOT_CROWDED;
    for (const vma of this.within(start, end)) {
      const parts: Vma[] = [];
      this.#count(vma, -overlap(vma, start, end));
      if (vma.start < start) parts.push(vma.part(vma.start, start));
      if (vma.end > end) parts.push(vma.part(end, vma.end));
      this.#list.splice(firstEndingBehind(this.#list, vma.start), 1, ...parts);
      vma.close();
    }
  }

  /** Put others in place of the parts of some that lie in a range. */
  change(start: number, end: number, change: Partial<VmaOptions>): void {
    const crowded = this.#crowded;
    for (const vma of this.within(start, end)) {
      const from = Math.max(start, vma.start);
      const to = Math.min(end, vma.end);
      const part = vma.part(from, to, change);
      this.carve(from, to);
      this.insert(part);
    }
    // What is put in another's place makes no room.
    this.#crowded = crowded;
  }

  /** Take all out. */
  clear(): void {
    for (const vma of this.#list) vma.close();
    this.#list.length = 0;
    this.#pages = this.#dataPages = this.#lockedPages = 0;
    this.#last = null;
  }

  #count(vma: Vma, pages: number): void {
    this.#pages += pages;
    if (isData(vma)) this.#dataPages += pages;
    if (vma.locked) this.#lockedPages += pages;
  }
}

/** How many pages of a range one has. */
function overlap(vma: Vma, start: number, end: number): number {
  return (Math.min(end, vma.end) - Math.max(start, vma.start)) / PAGE_SIZE;
}

function join(one: Vma, next: Vma): Vma {
  const joined = one.part(one.start, next.end);
  one.close();
  next.close();
  return joined;
}
