/**
 * `zx_iob_*` and `zx_vmar_map_iob`: memory that two ends share, region by region.
 *
 * @module
 */
import {
  DEFAULT_RIGHTS,
  failed,
  type Failure,
  IobAccess,
  IobDiscipline,
  IobLimit,
  IobRegionType,
  PolicyCondition,
  Right,
  Status,
  VmOption,
} from "../abi.ts";
import { KernelBug } from "../invariant.ts";
import { Access, PAGE_SIZE } from "../ports.ts";
import { inBytes, lengthOf, outHandle, outNumber, readMemory } from "../syscall/buffer.ts";
import type { Call } from "../syscall/call.ts";
import { demand } from "../syscall/demand.ts";
import { allowedBy, handle, held, type Kind, options, u32, u64, u64Or } from "../syscall/kind.ts";
import { inRecords } from "../syscall/record.ts";
import { syscall } from "../syscall/row.ts";
import { either, isBig, isBytes, isCount, isNumber, maybe, withFields } from "../syscall/shape.ts";
import { Iob, IOB_MEDIATED, type IobRegionPlan } from "../task/iob.ts";
import { IobSharedRegion } from "../task/iob_shared_region.ts";
import { Vmar } from "../vm/vmar.ts";
import { givePair } from "./pair.ts";

/** A region as a program asks for it. */
export interface IobRegionWish {
  /** Private or shared, as `IobRegionType` has it. */
  readonly type: number;
  /** What each end may do, as `IobAccess` bits. */
  readonly access: number;
  /** How many bytes. */
  readonly size: number;
  /** What the kernel does in it, as `IobDiscipline` has it. */
  readonly discipline: number;
  /** What the kernel marks its records with. */
  readonly tag: bigint;
  /** Must be 0. */
  readonly options?: number;
  /** For a shared one: a handle to what it shares, which stays the caller's. */
  readonly sharedRegion?: number;
}

/** Bytes in a program's memory, or a script's own. */
export type Vector = { readonly address: number; readonly size: number } | Uint8Array;

const ACCESS_ALL = 0xff;
/** No blob can be larger than what it would have to fit in. */
const BLOB_MAX = 64 * 1024 * 1024;

/** A size that is some pages, and no part of one. */
const wholePages: Kind<number, number, "in", "INVALID_ARGS"> = {
  label: "size of whole pages",
  role: "in",
  errors: ["INVALID_ARGS"],
  shape: isNumber,
  decode(raw) {
    const size = raw as number;
    return size > 0 && size % PAGE_SIZE === 0 ? size : Status.INVALID_ARGS;
  },
};

const iobCreate = syscall({
  name: "zx_iob_create",
  about: "Make an I/O buffer of some regions, and answer both of its ends.",
  args: {
    options: options(0),
    regions: inRecords<IobRegionWish, "OUT_OF_RANGE">("count", {
      size: 120,
      shape: withFields({
        ...{ type: isCount, access: isCount, size: isCount, discipline: isCount, tag: isBig },
        ...{ options: maybe(isCount), sharedRegion: maybe(isCount) },
      }),
      parse: (view) => ({
        type: view.getUint32(0, true),
        access: view.getUint32(4, true),
        size: Number(view.getBigUint64(8, true)),
        discipline: Number(view.getBigUint64(16, true)),
        tag: view.getBigUint64(24, true),
        options: view.getUint32(88, true),
        sharedRegion: view.getUint32(92, true),
      }),
    }, { most: IobLimit.REGIONS_MAX, tooMany: "OUT_OF_RANGE" }),
    count: { ...u64, role: "length", lengthOf: "regions" },
    out0: outHandle,
    out1: outHandle,
    policy: allowedBy(PolicyCondition.NEW_IOB),
  },
  checks: ["options", "policy"],
  errors: ["INVALID_ARGS", "BAD_HANDLE", "WRONG_TYPE", "OUT_OF_RANGE"],
  run({ regions, out0, out1 }, call) {
    if (regions.length === 0) return Status.INVALID_ARGS;
    const plans: IobRegionPlan[] = [];
    for (const region of regions) {
      const plan = planOf(region, call);
      if (typeof plan === "number") return plan;
      plans.push(plan);
    }
    const ends = Iob.create(call.realm, plans);
    return failed(ends) ? ends : givePair(ends, [out0, out1], DEFAULT_RIGHTS.iob);
  },
});

const iobCreateSharedRegion = syscall({
  name: "zx_iob_create_shared_region",
  about: "Make a region that many I/O buffers can have in common, as a ring of records.",
  args: {
    options: options(0),
    size: wholePages,
    out: outHandle,
    policy: allowedBy(PolicyCondition.NEW_IOB),
  },
  checks: ["options", "size", "policy"],
  errors: ["OUT_OF_RANGE"],
  run({ size, out }, call) {
    const region = IobSharedRegion.create(call.realm, size);
    return failed(region) ? region : out.give(region, DEFAULT_RIGHTS.iobSharedRegion);
  },
});

const iobAllocateId = syscall({
  name: "zx_iob_allocate_id",
  about: "Let the kernel keep a blob in a region that numbers blobs, and answer its number.",
  args: {
    handle: handle(Iob, Right.WRITE),
    options: options(0),
    region: u32,
    blob: inBytes("blobSize", BLOB_MAX),
    blobSize: lengthOf("blob"),
    id: outNumber(4),
  },
  checks: ["options"],
  errors: [
    "OUT_OF_RANGE",
    "WRONG_TYPE",
    "ACCESS_DENIED",
    "NO_MEMORY",
    "IO_DATA_INTEGRITY",
    "INVALID_ARGS",
  ],
  why: { ACCESS_DENIED: "this end may not write to that region through the kernel" },
  grants: {
    ACCESS_DENIED: "the end of the buffer whose access to the region has CAN_MEDIATED_WRITE",
  },
  run({ handle: iob, region, blob, id }) {
    const found = iob.allocate(region, blob);
    return typeof found === "number" ? found : id.set(found.id);
  },
});

const iobWritev = syscall({
  name: "zx_iob_writev",
  about:
    "Let the kernel append a record, gathered from several places, to a region that is a ring.",
  args: {
    handle: handle(Iob, Right.WRITE),
    options: options(0),
    region: u32,
    vectors: inRecords<Vector, "INVALID_ARGS">("count", {
      size: 16,
      shape: either(isBytes, withFields({ address: isCount, size: isCount })),
      parse: (view) => ({
        address: Number(view.getBigUint64(0, true)),
        size: Number(view.getBigUint64(8, true)),
      }),
    }, { most: IobLimit.VECTORS_MAX, tooMany: "INVALID_ARGS" }),
    count: { ...u64, role: "length", lengthOf: "vectors" },
  },
  checks: ["options"],
  errors: [
    "OUT_OF_RANGE",
    "WRONG_TYPE",
    "ACCESS_DENIED",
    "NO_SPACE",
    "NO_MEMORY",
    "IO_DATA_INTEGRITY",
    "NOT_FOUND",
    "INVALID_ARGS",
  ],
  run({ handle: iob, region, vectors }, call) {
    const length = vectors.reduce((sum, vector) => sum + sizeOf(vector), 0);
    if (length > IobLimit.WRITE_MAX) return Status.INVALID_ARGS;
    return iob.append(region, length, () => gather(call, vectors, length));
  },
});

const { PERM_READ, PERM_WRITE, SPECIFIC, SPECIFIC_OVERWRITE, MAP_RANGE } = VmOption;
const { OFFSET_IS_UPPER_LIMIT, ALLOW_FAULTS } = VmOption;
const MAP_OPTIONS = PERM_READ | PERM_WRITE | SPECIFIC | SPECIFIC_OVERWRITE | MAP_RANGE |
  OFFSET_IS_UPPER_LIMIT | ALLOW_FAULTS | (0xff << VmOption.ALIGN_SHIFT);
/** The right to read is the permission to read moved by so many places, and the others likewise. */
const RIGHT_SHIFT = 2;

const vmarMapIob = syscall({
  name: "zx_vmar_map_iob",
  about: "Show a region of an I/O buffer, as this end of the buffer may see it.",
  args: {
    handle: held(Vmar, Right.NONE),
    options: options(MAP_OPTIONS),
    vmarOffset: u64Or(0),
    endpoint: held(Iob, Right.MAP),
    region: u32,
    regionOffset: u64Or(0),
    regionLength: u64,
    mappedAddress: outNumber(8),
  },
  errors: [
    "ACCESS_DENIED",
    "BAD_STATE",
    "INVALID_ARGS",
    "NO_RESOURCES",
    "NO_MEMORY",
    "ALREADY_EXISTS",
    "BUFFER_TOO_SMALL",
    "OUT_OF_RANGE",
  ],
  why: {
    ACCESS_DENIED:
      "this end may not map the region for that access, or the address region may not " +
      "show memory in that way, or at a place of the caller's choice",
  },
  grants: { ACCESS_DENIED: "the end of the buffer whose access to the region has what is asked" },
  run({ handle: vmar, options, vmarOffset, endpoint, mappedAddress, ...wanted }, call) {
    const access = options & (PERM_READ | PERM_WRITE);
    const found = endpoint.object.region(wanted.region);
    if (!found) return Status.OUT_OF_RANGE;
    const rights = access << RIGHT_SHIFT;
    const ofVmar = demand(call, "handle", vmar.handle, rights);
    if (ofVmar !== Status.OK) return ofVmar;
    const ofEndpoint = demand(call, "endpoint", endpoint.handle, rights);
    if (ofEndpoint !== Status.OK) return ofEndpoint;
    if ((access & ~found.access) !== 0) return Status.ACCESS_DENIED;
    if ((access & Access.WRITE) !== 0 && (access & Access.READ) === 0) return Status.INVALID_ARGS;
    const mapping = vmar.object.map({
      options,
      vmarOffset,
      vmo: found.vmo,
      vmoOffset: wanted.regionOffset,
      length: wanted.regionLength,
      accessMax: found.access & ((vmar.handle.rights & endpoint.handle.rights) >>> RIGHT_SHIFT),
    });
    if (mapping === Status.NOT_SUPPORTED) {
      throw new KernelBug("what an I/O buffer is made of never changes its size");
    }
    if (failed(mapping)) return mapping;
    const { base, size } = mapping;
    const status = mappedAddress.set(base);
    if (status !== Status.OK) vmar.object.unmap(base, size);
    return status;
  },
});

/** The calls of this file. */
export const IOB_ROWS = {
  iobAllocateId,
  iobCreate,
  iobCreateSharedRegion,
  iobWritev,
  vmarMapIob,
};

const { CAN_MAP_WRITE, CAN_MEDIATED_READ, CAN_MEDIATED_WRITE, SECOND_END_SHIFT } = IobAccess;
const EITHER_MAPS_WRITABLE = CAN_MAP_WRITE | CAN_MAP_WRITE << SECOND_END_SHIFT;

/** What is to be made of a wish, or why nothing can be. */
function planOf(wish: IobRegionWish, call: Call) {
  const { type, access, size, discipline, tag, options: more = 0, sharedRegion = 0 } = wish;
  if (more !== 0 || (access & ~ACCESS_ALL) !== 0) return Status.INVALID_ARGS;
  let shared: IobSharedRegion | null = null;
  if (type === IobRegionType.SHARED) {
    if (size !== 0) return Status.INVALID_ARGS;
    const found = SHARED_REGION.decode(sharedRegion, call, "regions");
    if (typeof found === "number") return found as Exclude<typeof found, Failure & -30>;
    if (found.vmo.size < 2 * PAGE_SIZE) return Status.INVALID_ARGS;
    shared = found;
  } else if (type !== IobRegionType.PRIVATE || size <= 0 || sharedRegion !== 0) {
    return Status.INVALID_ARGS;
  }
  if (!suits(discipline, access, shared !== null)) return Status.INVALID_ARGS;
  return { size, access, discipline, tag, shared };
}

const SHARED_REGION = handle(IobSharedRegion, Right.NONE);

/** Whether a region that is reached in these ways, shared by buffers or not, can have a discipline. */
function suits(discipline: number, access: number, shared: boolean): boolean {
  const mediated = (access & IOB_MEDIATED) !== 0;
  if (!mediated && (access & EITHER_MAPS_WRITABLE) === 0) return false;
  if (discipline === IobDiscipline.NONE) return !shared && !mediated;
  if (discipline === IobDiscipline.MEDIATED_WRITE_RING_BUFFER) return shared;
  if (discipline !== IobDiscipline.ID_ALLOCATOR || shared) return false;
  return !onlyReads(access) && !onlyReads(access >>> SECOND_END_SHIFT);
}

/** Whether an end has the kernel read for it, and nothing else. */
function onlyReads(access: number): boolean {
  return (access & (CAN_MEDIATED_READ | CAN_MEDIATED_WRITE)) === CAN_MEDIATED_READ;
}

function sizeOf(vector: Vector): number {
  return vector instanceof Uint8Array ? vector.length : vector.size;
}

function gather(call: Call, vectors: readonly Vector[], length: number) {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const vector of vectors) {
    const part = vector instanceof Uint8Array
      ? vector
      : readMemory(call, vector.address, vector.size);
    if (typeof part === "number") return Status.NOT_FOUND;
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
