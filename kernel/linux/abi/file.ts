/**
 * What is asked of files that are open, and of names.
 *
 * @module
 */

/** From where a position counts. */
export const Whence = { SET: 0, CUR: 1, END: 2, DATA: 3, HOLE: 4 } as const;

/** How pieces of memory are read or written. */
export const TransferFlag = { HIPRI: 1, DSYNC: 2, SYNC: 4, NOWAIT: 8, APPEND: 16 } as const;

/** How bytes go from file to file through pipes. */
export const SpliceFlag = { MOVE: 1, NONBLOCK: 2, MORE: 4, GIFT: 8 } as const;

/** What is done with the descriptors of a range. */
export const CloseRange = { UNSHARE: 2, CLOEXEC: 4 } as const;

/** How room is made for a file, or taken from it. */
export const AllocateMode = {
  KEEP_SIZE: 1,
  PUNCH_HOLE: 2,
  COLLAPSE_RANGE: 8,
  ZERO_RANGE: 16,
  INSERT_RANGE: 32,
  UNSHARE_RANGE: 64,
} as const;

/** How a file is going to be read. */
export const FileAdvice = {
  NORMAL: 0,
  RANDOM: 1,
  SEQUENTIAL: 2,
  WILLNEED: 3,
  DONTNEED: 4,
  NOREUSE: 5,
} as const;

/** What of a file is to be on its disk, and when. */
export const SyncRange = { WAIT_BEFORE: 1, WRITE: 2, WAIT_AFTER: 4 } as const;

/** What a file of memory is like. */
export const MemoryFileFlag = {
  CLOEXEC: 1,
  ALLOW_SEALING: 2,
  HUGETLB: 4,
  NOEXEC_SEAL: 8,
  EXEC: 16,
} as const;

/** What may no longer be done to a file. */
export const Seal = { SEAL: 1, SHRINK: 2, GROW: 4, WRITE: 8, FUTURE_WRITE: 16 } as const;

/** How a name is given to a file that has another. */
export const Rename = { NOREPLACE: 1, EXCHANGE: 2, WHITEOUT: 4 } as const;

/** Whether an extended attribute may, or must, be there already. */
export const ExtendedAttributeFlag = { CREATE: 1, REPLACE: 2 } as const;

/** The bytes of a `struct iovec`: where a piece of memory is, and how long. */
export const VECTOR_SIZE = 16;
