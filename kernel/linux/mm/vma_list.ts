/**
 * The runs of addresses of one process, in order.
 *
 * @module
 */
import { firstEndingBehind } from "../../vm/area.ts";
import { PAGE_SIZE } from "../../ports.ts";
import type { Vma, VmaOptions } from "./vma.ts";

/** Runs of addresses that do not overlap, sorted. */
export class VmaList {
  readonly #list: Vma[] = [];
  #last: Vma | null = null;
  #pages = 0;
  #pagesMost = 0;

  /** How many there are. */
  get size(): number {
    return this.#list.length;
  }

  /** How many pages they have together. */
  get pages(): number {
    return this.#pages;
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
    this.#pages += pages;
    this.#pagesMost = Math.max(this.#pagesMost, this.#pages);
  }

  /** Take a range out, cutting those that reach over its borders. */
  carve(start: number, end: number): void {
    this.#last = null;
    for (const vma of this.within(start, end)) {
      const parts: Vma[] = [];
      this.#pages -= (Math.min(end, vma.end) - Math.max(start, vma.start)) / PAGE_SIZE;
      if (vma.start < start) parts.push(vma.part(vma.start, start));
      if (vma.end > end) parts.push(vma.part(end, vma.end));
      this.#list.splice(this.#list.indexOf(vma), 1, ...parts);
      vma.close();
    }
  }

  /** Put others in place of the parts of some that lie in a range. */
  change(start: number, end: number, change: Partial<VmaOptions>): void {
    for (const vma of this.within(start, end)) {
      const from = Math.max(start, vma.start);
      const to = Math.min(end, vma.end);
      const part = vma.part(from, to, change);
      this.carve(from, to);
      this.insert(part);
    }
  }

  /** Take all out. */
  clear(): void {
    for (const vma of this.#list) vma.close();
    this.#list.length = 0;
    this.#pages = 0;
    this.#last = null;
  }
}

function join(one: Vma, next: Vma): Vma {
  const joined = one.part(one.start, next.end);
  one.close();
  next.close();
  return joined;
}
