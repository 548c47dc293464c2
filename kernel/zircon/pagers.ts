/**
 * `zx_pager_*`: memory objects whose pages a program supplies.
 *
 * @module
 */
import {
  DEFAULT_RIGHTS,
  failed,
  type Failure,
  PagerOp,
  PagerQuery,
  PolicyCondition,
  Right,
  Status,
  VmoOption,
} from "../abi.ts";
import { Port } from "../ipc/port.ts";
import { PAGE_SIZE } from "../ports.ts";
import { capacity, outHandle, outNumber } from "../syscall/buffer.ts";
import { outBytes } from "../syscall/out_bytes.ts";
import { allowedBy, handle, i64, options, u32, u64, u64Exact, u64Or } from "../syscall/kind.ts";
import { syscall } from "../syscall/row.ts";
import type { PageSource } from "../vm/page_source.ts";
import { Pager } from "../vm/pager.ts";
import { pagesOf, Vmo } from "../vm/vmo.ts";
import { PagerPort } from "./pager_port.ts";

const DIRTY_RANGE_SIZE = 24;
const STATS_SIZE = 4;

/** What a pager may say went wrong. */
const FAILURES: ReadonlySet<number> = new Set([
  Status.IO,
  Status.IO_DATA_INTEGRITY,
  Status.BAD_STATE,
  Status.NO_SPACE,
  Status.BUFFER_TOO_SMALL,
]);

const pagerCreate = syscall({
  name: "zx_pager_create",
  about: "Make a pager.",
  args: {
    options: options(0),
    out: outHandle,
    policy: allowedBy(PolicyCondition.NEW_PAGER),
  },
  errors: [],
  run: ({ out }, call) => out.give(new Pager(call.realm), DEFAULT_RIGHTS.pager),
});

const pagerCreateVmo = syscall({
  name: "zx_pager_create_vmo",
  about: "Make a memory object whose pages a pager supplies when its port is asked for them.",
  args: {
    pager: handle(Pager, Right.ATTACH_VMO),
    options: options(VmoOption.RESIZABLE | VmoOption.TRAP_DIRTY),
    port: handle(Port, Right.WRITE),
    key: u64Exact,
    size: u64,
    out: outHandle,
    policy: allowedBy(PolicyCondition.NEW_VMO),
  },
  checks: ["options", "policy"],
  errors: ["OUT_OF_RANGE"],
  run({ pager, options, port, key, size, out }) {
    const resizable = (options & VmoOption.RESIZABLE) !== 0;
    const trapDirty = (options & VmoOption.TRAP_DIRTY) !== 0;
    const vmo = pager.createVmo(size, () => new PagerPort(port, key), { resizable, trapDirty });
    if (failed(vmo)) return vmo;
    return out.give(vmo, DEFAULT_RIGHTS.vmo | (resizable ? Right.RESIZE : 0));
  },
});

const pagerDetachVmo = syscall({
  name: "zx_pager_detach_vmo",
  about: "Supply a memory object no longer; whoever waits for its pages fails.",
  args: {
    pager: handle(Pager, Right.ATTACH_VMO | Right.MANAGE_VMO),
    vmo: handle(Vmo, Right.WRITE),
  },
  errors: ["INVALID_ARGS"],
  run({ pager, vmo }) {
    const source = pager.sourceOf(vmo);
    if (!source) return Status.INVALID_ARGS;
    source.detach();
    return Status.OK;
  },
});

const pagerSupplyPages = syscall({
  name: "zx_pager_supply_pages",
  about: "Move pages from a memory object into one that a pager supplies.",
  args: {
    pager: handle(Pager, Right.MANAGE_VMO),
    vmo: handle(Vmo, Right.WRITE),
    offset: u64,
    length: u64,
    auxiliary: handle(Vmo, Right.READ | Right.WRITE),
    auxiliaryOffset: u64Or(0),
  },
  errors: ["INVALID_ARGS", "OUT_OF_RANGE", "BAD_STATE", "NOT_SUPPORTED", "NO_MEMORY"],
  run({ pager, vmo, offset, length, auxiliary, auxiliaryOffset }) {
    if (!pager.sourceOf(vmo)) return Status.INVALID_ARGS;
    const bounds = [offset, length, auxiliaryOffset];
    if (bounds.some((one) => one % PAGE_SIZE !== 0)) return Status.INVALID_ARGS;
    if (auxiliary.kind !== "paged") return Status.NOT_SUPPORTED;
    if (!vmo.holds(offset, length) || !auxiliary.holds(auxiliaryOffset, length)) {
      return Status.OUT_OF_RANGE;
    }
    const [first, count] = [offset / PAGE_SIZE, length / PAGE_SIZE];
    return pager.supply(vmo, first, count, auxiliary, auxiliaryOffset / PAGE_SIZE);
  },
});

const pagerOpRange = syscall({
  name: "zx_pager_op_range",
  about: "Say of pages that they cannot be had, may be written to, or are being written back.",
  args: {
    pager: handle(Pager, Right.MANAGE_VMO),
    op: u32,
    vmo: handle(Vmo, Right.WRITE),
    offset: u64,
    length: u64,
    data: i64,
  },
  errors: ["INVALID_ARGS", "OUT_OF_RANGE", "NOT_SUPPORTED", "NOT_FOUND", "BAD_STATE"],
  run({ pager, op, vmo, offset, length, data }) {
    const source = pager.sourceOf(vmo);
    if (!source) return Status.INVALID_ARGS;
    if (offset % PAGE_SIZE !== 0 || length % PAGE_SIZE !== 0) return Status.INVALID_ARGS;
    if (op === PagerOp.FAIL && !FAILURES.has(data)) return Status.INVALID_ARGS;
    if (!vmo.holds(offset, length)) return Status.OUT_OF_RANGE;
    const range = { first: offset / PAGE_SIZE, end: (offset + length) / PAGE_SIZE };
    return operate({ pager, source, vmo, op, data: data as Failure, ...range });
  },
});

const pagerQueryDirtyRanges = syscall({
  name: "zx_pager_query_dirty_ranges",
  about: "Say which pages differ from what their pager has.",
  args: {
    pager: handle(Pager, Right.MANAGE_VMO),
    vmo: handle(Vmo, Right.READ),
    offset: u64,
    length: u64,
    buffer: outBytes("bufferSize"),
    bufferSize: capacity(64 * 1024),
    actual: outNumber(8, true),
    available: outNumber(8, true),
  },
  errors: ["INVALID_ARGS", "OUT_OF_RANGE"],
  run({ pager, vmo, offset, length, buffer, actual, available }) {
    if (!pager.sourceOf(vmo)) return Status.INVALID_ARGS;
    if (!vmo.holds(offset, length)) return Status.OUT_OF_RANGE;
    const ranges = pager.dirtyRanges(vmo, Math.floor(offset / PAGE_SIZE), pagesOf(offset + length));
    const fit = ranges.slice(0, Math.floor(buffer.capacity / DIRTY_RANGE_SIZE));
    const words = fit.flatMap(({ first, end, zero }) => [
      BigInt(first * PAGE_SIZE),
      BigInt((end - first) * PAGE_SIZE),
      zero ? BigInt(PagerQuery.DIRTY_RANGE_IS_ZERO) : 0n,
    ]);
    const written = buffer.write(new Uint8Array(new BigUint64Array(words).buffer));
    if (written !== Status.OK) return written;
    const status = actual.set(fit.length);
    return status === Status.OK ? available.set(ranges.length) : status;
  },
});

const pagerQueryVmoStats = syscall({
  name: "zx_pager_query_vmo_stats",
  about: "Say whether a pager's memory object was changed, and, if asked, forget it.",
  args: {
    pager: handle(Pager, Right.MANAGE_VMO),
    vmo: handle(Vmo, Right.READ),
    options: options(PagerQuery.RESET_STATS),
    buffer: outBytes("bufferSize"),
    bufferSize: capacity(STATS_SIZE),
  },
  errors: ["INVALID_ARGS", "BUFFER_TOO_SMALL"],
  run({ pager, vmo, options, buffer }) {
    const source = pager.sourceOf(vmo);
    if (!source) return Status.INVALID_ARGS;
    if (buffer.capacity < STATS_SIZE) return Status.BUFFER_TOO_SMALL;
    const modified = source.modified ? PagerQuery.STATS_MODIFIED : 0;
    const status = buffer.write(new Uint8Array(new Uint32Array([modified]).buffer));
    if (status === Status.OK && options !== 0) source.modified = false;
    return status;
  },
});

/** The calls of this file. */
export const PAGER_ROWS = {
  pagerCreate,
  pagerCreateVmo,
  pagerDetachVmo,
  pagerSupplyPages,
  pagerOpRange,
  pagerQueryDirtyRanges,
  pagerQueryVmoStats,
};

function operate({ pager, source, vmo, op, data, first, end }: {
  readonly pager: Pager;
  readonly source: PageSource;
  readonly vmo: Vmo;
  readonly op: number;
  readonly data: Failure;
  readonly first: number;
  readonly end: number;
}) {
  switch (op) {
    case PagerOp.FAIL:
      source.fail(first, end, data);
      return Status.OK;
    case PagerOp.DIRTY:
      return source.trapDirty ? pager.makeDirty(vmo, first, end) : Status.NOT_SUPPORTED;
    case PagerOp.WRITEBACK_BEGIN:
      pager.beginWriteback(vmo, first, end);
      return Status.OK;
    case PagerOp.WRITEBACK_END:
      pager.endWriteback(vmo, first, end);
      return Status.OK;
    default:
      return Status.NOT_SUPPORTED;
  }
}
