/**
 * `zx_vmo_op_range` and `zx_vmar_op_range`: one deed for every page of a range.
 *
 * @module
 */
import { Right, Status, VmarOp, VmoOp } from "../abi.ts";
import type { Handle } from "../object/handle.ts";
import { Access, PAGE_SIZE } from "../ports.ts";
import { capacity } from "../syscall/buffer.ts";
import { type OutBytes, outBytes } from "../syscall/out_bytes.ts";
import type { Call } from "../syscall/call.ts";
import { demand } from "../syscall/demand.ts";
import { held, u32, u64, u64Or } from "../syscall/kind.ts";
import { whenPaged } from "../syscall/paged.ts";
import { syscall } from "../syscall/row.ts";
import { type MappedPart, mappedParts, mapPresent } from "../vm/mapped_range.ts";
import type { PageNeed } from "../vm/page_source.ts";
import { Vmar } from "../vm/vmar.ts";
import { Vmo } from "../vm/vmo.ts";

const LOCK_STATE_SIZE = 32;

/** What an operation demands of the handle. */
const RIGHTS = new Map<number, number>([
  [VmoOp.COMMIT, Right.WRITE],
  [VmoOp.DECOMMIT, Right.WRITE],
  [VmoOp.ZERO, Right.WRITE],
  [VmoOp.CACHE_INVALIDATE, Right.WRITE],
  [VmoOp.CACHE_SYNC, Right.READ],
  [VmoOp.CACHE_CLEAN, Right.READ],
  [VmoOp.CACHE_CLEAN_INVALIDATE, Right.READ],
  [VmoOp.LOCK, Right.NONE],
  [VmoOp.TRY_LOCK, Right.NONE],
  [VmoOp.UNLOCK, Right.NONE],
  [VmoOp.DONT_NEED, Right.NONE],
  [VmoOp.ALWAYS_NEED, Right.NONE],
  [VmoOp.PREFETCH, Right.READ],
]);

const vmoOpRange = syscall({
  name: "zx_vmo_op_range",
  about: "Do something to every page of a range of a memory object.",
  args: {
    handle: held(Vmo, Right.NONE),
    op: u32,
    offset: u64,
    size: u64,
    buffer: outBytes("bufferSize"),
    bufferSize: capacity(LOCK_STATE_SIZE),
  },
  errors: [
    "ACCESS_DENIED",
    "INVALID_ARGS",
    "OUT_OF_RANGE",
    "NOT_SUPPORTED",
    "NO_MEMORY",
    "BAD_STATE",
    "UNAVAILABLE",
    "NOT_FOUND",
  ],
  run({ handle: { handle, object: vmo }, op, offset, size, buffer }, call) {
    const rights = RIGHTS.get(op);
    if (rights === undefined) return Status.INVALID_ARGS;
    const demanded = demand(call, "handle", handle, rights);
    if (demanded !== Status.OK) return demanded;
    switch (op) {
      case VmoOp.LOCK:
      case VmoOp.TRY_LOCK:
      case VmoOp.UNLOCK:
        return lockRange(call, { handle, vmo, op, offset, size, buffer });
      case VmoOp.DECOMMIT:
        return vmo.decommit(offset, size);
      case VmoOp.COMMIT:
      case VmoOp.ZERO:
      case VmoOp.PREFETCH:
        return whenPaged(call, vmo, () => onRange(vmo, op, offset, size));
      case VmoOp.DONT_NEED:
      case VmoOp.ALWAYS_NEED:
        return vmo.holds(offset, size) ? Status.OK : Status.OUT_OF_RANGE;
      default:
        // The caches are always coherent: there is nothing to do, but only for a range that is there.
        if (size === 0) return Status.INVALID_ARGS;
        return vmo.holds(offset, size) ? Status.OK : Status.OUT_OF_RANGE;
    }
  },
});

const vmarOpRange = syscall({
  name: "zx_vmar_op_range",
  about: "Do something to every page that is mapped in a range of addresses.",
  args: {
    handle: held(Vmar, Right.NONE),
    op: u32,
    address: u64,
    size: u64,
    buffer: u64Or(0),
    bufferSize: u64Or(0),
  },
  errors: [
    "ACCESS_DENIED",
    "INVALID_ARGS",
    "OUT_OF_RANGE",
    "NOT_SUPPORTED",
    "NO_MEMORY",
    "BAD_STATE",
    "NOT_FOUND",
  ],
  why: { ACCESS_DENIED: "the operation changes memory whose mapping can never have PERM_WRITE" },
  grants: { ACCESS_DENIED: "a mapping made by handles with the right WRITE" },
  run({ handle: { handle, object: vmar }, op, address, size, buffer, bufferSize }, call) {
    if (buffer !== 0 || bufferSize !== 0 || size === 0) return Status.INVALID_ARGS;
    if (address % PAGE_SIZE !== 0 || !KNOWN.has(op)) return Status.INVALID_ARGS;
    const writing = WRITING.has(op);
    const demanded = demand(call, "handle", handle, writing ? Right.WRITE : Right.NONE);
    if (demanded !== Status.OK) return demanded;
    const to = address + Math.ceil(size / PAGE_SIZE) * PAGE_SIZE;
    const children = handle.has(Right.OP_CHILDREN);
    return whenPaged(call, vmar, onAddresses(vmar, op, { from: address, to, children }));
  },
});

/** The calls of this file. */
export const MEMORY_RANGE_ROWS = { vmoOpRange, vmarOpRange };

const KNOWN: ReadonlySet<number> = new Set(Object.values(VmarOp));
const WRITING: ReadonlySet<number> = new Set([VmarOp.COMMIT, VmarOp.DECOMMIT, VmarOp.ZERO]);

type RangeStatus = typeof Status[
  "OK" | "OUT_OF_RANGE" | "NO_MEMORY" | "BAD_STATE" | "NOT_FOUND" | "NOT_SUPPORTED"
];

/** Commit, zero or fetch a range; or what a pager has to do first. */
function onRange(vmo: Vmo, op: number, offset: number, size: number): RangeStatus | PageNeed {
  if (!vmo.holds(offset, size)) return Status.OUT_OF_RANGE;
  const writing = op === VmoOp.ZERO;
  if (op === VmoOp.PREFETCH) return vmo.need(offset, size, false) ?? Status.OK;
  const status = writing ? vmo.zero(offset, size) : vmo.commit(offset, size);
  if (status !== Status.SHOULD_WAIT) return status;
  return vmo.need(offset, size, writing, writing) ?? Status.BAD_STATE;
}

/**
 * Something to do to all that is mapped from one address to another, and to go on with where it stopped.
 * Every time it asks anew what is mapped there: while it waited, others may have changed that.
 */
function onAddresses(
  vmar: Vmar,
  op: number,
  { from, to, children }: {
    readonly from: number;
    readonly to: number;
    readonly children: boolean;
  },
) {
  let at = from;
  return () => {
    const parts = mappedParts(vmar, { from: at, to, children });
    if (typeof parts === "number") return parts;
    const writing = WRITING.has(op);
    for (const { mapping } of parts) {
      // What is not writable now, but could be made so, may be changed like this as well.
      if (writing && (mapping.accessMax & Access.WRITE) === 0) return Status.ACCESS_DENIED;
    }
    for (const part of parts) {
      const done = onPart(part, op);
      if (done !== Status.OK) return done;
      at = part.address + part.length;
    }
    return Status.OK;
  };
}

function onPart(part: MappedPart, op: number) {
  if (op === VmarOp.DONT_NEED || op === VmarOp.ALWAYS_NEED) return Status.OK;
  const { mapping: { vmo }, offset, length } = part;
  if (op !== VmarOp.MAP_RANGE) {
    const done = op === VmarOp.DECOMMIT
      ? vmo.decommit(offset, length)
      : onRange(vmo, op, offset, length);
    if (done !== Status.OK) return done;
  }
  if (op === VmarOp.COMMIT || op === VmarOp.MAP_RANGE) mapPresent(part);
  return Status.OK;
}

interface LockRequest {
  readonly handle: Handle;
  readonly vmo: Vmo;
  readonly op: number;
  readonly offset: number;
  readonly size: number;
  readonly buffer: OutBytes;
}

function lockRange(call: Call, { handle, vmo, op, offset, size, buffer }: LockRequest) {
  const either = handle.has(Right.READ) ? Right.READ : Right.WRITE;
  const demanded = demand(call, "handle", handle, either);
  if (demanded !== Status.OK) return demanded;
  const lock = vmo.discardLock;
  if (lock === null) return Status.NOT_SUPPORTED;
  if (offset !== 0 || size !== vmo.size) return Status.OUT_OF_RANGE;
  if (op === VmoOp.UNLOCK) return lock.unlock();
  if (op === VmoOp.TRY_LOCK) {
    if (lock.discarded) return Status.UNAVAILABLE;
    lock.lock();
    return Status.OK;
  }
  if (!buffer.given || buffer.capacity < LOCK_STATE_SIZE) return Status.INVALID_ARGS;
  const discarded = lock.lock() ? size : 0;
  const state = new BigUint64Array([0n, BigInt(size), 0n, BigInt(discarded)]);
  const status = buffer.write(new Uint8Array(state.buffer));
  if (status !== Status.OK) lock.unlock();
  return status;
}
