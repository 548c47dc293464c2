/**
 * `zx_vmo_*`: memory objects, what is in them, and what can be made from them.
 *
 * @module
 */
import {
  CachePolicy,
  DEFAULT_RIGHTS,
  failed,
  PolicyCondition,
  ResourceKind,
  Right,
  Status,
  SystemResource,
  VmoChild,
  VmoOption,
} from "../abi.ts";
import { Handle } from "../object/handle.ts";
import { Resource } from "../ipc/resource.ts";
import { PAGE_SIZE } from "../ports.ts";
import { lengthOf, outHandle, outNumber } from "../syscall/buffer.ts";
import type { Call } from "../syscall/call.ts";
import { demand } from "../syscall/demand.ts";
import { allowedBy, handle, handleValue, held, options, u32, u64, u64Or } from "../syscall/kind.ts";
import { whenPaged } from "../syscall/paged.ts";
import { syscall } from "../syscall/row.ts";
import { inSpan, outSpan } from "../syscall/span.ts";
import { enforcePolicy } from "../task/enforcement.ts";
import { Vmo } from "../vm/vmo.ts";
import { systemResource } from "./system_resource.ts";
import { setStreamSize } from "./stream_size.ts";
import { readInto, writeFrom } from "./vmo_copy.ts";

const { RESIZABLE, DISCARDABLE, UNBOUNDED } = VmoOption;
const { SLICE, REFERENCE, NO_WRITE } = VmoChild;
const COPIES = VmoChild.SNAPSHOT | VmoChild.SNAPSHOT_AT_LEAST_ON_WRITE | VmoChild.SNAPSHOT_MODIFIED;

const vmoCreate = syscall({
  name: "zx_vmo_create",
  about: "Make a memory object of zeros.",
  args: {
    size: u64,
    options: options(RESIZABLE | DISCARDABLE | UNBOUNDED),
    out: outHandle,
    policy: allowedBy(PolicyCondition.NEW_VMO),
  },
  checks: ["options", "policy"],
  errors: ["INVALID_ARGS", "OUT_OF_RANGE"],
  run({ size, options, out }, call) {
    const resizable = (options & RESIZABLE) !== 0;
    const unbounded = (options & UNBOUNDED) !== 0;
    if (resizable && unbounded) return Status.INVALID_ARGS;
    const discardable = (options & DISCARDABLE) !== 0;
    const vmo = Vmo.create(call.realm, size, { resizable, discardable, unbounded });
    if (failed(vmo)) return vmo;
    return out.give(vmo, DEFAULT_RIGHTS.vmo | (resizable ? Right.RESIZE : 0));
  },
});

const vmoRead = syscall({
  name: "zx_vmo_read",
  about: "Copy bytes out of a memory object.",
  args: {
    handle: handle(Vmo, Right.READ),
    buffer: outSpan("bufferSize"),
    offset: u64,
    bufferSize: u64,
  },
  errors: ["OUT_OF_RANGE", "BAD_STATE", "NOT_FOUND", "IO", "IO_DATA_INTEGRITY", "NO_MEMORY"],
  run({ handle: vmo, buffer, offset }, call) {
    if (vmo.cachePolicy !== CachePolicy.CACHED) return Status.BAD_STATE;
    if (!vmo.holds(offset, buffer.length)) return Status.OUT_OF_RANGE;
    return whenPaged(call, vmo, readInto(vmo, offset, buffer).go);
  },
});

const vmoWrite = syscall({
  name: "zx_vmo_write",
  about: "Copy bytes into a memory object.",
  args: {
    handle: handle(Vmo, Right.WRITE),
    buffer: inSpan("bufferSize"),
    offset: u64,
    bufferSize: lengthOf("buffer"),
  },
  errors: ["OUT_OF_RANGE", "BAD_STATE", "NOT_FOUND", "IO", "IO_DATA_INTEGRITY", "NO_MEMORY"],
  run({ handle: vmo, buffer, offset }, call) {
    if (vmo.cachePolicy !== CachePolicy.CACHED) return Status.BAD_STATE;
    if (!vmo.holds(offset, buffer.length)) return Status.OUT_OF_RANGE;
    return whenPaged(call, vmo, writeFrom(vmo, offset, buffer).go);
  },
});

const vmoGetSize = syscall({
  name: "zx_vmo_get_size",
  about: "Say how many bytes a memory object has: whole pages.",
  args: { handle: handle(Vmo, Right.NONE), size: outNumber(8) },
  errors: [],
  run: ({ handle: vmo, size }) => size.set(vmo.size),
});

const vmoSetSize = syscall({
  name: "zx_vmo_set_size",
  about: "Make a resizable memory object longer or shorter; what is added is zeros.",
  args: { handle: held(Vmo, Right.WRITE), size: u64 },
  errors: ["UNAVAILABLE", "OUT_OF_RANGE", "NO_MEMORY"],
  run({ handle: { handle, object: vmo }, size }, call) {
    if (!vmo.resizable) return Status.UNAVAILABLE;
    const demanded = demand(call, "handle", handle, Right.RESIZE);
    if (demanded !== Status.OK) return demanded;
    return vmo.resize(size);
  },
});

const vmoGetStreamSize = syscall({
  name: "zx_vmo_get_stream_size",
  about: "Say how many bytes a stream over a memory object sees.",
  args: { handle: handle(Vmo, Right.NONE), size: outNumber(8) },
  errors: [],
  run: ({ handle: vmo, size }) => size.set(vmo.streamSize),
});

const vmoSetStreamSize = syscall({
  name: "zx_vmo_set_stream_size",
  about: "Say how many bytes a stream over a memory object is to see, within its size.",
  args: { handle: handle(Vmo, Right.WRITE), size: u64 },
  errors: ["OUT_OF_RANGE", "NO_MEMORY", "BAD_STATE"],
  run: ({ handle: vmo, size }, call) => setStreamSize(call, vmo, size),
});

const vmoCreateChild = syscall({
  name: "zx_vmo_create_child",
  about: "Make a memory object from a part of another: a copy, a window, or the same again.",
  args: {
    handle: held(Vmo, Right.DUPLICATE | Right.READ),
    options: options(COPIES | SLICE | REFERENCE | VmoChild.RESIZABLE | NO_WRITE),
    offset: u64,
    size: u64,
    out: outHandle,
    policy: allowedBy(PolicyCondition.NEW_VMO),
  },
  checks: ["options", "policy"],
  errors: ["INVALID_ARGS", "OUT_OF_RANGE", "NOT_SUPPORTED", "BAD_STATE"],
  run({ handle: { handle, object: vmo }, options, offset, size, out }) {
    const child = vmo.createChild(options, offset, size);
    if (failed(child)) return child;
    if (handle.has(Right.GET_PROPERTY)) child.name = vmo.name;
    return out.give(child, childRights(handle.rights, options));
  },
});

const VMEX = systemResource(SystemResource.VMEX);

const vmoReplaceAsExecutable = syscall({
  name: "zx_vmo_replace_as_executable",
  about: "Exchange a handle for one that may be mapped as code; the old one is gone either way.",
  args: { handle: handleValue, vmex: handleValue, out: outHandle },
  errors: ["BAD_HANDLE", "WRONG_TYPE", "ACCESS_DENIED"],
  run({ handle: value, vmex, out }, call) {
    const allowed = vmex === 0
      ? enforcePolicy(call, PolicyCondition.AMBIENT_MARK_VMO_EXEC)
      : grantsVmex(call, vmex);
    const old = call.process.removeHandle(value, "replaced");
    if (!old) return Status.BAD_HANDLE;
    call.took(old);
    if (!(old.object instanceof Vmo)) return Status.BAD_HANDLE;
    if (allowed !== Status.OK) return allowed;
    return out.put(new Handle(old.object, old.rights | Right.EXECUTE));
  },
});

const vmoSetCachePolicy = syscall({
  name: "zx_vmo_set_cache_policy",
  about: "Say how the processor is to cache a memory object that nobody has used yet.",
  args: { handle: handle(Vmo, Right.MAP), policy: options(CachePolicy.WRITE_COMBINING) },
  checks: ["policy"],
  errors: ["INVALID_ARGS", "BAD_STATE"],
  run({ handle: vmo, policy }) {
    const used = vmo.kind === "paged" && vmo.content.pages.frames > 0;
    const related = vmo.children > 0 || vmo.slice || vmo.content.copy || vmo.parent !== null;
    if (used || related || vmo.showings.mappings > 0) return Status.BAD_STATE;
    vmo.cachePolicy = policy;
    return Status.OK;
  },
});

const vmoCreatePhysical = syscall({
  name: "zx_vmo_create_physical",
  about:
    "Make a memory object that stands for a range of physical memory; here it is plain memory.",
  args: { resource: handle(Resource, Right.NONE), address: u64, size: u64, out: outHandle },
  errors: ["INVALID_ARGS", "OUT_OF_RANGE", "ACCESS_DENIED"],
  why: { ACCESS_DENIED: "the resource is not of kind MMIO, or has not all of the range" },
  grants: { ACCESS_DENIED: "a resource of kind MMIO that has the range" },
  run({ resource, address, size, out }, call) {
    if (resource.kind !== ResourceKind.MMIO || !resource.covers(address, size)) {
      return Status.ACCESS_DENIED;
    }
    if (size === 0 || address % PAGE_SIZE !== 0) return Status.INVALID_ARGS;
    const vmo = Vmo.createFixed(call.realm, size, "physical");
    if (failed(vmo)) return vmo;
    return out.give(vmo, DEFAULT_RIGHTS.vmo);
  },
});

const vmoCreateContiguous = syscall({
  name: "zx_vmo_create_contiguous",
  about: "Hardware: memory for a device to reach through a bus that this machine does not have.",
  args: { bti: handleValue, size: u64, alignment: u32, out: u64Or(0) },
  errors: ["NOT_SUPPORTED"],
  run: () => Status.NOT_SUPPORTED,
});

const vmoTransferData = syscall({
  name: "zx_vmo_transfer_data",
  about: "Move pages from one memory object to another, in place of what is there.",
  args: {
    handle: handle(Vmo, Right.WRITE),
    options: options(0),
    offset: u64,
    length: u64,
    source: handle(Vmo, Right.READ | Right.WRITE),
    sourceOffset: u64,
  },
  checks: ["options"],
  errors: ["INVALID_ARGS", "OUT_OF_RANGE", "NOT_SUPPORTED"],
  run: ({ handle: vmo, offset, length, source, sourceOffset }) => {
    const bounds = [offset, length, sourceOffset];
    if (bounds.some((one) => one % PAGE_SIZE !== 0)) return Status.INVALID_ARGS;
    return vmo.takePages(offset, length, { from: source, offset: sourceOffset });
  },
});

/** The calls of this file. */
export const MEMORY_ROWS = {
  vmoCreate,
  vmoRead,
  vmoWrite,
  vmoGetSize,
  vmoSetSize,
  vmoGetStreamSize,
  vmoSetStreamSize,
  vmoCreateChild,
  vmoReplaceAsExecutable,
  vmoSetCachePolicy,
  vmoCreatePhysical,
  vmoCreateContiguous,
  vmoTransferData,
};

function childRights(rights: number, options: number): number {
  // Whoever makes a child may name it.
  let child = (rights & ~Right.RESIZE) | Right.GET_PROPERTY | Right.SET_PROPERTY;
  if (options & VmoChild.RESIZABLE) child |= Right.RESIZE;
  if (options & NO_WRITE) child &= ~Right.WRITE;
  else if (options & COPIES) child = (child | Right.WRITE) & ~Right.EXECUTE;
  return child;
}

function grantsVmex(call: Call, value: number) {
  const resource = VMEX.decode(value, call, "vmex");
  return typeof resource === "number" ? resource : Status.OK;
}
