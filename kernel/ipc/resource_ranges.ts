/**
 * Who has which part of the machine's resources, for himself or with others.
 *
 * @module
 */
import type { ResourceRange } from "./resource.ts";

interface Claim {
  readonly kind: number;
  readonly base: number;
  readonly end: number;
  readonly exclusive: boolean;
  count: number;
}

/** The ranges that are taken. A range that is shared may be taken again by who shares it. */
export class ResourceRanges {
  readonly #claims = new Map<string, Claim>();

  /** Take a range; answers false where an exclusive one is in the way, or would be. */
  claim(range: ResourceRange): boolean {
    const claim = { ...range, end: range.base + range.size, count: 1 };
    for (const other of this.#claims.values()) {
      if (meets(claim, other) && (claim.exclusive || other.exclusive)) return false;
    }
    const same = this.#claims.get(nameOf(range));
    if (same) same.count++;
    else this.#claims.set(nameOf(range), claim);
    return true;
  }

  /** Give a range back. */
  release(range: ResourceRange): void {
    const name = nameOf(range);
    const claim = this.#claims.get(name);
    if (claim && --claim.count === 0) this.#claims.delete(name);
  }
}

function nameOf({ kind, base, size, exclusive }: ResourceRange): string {
  return `${kind} ${base} ${size} ${exclusive}`;
}

function meets(one: Claim, other: Claim): boolean {
  return one.kind === other.kind && one.base < other.end && other.base < one.end;
}
