/**
 * `zx_vmar_*`: regions of addresses and what is mapped in them.
 *
 * @module
 */
import { failed, PolicyCondition, Right, Status, VmOption } from "../abi.ts";
import type { Handle } from "../object/handle.ts";
import { outHandle, outNumber } from "../syscall/buffer.ts";
import { type Call, PARKED } from "../syscall/call.ts";
import { demand } from "../syscall/demand.ts";
import { handle, handleValue, held, options, u64, u64Or } from "../syscall/kind.ts";
import { syscall } from "../syscall/row.ts";
import { enforcePolicy } from "../task/enforcement.ts";
import { mapPresent } from "../vm/mapped_range.ts";
import { Vmar } from "../vm/vmar.ts";
import { Vmo } from "../vm/vmo.ts";

const { PERM_READ, PERM_WRITE, PERM_EXECUTE, SPECIFIC, SPECIFIC_OVERWRITE } = VmOption;
const { CAN_MAP_READ, CAN_MAP_WRITE, CAN_MAP_EXECUTE, CAN_MAP_SPECIFIC } = VmOption;
const { MAP_RANGE, ALLOW_FAULTS, OFFSET_IS_UPPER_LIMIT, COMPACT } = VmOption;
const { FAULT_BEYOND_STREAM_SIZE, PERM_READ_IF_XOM_UNSUPPORTED } = VmOption;
const ALIGN = 0xff << VmOption.ALIGN_SHIFT;
const PERMISSIONS = PERM_READ | PERM_WRITE | PERM_EXECUTE;
const PLACES = SPECIFIC | SPECIFIC_OVERWRITE | OFFSET_IS_UPPER_LIMIT | ALIGN;
const CAN_MAP = CAN_MAP_READ | CAN_MAP_WRITE | CAN_MAP_EXECUTE;
/** `CAN_MAP_READ` is the bit of `PERM_READ` moved by so many places, and the others likewise. */
const CAN_MAP_SHIFT = 7;
/** The right to read is the permission to read moved by so many places, and the others likewise. */
const RIGHT_SHIFT = 2;

const vmarAllocate = syscall({
  name: "zx_vmar_allocate",
  about: "Make a region within another.",
  args: {
    parent: held(Vmar, Right.NONE),
    options: options(CAN_MAP | CAN_MAP_SPECIFIC | COMPACT | PLACES & ~SPECIFIC_OVERWRITE),
    offset: u64Or(0),
    size: u64,
    child: outHandle,
    childAddress: outNumber(8),
  },
  errors: [
    "ACCESS_DENIED",
    "BAD_STATE",
    "INVALID_ARGS",
    "NO_RESOURCES",
    "NO_MEMORY",
    "ALREADY_EXISTS",
  ],
  why: {
    ACCESS_DENIED: "the region was made without what its child asks for: CAN_MAP_READ, " +
      "CAN_MAP_WRITE, CAN_MAP_EXECUTE, or CAN_MAP_SPECIFIC for a place of its choice",
  },
  grants: { ACCESS_DENIED: "a region that was made with all of these that are asked for" },
  run({ parent, options, offset, size, child: out, childAddress }, call) {
    const wanted = (options >>> CAN_MAP_SHIFT) & PERMISSIONS;
    const demanded = demand(call, "parent", parent.handle, wanted << RIGHT_SHIFT);
    if (demanded !== Status.OK) return demanded;
    const child = parent.object.allocate(options, offset, size);
    if (failed(child)) return child;
    const told = childAddress.set(child.base);
    const status = told === Status.OK ? out.give(child, child.rights) : told;
    if (status !== Status.OK) child.destroy();
    return status;
  },
});

const vmarMap = syscall({
  name: "zx_vmar_map",
  about: "Show a part of a memory object in a region.",
  args: {
    handle: held(Vmar, Right.NONE),
    options: options(
      PERMISSIONS | PLACES | MAP_RANGE | VmOption.REQUIRE_NON_RESIZABLE | ALLOW_FAULTS |
        FAULT_BEYOND_STREAM_SIZE | PERM_READ_IF_XOM_UNSUPPORTED,
    ),
    vmarOffset: u64Or(0),
    vmo: held(Vmo, Right.MAP),
    vmoOffset: u64Or(0),
    length: u64,
    mappedAddress: outNumber(8),
  },
  errors: [
    "ACCESS_DENIED",
    "BAD_STATE",
    "INVALID_ARGS",
    "NO_RESOURCES",
    "NO_MEMORY",
    "ALREADY_EXISTS",
    "NOT_SUPPORTED",
    "BUFFER_TOO_SMALL",
    "OUT_OF_RANGE",
  ],
  why: {
    NOT_SUPPORTED: "the memory could go away under the mapping, and ALLOW_FAULTS is not given",
    BUFFER_TOO_SMALL:
      "the mapping would show what lies behind the memory object's end, and ALLOW_FAULTS is not given",
    ACCESS_DENIED:
      "the region may not show memory in that way, or at a place of the caller's choice; " +
      "or it is the vDSO, whose code is mapped whole, once, and never over",
    ALREADY_EXISTS: "something is mapped at that place",
    NO_RESOURCES: "the region has no free place that is large enough",
    BAD_STATE: "the region was destroyed",
  },
  grants: {
    ACCESS_DENIED: "a region made with CAN_MAP_READ, CAN_MAP_WRITE, CAN_MAP_EXECUTE and " +
      "CAN_MAP_SPECIFIC as far as the options ask for that",
  },
  run({ handle: vmar, options: asked, vmo, vmarOffset, vmoOffset, length, mappedAddress }, call) {
    const options = withReadForCode(asked);
    if (!makesSense(options)) return Status.INVALID_ARGS;
    const rights = (options & PERMISSIONS) << RIGHT_SHIFT;
    const ofVmar = demand(call, "handle", vmar.handle, rights);
    if (ofVmar !== Status.OK) return ofVmar;
    const ofVmo = demand(call, "vmo", vmo.handle, rights);
    if (ofVmo !== Status.OK) return ofVmo;
    const allowed = writableCodeAllowed(call, options);
    if (allowed !== Status.OK) return allowed;
    const accessMax = permissionsOf(vmar.handle) & permissionsOf(vmo.handle);
    const shown = { vmo: vmo.object, vmoOffset, length, accessMax };
    const mapping = vmar.object.map({ options, vmarOffset, ...shown });
    if (failed(mapping)) return mapping;
    if ((options & MAP_RANGE) !== 0) {
      const { base: address, offset, size } = mapping;
      mapPresent({ mapping, address, offset, length: size });
    }
    const { base, size } = mapping;
    const status = mappedAddress.set(base);
    if (status !== Status.OK) vmar.object.unmap(base, size);
    return status;
  },
});

const vmarUnmap = syscall({
  name: "zx_vmar_unmap",
  about: "Take away what is mapped in a range, and destroy the regions in it.",
  args: { handle: held(Vmar, Right.NONE), address: u64, length: u64 },
  errors: ["BAD_STATE", "INVALID_ARGS", "ACCESS_DENIED", "NO_MEMORY"],
  why: { ACCESS_DENIED: "the code of the vDSO lies there, which stays as long as its process" },
  grants: { ACCESS_DENIED: "a range without the code of the vDSO" },
  run({ handle: { handle, object: vmar }, address, length }) {
    return vmar.unmap(address, length, handle.has(Right.OP_CHILDREN));
  },
});

const vmarProtect = syscall({
  name: "zx_vmar_protect",
  about: "Change what may be done with what is mapped in a range.",
  args: {
    handle: held(Vmar, Right.NONE),
    options: options(PERMISSIONS | PERM_READ_IF_XOM_UNSUPPORTED),
    address: u64,
    length: u64,
  },
  errors: ["ACCESS_DENIED", "BAD_STATE", "INVALID_ARGS", "NOT_FOUND", "NO_MEMORY"],
  why: {
    ACCESS_DENIED: "what is mapped there was mapped by handles without the right to that access, " +
      "or it is the code of the vDSO",
  },
  grants: { ACCESS_DENIED: "a mapping made by handles with the rights that the access needs" },
  run({ handle: { handle, object: vmar }, options: asked, address, length }, call) {
    const options = withReadForCode(asked);
    const demanded = demand(call, "handle", handle, (options & PERMISSIONS) << RIGHT_SHIFT);
    if (demanded !== Status.OK) return demanded;
    if (!makesSense(options)) return Status.INVALID_ARGS;
    const allowed = writableCodeAllowed(call, options);
    if (allowed !== Status.OK) return allowed;
    return vmar.protect(options & PERMISSIONS, address, length);
  },
});

const vmarDestroy = syscall({
  name: "zx_vmar_destroy",
  about: "Unmap everything in a region, and end the region itself.",
  args: { handle: handle(Vmar, Right.NONE) },
  errors: ["BAD_STATE", "NOT_SUPPORTED", "ACCESS_DENIED"],
  why: { ACCESS_DENIED: "the code of the vDSO lies there, which stays as long as its process" },
  grants: { ACCESS_DENIED: "a region without the code of the vDSO" },
  run: ({ handle: vmar }) => vmar.destroy(),
});

const vmarUnmapHandleCloseThreadExit = syscall({
  name: "zx_vmar_unmap_handle_close_thread_exit",
  about:
    "Unmap a range, close a handle and end the calling thread; only a failure to unmap returns.",
  args: { handle: held(Vmar, Right.NONE), address: u64, length: u64, close: handleValue },
  errors: ["BAD_STATE", "INVALID_ARGS", "ACCESS_DENIED", "NO_MEMORY"],
  why: { ACCESS_DENIED: "the code of the vDSO lies there, which stays as long as its process" },
  grants: { ACCESS_DENIED: "a range without the code of the vDSO" },
  run({ handle: { handle, object: vmar }, address, length, close }, call) {
    const status = vmar.unmap(address, length, handle.has(Right.OP_CHILDREN));
    if (status !== Status.OK) return status;
    if (close !== 0) call.process.removeHandle(close, "closed")?.close();
    call.thread.exit();
    return call.thread.ended ? Status.OK : PARKED;
  },
});

/** The calls of this file. */
export const REGION_ROWS = {
  vmarAllocate,
  vmarMap,
  vmarUnmap,
  vmarProtect,
  vmarDestroy,
  vmarUnmapHandleCloseThreadExit,
};

/** This machine could execute what it cannot read, but its programs are promised that they can. */
function withReadForCode(options: number): number {
  return (options & PERM_READ_IF_XOM_UNSUPPORTED) !== 0 ? options | PERM_READ : options;
}

function makesSense(options: number): boolean {
  const read = (options & PERM_READ) !== 0;
  if (!read && (options & (PERM_WRITE | PERM_EXECUTE)) !== 0) return false;
  if ((options & SPECIFIC_OVERWRITE) !== 0 && (options & MAP_RANGE) !== 0) return false;
  return (options & FAULT_BEYOND_STREAM_SIZE) === 0 || (options & ALLOW_FAULTS) !== 0;
}

/** Whether the caller's policy lets memory be written and executed at once, where that is asked. */
function writableCodeAllowed(call: Call, options: number) {
  const both = PERM_WRITE | PERM_EXECUTE;
  return (options & both) === both ? enforcePolicy(call, PolicyCondition.VMAR_WX) : Status.OK;
}

function permissionsOf(handle: Handle): number {
  return (handle.rights >>> RIGHT_SHIFT) & PERMISSIONS;
}
