/**
 * Calls about memory, as a trace writes them.
 *
 * @module
 */
import { MapFlag } from "../../kernel/linux/mm/mmap.ts";
import { flagSet, maskText } from "./flag_set.ts";
import { vectorText } from "./file_shapes.ts";
import {
  address,
  addressText,
  after,
  afterAll,
  type CallShape,
  hex,
  int,
  list,
  listAt,
  mask,
  one,
  type Show,
  size,
  uint,
} from "./shape.ts";

const PAGE = 4096;
const MREMAP_FIXED = 2;

const PROT = flagSet("PROT_", {
  NONE: 0,
  READ: 1,
  WRITE: 2,
  EXEC: 4,
  GROWSDOWN: 0x1000000,
  GROWSUP: 0x2000000,
});
const MAP = {
  FIXED: MapFlag.FIXED,
  ANONYMOUS: MapFlag.ANONYMOUS,
  NORESERVE: MapFlag.NORESERVE,
  POPULATE: MapFlag.POPULATE,
  NONBLOCK: 0x10000,
  GROWSDOWN: MapFlag.GROWSDOWN,
  DENYWRITE: 0x800,
  EXECUTABLE: 0x1000,
  LOCKED: MapFlag.LOCKED,
  STACK: 0x20000,
  HUGETLB: 0x40000,
  SYNC: 0x80000,
  FIXED_NOREPLACE: MapFlag.FIXED_NOREPLACE,
};
const KINDS = ["MAP_FILE", "MAP_SHARED", "MAP_PRIVATE", "MAP_SHARED_VALIDATE"];
const MREMAP = flagSet("MREMAP_", { MAYMOVE: 1, FIXED: 2, DONTUNMAP: 4 });
const MSYNC = flagSet("MS_", { SYNC: 4, ASYNC: 1, INVALIDATE: 2 });
const LOCK_ALL = flagSet("MCL_", { CURRENT: 1, FUTURE: 2, ONFAULT: 4 });
const MEMBARRIER = flagSet("MEMBARRIER_CMD_", {
  QUERY: 0,
  GLOBAL: 1,
  GLOBAL_EXPEDITED: 2,
  REGISTER_GLOBAL_EXPEDITED: 4,
  PRIVATE_EXPEDITED: 8,
  REGISTER_PRIVATE_EXPEDITED: 16,
});
const ADVICE = flagSet("MADV_", {
  NORMAL: 0,
  RANDOM: 1,
  SEQUENTIAL: 2,
  WILLNEED: 3,
  DONTNEED: 4,
  FREE: 8,
  REMOVE: 9,
  DONTFORK: 10,
  DOFORK: 11,
  MERGEABLE: 12,
  UNMERGEABLE: 13,
  HUGEPAGE: 14,
  NOHUGEPAGE: 15,
  DONTDUMP: 16,
  DODUMP: 17,
  WIPEONFORK: 18,
  KEEPONFORK: 19,
  COLD: 20,
  PAGEOUT: 21,
  POPULATE_READ: 22,
  POPULATE_WRITE: 23,
  DONTNEED_LOCKED: 24,
  COLLAPSE: 25,
});

const mapFlags: Show = (seen, at) => {
  const value = seen.uint(at);
  const kind = KINDS[value & 15] ?? `0x${(value & 15).toString(16)} /* MAP_??? */`;
  const rest = value & ~15;
  return rest === 0 ? kind : `${kind}|${maskText(flagSet("MAP_", MAP), rest)}`;
};

const residence: Show = (seen, at) =>
  listAt(seen, seen.address(at), {
    bytes: 1,
    count: Math.ceil(seen.address(1) / PAGE),
    show: (view) => `${view.getUint8(0) & 1}`,
  });

/** Where memory is to move to; nothing unless that is asked for. */
const target: Show = (seen, at) =>
  (seen.uint(at - 1) & MREMAP_FIXED) !== 0 ? addressText(seen.whole(at)) : null;

/** Pieces of memory with what was read, or bare where nothing was. */
const filledOrBare: Show = (seen, at) =>
  list(16, seen.failed ? remote : vectorText, at + 1)(seen, at);

/** The calls about memory. */
export const MEMORY_SHAPES: Readonly<Record<string, CallShape>> = {
  brk: [address],
  mmap: [address, size, mask(PROT), mapFlags, int, hex],
  mprotect: [address, size, mask(PROT)],
  mremap: [address, size, size, mask(MREMAP), target],
  msync: [address, size, mask(MSYNC)],
  mlockall: [mask(LOCK_ALL)],
  mlock2: [address, size, mask(flagSet("MLOCK_", { ONFAULT: 1 }))],
  mincore: [address, size, after(residence)],
  madvise: [address, size, one(ADVICE)],
  process_madvise: [int, list(16, vectorText, 2), size, one(ADVICE), hex],
  process_vm_readv: [int, afterAll(filledOrBare), size, list(16, remote, 4), size, uint],
  process_vm_writev: [int, list(16, vectorText, 2), size, list(16, remote, 4), size, uint],
  membarrier: [one(MEMBARRIER), hex, (seen, at) => seen.uint(1) === 0 ? null : uint(seen, at)],
};

/** Pieces of memory of another process. */
function remote(view: DataView): string {
  const base = addressText(view.getBigUint64(0, true));
  return `{iov_base=${base}, iov_len=${view.getBigUint64(8, true)}}`;
}
