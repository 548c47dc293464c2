/**
 * A run of addresses of one process, in kernels that keep a list of them: what it shows, from where on,
 * and what becomes of that when the pages it shows become others.
 *
 * @module
 */
import { Access, type AddressSpace, PAGE_SIZE } from "../ports.ts";
import type { Viewer } from "./viewers.ts";

/** Who keeps areas. */
export interface AreaOwner {
  /** The processor's view, once something runs there. */
  readonly processor: AddressSpace | null;
}

/** Where an area is. */
export interface AreaPlace {
  /** The first address. */
  readonly start: number;
  /** The address behind the last. */
  readonly end: number;
  /** Where in what it shows it begins, in bytes. */
  readonly offset: number;
}

/** A run of addresses. */
export class Area implements Viewer {
  /** The first address. */
  readonly start: number;
  /** The address behind the last. */
  readonly end: number;
  /** Where in what it shows it begins, in bytes. */
  readonly offset: number;
  readonly firstPage: number;
  readonly endPage: number;
  /** Who keeps it. */
  protected readonly owner: AreaOwner;

  /** A run that shows nothing yet. */
  constructor(owner: AreaOwner, { start, end, offset }: AreaPlace) {
    this.owner = owner;
    this.start = start;
    this.end = end;
    this.offset = offset;
    this.firstPage = offset / PAGE_SIZE;
    this.endPage = this.firstPage + (end - start) / PAGE_SIZE;
  }

  forget(first: number, end: number): void {
    const from = Math.max(first, this.firstPage);
    const to = Math.min(end, this.endPage);
    this.owner.processor?.unmap(this.#pageOf(from), to - from);
  }

  makeReadOnly(page: number): void {
    makeReadOnly(this.owner.processor, this.#pageOf(page));
  }

  #pageOf(shown: number): number {
    return this.start / PAGE_SIZE + (shown - this.firstPage);
  }
}

/** Let a processor refuse to write to the frame at a page. */
export function makeReadOnly(processor: AddressSpace | null, page: number): void {
  const there = processor?.lookup(page) ?? 0;
  if ((there & Access.WRITE) === 0) return;
  processor!.map(page, there >>> 3, there & 7 & ~Access.WRITE);
}

/** The place, among areas in order, of the first one that ends behind an address. */
export function firstEndingBehind(areas: readonly Area[], address: number): number {
  let low = 0;
  let high = areas.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (areas[middle]!.end <= address) low = middle + 1;
    else high = middle;
  }
  return low;
}
