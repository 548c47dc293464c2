/**
 * The names of what files are opened and asked for.
 *
 * @module
 */
import { flagSet } from "./flag_set.ts";
import type { Show } from "./shape.ts";

const ACCESS = ["O_RDONLY", "O_WRONLY", "O_RDWR", "O_ACCMODE"];
const OPEN = {
  O_CREAT: 0o100,
  O_EXCL: 0o200,
  O_NOCTTY: 0o400,
  O_TRUNC: 0o1000,
  O_APPEND: 0o2000,
  O_NONBLOCK: 0o4000,
  O_SYNC: 0o4010000,
  O_DSYNC: 0o10000,
  O_ASYNC: 0o20000,
  O_DIRECT: 0o40000,
  O_LARGEFILE: 0o100000,
  O_NOFOLLOW: 0o400000,
  O_NOATIME: 0o1000000,
  O_CLOEXEC: 0o2000000,
  O_PATH: 0o10000000,
  O_TMPFILE: 0o20200000,
  O_DIRECTORY: 0o200000,
};

/** How a file is opened. */
export function openText(value: number): string {
  const found = [ACCESS[value & 3]!];
  let rest = value & ~3;
  for (const [name, bits] of Object.entries(OPEN)) {
    if ((rest & bits) !== bits) continue;
    found.push(name);
    rest &= ~bits;
  }
  if (rest !== 0) found.push(`0x${(rest >>> 0).toString(16)}`);
  return found.join("|");
}

/** How a file is opened. */
export const open: Show = (seen, at) => openText(seen.uint(at));

/** What is wanted of what is made, where reading and writing are no question. */
export const PIPE_FLAGS = flagSet("O_", {
  EXCL: 0o200,
  NONBLOCK: 0o4000,
  DIRECT: 0o40000,
  CLOEXEC: 0o2000000,
});

/** How a path is followed. */
export const AT_FLAGS = flagSet("AT_", {
  SYMLINK_NOFOLLOW: 0x100,
  REMOVEDIR: 0x200,
  SYMLINK_FOLLOW: 0x400,
  NO_AUTOMOUNT: 0x800,
  EMPTY_PATH: 0x1000,
  RECURSIVE: 0x8000,
});

/** As whom, and how, a path is followed where only rights are asked. */
export const ACCESS_AT_FLAGS = flagSet("AT_", {
  SYMLINK_NOFOLLOW: 0x100,
  EACCESS: 0x200,
  EMPTY_PATH: 0x1000,
});

/** What of a file may be used. */
export const ACCESS_FLAGS = flagSet("", { F_OK: 0, R_OK: 4, W_OK: 2, X_OK: 1 });

/** From where a position counts. */
export const WHENCE = flagSet("SEEK_", { SET: 0, CUR: 1, END: 2, DATA: 3, HOLE: 4 });

/** What `fcntl` is asked. */
export const FCNTL = flagSet("F_", {
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
  DUPFD_CLOEXEC: 1030,
  SETPIPE_SZ: 1031,
  GETPIPE_SZ: 1032,
  ADD_SEALS: 1033,
  GET_SEALS: 1034,
});

/** What may no longer be done with a file of memory. */
export const SEALS = flagSet("F_SEAL_", {
  SEAL: 1,
  SHRINK: 2,
  GROW: 4,
  WRITE: 8,
  FUTURE_WRITE: 16,
});

/** Locks. */
export const LOCKS = flagSet("F_", { RDLCK: 0, WRLCK: 1, UNLCK: 2 });

/** Locks of whole files. */
export const FLOCK = flagSet("LOCK_", { SH: 1, EX: 2, NB: 4, UN: 8 });

/** What devices are asked. */
export const IOCTLS = flagSet("", {
  TCGETS: 0x5401,
  TCSETS: 0x5402,
  TCSETSW: 0x5403,
  TCSETSF: 0x5404,
  TCSBRK: 0x5409,
  TCXONC: 0x540a,
  TCFLSH: 0x540b,
  TIOCEXCL: 0x540c,
  TIOCNXCL: 0x540d,
  TIOCSCTTY: 0x540e,
  TIOCGPGRP: 0x540f,
  TIOCSPGRP: 0x5410,
  TIOCOUTQ: 0x5411,
  TIOCSTI: 0x5412,
  TIOCGWINSZ: 0x5413,
  TIOCSWINSZ: 0x5414,
  FIONREAD: 0x541b,
  FIONBIO: 0x5421,
  TIOCNOTTY: 0x5422,
  TIOCGSID: 0x5429,
  TIOCGPTN: 0x80045430,
  TIOCSPTLCK: 0x40045431,
  TIOCGPTPEER: 0x5441,
  FIONCLEX: 0x5450,
  FIOCLEX: 0x5451,
  FIOASYNC: 0x5452,
  FS_IOC_GETFLAGS: 0x80086601,
  FICLONE: 0x40049409,
  SIOCATMARK: 0x8905,
});
