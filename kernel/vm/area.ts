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

/** Where an area is, and which pages it shows. */
export interface Area {
  /** The first address. */
  readonly start: number;
  /** The address behind the last. */
  readonly end: number;
  /** The first page of what it shows. */
  readonly firstPage: number;
  /** The page behind the last one. */
  readonly endPage: number;
}

/** Pages that an area shows have other frames now, or none. */
export function forgetPages(
  { processor }: AreaOwner,
  area: Area,
  first: number,
  end: number,
): void {
  if (!processor) return;
  const from = Math.max(first, area.firstPage);
  const to = Math.min(end, area.endPage);
  processor.unmap(pageOf(area, from), to - from);
}

/** The frame at a page that an area shows must not be written to any more without asking again. */
export function protectPage({ processor }: AreaOwner, area: Area, page: number): void {
  if (processor) makeReadOnly(processor, pageOf(area, page));
}

function pageOf({ start, firstPage }: Area, shown: number): number {
  return start / PAGE_SIZE + (shown - firstPage);
}

/** Who shows all the pages of a space that are its own, each at its own number. */
export function viewerOfAll(owner: AreaOwner, pages: number): Viewer {
  const all: Area = { start: 0, end: pages * PAGE_SIZE, firstPage: 0, endPage: pages };
  return {
    firstPage: 0,
    endPage: pages,
    forget: (first, end) => forgetPages(owner, all, first, end),
    makeReadOnly: (page) => protectPage(owner, all, page),
  };
}

/** Let a processor refuse to write to the frame at a page. */
export function makeReadOnly(processor: AddressSpace | null, page: number): void {
  const there = processor?.lookup(page) ?? 0;
  if ((there & Access.WRITE) === 0) return;
  processor!.map(page, there >>> 3, there & 7 & ~Access.WRITE);
}

/** The place, among areas or others in order, of the first one that ends behind an address. */
export function firstEndingBehind(areas: readonly Pick<Area, "end">[], address: number): number {
  let low = 0;
  let high = areas.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (areas[middle]!.end <= address) low = middle + 1;
    else high = middle;
  }
  return low;
}
