/**
 * Calls about what files are: their size, owner, permissions, times.
 *
 * @module
 */
import { PAGE_SIZE } from "../../ports.ts";
import { majorOf, minorOf } from "../device_number.ts";
import { AT_EACCESS, AT_FDCWD, AtFlag, OpenFlag } from "../abi/open.ts";
import { AllocateMode } from "../abi/file.ts";
import { StatSize, Statx, StatxSync } from "../abi/stat.ts";
import type { Answer } from "../answer.ts";
import { call, type LinuxCall } from "../call.ts";
import { Capability } from "../abi/capability.ts";
import { Errno } from "../errno.ts";
import { Directory } from "../fs/directory.ts";
import { FileKind, type Inode, isOwner, May, type Moment, permission } from "../fs/inode.ts";
import { Notify } from "../abi/polling.ts";
import { notify } from "../fs/fsnotify.ts";
import { contentChanged, lendable, stopLending } from "../fs/lending.ts";
import { OpenRegular } from "../fs/open_regular.ts";
import type { Place } from "../fs/path_walk.ts";
import { RegularFile } from "../fs/regular_file.ts";
import { SyntheticFile } from "../fs/synthetic.ts";
import { breakLeases } from "../leases.ts";
import { Resource } from "../abi/process.ts";
import type { Task } from "../task.ts";
import { type Found, foundAt, inodeAt } from "./at.ts";
import { utimensat } from "./file_times.ts";
import { tooLarge, wroteTo } from "./transfer.ts";
import { writeBytes } from "./user_data.ts";

const SYNC_TYPE = StatxSync.FORCE_SYNC | StatxSync.DONT_SYNC;
const KEEP = 0xffffffff;
const BLOCK = PAGE_SIZE;

/** A `struct stat`. */
export function encodeStat(inode: Inode): Uint8Array {
  const bytes = new Uint8Array(StatSize.STAT);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(inode.fs.device), true);
  view.setBigUint64(8, BigInt(inode.ino), true);
  view.setUint32(16, inode.mode, true);
  view.setUint32(20, inode.links, true);
  view.setUint32(24, inode.uid, true);
  view.setUint32(28, inode.gid, true);
  view.setBigUint64(32, BigInt(inode.device), true);
  view.setBigInt64(48, BigInt(inode.size), true);
  view.setInt32(56, BLOCK, true);
  view.setBigInt64(64, BigInt(inode.blocks), true);
  [inode.accessed, inode.modified, inode.changed].forEach((moment, at) => {
    view.setBigInt64(72 + at * 16, BigInt(moment.seconds), true);
    view.setBigUint64(80 + at * 16, BigInt(moment.nanos), true);
  });
  return bytes;
}

function fstat(task: Task, fd: number, address: number): Answer {
  const file = task.fileOrPlace(fd);
  return file ? writeBytes(task, address, encodeStat(file.inode)) : Errno.EBADF;
}

/** The file that is asked about: no path at all is like an empty one behind a descriptor. */
function lookedAt(task: Task, dirfd: number, path: number, flags: number): Inode | number {
  if (path !== 0 || dirfd < 0 || (flags & AtFlag.EMPTY_PATH) === 0) {
    return inodeAt(task, dirfd, path, flags);
  }
  return task.fileOrPlace(dirfd)?.inode ?? Errno.EBADF;
}

function newfstatat(task: Task, dirfd: number, path: number, to: number, flags: number): Answer {
  const known = AtFlag.SYMLINK_NOFOLLOW | AtFlag.NO_AUTOMOUNT | AtFlag.EMPTY_PATH;
  if ((flags & ~known) !== 0) return Errno.EINVAL;
  const inode = lookedAt(task, dirfd, path, flags);
  return typeof inode === "number" ? inode : writeBytes(task, to, encodeStat(inode));
}

function statx(
  task: Task,
  dirfd: number,
  path: number,
  flags: number,
  mask: number,
  to: number,
): Answer {
  const known = AtFlag.SYMLINK_NOFOLLOW | AtFlag.NO_AUTOMOUNT | AtFlag.EMPTY_PATH | SYNC_TYPE;
  if ((flags & ~known) !== 0 || (flags & SYNC_TYPE) === SYNC_TYPE) return Errno.EINVAL;
  if (mask > 0x7fffffff) return Errno.EINVAL;
  const inode = lookedAt(task, dirfd, path, flags);
  if (typeof inode === "number") return inode;
  const bytes = new Uint8Array(StatSize.STATX);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, Statx.BASIC_STATS | Statx.BTIME, true);
  view.setUint32(4, BLOCK, true);
  view.setUint32(16, inode.links, true);
  view.setUint32(20, inode.uid, true);
  view.setUint32(24, inode.gid, true);
  view.setUint16(28, inode.mode, true);
  view.setBigUint64(32, BigInt(inode.ino), true);
  view.setBigUint64(40, BigInt(inode.size), true);
  view.setBigUint64(48, BigInt(inode.blocks), true);
  const moments: readonly (readonly [at: number, moment: Moment])[] = [
    [64, inode.accessed],
    [80, inode.made],
    [96, inode.changed],
    [112, inode.modified],
  ];
  for (const [at, { seconds, nanos }] of moments) {
    view.setBigInt64(at, BigInt(seconds), true);
    view.setUint32(at + 8, nanos, true);
  }
  view.setUint32(128, majorOf(inode.device), true);
  view.setUint32(132, minorOf(inode.device), true);
  view.setUint32(136, majorOf(inode.fs.device), true);
  view.setUint32(140, minorOf(inode.fs.device), true);
  return writeBytes(task, to, bytes);
}

function faccessat(task: Task, dirfd: number, path: number, mode: number, flags = 0): Answer {
  const known = AT_EACCESS | AtFlag.SYMLINK_NOFOLLOW | AtFlag.EMPTY_PATH;
  const uses = May.READ | May.WRITE | May.EXECUTE;
  if ((mode & ~uses) !== 0 || (flags & ~known) !== 0) return Errno.EINVAL;
  const inode = inodeAt(task, dirfd, path, flags);
  if (typeof inode === "number") return inode;
  const { uid, gid, permitted } = task.credentials;
  const own = (flags & AT_EACCESS) !== 0
    ? task.credentials
    : { ...task.credentials, fsuid: uid, fsgid: gid, effective: uid === 0 ? permitted : 0n };
  return mode === 0 ? 0 : permission(own, inode, mode);
}

function changeMode(task: Task, found: Found | number, mode: number): number {
  if (typeof found === "number") return found;
  const { inode, place } = found;
  if (!isOwner(task.credentials, inode)) return Errno.EPERM;
  if (inode.kind === FileKind.SYMLINK) return Errno.EOPNOTSUPP;
  task.linux.witness?.grants(task, inode);
  inode.mode = inode.kind | lendable(task.credentials, inode.gid, mode & 0o7777);
  inode.changed = inode.fs.now();
  notify(inode, Notify.ATTRIB, place);
  return 0;
}

function changeOwner(task: Task, found: Found | number, uid: number, gid: number): number {
  if (typeof found === "number") return found;
  const { inode, place } = found;
  const { fsuid, fsgid, groups } = task.credentials;
  const keepsUid = uid === KEEP || uid === inode.uid;
  const knowsGid = gid === KEEP || gid === fsgid || groups.includes(gid);
  if (!task.may(Capability.CHOWN) && !(keepsUid && knowsGid && fsuid === inode.uid)) {
    return Errno.EPERM;
  }
  task.linux.witness?.grants(task, inode);
  const before = inode.mode;
  if (!(inode instanceof Directory)) stopLending(task.credentials, inode);
  if (uid !== KEEP) inode.uid = uid;
  if (gid !== KEEP) inode.gid = gid;
  if (before !== inode.mode || uid !== KEEP || gid !== KEEP) notify(inode, Notify.ATTRIB, place);
  inode.changed = inode.fs.now();
  return 0;
}

function ftruncate(task: Task, fd: number, length: number): Answer {
  if (length < 0) return Errno.EINVAL;
  const file = task.file(fd);
  if (!file) return Errno.EBADF;
  if (!(file instanceof OpenRegular) || !file.writable) return Errno.EINVAL;
  if (isTooLong(task, length, file.inode.size)) return tooLarge(task);
  return resize(task, file.inode, file.place, length);
}

function resize(
  { credentials }: Task,
  inode: RegularFile,
  place: Place | null,
  length: number,
): number {
  const status = inode.truncate(length);
  if (status !== 0) return status;
  contentChanged(credentials, inode);
  notify(inode, Notify.MODIFY, place);
  return 0;
}

function isTooLong({ group }: Task, length: number, size: number): boolean {
  return length > size && length > group.limits.soft(Resource.FSIZE);
}

function truncate(task: Task, path: number, length: number): Answer {
  if (length < 0) return Errno.EINVAL;
  const found = foundAt(task, AT_FDCWD, path, 0);
  if (typeof found === "number") return found;
  const { inode, place } = found;
  if (inode instanceof Directory) return Errno.EISDIR;
  if (inode instanceof SyntheticFile) return permission(task.credentials, inode, May.WRITE);
  if (!(inode instanceof RegularFile)) return Errno.EINVAL;
  const status = permission(task.credentials, inode, May.WRITE);
  if (status !== 0) return status;
  if (isTooLong(task, length, inode.size)) return tooLarge(task);
  if (inode.runners > 0) return Errno.ETXTBSY;
  task.linux.witness?.writes(task, inode);
  inode.writers++;
  return breakLeases(task, inode, {
    flags: OpenFlag.WRONLY,
    use: () => resize(task, inode, place, length),
    over: () => inode.writers--,
  });
}

function fallocate(task: Task, fd: number, mode: number, offset: number, length: number): Answer {
  const file = task.file(fd);
  if (!file) return Errno.EBADF;
  if (offset < 0 || length <= 0) return Errno.EINVAL;
  if (!file.writable) return Errno.EBADF;
  if (!(file instanceof OpenRegular)) {
    return file.inode.kind === FileKind.FIFO ? Errno.ESPIPE : Errno.ENODEV;
  }
  if (offset + length >= 2 ** 63) return Errno.EFBIG;
  const status = allocate(task, file.inode, { mode, offset, length });
  if (status === 0) wroteTo(task, file);
  return status;
}

function allocate(
  task: Task,
  inode: RegularFile,
  { mode, offset, length }: { mode: number; offset: number; length: number },
): number {
  const { KEEP_SIZE, PUNCH_HOLE } = AllocateMode;
  if (mode === (KEEP_SIZE | PUNCH_HOLE)) return inode.punch(offset, length);
  if ((mode & ~KEEP_SIZE) !== 0) return Errno.EOPNOTSUPP;
  const end = offset + length;
  // What a file may not grow to is not set aside for it, either.
  if (isTooLong(task, end, inode.size)) return tooLarge(task);
  if (!inode.hasRoomFor(offset, length)) return Errno.ENOSPC;
  return mode === KEEP_SIZE || end <= inode.size ? 0 : inode.truncate(end);
}

const NOTHING = { total: 0, free: 0 } as const;

function statfsOf(task: Task, { fs }: Inode, address: number): number {
  const { pages, files } = fs.room ?? { pages: NOTHING, files: NOTHING };
  const bytes = new Uint8Array(StatSize.STATFS);
  const view = new DataView(bytes.buffer);
  const words = [
    fs.magic,
    BLOCK,
    pages.total,
    pages.free,
    pages.free,
    files.total,
    files.free,
  ];
  words.forEach((word, at) => view.setBigInt64(at * 8, BigInt(word), true));
  view.setBigInt64(64, 255n, true);
  view.setBigInt64(72, BigInt(BLOCK), true);
  return writeBytes(task, address, bytes);
}

function statfs(task: Task, path: number, address: number): Answer {
  const inode = inodeAt(task, AT_FDCWD, path, 0);
  return typeof inode === "number" ? inode : statfsOf(task, inode, address);
}

function fstatfs(task: Task, fd: number, address: number): Answer {
  const file = task.fileOrPlace(fd);
  return file ? statfsOf(task, file.inode, address) : Errno.EBADF;
}

const AT_PATH = { dirfd: "dirfd", path: "path" } as const;
const OWNER = { uid: "uint", gid: "uint" } as const;

/** Calls about what files are. */
export const ATTRIBUTE_CALLS: readonly LinuxCall[] = [
  call(43, "statfs", { path: "path", buffer: "pointer" }, statfs),
  call(44, "fstatfs", { fd: "fd", buffer: "pointer" }, fstatfs),
  call(45, "truncate", { path: "path", length: "long" }, truncate),
  call(46, "ftruncate", { fd: "fd", length: "long" }, ftruncate),
  call(47, "fallocate", { fd: "fd", mode: "int", offset: "long", length: "long" }, fallocate),
  call(
    48,
    "faccessat",
    { ...AT_PATH, mode: "flags:access" },
    (task, dirfd, path, mode) => faccessat(task, dirfd, path, mode),
  ),
  call(
    52,
    "fchmod",
    { fd: "fd", mode: "mode" },
    (task, fd, mode) => changeMode(task, task.file(fd) ?? Errno.EBADF, mode),
  ),
  call(
    53,
    "fchmodat",
    { ...AT_PATH, mode: "mode" },
    (task, dirfd, path, mode) => changeMode(task, foundAt(task, dirfd, path, 0), mode),
  ),
  call(
    54,
    "fchownat",
    { ...AT_PATH, ...OWNER, flags: "flags:at" },
    (task, dirfd, path, uid, gid, flags) =>
      (flags & ~(AtFlag.SYMLINK_NOFOLLOW | AtFlag.EMPTY_PATH)) !== 0
        ? Errno.EINVAL
        : changeOwner(task, foundAt(task, dirfd, path, flags), uid, gid),
  ),
  call(
    55,
    "fchown",
    { fd: "fd", ...OWNER },
    (task, fd, uid, gid) => changeOwner(task, task.file(fd) ?? Errno.EBADF, uid, gid),
  ),
  call(79, "newfstatat", { ...AT_PATH, buffer: "pointer", flags: "flags:at" }, newfstatat),
  call(80, "fstat", { fd: "fd", buffer: "pointer" }, fstat),
  call(88, "utimensat", { ...AT_PATH, times: "pointer", flags: "flags:at" }, utimensat),
  call(
    291,
    "statx",
    { ...AT_PATH, flags: "flags:at", mask: "uint", buffer: "pointer" },
    statx,
  ),
  call(
    452,
    "fchmodat2",
    { ...AT_PATH, mode: "mode", flags: "flags:at" },
    (task, dirfd, path, mode, flags) =>
      (flags & ~(AtFlag.SYMLINK_NOFOLLOW | AtFlag.EMPTY_PATH)) !== 0
        ? Errno.EINVAL
        : changeMode(task, foundAt(task, dirfd, path, flags), mode),
  ),
  call(439, "faccessat2", { ...AT_PATH, mode: "flags:access", flags: "flags:at" }, faccessat),
];
