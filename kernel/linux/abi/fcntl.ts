/**
 * What is asked of descriptors, and of locks.
 *
 * @module
 */

/** What `fcntl` is asked. */
export const Fcntl = {
  DUPFD: 0,
  GETFD: 1,
  SETFD: 2,
  GETFL: 3,
  SETFL: 4,
  GETLK: 5,
  SETLK: 6,
  SETLKW: 7,
  SETOWN: 8,
  GETOWN: 9,
  SETSIG: 10,
  GETSIG: 11,
  SETOWN_EX: 15,
  GETOWN_EX: 16,
  OFD_GETLK: 36,
  OFD_SETLK: 37,
  OFD_SETLKW: 38,
  SETLEASE: 1024,
  GETLEASE: 1025,
  NOTIFY: 1026,
  DUPFD_QUERY: 1027,
  DUPFD_CLOEXEC: 1030,
  SETPIPE_SZ: 1031,
  GETPIPE_SZ: 1032,
  ADD_SEALS: 1033,
  GET_SEALS: 1034,
  GET_RW_HINT: 1035,
  SET_RW_HINT: 1036,
} as const;

/** What a process is told of that happens in a directory. */
export const DirectoryEvent = {
  ACCESS: 1,
  MODIFY: 2,
  CREATE: 4,
  DELETE: 8,
  RENAME: 0x10,
  ATTRIB: 0x20,
  MULTISHOT: 0x80000000,
} as const;

/** How long what is written to a file is going to last: the longest of such hints. */
export const RWH_WRITE_LIFE_EXTREME = 5;

/** What a descriptor is like. */
export const DescriptorFlag = { CLOEXEC: 1 } as const;

/** Whom a file tells that it became ready. */
export const OwnerKind = { TID: 0, PID: 1, PGRP: 2 } as const;

/** Locks of parts of files. */
export const LockType = { RDLCK: 0, WRLCK: 1, UNLCK: 2 } as const;

/** Locks of whole files. */
export const Flock = { SH: 1, EX: 2, NB: 4, UN: 8, MAND: 32 } as const;

/** The bytes of a `struct flock`. */
export const LOCK_SIZE = 32;
