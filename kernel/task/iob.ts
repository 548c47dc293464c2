/**
 * An I/O buffer: regions of memory that two ends share, each with its own access to each of them.
 *
 * @module
 */
import { IobAccess, IobDiscipline, ObjectType, Status } from "../abi.ts";
import { Peered } from "../object/peer.ts";
import type { Realm } from "../object/realm.ts";
import { Access, PAGE_SIZE } from "../ports.ts";
import { Vmo } from "../vm/vmo.ts";

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
}

/** A region. */
export interface IobRegion extends IobRegionPlan {
  /** Its memory. */
  readonly vmo: Vmo;
}

const { CAN_MAP_READ, CAN_MAP_WRITE, CAN_MEDIATED_WRITE, SECOND_END_SHIFT } = IobAccess;
/** A record begins with its mark and its length, and ends at a multiple of so many bytes. */
const RECORD_HEADER = 16;
const RECORD_ALIGN = 8;

/** One end of an I/O buffer. */
export class Iob extends Peered<Iob> {
  readonly type = ObjectType.IOB;
  readonly #regions: readonly IobRegion[];
  readonly #shift: number;

  private constructor(realm: Realm, regions: readonly IobRegion[], shift: number) {
    super(realm, ObjectType.IOB);
    this.#regions = regions;
    this.#shift = shift;
    for (const { vmo } of regions) vmo.hold();
  }

  /** Two ends of a new buffer with these regions, or why not. */
  static create(realm: Realm, plans: readonly IobRegionPlan[]) {
    const regions: IobRegion[] = [];
    for (const plan of plans) {
      const vmo = Vmo.create(realm, plan.size);
      if (typeof vmo === "number") {
        for (const made of regions) made.vmo.abandon();
        return vmo;
      }
      vmo.name = "iob";
      regions.push({ ...plan, vmo });
    }
    const make = (shift: number) => new Iob(realm, regions, shift);
    return Peered.pair(make(0), make(SECOND_END_SHIFT));
  }

  /** How many regions there are. */
  get regions(): number {
    return this.#regions.length;
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

  /**
   * Let the kernel append a record to a region that is a ring. Its first page begins with two 64-bit
   * counts, of bytes taken and of bytes put, and the ring is behind that page. Whoever reads counts up
   * the first; a record has its mark, its length and its bytes.
   */
  append(index: number, bytes: Uint8Array) {
    const region = this.#regions[index];
    if (!region) return Status.OUT_OF_RANGE;
    if (!((region.access >>> this.#shift) & CAN_MEDIATED_WRITE)) return Status.ACCESS_DENIED;
    if (region.discipline !== IobDiscipline.MEDIATED_WRITE_RING_BUFFER) {
      return Status.NOT_SUPPORTED;
    }
    const counts = new Uint8Array(16);
    const status = region.vmo.read(0, counts);
    if (status !== Status.OK) return Status.NO_MEMORY;
    const view = new DataView(counts.buffer);
    const [taken, put] = [view.getBigUint64(0, true), view.getBigUint64(8, true)];
    const record = recordOf(region.tag, bytes);
    const ring = region.vmo.size - PAGE_SIZE;
    // A reader that writes nonsense there loses its own records, and nobody else's.
    const used = put >= taken && put - taken <= BigInt(ring) ? Number(put - taken) : ring;
    if (used + record.length > ring) return Status.NO_SPACE;
    if (!place(region.vmo, Number(put % BigInt(ring)), record)) return Status.NO_MEMORY;
    view.setBigUint64(8, put + BigInt(record.length), true);
    region.vmo.write(8, counts.subarray(8));
    return Status.OK;
  }

  protected override onDeath(): void {
    for (const { vmo } of this.#regions) vmo.drop();
  }
}

function recordOf(tag: bigint, bytes: Uint8Array): Uint8Array {
  const length = RECORD_HEADER + Math.ceil(bytes.length / RECORD_ALIGN) * RECORD_ALIGN;
  const record = new Uint8Array(length);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, tag, true);
  view.setBigUint64(8, BigInt(bytes.length), true);
  record.set(bytes, RECORD_HEADER);
  return record;
}

/** Write to the ring, from its beginning on where it ends. */
function place(vmo: Vmo, at: number, record: Uint8Array): boolean {
  const first = record.subarray(0, vmo.size - PAGE_SIZE - at);
  const rest = record.subarray(first.length);
  return vmo.write(PAGE_SIZE + at, first) === Status.OK &&
    (rest.length === 0 || vmo.write(PAGE_SIZE, rest) === Status.OK);
}
