/**
 * What is mapped in address spaces, as events tell: mapping, unmapping, who did it, which pages are
 * there.
 *
 * @module
 */
import type { KernelEvent } from "../../kernel/events.ts";
import { Access, PAGE_SIZE } from "../../kernel/ports.ts";
import type { Backing, LoadMapping } from "./report.ts";

type MapEvent = Extract<KernelEvent, { readonly kind: "map" }>;

/** Who made a mapping, and what is behind it; who and how may still have to be told. */
export interface MappingOrigin {
  readonly who?: string;
  readonly how?: string;
  readonly backing?: Backing;
  readonly name: string;
}

type Mapping = Omit<LoadMapping, "pages" | "present" | "touched">;

/** So many pages of a mapping are listed one by one. */
const LISTED_MAX = 256;

/** The mappings of one address space, as they come and go. */
export class LoadMappings {
  #all: Mapping[] = [];
  readonly #pages = new Set<number>();

  /** All of them, lowest first. */
  get all(): readonly LoadMapping[] {
    return this.#all.map((one) => {
      const inside = pagesIn(one, this.#pages);
      const present = inside.slice(0, LISTED_MAX);
      return { ...one, pages: inside.length, present, touched: present };
    }).sort((a, b) => a.address - b.address);
  }

  /** The pages that can be reached without a fault. */
  get shown(): ReadonlySet<number> {
    return this.#pages;
  }

  /** The one at an address. */
  at(address: number): Mapping | undefined {
    return this.#all.find((one) => address >= one.address && address < one.address + one.length);
  }

  /** One more, in place of what was there. */
  add(
    { address, length, access, offset }: Pick<MapEvent, "address" | "length" | "access" | "offset">,
    { who = "", how = "", backing = "zeros", name }: MappingOrigin,
  ): void {
    const shown = [...this.#pages];
    this.remove(address, address + length);
    // What is only told anew, as a stack that becomes longer, keeps its pages.
    if (name === "[stack]") shown.forEach((page) => this.#pages.add(page));
    const made = { who, how, backing, name };
    this.#all.push({ ...made, address, length, offset, access: accessLetters(access) });
  }

  /** Whoever made those mappings that nobody has claimed yet is told now. */
  claim(who: string, how: string): void {
    this.#all = this.#all.map((one) => one.how === "" ? { ...one, who, how } : one);
  }

  /** None at these addresses any more. */
  remove(start: number, end: number): void {
    this.#all = this.#all.flatMap((one) => {
      const oneEnd = one.address + one.length;
      if (oneEnd <= start || one.address >= end) return [one];
      const low = { ...one, length: start - one.address };
      const high = { ...later(one, end), length: oneEnd - end };
      return [low, high].filter(({ length }) => length > 0);
    });
    for (const page of this.#pages) {
      if (page * PAGE_SIZE >= start && page * PAGE_SIZE < end) this.#pages.delete(page);
    }
  }

  /** Something else is allowed at these addresses. */
  protect(start: number, end: number, access: number): void {
    this.#change(start, end, { access: accessLetters(access) });
  }

  /** Bytes of a file were copied to these addresses. */
  fill(start: number, end: number, name: string): void {
    const first = start - start % PAGE_SIZE;
    const last = Math.ceil(end / PAGE_SIZE) * PAGE_SIZE;
    this.#change(first, last, { name, backing: "private copy" });
  }

  #change(start: number, end: number, change: Partial<Mapping>): void {
    this.#all = this.#all.flatMap((one) => {
      const low = Math.max(one.address, start);
      const high = Math.min(one.address + one.length, end);
      if (low >= high) return [one];
      return [
        { ...one, length: low - one.address },
        { ...later(one, low), length: high - low, ...change },
        { ...later(one, high), length: one.address + one.length - high },
      ].filter(({ length }) => length > 0);
    });
  }

  /** A page can be reached from now on. */
  show(address: number): void {
    this.#pages.add(Math.floor(address / PAGE_SIZE));
  }
}

/** The same mappings, with the pages that have been touched when all is over. */
export function withTouched(
  mappings: readonly LoadMapping[],
  pages: ReadonlySet<number>,
): LoadMapping[] {
  return mappings.map((one) => ({ ...one, touched: pagesIn(one, pages).slice(0, LISTED_MAX) }));
}

/** Which of some pages a mapping has, numbered from its beginning. */
function pagesIn({ address, length }: Mapping, pages: ReadonlySet<number>): number[] {
  const first = address / PAGE_SIZE;
  return [...pages].filter((page) => page >= first && page < first + length / PAGE_SIZE)
    .map((page) => page - first).sort((a, b) => a - b);
}

/** What is left of a mapping from an address on. */
function later(one: Mapping, address: number): Mapping {
  return { ...one, address, offset: one.offset + (address - one.address) };
}

/** What may be done, as letters such as `r-x`. */
export function accessLetters(access: number): string {
  return (access & Access.READ ? "r" : "-") + (access & Access.WRITE ? "w" : "-") +
    (access & Access.EXECUTE ? "x" : "-");
}
