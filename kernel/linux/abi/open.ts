/**
 * How paths are followed, and files opened.
 *
 * @module
 */

/** How a file is opened, and what its descriptor is like; what holds all of another's bits stands first. */
export const OpenFlag = {
  ACCESS: 3,
  RDONLY: 0,
  WRONLY: 1,
  RDWR: 2,
  CREAT: 0o100,
  EXCL: 0o200,
  NOCTTY: 0o400,
  TRUNC: 0o1000,
  APPEND: 0o2000,
  NONBLOCK: 0o4000,
  SYNC: 0o4010000,
  DSYNC: 0o10000,
  ASYNC: 0o20000,
  DIRECT: 0o40000,
  LARGEFILE: 0o100000,
  NOFOLLOW: 0o400000,
  NOATIME: 0o1000000,
  CLOEXEC: 0o2000000,
  PATH: 0o10000000,
  TMPFILE: 0o20200000,
  DIRECTORY: 0o200000,
} as const;

/** The directory that a task is in, in place of a descriptor. */
export const AT_FDCWD = -100;

/** How a path at a descriptor is followed. */
export const AtFlag = {
  SYMLINK_NOFOLLOW: 0x100,
  REMOVEDIR: 0x200,
  SYMLINK_FOLLOW: 0x400,
  NO_AUTOMOUNT: 0x800,
  EMPTY_PATH: 0x1000,
  RECURSIVE: 0x8000,
} as const;

/** As whom it is followed where only rights are asked; the bit means something else elsewhere. */
export const AT_EACCESS = 0x200;

/** What `openat2` does not go through on its way. */
export const Resolve = {
  NO_XDEV: 1,
  NO_MAGICLINKS: 2,
  NO_SYMLINKS: 4,
  BENEATH: 8,
  IN_ROOT: 16,
  CACHED: 32,
} as const;

/** The bytes of a `struct open_how`, which `openat2` takes. */
export const OPEN_HOW_SIZE = 24;
