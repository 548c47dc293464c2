/**
 * The right to a range of something that the machine has one of: addresses, interrupts, privileges.
 *
 * @module
 */
import { ObjectType, ResourceFlag, ResourceKind, Status } from "../abi.ts";
import { KernelObject } from "../object/object.ts";
import type { Realm } from "../object/realm.ts";
import type { ResourceRanges } from "./resource_ranges.ts";

/** Which resource. */
export interface ResourceRange {
  /** The kind, as `ResourceKind` numbers it. */
  readonly kind: number;
  /** Where it begins. */
  readonly base: number;
  /** How much of it there is. */
  readonly size: number;
  /** Whether nobody else may have any of it. */
  readonly exclusive: boolean;
}

/** One range of one kind. */
export class Resource extends KernelObject implements ResourceRange {
  readonly type = ObjectType.RESOURCE;
  readonly kind: number;
  readonly base: number;
  readonly size: number;
  readonly exclusive: boolean;
  readonly #ranges: ResourceRanges;
  readonly #claimed: boolean;

  /** A range in the books of all ranges; `claimed` says whether it was entered there. */
  constructor(
    realm: Realm,
    { ranges, range, claimed }: { ranges: ResourceRanges; range: ResourceRange; claimed: boolean },
  ) {
    super(realm, ObjectType.RESOURCE);
    this.kind = range.kind;
    this.base = range.base;
    this.size = range.size;
    this.exclusive = range.exclusive;
    this.#ranges = ranges;
    this.#claimed = claimed;
  }

  /** A resource that comes from nowhere: what the machine gives to the first process. */
  static root(realm: Realm, ranges: ResourceRanges, kind: number, size: number): Resource {
    const range = { kind, base: 0, size, exclusive: false };
    return new Resource(realm, { ranges, range, claimed: false });
  }

  /** The flags it was made with. */
  get flags(): number {
    return this.exclusive ? ResourceFlag.EXCLUSIVE : 0;
  }

  /** A part of this one; NOT_FOUND where somebody else has it for himself. */
  slice(range: ResourceRange) {
    if (range.kind !== this.kind) return Status.ACCESS_DENIED;
    // Nobody can have a part of what somebody has for himself.
    if (this.exclusive || !this.covers(range.base, range.size)) return Status.ACCESS_DENIED;
    if (!this.#ranges.claim(range)) return Status.NOT_FOUND;
    return new Resource(this.realm, { ranges: this.#ranges, range, claimed: true });
  }

  /** Whether all of a range is in this one. */
  covers(base: number, size: number): boolean {
    return base >= this.base && base + size <= this.base + this.size;
  }

  /** Whether it is the right to something that the system kind names by number. */
  grantsSystem(base: number): boolean {
    return this.kind === ResourceKind.SYSTEM && this.covers(base, 1);
  }

  protected override onDeath(): void {
    if (this.#claimed) this.#ranges.release(this);
  }
}
