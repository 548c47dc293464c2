/**
 * A region that many I/O buffers have in common: a ring that the kernel writes records into.
 *
 * @module
 */
import { type Failure, ObjectType, Signal, Status } from "../abi.ts";
import { KernelObject } from "../object/object.ts";
import type { Realm } from "../object/realm.ts";
import { PAGE_SIZE } from "../ports.ts";
import { Vmo } from "../vm/vmo.ts";

/** A record begins with its mark and its length, and ends at a multiple of so many bytes. */
const RECORD_HEADER = 16;
const RECORD_ALIGN = 8;
const HEAD = 0;
const U64_MAX = 2n ** 64n - 1n;

/**
 * Memory whose first page begins with two 64-bit counts: of the bytes that the kernel has put, and of
 * those that whoever reads has taken. The ring is behind that page.
 */
export class IobSharedRegion extends KernelObject {
  readonly type = ObjectType.IOB_SHARED_REGION;
  /** Its memory. */
  readonly vmo: Vmo;

  private constructor(realm: Realm, vmo: Vmo) {
    super(realm, ObjectType.IOB_SHARED_REGION);
    this.vmo = vmo;
    vmo.hold();
  }

  /** A region of so many bytes, which are whole pages, or why not. */
  static create(realm: Realm, size: number) {
    const vmo = Vmo.create(realm, size);
    if (typeof vmo === "number") return vmo;
    vmo.name = "iob-shared-region";
    return new IobSharedRegion(realm, vmo);
  }

  /** Put a record: its mark, its length, and the bytes that `gather` answers once there is room. */
  append<F extends Failure>(tag: bigint, length: number, gather: () => Uint8Array | F) {
    const size = RECORD_HEADER + Math.ceil(length / RECORD_ALIGN) * RECORD_ALIGN;
    const ring = this.vmo.size - PAGE_SIZE;
    if (size > ring) return Status.NO_SPACE;
    const counts = new Uint8Array(16);
    if (this.vmo.read(HEAD, counts) !== Status.OK) return Status.NO_MEMORY;
    const view = new DataView(counts.buffer);
    const [head, tail] = [view.getBigUint64(0, true), view.getBigUint64(8, true)];
    const sound = tail <= head && head % BigInt(RECORD_ALIGN) === 0n;
    if (!sound || U64_MAX - head < BigInt(size)) return Status.IO_DATA_INTEGRITY;
    if (head - tail > BigInt(ring - size)) return Status.NO_SPACE;
    const bytes = gather();
    if (typeof bytes === "number") return bytes;
    const record = recordOf(tag, bytes, size);
    if (!this.#place(Number(head % BigInt(ring)), record)) return Status.NO_MEMORY;
    view.setBigUint64(0, head + BigInt(size), true);
    this.vmo.write(HEAD, counts.subarray(0, 8));
    this.strobeSignals(Signal.IOB_SHARED_REGION_UPDATED);
    return Status.OK;
  }

  protected override onDeath(): void {
    this.vmo.drop();
  }

  /** Write to the ring, from its beginning on where it ends. */
  #place(at: number, record: Uint8Array): boolean {
    const { vmo } = this;
    const first = record.subarray(0, vmo.size - PAGE_SIZE - at);
    const rest = record.subarray(first.length);
    return vmo.write(PAGE_SIZE + at, first) === Status.OK &&
      (rest.length === 0 || vmo.write(PAGE_SIZE, rest) === Status.OK);
  }
}

function recordOf(tag: bigint, bytes: Uint8Array, size: number): Uint8Array {
  const record = new Uint8Array(size);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, tag, true);
  view.setBigUint64(8, BigInt(bytes.length), true);
  record.set(bytes, RECORD_HEADER);
  return record;
}
