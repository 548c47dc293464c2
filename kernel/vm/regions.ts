/**
 * Regions of addresses that do not overlap, sorted, so that one is found in a few steps.
 *
 * @module
 */

/** A run of addresses. */
export interface Region {
  /** Its first address. */
  readonly base: number;
  /** Its length in bytes. */
  readonly size: number;
}

/** Sorted regions. */
export class Regions<R extends Region> {
  readonly #list: R[] = [];

  /** How many there are. */
  get size(): number {
    return this.#list.length;
  }

  /** The one at a place in the order. */
  at(index: number): R | undefined {
    return this.#list[index];
  }

  /** The one that an address lies in. */
  find(address: number): R | null {
    const region = this.#list[this.firstEndingBehind(address)];
    return region !== undefined && region.base <= address ? region : null;
  }

  /** The place of the first region that ends behind an address. */
  firstEndingBehind(address: number): number {
    const list = this.#list;
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const region = list[middle]!;
      if (region.base + region.size <= address) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Whether nothing is in a range. */
  free(base: number, end: number): boolean {
    const next = this.#list[this.firstEndingBehind(base)];
    return next === undefined || next.base >= end;
  }

  /** All that touch a range, in order; a copy that stays as it is. */
  within(base: number, end: number): R[] {
    const found: R[] = [];
    for (let at = this.firstEndingBehind(base); at < this.#list.length; at++) {
      const region = this.#list[at]!;
      if (region.base >= end) break;
      found.push(region);
    }
    return found;
  }

  /** Put one in; its addresses must be free. */
  add(region: R): void {
    const at = this.firstEndingBehind(region.base);
    if (at === this.#list.length) this.#list.push(region);
    else this.#list.splice(at, 0, region);
  }

  /** Take one out. */
  remove(region: R): void {
    this.#list.splice(this.firstEndingBehind(region.base), 1);
  }

  /** Every region, in order. */
  all(): readonly R[] {
    return this.#list;
  }
}
