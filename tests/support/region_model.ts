/**
 * What regions of addresses are, written down as plainly as possible: for each page, what is there. The
 * kernel is held against it.
 *
 * @module
 */
import { Status, VmOption } from "../../kernel/abi.ts";

const PAGE = 4096;
const READ = VmOption.PERM_READ;
const WRITE = VmOption.PERM_WRITE;
const ALL = READ | WRITE | VmOption.PERM_EXECUTE;
const CAN_MAP_SHIFT = 7;
const { SPECIFIC, SPECIFIC_OVERWRITE, OFFSET_IS_UPPER_LIMIT, ALLOW_FAULTS } = VmOption;

/** A memory object: what is on each of its pages. */
export interface ModelMemory {
  readonly resizable: boolean;
  pages: number[];
}

/** A page that shows a page of a memory object. */
interface Shown {
  readonly memory: ModelMemory;
  readonly page: number;
  access: number;
  readonly most: number;
}

/** What is at a page. */
type Item = Shown | ModelRegion | null;

/** What to map, and what the handles allow. */
export interface ModelMapping {
  readonly options: number;
  readonly offset: number;
  readonly memory: ModelMemory;
  readonly page: number;
  readonly length: number;
  /** What both handles allow. */
  readonly most: number;
}

/** A region. */
export class ModelRegion {
  readonly base: number;
  readonly caps: number;
  readonly parent: ModelRegion | null;
  readonly items: Item[];
  alive = true;

  constructor(base: number, pages: number, caps: number, parent: ModelRegion | null = null) {
    this.base = base;
    this.caps = caps;
    this.parent = parent;
    this.items = new Array<Item>(pages).fill(null);
  }

  /** What is at an address, however deep. */
  at(address: number): Shown | null {
    const item = this.items[Math.floor((address - this.base) / PAGE)] ?? null;
    return item instanceof ModelRegion ? item.at(address) : item;
  }

  /** Where something can go: its first page, a refusal, or `anywhere` that is free. */
  placeFor(options: number, offset: number, pages: number): number | "anywhere" {
    if (options & (SPECIFIC | SPECIFIC_OVERWRITE)) {
      if (!(this.caps & VmOption.CAN_MAP_SPECIFIC)) return Status.ACCESS_DENIED;
      if (options & OFFSET_IS_UPPER_LIMIT || offset % PAGE) return Status.INVALID_ARGS;
      if (offset / PAGE + pages > this.items.length) return Status.INVALID_ARGS;
      const free = this.isFree(offset / PAGE, pages);
      return free || options & SPECIFIC_OVERWRITE ? offset / PAGE : Status.ALREADY_EXISTS;
    }
    const limited = (options & OFFSET_IS_UPPER_LIMIT) !== 0;
    if (!limited && offset !== 0) return Status.INVALID_ARGS;
    const end = limited ? offset / PAGE : this.items.length;
    if (offset % PAGE || end > this.items.length || pages > end) return Status.INVALID_ARGS;
    for (let first = 0; first + pages <= end; first++) {
      if (this.isFree(first, pages)) return "anywhere";
    }
    return Status.NO_RESOURCES;
  }

  /** Whether nothing is on some pages. */
  isFree(first: number, pages: number): boolean {
    return this.items.slice(first, first + pages).every((item) => item === null);
  }

  /** Why a region cannot be made here; OK where it can. */
  allocateRefusal(options: number, pages: number): number {
    if (!this.alive) return Status.BAD_STATE;
    if (pages === 0) return Status.INVALID_ARGS;
    const wanted = (options >>> CAN_MAP_SHIFT) & ALL;
    return wanted & ~(this.caps >>> CAN_MAP_SHIFT) ? Status.ACCESS_DENIED : Status.OK;
  }

  /** Why something cannot be mapped here, wherever; OK where it can. */
  mapRefusal({ options, memory, page, length }: ModelMapping): number {
    if (!this.alive) return Status.BAD_STATE;
    if (options & ALL & ~(this.caps >>> CAN_MAP_SHIFT)) return Status.ACCESS_DENIED;
    if (length === 0) return Status.INVALID_ARGS;
    if (options & ALLOW_FAULTS) return Status.OK;
    if (memory.resizable) return Status.NOT_SUPPORTED;
    return page + pagesOf(length) > memory.pages.length ? Status.BUFFER_TOO_SMALL : Status.OK;
  }

  /** Show it from a page on; what is there goes away. */
  map(first: number, { options, memory, page, length, most }: ModelMapping): number {
    const pages = pagesOf(length);
    const there = this.items.slice(first, first + pages);
    if (there.some((item) => item instanceof ModelRegion)) return Status.INVALID_ARGS;
    const access = options & ALL;
    const max = (most | access) & (this.caps >>> CAN_MAP_SHIFT);
    for (let at = 0; at < pages; at++) {
      this.items[first + at] = { memory, page: page + at, access, most: max };
    }
    return Status.OK;
  }

  /** Take away what is in a range. */
  unmap(address: number, length: number, children: boolean): number {
    const range = this.#range(address, length);
    if (typeof range === "number") return range;
    const regions = new Set(this.#within(range).filter((item) => item instanceof ModelRegion));
    for (const region of regions) {
      const first = (region.base - this.base) / PAGE;
      const inside = first >= range.first && first + region.items.length <= range.end;
      if (!children || !inside) return Status.INVALID_ARGS;
    }
    for (const region of regions) region.#end();
    this.items.fill(null, range.first, range.end);
    return Status.OK;
  }

  /** Allow something else in a range. */
  protect(access: number, address: number, length: number): number {
    const range = this.#range(address, length);
    if (typeof range === "number") return range;
    const found = this.#within(range);
    for (const item of found) {
      if (item === null) return Status.NOT_FOUND;
      if (item instanceof ModelRegion) return Status.INVALID_ARGS;
      if (access & ~item.most) return Status.ACCESS_DENIED;
    }
    for (const item of found) (item as Shown).access = access;
    return Status.OK;
  }

  /** Let what is mapped in a range be zeros; how much of it is, if some is behind an end, is open. */
  zero(address: number, length: number, children: boolean): number | "some of it" {
    const range = this.#range(address, length);
    if (typeof range === "number") {
      return range === Status.INVALID_ARGS ? Status.OUT_OF_RANGE : range;
    }
    const found: Shown[] = [];
    for (const [at, item] of this.#within(range).entries()) {
      if (item === null) return Status.BAD_STATE;
      if (item instanceof ModelRegion) {
        if (!children) return Status.INVALID_ARGS;
        const inner = item.at(this.base + (range.first + at) * PAGE);
        if (inner === null) return Status.BAD_STATE;
        found.push(inner);
      } else found.push(item);
    }
    if (found.some((item) => !(item.most & WRITE))) return Status.ACCESS_DENIED;
    if (found.some(({ memory, page }) => page >= memory.pages.length)) return "some of it";
    for (const { memory, page } of found) memory.pages[page] = 0;
    return Status.OK;
  }

  /** End it, and all that is in it. */
  destroy(): number {
    if (!this.alive) return Status.BAD_STATE;
    const { items } = this.parent!;
    for (const [at, item] of items.entries()) if (item === this) items[at] = null;
    this.#end();
    return Status.OK;
  }

  #end(): void {
    this.alive = false;
    for (const item of this.items) if (item instanceof ModelRegion) item.#end();
    this.items.fill(null);
  }

  #within({ first, end }: { readonly first: number; readonly end: number }): Item[] {
    return this.items.slice(first, end);
  }

  #range(address: number, length: number) {
    if (!this.alive) return Status.BAD_STATE;
    const first = (address - this.base) / PAGE;
    const end = first + pagesOf(length);
    const good = length > 0 && Number.isInteger(first) && first >= 0 && end <= this.items.length;
    return good ? { first, end } : Status.INVALID_ARGS;
  }
}

function pagesOf(length: number): number {
  return Math.ceil(length / PAGE);
}
