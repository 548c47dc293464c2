/**
 * `zx_iob_*` and `zx_vmar_map_iob`: memory that two ends share, region by region.
 *
 * @module
 */
import {
  DEFAULT_RIGHTS,
  failed,
  IobDiscipline,
  IobLimit,
  IobRegionType,
  PolicyCondition,
  Right,
  Status,
  VmOption,
} from "../abi.ts";
import { KernelBug } from "../invariant.ts";
import { Access } from "../ports.ts";
import { outHandle, outNumber, readMemory } from "../syscall/buffer.ts";
import type { Call } from "../syscall/call.ts";
import { demand } from "../syscall/demand.ts";
import { allowedBy, handle, held, options, u32, u64, u64Or } from "../syscall/kind.ts";
import { inRecords } from "../syscall/record.ts";
import { syscall } from "../syscall/row.ts";
import { Iob } from "../task/iob.ts";
import { Vmar } from "../vm/vmar.ts";
import { givePair } from "./pair.ts";
import { either, isBytes, isNumber, withFields } from "../syscall/shape.ts";

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
}

/** Bytes in a program's memory, or a script's own. */
export type Vector = { readonly address: number; readonly size: number } | Uint8Array;

const ACCESS_ALL = 0xff;

const iobCreate = syscall({
  name: "zx_iob_create",
  about: "Make an I/O buffer of some regions, and answer both of its ends.",
  args: {
    options: options(0),
    regions: inRecords<IobRegionWish, "OUT_OF_RANGE">("count", {
      size: 120,
      parse: (view) => ({
        type: view.getUint32(0, true),
        access: view.getUint32(4, true),
        size: Number(view.getBigUint64(8, true)),
        discipline: Number(view.getBigUint64(16, true)),
        tag: view.getBigUint64(24, true),
      }),
    }, { most: IobLimit.REGIONS_MAX, tooMany: "OUT_OF_RANGE" }),
    count: { ...u64, role: "length", lengthOf: "regions" },
    out0: outHandle,
    out1: outHandle,
    policy: allowedBy(PolicyCondition.NEW_IOB),
  },
  checks: ["options", "policy"],
  errors: ["INVALID_ARGS", "NOT_SUPPORTED", "OUT_OF_RANGE"],
  run({ regions, out0, out1 }, call) {
    if (regions.length === 0 || regions.some((region) => !isValid(region))) {
      return Status.INVALID_ARGS;
    }
    if (regions.some((region) => !isSupported(region))) return Status.NOT_SUPPORTED;
    const ends = Iob.create(call.realm, regions);
    return failed(ends) ? ends : givePair(ends, [out0, out1], DEFAULT_RIGHTS.iob);
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
    vectors: inRecords<Vector, "OUT_OF_RANGE">("count", {
      size: 16,
      shape: either(isBytes, withFields({ address: isNumber, size: isNumber })),
      parse: (view) => ({
        address: Number(view.getBigUint64(0, true)),
        size: Number(view.getBigUint64(8, true)),
      }),
    }, { most: IobLimit.VECTORS_MAX, tooMany: "OUT_OF_RANGE" }),
    count: { ...u64, role: "length", lengthOf: "vectors" },
  },
  checks: ["options"],
  errors: [
    "OUT_OF_RANGE",
    "ACCESS_DENIED",
    "NOT_SUPPORTED",
    "NO_SPACE",
    "NO_MEMORY",
    "INVALID_ARGS",
  ],
  run({ handle: iob, region, vectors }, call) {
    const bytes = gather(call, vectors);
    return failed(bytes) ? bytes : iob.append(region, bytes);
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
export const IOB_ROWS = { iobCreate, iobWritev, vmarMapIob };

const DISCIPLINES: readonly number[] = Object.values(IobDiscipline);

function isValid({ type, access, size, discipline }: IobRegionWish): boolean {
  if (type !== IobRegionType.PRIVATE && type !== IobRegionType.SHARED) return false;
  if (access === 0 || (access & ~ACCESS_ALL) !== 0 || size <= 0) return false;
  return DISCIPLINES.includes(discipline);
}

/** Nothing makes a region that several buffers share, nor asks the kernel for identities. */
function isSupported({ type, discipline }: IobRegionWish): boolean {
  return type === IobRegionType.PRIVATE && discipline !== IobDiscipline.ID_ALLOCATOR;
}

function gather(call: Call, vectors: readonly Vector[]) {
  const parts: Uint8Array[] = [];
  let total = 0;
  for (const vector of vectors) {
    const size = vector instanceof Uint8Array ? vector.length : vector.size;
    total += size;
    if (total > IobLimit.WRITE_MAX) return Status.OUT_OF_RANGE;
    const part = vector instanceof Uint8Array ? vector : readMemory(call, vector.address, size);
    if (typeof part === "number") return part;
    parts.push(part);
  }
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
