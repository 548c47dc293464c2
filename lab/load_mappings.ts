/**
 * What is mapped in a program, as its events tell: mapping, unmapping, and what is behind it.
 *
 * @module
 */
import type { KernelEvent } from "../kernel/events.ts";
import { Access } from "../kernel/ports.ts";
import type { Backing, LoadMapping } from "./load_report.ts";

type MapEvent = Extract<KernelEvent, { readonly kind: "map" }>;

/** Who made a mapping, and what is behind it. */
export interface MappingOrigin {
  readonly who: string;
  readonly how: string;
  readonly backing: Backing;
  readonly name: string;
}

/** The mappings of one address space, as they come and go. */
export class LoadMappings {
  #all: LoadMapping[] = [];

  /** All of them, lowest first. */
  get all(): readonly LoadMapping[] {
    return [...this.#all].sort((a, b) => a.address - b.address);
  }

  /** The one at an address. */
  at(address: number): LoadMapping | undefined {
    return this.#all.find((one) => address >= one.address && address < one.address + one.length);
  }

  /** One more. */
  add({ address, length, access }: MapEvent, origin: MappingOrigin): void {
    this.#all.push({ ...origin, address, length, access: accessLetters(access) });
  }

  /** None at these addresses any more. */
  remove(start: number, end: number): void {
    this.#all = this.#all.flatMap((one) => {
      const oneEnd = one.address + one.length;
      if (oneEnd <= start || one.address >= end) return [one];
      const low = { ...one, length: start - one.address };
      const high = { ...one, address: end, length: oneEnd - end };
      return [low, high].filter(({ length }) => length > 0);
    });
  }

  /** Something else is allowed at these addresses. */
  protect(start: number, end: number, access: number): void {
    const inside = this.#all.filter((one) => one.address < end && one.address + one.length > start);
    this.remove(start, end);
    for (const one of inside) {
      const address = Math.max(one.address, start);
      const length = Math.min(one.address + one.length, end) - address;
      this.#all.push({ ...one, address, length, access: accessLetters(access) });
    }
  }
}

function accessLetters(access: number): string {
  return (access & Access.READ ? "r" : "-") + (access & Access.WRITE ? "w" : "-") +
    (access & Access.EXECUTE ? "x" : "-");
}
