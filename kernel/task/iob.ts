/**
 * An I/O buffer: regions of memory that two ends share, each with its own access to each of them.
 *
 * @module
 */
import { type Failure, IobAccess, IobDiscipline, ObjectType, Right, Status } from "../abi.ts";
import { Peered } from "../object/peer.ts";
import type { Realm } from "../object/realm.ts";
import { Access } from "../ports.ts";
import { Vmo } from "../vm/vmo.ts";
import { allocateIdentity, prepareIdentities } from "./blob_identities.ts";
import type { IobSharedRegion } from "./iob_shared_region.ts";

/** What a region is to be. */
export interface IobRegionPlan {
  /** How many bytes; whole pages are made of them. */
  readonly size: number;
  /** What each end may do, as `IobAccess` bits. */
  readonly access: number;
  /** What the kernel does in it. */
  readonly discipline: number;
  /** What records are marked with that the kernel writes. */
  readonly tag: bigint;
  /** The region that it has in common with other buffers; null for memory of its own. */
  readonly shared: IobSharedRegion | null;
}

/** A region. */
export interface IobRegion extends IobRegionPlan {
  /** Its memory. */
  readonly vmo: Vmo;
}

/** What each region costs the kernel for each end, in bytes. */
const REGION_COST = 512;

const { CAN_MAP_READ, CAN_MAP_WRITE, CAN_MEDIATED_WRITE, SECOND_END_SHIFT } = IobAccess;
const END_BITS = (1 << SECOND_END_SHIFT) - 1;

/** What either end may have the kernel do in a region. */
export const IOB_MEDIATED = (IobAccess.CAN_MEDIATED_READ | CAN_MEDIATED_WRITE) * 0x11;

/** One end of an I/O buffer. */
export class Iob extends Peered<Iob> {
  readonly type = ObjectType.IOB;
  readonly #regions: readonly IobRegion[];
  readonly #shift: number;

  private constructor(realm: Realm, regions: readonly IobRegion[], shift: number) {
    super(realm, ObjectType.IOB);
    this.#regions = regions;
    this.#shift = shift;
    for (const { vmo, shared } of regions) {
      vmo.hold();
      shared?.hold();
    }
  }

  /** Two ends of a new buffer with these regions, or why not. */
  static create(realm: Realm, plans: readonly IobRegionPlan[]) {
    // Two handles keep as many memory objects alive as there are regions.
    const cost = 2 * plans.length * REGION_COST;
    if (!realm.keep(cost)) return Status.NO_MEMORY;
    const regions: IobRegion[] = [];
    for (const plan of plans) {
      const vmo = plan.shared?.vmo ?? memoryFor(realm, plan);
      if (typeof vmo === "number") {
        for (const made of regions) if (!made.shared) made.vmo.abandon();
        realm.letGo(cost);
        return vmo;
      }
      regions.push({ ...plan, vmo, size: vmo.size });
    }
    const make = (shift: number) => new Iob(realm, regions, shift);
    return Peered.pair(make(0), make(SECOND_END_SHIFT));
  }

  /** Its name, which both ends have, and the memory of their own regions too. */
  override get name(): string {
    return this.#regions[0]?.vmo.name ?? "";
  }

  override set name(name: string) {
    for (const { vmo, shared } of this.#regions) if (!shared) vmo.name = name;
  }

  /** Its regions, each with what this end may do in the lower bits, and the other in the higher. */
  get regions(): readonly IobRegion[] {
    if (this.#shift === 0) return this.#regions;
    return this.#regions.map((region) => {
      const { access } = region;
      const swapped = access >>> SECOND_END_SHIFT | (access & END_BITS) << SECOND_END_SHIFT;
      return { ...region, access: swapped };
    });
  }

  /** A region's memory, and how this end may map it, as `Access` bits; null beyond the last. */
  region(index: number): { readonly vmo: Vmo; readonly access: number } | null {
    const region = this.#regions[index];
    if (!region) return null;
    const bits = region.access >>> this.#shift;
    const access = (bits & CAN_MAP_READ ? Access.READ : 0) |
      (bits & CAN_MAP_WRITE ? Access.WRITE : 0);
    return { vmo: region.vmo, access };
  }

  /** What this end's handle gives it of each region's memory, as rights. */
  get mappable(): readonly { readonly vmo: Vmo; readonly rights: number }[] {
    return this.#regions.map(({ vmo, access }) => {
      const bits = access >>> this.#shift;
      const read = bits & CAN_MAP_READ ? Right.READ : 0;
      return { vmo, rights: read | (bits & CAN_MAP_WRITE ? Right.WRITE : 0) };
    });
  }

  /** Let the kernel append a record to a region that is a ring; `gather` answers its bytes. */
  append<F extends Failure>(index: number, length: number, gather: () => Uint8Array | F) {
    const region = this.#mediated(index, IobDiscipline.MEDIATED_WRITE_RING_BUFFER);
    if (typeof region === "number") return region;
    return region.shared!.append(region.tag, length, gather);
  }

  /** Let the kernel keep a blob in a region that numbers them; answers its number. */
  allocate(index: number, blob: Uint8Array) {
    const region = this.#mediated(index, IobDiscipline.ID_ALLOCATOR);
    return typeof region === "number" ? region : allocateIdentity(region.vmo, blob);
  }

  /** A region of a discipline that this end may have the kernel write to, or why not. */
  #mediated(index: number, discipline: number) {
    const region = this.#regions[index];
    if (!region) return Status.OUT_OF_RANGE;
    if (region.discipline !== discipline) return Status.WRONG_TYPE;
    const may = ((region.access >>> this.#shift) & CAN_MEDIATED_WRITE) !== 0;
    return may ? region : Status.ACCESS_DENIED;
  }

  protected override onDeath(): void {
    this.realm.letGo(this.#regions.length * REGION_COST);
    for (const { vmo, shared } of this.#regions) {
      vmo.drop();
      shared?.drop();
    }
  }
}

function memoryFor(realm: Realm, { size, access, discipline }: IobRegionPlan) {
  const vmo = Vmo.create(realm, size);
  if (typeof vmo === "number") return vmo;
  vmo.name = "iob";
  const prepared = discipline === IobDiscipline.ID_ALLOCATOR && (access & IOB_MEDIATED) !== 0;
  if (!prepared || prepareIdentities(vmo) === Status.OK) return vmo;
  vmo.abandon();
  return Status.NO_MEMORY;
}
