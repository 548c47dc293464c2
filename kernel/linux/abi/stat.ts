/**
 * What is asked about what files are, and where they are.
 *
 * @module
 */

/** What `statx` is asked for. */
export const Statx = {
  ALL: 0xfff,
  BASIC_STATS: 0x7ff,
  TYPE: 1,
  MODE: 2,
  NLINK: 4,
  UID: 8,
  GID: 0x10,
  ATIME: 0x20,
  MTIME: 0x40,
  CTIME: 0x80,
  INO: 0x100,
  SIZE: 0x200,
  BLOCKS: 0x400,
  BTIME: 0x800,
  MNT_ID: 0x1000,
} as const;

/** How true its answer has to be. */
export const StatxSync = { SYNC_AS_STAT: 0, FORCE_SYNC: 0x2000, DONT_SYNC: 0x4000 } as const;

/** The bytes of what is told of a file, in the old way and the new, and of a file system. */
export const StatSize = { STAT: 128, STATX: 256, STATFS: 120 } as const;

/** Whose rights a program gets, and who may remove what is in a directory: bits of a mode. */
export const ModeBit = { UID: 0o4000, GID: 0o2000, VTX: 0o1000 } as const;

/** What stands in place of nanoseconds for a time that nobody knows, and for one that stays. */
export const FileTime = { NOW: 0x3fffffff, OMIT: 0x3ffffffe } as const;

/** The kinds of file systems. */
export const FileSystemKind = {
  TMPFS_MAGIC: 0x01021994,
  SYSFS_MAGIC: 0x62656572,
  PROC_SUPER_MAGIC: 0x9fa0,
  OVERLAYFS_SUPER_MAGIC: 0x794c7630,
  DEVPTS_SUPER_MAGIC: 0x1cd1,
  PIPEFS_MAGIC: 0x50495045,
  SOCKFS_MAGIC: 0x534f434b,
  TRACEFS_MAGIC: 0x74726163,
  NSFS_MAGIC: 0x6e736673,
  MQUEUE_MAGIC: 0x19800202,
} as const;

/** What may be done in a file system that is mounted. */
export const MountedFlag = {
  VALID: 0x20,
  RDONLY: 1,
  NOSUID: 2,
  NODEV: 4,
  NOEXEC: 8,
  RELATIME: 0x1000,
} as const;

/** How a file system is mounted. */
export const MountFlag = {
  RDONLY: 1,
  NOSUID: 2,
  NODEV: 4,
  NOEXEC: 8,
  REMOUNT: 0x20,
  BIND: 0x1000,
  MOVE: 0x2000,
  UNBINDABLE: 1 << 17,
  PRIVATE: 1 << 18,
  SLAVE: 1 << 19,
  SHARED: 1 << 20,
} as const;

/** How it is unmounted. */
export const UnmountFlag = {
  MNT_FORCE: 1,
  MNT_DETACH: 2,
  MNT_EXPIRE: 4,
  UMOUNT_NOFOLLOW: 8,
} as const;
