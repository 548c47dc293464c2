/**
 * Where a region goes that nobody asked to be anywhere: at random, among all places where it fits.
 *
 * @module
 */
import { type Entropy, PAGE_SIZE } from "../ports.ts";
import type { Region, Regions } from "./regions.ts";

/** What is looked for. */
export interface PlaceWanted {
  /** How many bytes. */
  readonly size: number;
  /** The base is a multiple of this: a page, or a larger power of two. */
  readonly align: number;
  /** The lowest address that may be used. */
  readonly low: number;
  /** The address behind the highest that may be used. */
  readonly high: number;
  /** Stay next to what is there, rather than anywhere. */
  readonly compact: boolean;
}

/** So often a place is drawn blindly before all places are counted. */
const DRAWS = 4;

/** The base of a free place, or -1 if there is none. */
export function place(regions: Regions<Region>, entropy: Entropy, wanted: PlaceWanted): number {
  if (wanted.compact && regions.size > 0) return placeBeside(regions, entropy, wanted);
  const first = alignUp(wanted.low, wanted.align);
  const spots = spotsBetween(wanted.low, wanted.high, wanted);
  if (spots === 0) return -1;
  // Drawing until a place fits is as fair as counting all places, and needs no walk while most
  // addresses are free.
  for (let n = 0; n < DRAWS; n++) {
    const base = first + below(entropy, spots) * wanted.align;
    if (regions.free(base, base + wanted.size)) return base;
  }
  return placeByCount(regions, entropy, wanted);
}

/** A number below `bound`, each as likely as the others. */
export function below(entropy: Entropy, bound: number): number {
  return Math.floor((entropy.next() / 2 ** 32) * bound);
}

function placeByCount(regions: Regions<Region>, entropy: Entropy, wanted: PlaceWanted): number {
  const gaps = gapsOf(regions, wanted);
  let spots = 0;
  for (const [from, to] of gaps) spots += spotsBetween(from, to, wanted);
  if (spots === 0) return -1;
  let chosen = below(entropy, spots);
  for (const [from, to] of gaps) {
    const here = spotsBetween(from, to, wanted);
    if (chosen < here) return alignUp(from, wanted.align) + chosen * wanted.align;
    chosen -= here;
  }
  return -1;
}

function placeBeside(regions: Regions<Region>, entropy: Entropy, wanted: PlaceWanted): number {
  const bases: number[] = [];
  for (const [from, to] of gapsOf(regions, wanted)) {
    if (spotsBetween(from, to, wanted) === 0) continue;
    const lowest = alignUp(from, wanted.align);
    const highest = alignDown(to - wanted.size, wanted.align);
    if (from > wanted.low) bases.push(lowest);
    if (to < wanted.high && highest !== lowest) bases.push(highest);
    if (from === wanted.low && to < wanted.high && highest === lowest) bases.push(highest);
  }
  return bases.length > 0 ? bases[below(entropy, bases.length)]! : -1;
}

function gapsOf(regions: Regions<Region>, { low, high }: PlaceWanted): [number, number][] {
  const gaps: [number, number][] = [];
  let from = low;
  for (const region of regions.all()) {
    if (region.base >= high) break;
    if (region.base > from) gaps.push([from, region.base]);
    from = Math.max(from, region.base + region.size);
  }
  if (from < high) gaps.push([from, high]);
  return gaps;
}

function spotsBetween(from: number, to: number, { size, align }: PlaceWanted): number {
  const first = alignUp(from, align);
  return first + size > to ? 0 : Math.floor((to - size - first) / align) + 1;
}

function alignUp(address: number, align: number): number {
  return Math.ceil(address / align) * align;
}

function alignDown(address: number, align: number): number {
  return Math.floor(address / align) * align;
}

/** The alignment that the top bits of some options ask for; 0 if they ask for what cannot be. */
export function alignmentOf(options: number): number {
  const shift = options >>> 24;
  if (shift === 0) return PAGE_SIZE;
  return shift < 10 || shift > 32 ? 0 : Math.max(PAGE_SIZE, 2 ** shift);
}
