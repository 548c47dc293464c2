/**
 * Calls about memory, as a trace writes them.
 *
 * @module
 */
import { VECTOR_SIZE } from "../../kernel/linux/abi/file.ts";
import {
  Advice,
  Barrier,
  Lock,
  LockAll,
  MapFlag,
  Protection,
  Remap,
  Sync,
} from "../../kernel/linux/abi/memory.ts";
import { PAGE_SIZE } from "../../kernel/ports.ts";
import { flagSet, maskText, nameText } from "./flag_set.ts";
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

const PROT = flagSet("PROT_", Protection);
const { TYPE, SHARED, PRIVATE, SHARED_VALIDATE, ...MAP_BITS } = MapFlag;
const MAP = flagSet("MAP_", MAP_BITS);
const MAP_TYPES = flagSet("MAP_", { FILE: 0, SHARED, PRIVATE, SHARED_VALIDATE });
const MREMAP = flagSet("MREMAP_", Remap);
const MSYNC = flagSet("MS_", Sync);
const LOCK_ALL = flagSet("MCL_", LockAll);
const MEMBARRIER = flagSet("MEMBARRIER_CMD_", Barrier);
const ADVICE = flagSet("MADV_", Advice);

const mapFlags: Show = (seen, at) => {
  const value = seen.uint(at);
  const kind = nameText(MAP_TYPES, value & TYPE);
  const rest = value & ~TYPE;
  return rest === 0 ? kind : `${kind}|${maskText(MAP, rest)}`;
};

const residence: Show = (seen, at) =>
  listAt(seen, seen.address(at), {
    bytes: 1,
    count: Math.ceil(seen.address(1) / PAGE_SIZE),
    show: (view) => `${view.getUint8(0) & 1}`,
  });

/** Where memory is to move to; nothing unless that is asked for. */
const target: Show = (seen, at) =>
  (seen.uint(at - 1) & Remap.FIXED) !== 0 ? addressText(seen.whole(at)) : null;

/** Pieces of memory with what was read, or bare where nothing was. */
const filledOrBare: Show = (seen, at) =>
  list(VECTOR_SIZE, seen.failed ? remote : vectorText, at + 1)(seen, at);

/** The calls about memory. */
export const MEMORY_SHAPES: Readonly<Record<string, CallShape>> = {
  brk: [address],
  mmap: [address, size, mask(PROT), mapFlags, int, hex],
  mprotect: [address, size, mask(PROT)],
  mremap: [address, size, size, mask(MREMAP), target],
  msync: [address, size, mask(MSYNC)],
  mlockall: [mask(LOCK_ALL)],
  mlock2: [address, size, mask(flagSet("MLOCK_", Lock))],
  mincore: [address, size, after(residence)],
  madvise: [address, size, one(ADVICE)],
  process_madvise: [int, list(VECTOR_SIZE, vectorText, 2), size, one(ADVICE), hex],
  process_vm_readv: [int, afterAll(filledOrBare), size, list(VECTOR_SIZE, remote, 4), size, uint],
  process_vm_writev: [
    int,
    list(VECTOR_SIZE, vectorText, 2),
    size,
    list(VECTOR_SIZE, remote, 4),
    size,
    uint,
  ],
  membarrier: [one(MEMBARRIER), hex, (seen, at) => seen.uint(1) === 0 ? null : uint(seen, at)],
};

/** Pieces of memory of another process. */
function remote(view: DataView): string {
  const base = addressText(view.getBigUint64(0, true));
  return `{iov_base=${base}, iov_len=${view.getBigUint64(8, true)}}`;
}
