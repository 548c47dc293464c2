/**
 * The names of what files are opened and asked for.
 *
 * @module
 */
import { AT_EACCESS, AtFlag, OpenFlag } from "../../kernel/linux/abi/open.ts";
import { Seal } from "../../kernel/linux/fs/memory_file.ts";
import { flagSet, nameText } from "./flag_set.ts";
import type { Show } from "./shape.ts";

const { ACCESS, RDONLY, WRONLY, RDWR, ...OPEN } = OpenFlag;
const ACCESSES = flagSet("O_", { RDONLY, WRONLY, RDWR, ACCMODE: ACCESS });

/** How a file is opened. */
export function openText(value: number): string {
  const found = [nameText(ACCESSES, value & ACCESS)];
  let rest = value & ~ACCESS;
  for (const [name, bits] of Object.entries(OPEN)) {
    if ((rest & bits) !== bits) continue;
    found.push(`O_${name}`);
    rest &= ~bits;
  }
  if (rest !== 0) found.push(`0x${(rest >>> 0).toString(16)}`);
  return found.join("|");
}

/** How a file is opened. */
export const open: Show = (seen, at) => openText(seen.uint(at));

/** What is wanted of what is made, where reading and writing are no question. */
export const PIPE_FLAGS = flagSet("O_", {
  EXCL: OpenFlag.EXCL,
  NONBLOCK: OpenFlag.NONBLOCK,
  DIRECT: OpenFlag.DIRECT,
  CLOEXEC: OpenFlag.CLOEXEC,
});

/** How a path is followed. */
export const AT_FLAGS = flagSet("AT_", AtFlag);

/** As whom, and how, a path is followed where only rights are asked. */
export const ACCESS_AT_FLAGS = flagSet("AT_", {
  SYMLINK_NOFOLLOW: AtFlag.SYMLINK_NOFOLLOW,
  EACCESS: AT_EACCESS,
  EMPTY_PATH: AtFlag.EMPTY_PATH,
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
  SEAL: Seal.SEAL,
  SHRINK: Seal.SHRINK,
  GROW: Seal.GROW,
  WRITE: Seal.WRITE,
  FUTURE_WRITE: Seal.FUTURE_WRITE,
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
