/**
 * Regions of addresses that do not overlap, sorted, so that one is found in a few steps.
 *
 * @module
 */
import { SortedPieces } from "./sorted_pieces.ts";

/** A run of addresses. */
export interface Region {
  /** Its first address. */
  readonly base: number;
  /** Its length in bytes. */
  readonly size: number;
}

/** Sorted regions. */
export class Regions<R extends Region> {
  readonly #sorted = new SortedPieces<R>();

  /** How many there are. */
  get size(): number {
    return this.#sorted.size;
  }

  /** The one that begins last at an address or before it. */
  upTo(address: number): R | undefined {
    return this.#sorted.upTo(address);
  }

  /** The one that begins first at an address or behind it. */
  from(address: number): R | undefined {
    let found: R | undefined;
    this.#sorted.forEachFrom(address, (region) => {
      found = region;
      return false;
    });
    return found;
  }

  /** The one that an address lies in. */
  find(address: number): R | null {
    const region = this.#sorted.upTo(address);
    return region !== undefined && region.base + region.size > address ? region : null;
  }

  /** Whether nothing is in a range. */
  free(base: number, end: number): boolean {
    const last = this.#sorted.upTo(end - 1);
    return last === undefined || last.base + last.size <= base;
  }

  /** All that touch a range, in order; a copy that stays as it is. */
  within(base: number, end: number): R[] {
    const found: R[] = [];
    const first = this.find(base);
    this.#sorted.forEachFrom(first === null ? base : first.base, (region) => {
      if (region.base >= end) return false;
      found.push(region);
      return true;
    });
    return found;
  }

  /** Put one in; its addresses must be free. */
  add(region: R): void {
    this.#sorted.add(region);
  }

  /** Take one out. */
  remove(region: R): void {
    this.#sorted.remove(region.base);
  }

  /** Take out all that touch a range, and answer them. */
  takeOut(base: number, end: number): R[] {
    const found = this.within(base, end);
    if (found.length === 1) this.remove(found[0]!);
    else if (found.length > 0) this.#sorted.removeFrom(found[0]!.base, end);
    return found;
  }

  /** Every region, in order. */
  all(): readonly R[] {
    return this.#sorted.all();
  }
}
