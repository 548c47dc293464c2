/**
 * Numbers about memory objects and address regions.
 *
 * @module
 */

/** Options of `zx_vmar_map`, `zx_vmar_allocate` and `zx_vmar_protect`. */
export const VmOption = {
  PERM_READ: 1 << 0,
  PERM_WRITE: 1 << 1,
  PERM_EXECUTE: 1 << 2,
  COMPACT: 1 << 3,
  SPECIFIC: 1 << 4,
  SPECIFIC_OVERWRITE: 1 << 5,
  CAN_MAP_SPECIFIC: 1 << 6,
  CAN_MAP_READ: 1 << 7,
  CAN_MAP_WRITE: 1 << 8,
  CAN_MAP_EXECUTE: 1 << 9,
  MAP_RANGE: 1 << 10,
  REQUIRE_NON_RESIZABLE: 1 << 11,
  ALLOW_FAULTS: 1 << 12,
  OFFSET_IS_UPPER_LIMIT: 1 << 13,
  PERM_READ_IF_XOM_UNSUPPORTED: 1 << 14,
  FAULT_BEYOND_STREAM_SIZE: 1 << 15,
  ALIGN_SHIFT: 24,
} as const;

/** Options of `zx_vmo_create`. */
export const VmoOption = { RESIZABLE: 2, DISCARDABLE: 4, TRAP_DIRTY: 8, UNBOUNDED: 16 } as const;

/** Options of `zx_vmo_create_child`. */
export const VmoChild = {
  SNAPSHOT: 1 << 0,
  RESIZABLE: 1 << 2,
  SLICE: 1 << 3,
  SNAPSHOT_AT_LEAST_ON_WRITE: 1 << 4,
  NO_WRITE: 1 << 5,
  REFERENCE: 1 << 6,
  SNAPSHOT_MODIFIED: 1 << 7,
} as const;

/** Operations of `zx_vmo_op_range`. */
export const VmoOp = {
  COMMIT: 1,
  DECOMMIT: 2,
  LOCK: 3,
  UNLOCK: 4,
  CACHE_SYNC: 6,
  CACHE_INVALIDATE: 7,
  CACHE_CLEAN: 8,
  CACHE_CLEAN_INVALIDATE: 9,
  ZERO: 10,
  TRY_LOCK: 11,
  DONT_NEED: 12,
  ALWAYS_NEED: 13,
  PREFETCH: 14,
} as const;

/** Operations of `zx_vmar_op_range`. */
export const VmarOp = {
  COMMIT: 1,
  DECOMMIT: 2,
  MAP_RANGE: 3,
  ZERO: 10,
  DONT_NEED: 12,
  ALWAYS_NEED: 13,
  PREFETCH: 14,
} as const;

/** Operations of `zx_pager_op_range`. */
export const PagerOp = { FAIL: 1, DIRTY: 2, WRITEBACK_BEGIN: 3, WRITEBACK_END: 4 } as const;

/** Bits of a VMO's `flags` in `ZX_INFO_VMO`. */
export const VmoInfoFlag = {
  TYPE_PAGED: 1 << 0,
  RESIZABLE: 1 << 1,
  IS_COW_CLONE: 1 << 2,
  VIA_HANDLE: 1 << 3,
  VIA_MAPPING: 1 << 4,
  PAGER_BACKED: 1 << 5,
  CONTIGUOUS: 1 << 6,
  DISCARDABLE: 1 << 7,
  IMMUTABLE: 1 << 8,
  VIA_IOB: 1 << 9,
} as const;

/** Cache policies of `zx_vmo_set_cache_policy`. */
export const CachePolicy = {
  CACHED: 0,
  UNCACHED: 1,
  UNCACHED_DEVICE: 2,
  WRITE_COMBINING: 3,
} as const;

/** The user part of every address space: RISC-V's Sv39, without its first two megabytes. */
export const USER_BASE = 0x200000;
/** The first address beyond the user part. */
export const USER_TOP = 2 ** 38 - 4096;
/** Where the addresses begin that processes can share; what lies below is always their own. */
export const USER_SHARED_BASE = 2 ** 37;

/** Commands in the packets that a pager gets. */
export const PagerCommand = { READ: 0, COMPLETE: 1, DIRTY: 2 } as const;

/** Options of the calls that ask a pager's memory object something, and bits of their answers. */
export const PagerQuery = { RESET_STATS: 1, STATS_MODIFIED: 1, DIRTY_RANGE_IS_ZERO: 1 } as const;

/** Options of `zx_stream_create`: what the stream is for. */
export const StreamMode = { READ: 1, WRITE: 2, APPEND: 4 } as const;

/** Option of `zx_stream_writev`: write behind the end. */
export const STREAM_APPEND = 1;

/** Where `zx_stream_seek` counts from. */
export const SeekOrigin = { START: 0, CURRENT: 1, END: 2 } as const;
