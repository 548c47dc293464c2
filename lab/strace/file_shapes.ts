/**
 * Calls about files and names, as a trace writes them.
 *
 * @module
 */
import { OPEN_HOW_SIZE, OpenFlag, Resolve } from "../../kernel/linux/abi/open.ts";
import {
  AllocateMode,
  CloseRange,
  ExtendedAttributeFlag,
  FileAdvice,
  MemoryFileFlag,
  Rename,
  SpliceFlag,
  SyncRange,
  TransferFlag,
  VECTOR_SIZE,
} from "../../kernel/linux/abi/file.ts";
import { majorOf, minorOf } from "../../kernel/linux/device_number.ts";
import {
  FileSystemKind,
  FileTime,
  ModeBit,
  MountedFlag,
  MountFlag,
  StatSize,
  Statx,
  StatxSync,
  UnmountFlag,
} from "../../kernel/linux/abi/stat.ts";
import { FileKind } from "../../kernel/linux/fs/inode.ts";
import {
  ACCESS_AT_FLAGS,
  ACCESS_FLAGS,
  AT_FLAGS,
  FLOCK,
  open,
  openText,
  PIPE_FLAGS,
  WHENCE,
} from "./file_flags.ts";
import { flagSet, maskText, nameText } from "./flag_set.ts";
import { control, deviceControl } from "./control_shapes.ts";
import { secondsText } from "./time_shapes.ts";
import {
  address,
  addressText,
  after,
  afterAll,
  answeredBytes,
  type Argument,
  bytesAt,
  bytesOf,
  type CallShape,
  dirfd,
  int,
  list,
  listAt,
  long,
  mask,
  octal,
  octalText,
  one,
  path,
  type Show,
  type ShowBytes,
  size,
  text,
  to,
  uint,
} from "./shape.ts";
import { quoted, TEXT_MAX } from "./quoted.ts";
import type { Seen } from "./seen.ts";

const UMOUNT = flagSet("", UnmountFlag);
const KINDS = flagSet("S_IF", {
  IFO: FileKind.FIFO,
  CHR: FileKind.CHARACTER,
  DIR: FileKind.DIRECTORY,
  BLK: FileKind.BLOCK,
  REG: FileKind.REGULAR,
  LNK: FileKind.SYMLINK,
  SOCK: FileKind.SOCKET,
});
const SPECIAL = flagSet("S_IS", ModeBit);
const SPECIAL_BITS = ModeBit.UID | ModeBit.GID | ModeBit.VTX;
const STATX = flagSet("STATX_", Statx);
const SYNC = flagSet("AT_STATX_", StatxSync);
const SYNC_BITS = StatxSync.FORCE_SYNC | StatxSync.DONT_SYNC;
const RENAME = flagSet("RENAME_", Rename);
const FALLOC = flagSet("FALLOC_FL_", AllocateMode);
const ADVICE = flagSet("POSIX_FADV_", FileAdvice);
const MEMORY_FILE = flagSet("MFD_", MemoryFileFlag);
const SPLICE = flagSet("SPLICE_F_", SpliceFlag);
const CLOSE_RANGE = flagSet("CLOSE_RANGE_", CloseRange);
const SYNC_RANGE = flagSet("SYNC_FILE_RANGE_", SyncRange);
const XATTR = flagSet("XATTR_", ExtendedAttributeFlag);
const RWF = flagSet("RWF_", TransferFlag);
const RESOLVE = flagSet("RESOLVE_", Resolve);
const FILE_SYSTEMS = flagSet("", FileSystemKind);
const MOUNT = flagSet("MS_", MountFlag);
const MOUNTED = flagSet("ST_", MountedFlag);
const MODE_MAKERS = OpenFlag.CREAT | (OpenFlag.TMPFILE & ~OpenFlag.DIRECTORY);

/** A file's kind and mode. */
function modeText(mode: number): string {
  const kind = nameText(KINDS, mode & FileKind.MASK);
  const special = mode & SPECIAL_BITS;
  const parts = special === 0 ? [kind] : [kind, maskText(SPECIAL, special)];
  return [...parts, octalText(mode & 0o777)].join("|");
}

function isDeviceKind(kind: number): boolean {
  return kind === FileKind.CHARACTER || kind === FileKind.BLOCK;
}

function deviceText(device: number): string {
  return `makedev(0x${majorOf(device).toString(16)}, 0x${minorOf(device).toString(16)})`;
}

const stat = to(StatSize.STAT, (view) => {
  const mode = view.getUint32(16, true);
  const isDevice = isDeviceKind(mode & FileKind.MASK);
  const rest = isDevice
    ? `st_rdev=${deviceText(view.getUint32(32, true))}`
    : `st_size=${view.getBigInt64(48, true)}`;
  return `{st_mode=${modeText(mode)}, ${rest}, ...}`;
});

const statx = to(StatSize.STATX, (view) => {
  const found = maskText(STATX, view.getUint32(0, true));
  const mode = modeText(view.getUint16(28, true));
  const length = view.getBigUint64(40, true);
  return `{stx_mask=${found}, stx_attributes=0, stx_mode=${mode}, stx_size=${length}, ...}`;
});

const statxFlags: Show = (seen, at) => {
  const value = seen.uint(at);
  const sync = nameText(SYNC, value & SYNC_BITS);
  const rest = value & ~SYNC_BITS;
  const isBoth = (value & SYNC_BITS) === SYNC_BITS;
  const names = isBoth ? "AT_STATX_FORCE_SYNC|AT_STATX_DONT_SYNC" : sync;
  return rest === 0 ? names : `${names}|${maskText(AT_FLAGS, rest)}`;
};

const statfs = to(StatSize.STATFS, (view) => {
  const at = (index: number) => view.getBigUint64(index * 8, true);
  const type = nameText(FILE_SYSTEMS, view.getUint32(0, true)).replace(" /* ??? */", "");
  const counts = ["blocks", "bfree", "bavail", "files", "ffree"]
    .map((name, index) => `f_${name}=${at(index + 2)}`).join(", ");
  const id = `f_fsid={val=[0x${view.getUint32(56, true).toString(16)}, 0x${
    view.getUint32(60, true).toString(16)
  }]}`;
  const flags = maskText(MOUNTED, Number(at(10)));
  return `{f_type=${type}, f_bsize=${at(1)}, ${counts}, ${id}, f_namelen=${at(8)}, f_frsize=${
    at(9)
  }, f_flags=${flags}}`;
});

/** A pair of times, each of which can be "now" or "as it is". */
const twoTimes = to(32, (view) => `[${[0, 16].map((at) => fileTime(view, at)).join(", ")}]`);

function fileTime(view: DataView, at: number): string {
  const part = view.getBigInt64(at + 8, true);
  const seconds = Number(view.getBigInt64(at, true));
  if (part === BigInt(FileTime.NOW)) return "UTIME_NOW";
  if (part === BigInt(FileTime.OMIT)) return "UTIME_OMIT";
  const isTime = part >= 0n && part < 1_000_000_000n;
  const day = new Date(seconds * 1000);
  const fraction = part === 0n ? "" : `.${String(part).padStart(9, "0")}`;
  const shown = secondsText(view, at, "nsec");
  if (!isTime || Number.isNaN(day.getTime())) return shown;
  return `${shown} /* ${day.toISOString().slice(0, 19)}${fraction}+0000 */`;
}

/** Pieces of memory that are written. */
export const vectorText: ShowBytes = (view, seen) => {
  const length = view.getBigUint64(8, true);
  const base = bytesAt(seen, Number(view.getBigUint64(0, true)), Number(length));
  return `{iov_base=${base}, iov_len=${length}}`;
};

/** Pieces of memory, of which only where they are is shown. */
const bareVector: ShowBytes = (view) => {
  const base = addressText(view.getBigUint64(0, true));
  return `{iov_base=${base}, iov_len=${view.getBigUint64(8, true)}}`;
};

/** Pieces of memory, of which only what was read is shown. */
const filledVectors: Show = (seen, at) => {
  if (seen.failed) {
    const count = Math.min(1024, seen.uint(at + 1));
    return listAt(seen, seen.address(at), { bytes: VECTOR_SIZE, count, show: bareVector });
  }
  let left = seen.answer!;
  return listAt(seen, seen.address(at), {
    bytes: VECTOR_SIZE,
    count: seen.int(at + 1),
    show: (view) => {
      const length = Number(view.getBigUint64(8, true));
      const filled = Math.min(left, length);
      left -= filled;
      const base = bytesAt(seen, Number(view.getBigUint64(0, true)), filled);
      return `{iov_base=${base}, iov_len=${length}}`;
    },
  });
};

const entries: Show = (seen, at) => {
  const view = seen.view(seen.address(at), seen.answer!);
  let count = 0;
  for (let offset = 0; view && offset < view.byteLength; count++) {
    offset += Math.max(19, view.getUint16(offset + 16, true));
  }
  const plural = count === 1 ? "y" : "ies";
  return `${addressText(seen.whole(at))} /* ${count} entr${plural} */`;
};

/** The mode of what is made; nothing where nothing is. */
const madeMode: Show = (seen, at) =>
  (seen.uint(at - 1) & MODE_MAKERS) !== 0 ? octal(seen, at) : null;

const nodeMode: Show = (seen, at) => modeText(seen.uint(at));
const nodeDevice: Show = (seen, at) => {
  return isDeviceKind(seen.uint(at - 1) & FileKind.MASK) ? deviceText(seen.uint(at)) : null;
};

/** Two descriptors. */
export const twoEnds: Argument = after(
  to(8, (view) => `[${view.getInt32(0, true)}, ${view.getInt32(4, true)}]`),
);

/** A position in a file that is counted on. */
const position: Show = to(8, (view) => `[${view.getBigInt64(0, true)}]`);

const positionAt = (seen: Seen, at: number) =>
  seen.address(at) === 0 ? null : seen.view(seen.address(at), 8)?.getBigInt64(0, true) ?? null;

/** A position in a file that is counted on, and where it is then. */
const movedPosition: Argument = {
  before: (seen, at) => {
    const before = positionAt(seen, at);
    if (before !== null) seen.remembered.set(at, Number(before));
  },
  waits: (seen, at) => seen.address(at) !== 0,
  late: (seen, at) => {
    const [before, now] = [seen.remembered.get(at), positionAt(seen, at)];
    if (before === undefined) return addressText(seen.whole(at));
    return Number(now) === before ? `[${before}]` : `[${before}] => [${now}]`;
  },
};

const openHow = to(OPEN_HOW_SIZE, (view) => {
  const flags = view.getUint32(0, true);
  const mode = (flags & MODE_MAKERS) !== 0 ? `, mode=${octalText(view.getUint32(8, true))}` : "";
  const resolve = maskText(RESOLVE, view.getUint32(16, true));
  return `{flags=${openText(flags)}${mode}, resolve=${resolve}}`;
});

/** A name that was put down whole: with the zero behind it. */
const answeredPath: Argument = after((seen, at) => {
  const view = seen.view(seen.address(at), Math.max(0, seen.answer! - 1));
  return view ? quoted(new Uint8Array(view.buffer)) : addressText(seen.whole(at));
});

/** A link's target: without. */
const answeredTarget: Argument = after((seen, at) => {
  const view = seen.view(seen.address(at), Math.min(TEXT_MAX, seen.answer!));
  if (!view) return addressText(seen.whole(at));
  return quoted(new Uint8Array(view.buffer), seen.answer! > TEXT_MAX);
});

/** The calls about files. */
export const FILE_SHAPES: Readonly<Record<string, CallShape>> = {
  setxattr: [path, text, bytesOf(3), size, mask(XATTR)],
  lsetxattr: [path, text, bytesOf(3), size, mask(XATTR)],
  fsetxattr: [int, text, bytesOf(3), size, mask(XATTR)],
  getxattr: [path, text, answeredBytes, size],
  lgetxattr: [path, text, answeredBytes, size],
  fgetxattr: [int, text, answeredBytes, size],
  listxattr: [path, answeredBytes, size],
  llistxattr: [path, answeredBytes, size],
  flistxattr: [int, answeredBytes, size],
  removexattr: [path, text],
  lremovexattr: [path, text],
  fremovexattr: [int, text],
  getcwd: [answeredPath, size],
  dup3: [int, int, mask(PIPE_FLAGS)],
  fcntl: control,
  ioctl: deviceControl,
  flock: [int, mask(FLOCK)],
  mknodat: [dirfd, path, nodeMode, nodeDevice],
  unlinkat: [dirfd, path, mask(AT_FLAGS)],
  mkdirat: [dirfd, path, octal],
  symlinkat: [path, dirfd, path],
  linkat: [dirfd, path, dirfd, path, mask(AT_FLAGS)],
  statfs: [path, after(statfs)],
  fstatfs: [int, after(statfs)],
  fallocate: [int, mask(FALLOC), long, long],
  faccessat: [dirfd, path, mask(ACCESS_FLAGS)],
  faccessat2: [dirfd, path, mask(ACCESS_FLAGS), mask(ACCESS_AT_FLAGS)],
  fchmodat2: [dirfd, path, octal, mask(AT_FLAGS)],
  fchownat: [dirfd, path, int, int, mask(AT_FLAGS)],
  fchown: [int, int, int],
  openat: [dirfd, path, open, madeMode],
  openat2: [dirfd, path, openHow, size],
  pipe2: [twoEnds, mask(PIPE_FLAGS)],
  getdents64: [int, after(entries), uint],
  lseek: [int, long, one(WHENCE)],
  read: [int, answeredBytes, size],
  write: [int, bytesOf(2), size],
  pread64: [int, answeredBytes, size, long],
  pwrite64: [int, bytesOf(2), size, long],
  readv: [int, afterAll(filledVectors), int],
  writev: [int, list(VECTOR_SIZE, vectorText, 2), int],
  preadv: [int, afterAll(filledVectors), int, long],
  pwritev: [int, list(VECTOR_SIZE, vectorText, 2), int, long],
  preadv2: [int, afterAll(filledVectors), int, long, () => null, mask(RWF)],
  pwritev2: [int, list(VECTOR_SIZE, vectorText, 2), int, long, () => null, mask(RWF)],
  sendfile: [int, int, movedPosition, size],
  vmsplice: [int, list(VECTOR_SIZE, vectorText, 2), size, mask(SPLICE)],
  splice: [int, position, int, position, size, mask(SPLICE)],
  tee: [int, int, size, mask(SPLICE)],
  copy_file_range: [int, position, int, position, size, uint],
  readlinkat: [dirfd, path, answeredTarget, size],
  newfstatat: [dirfd, path, after(stat), mask(AT_FLAGS)],
  fstat: [int, after(stat)],
  statx: [dirfd, path, statxFlags, mask(STATX), after(statx)],
  sync_file_range: [int, long, long, mask(SYNC_RANGE)],
  utimensat: [dirfd, path, twoTimes, mask(AT_FLAGS)],
  fadvise64: [int, long, long, one(ADVICE)],
  renameat2: [dirfd, path, dirfd, path, mask(RENAME)],
  memfd_create: [text, mask(MEMORY_FILE)],
  close_range: [uint, uint, mask(CLOSE_RANGE)],
  mount: [path, path, text, mask(MOUNT), address],
  umount2: [path, mask(UMOUNT)],
};
