/**
 * Calls that give names to files and take them away.
 *
 * @module
 */
import { AtFlag, OPEN_HOW_SIZE, OpenFlag, Resolve } from "../abi/open.ts";
import { directoryAtPath, inodeAt, placeAt, startOf } from "./at.ts";
import { ModeBit } from "../abi/stat.ts";
import { Rename } from "../abi/file.ts";
import type { Answer } from "../answer.ts";
import { call, type LinuxCall } from "../call.ts";
import { Capability } from "../abi/capability.ts";
import { isCapable } from "../credentials.ts";
import { Errno } from "../errno.ts";
import { memoryDevices } from "../fs/device.ts";
import { Directory } from "../fs/directory.ts";
import { FileKind, type Inode } from "../fs/inode.ts";
import { Notify } from "../abi/polling.ts";
import { notify, notifyGone, notifyIn, notifyMoved } from "../fs/fsnotify.ts";
import { lendableIn } from "../fs/lending.ts";
import { installOpened, mayAdd, mayChange, openPath } from "../fs/open.ts";
import { type Place, walk } from "../fs/path_walk.ts";
import { Pipe } from "../fs/pipe.ts";
import { RegularFile } from "../fs/regular_file.ts";
import { SocketInode } from "../fs/socket_inode.ts";
import { Symlink } from "../fs/symlink.ts";
import { bytesOf, PATH_MAX } from "../name.ts";
import type { Task } from "../task.ts";
import { PAGE_SIZE } from "../../ports.ts";
import { readPath } from "./user_data.ts";

const RENAMES = Rename.NOREPLACE | Rename.EXCHANGE;
const ALL_PERMISSIONS = 0o7777;
const OPEN_FLAGS = Object.values<number>(OpenFlag).reduce((all, one) => all | one, 0);
/** What can be asked of a place that is not opened. */
const PLACE_FLAGS = OpenFlag.PATH | OpenFlag.DIRECTORY | OpenFlag.NOFOLLOW | OpenFlag.CLOEXEC;

function openat(
  task: Task,
  dirfd: number,
  address: number,
  flags: number,
  mode: number,
  resolve = 0,
): Answer {
  const path = readPath(task, address);
  if (typeof path === "number") return path;
  if (path === "") return Errno.ENOENT;
  // Who stays below a directory begins there, whatever the path begins with.
  const isScoped = (resolve & (Resolve.BENEATH | Resolve.IN_ROOT)) !== 0;
  const start = startOf(task, dirfd, isScoped ? "." : path);
  if (typeof start === "number") return start;
  const file = openPath(task, start, path, { flags, mode, resolve });
  return typeof file === "number" ? file : installOpened(task, file, flags);
}

function openat2(task: Task, dirfd: number, path: number, how: number, size: number): Answer {
  if (size < OPEN_HOW_SIZE) return Errno.EINVAL;
  const flags = task.mm.memory.readU64(how);
  const mode = task.mm.memory.readU64(how + 8);
  const resolve = task.mm.memory.readU64(how + 16);
  if (flags < 0 || mode < 0 || resolve < 0) return Errno.EFAULT;
  if (size > PAGE_SIZE) return Errno.E2BIG;
  const rest = task.mm.memory.bytes(how + OPEN_HOW_SIZE, size - OPEN_HOW_SIZE);
  if (typeof rest === "number") return Errno.EFAULT;
  if (rest.some((byte) => byte !== 0)) return Errno.E2BIG;
  const status = checkHow(flags, mode, resolve);
  return status === 0 ? openat(task, dirfd, path, flags, mode, resolve) : status;
}

/** Whether all that is asked means something, and does not contradict itself. */
function checkHow(flags: number, mode: number, resolve: number): number {
  if (resolve >= 2 * Resolve.CACHED || flags > 2 ** 31) return Errno.EINVAL;
  const isScopedTwice = (resolve & Resolve.BENEATH) !== 0 && (resolve & Resolve.IN_ROOT) !== 0;
  if (isScopedTwice || (flags & ~OPEN_FLAGS) !== 0) return Errno.EINVAL;
  const { CREAT, TMPFILE, TRUNC, PATH } = OpenFlag;
  const isNew = (flags & CREAT) !== 0 || (flags & TMPFILE) === TMPFILE;
  if (isNew ? mode > ALL_PERMISSIONS : mode !== 0) return Errno.EINVAL;
  if ((flags & PATH) !== 0 && (flags & ~PLACE_FLAGS) !== 0) return Errno.EINVAL;
  // What is not known yet would have to be waited for.
  const changes = isNew || (flags & TRUNC) !== 0;
  return (resolve & Resolve.CACHED) !== 0 && changes ? Errno.EAGAIN : 0;
}

/** A place for a new name, or why there is none. */
function newPlace(task: Task, dirfd: number, address: number): Place | number {
  const found = placeAt(task, dirfd, address, false);
  if (typeof found === "number") return found;
  if (found.inode !== null || isLinkBefore(task, dirfd, address)) return Errno.EEXIST;
  const status = mayAdd(task, found.directory);
  return status === 0 ? found : status;
}

/** Whether a path is that of a link but for slashes behind it, which lead nowhere. */
function isLinkBefore(task: Task, dirfd: number, address: number): boolean {
  const path = readPath(task, address);
  if (typeof path === "number" || !path.endsWith("/")) return false;
  const start = startOf(task, dirfd, path);
  if (typeof start === "number") return false;
  const found = walk(task.walker, start, path.replace(/\/+$/, ""), false);
  return typeof found !== "number" && found.inode instanceof Symlink;
}

function ownerIn(task: Task, directory: Directory): { uid: number; gid: number } {
  const { fsuid, fsgid } = task.credentials;
  return { uid: fsuid, gid: (directory.mode & ModeBit.GID) !== 0 ? directory.gid : fsgid };
}

function mkdirat(task: Task, dirfd: number, path: number, mode: number): Answer {
  const place = newPlace(task, dirfd, path);
  if (typeof place === "number") return place;
  const { directory, name } = place;
  const inherited = directory.mode & ModeBit.GID;
  const made = new Directory(directory.fs, {
    mode: (mode & 0o1777 & ~task.fs.umask) | inherited,
    ...ownerIn(task, directory),
  });
  directory.put(name, made);
  notifyIn(place, made, Notify.CREATE);
  return 0;
}

function mknodat(task: Task, dirfd: number, path: number, mode: number, device: number): Answer {
  const kind = mode & FileKind.MASK;
  if (kind === FileKind.DIRECTORY) return Errno.EPERM;
  const place = newPlace(task, dirfd, path);
  if (typeof place === "number") return place;
  const { directory, name } = place;
  if (place.slash) return Errno.ENOENT;
  const made = makeNode(task, directory, kind, { mode: mode & 0o7777, device });
  if (typeof made === "number") return made;
  directory.put(name, made);
  notifyIn(place, made, Notify.CREATE);
  return 0;
}

function makeNode(
  task: Task,
  directory: Directory,
  kind: number,
  { mode, device }: { mode: number; device: number },
): Inode | number {
  const { fs } = directory;
  const given = lendableIn(task.credentials, directory, mode) & ~task.fs.umask;
  const owned = { mode: given, ...ownerIn(task, directory) };
  if (kind === FileKind.FIFO) return new Pipe(fs, owned);
  if (kind === FileKind.REGULAR || kind === 0) return new RegularFile(fs, owned);
  if (kind === FileKind.SOCKET) return new SocketInode(task.linux, given);
  if (!isCapable(task.credentials, Capability.MKNOD)) return Errno.EPERM;
  const devices = Object.values(memoryDevices(task.linux));
  const known = devices.find((one) => one.device === device);
  if (kind !== FileKind.CHARACTER || !known) return Errno.EINVAL;
  known.mode = FileKind.CHARACTER | mode;
  return known;
}

function symlinkat(task: Task, target: number, dirfd: number, path: number): Answer {
  const text = readPath(task, target);
  if (typeof text === "number") return text;
  if (text === "") return Errno.ENOENT;
  const place = newPlace(task, dirfd, path);
  if (typeof place === "number") return place;
  const { directory, name } = place;
  const made = new Symlink(directory.fs, text, ownerIn(task, directory));
  directory.put(name, made);
  notifyIn(place, made, Notify.CREATE);
  return 0;
}

function linkat(
  task: Task,
  fromFd: number,
  from: number,
  toFd: number,
  to: number,
  flags: number,
): Answer {
  if ((flags & ~(AtFlag.SYMLINK_FOLLOW | AtFlag.EMPTY_PATH)) !== 0) return Errno.EINVAL;
  const follow = (flags & AtFlag.SYMLINK_FOLLOW) !== 0 ? 0 : AtFlag.SYMLINK_NOFOLLOW;
  const inode = inodeAt(task, fromFd, from, (flags & AtFlag.EMPTY_PATH) | follow);
  if (typeof inode === "number") return inode;
  const place = newPlace(task, toFd, to);
  if (typeof place === "number") return place;
  if (inode instanceof Directory) return Errno.EPERM;
  if (inode.fs !== place.directory.fs) return Errno.EXDEV;
  const isGone = inode.links === 0 && !(inode instanceof RegularFile && inode.linkable);
  if (place.slash || isGone) return Errno.ENOENT;
  place.directory.put(place.name, inode);
  inode.links++;
  if (inode instanceof RegularFile) inode.linkable = false;
  inode.changed = inode.fs.now();
  notify(inode, Notify.ATTRIB, null);
  notifyIn(place, inode, Notify.CREATE);
  return 0;
}

function unlinkat(task: Task, dirfd: number, path: number, flags: number): Answer {
  if ((flags & ~AtFlag.REMOVEDIR) !== 0) return Errno.EINVAL;
  const found = placeAt(task, dirfd, path, false);
  if (typeof found === "number") return found;
  return (flags & AtFlag.REMOVEDIR) !== 0 ? removeDirectory(task, found) : remove(task, found);
}

function remove(task: Task, place: Place): number {
  const { directory, name, inode, slash } = place;
  if (name === "." || name === ".." || name === "/") return Errno.EISDIR;
  if (inode === null) return Errno.ENOENT;
  const status = mayRemove(task, directory, inode);
  if (status !== 0) return status;
  if (inode instanceof Directory) return Errno.EISDIR;
  if (slash) return Errno.ENOTDIR;
  directory.take(name);
  inode.unlinked();
  notify(inode, Notify.ATTRIB, null);
  notifyGone(inode);
  notifyIn(place, inode, Notify.DELETE);
  return 0;
}

function removeDirectory(task: Task, place: Place): number {
  const { directory, name, inode } = place;
  if (name === ".") return Errno.EINVAL;
  if (name === "..") return Errno.ENOTEMPTY;
  if (name === "/") return Errno.EBUSY;
  if (inode === null) return Errno.ENOENT;
  const status = mayRemove(task, directory, inode);
  if (status !== 0) return status;
  if (!(inode instanceof Directory)) return Errno.ENOTDIR;
  if (directory.lookup(name) !== inode) return Errno.EBUSY;
  if (!inode.empty) return Errno.ENOTEMPTY;
  directory.take(name);
  inode.removed = true;
  inode.links = 0;
  notifyGone(inode);
  notifyIn(place, inode, Notify.DELETE);
  return 0;
}

/** Whether a name may be taken: the directory says so, and in a sticky one the owner. */
export function mayRemove(task: Task, directory: Directory, inode: Inode): number {
  const status = mayChange(task, directory, "take");
  if (status !== 0) return status;
  const { fsuid } = task.credentials;
  const isOthers = (directory.mode & ModeBit.VTX) !== 0 && fsuid !== inode.uid &&
    fsuid !== directory.uid && !isCapable(task.credentials, Capability.FOWNER);
  return isOthers ? Errno.EPERM : 0;
}

function renameat2(
  task: Task,
  fromFd: number,
  from: number,
  toFd: number,
  to: number,
  flags: number,
): Answer {
  if ((flags & ~RENAMES) !== 0 || flags === RENAMES) return Errno.EINVAL;
  const source = placeAt(task, fromFd, from, false);
  if (typeof source === "number") return source;
  const target = placeAt(task, toFd, to, false);
  if (typeof target === "number") return target;
  if (isSpecial(source.name)) return Errno.EBUSY;
  if (isSpecial(target.name)) return flags === Rename.NOREPLACE ? Errno.EEXIST : Errno.EBUSY;
  if (source.directory.fs !== target.directory.fs) return Errno.EXDEV;
  if (source.inode === null) return Errno.ENOENT;
  if (target.inode !== null && (flags & Rename.NOREPLACE) !== 0) return Errno.EEXIST;
  const status = mayRemove(task, source.directory, source.inode) ||
    (target.inode
      ? mayRemove(task, target.directory, target.inode)
      : mayChange(task, target.directory));
  if (status !== 0) return status;
  if (source.inode === target.inode) return 0;
  if ((flags & Rename.EXCHANGE) !== 0) return exchange(source, target);
  return replace(source, target);
}

function isSpecial(name: string): boolean {
  return name === "." || name === ".." || name === "/";
}

function replace(source: Place, target: Place): number {
  const inode = source.inode!;
  const there = target.inode;
  if (inode instanceof Directory) {
    if (isWithin(target.directory, inode)) return Errno.EINVAL;
    if (there !== null && !(there instanceof Directory)) return Errno.ENOTDIR;
    if (there instanceof Directory && !there.empty) return Errno.ENOTEMPTY;
  } else {
    if (source.slash || target.slash) return Errno.ENOTDIR;
    if (there instanceof Directory) return Errno.EISDIR;
  }
  source.directory.move(source.name, target.directory, target.name);
  inode.changed = inode.fs.now();
  notifyMoved(source, target, inode, there);
  if (there instanceof Directory) {
    there.removed = true;
    there.links = 0;
  } else there?.unlinked();
  if (there) notifyGone(there);
  return 0;
}

function exchange(source: Place, target: Place): number {
  const { inode } = source;
  const { inode: there } = target;
  if (inode === null || there === null) return Errno.ENOENT;
  const loops = (inode instanceof Directory && isWithin(target.directory, inode)) ||
    (there instanceof Directory && isWithin(source.directory, there));
  if (loops) return Errno.EINVAL;
  source.directory.exchange(source.name, target.directory, target.name);
  notifyMoved(source, target, inode);
  notifyMoved(target, source, there);
  return 0;
}

function isWithin(directory: Directory, above: Directory): boolean {
  for (let at = directory;; at = at.parent) {
    if (at === above) return true;
    if (at.parent === at) return false;
  }
}

function readlinkat(task: Task, dirfd: number, path: number, buffer: number, size: number): Answer {
  if (size <= 0) return Errno.EINVAL;
  const inode = inodeAt(task, dirfd, path, AtFlag.SYMLINK_NOFOLLOW | AtFlag.EMPTY_PATH);
  if (typeof inode === "number") return inode;
  if (!(inode instanceof Symlink)) return Errno.EINVAL;
  const status = inode.mayLook();
  if (status !== 0) return status;
  const target = inode.target();
  // Only links that the kernel makes up can lead so far.
  if (target.length >= PATH_MAX) return Errno.ENAMETOOLONG;
  const bytes = bytesOf(target.slice(0, size));
  return task.mm.memory.write(buffer, bytes) === 0 ? bytes.length : Errno.EFAULT;
}

function chroot(task: Task, address: number): Answer {
  const found = directoryAtPath(task, address);
  if (typeof found === "number") return found;
  if (!task.may(Capability.SYS_CHROOT)) return Errno.EPERM;
  task.fs.root = found;
  return 0;
}

const AT_PATH = { dirfd: "dirfd", path: "path" } as const;

/** Calls that give names to files and take them away. */
export const NAME_CALLS: readonly LinuxCall[] = [
  call(
    33,
    "mknodat",
    { ...AT_PATH, mode: "mode", device: "uint" },
    (task, dirfd, path, mode, dev) => mknodat(task, dirfd, path, mode, dev),
  ),
  call(34, "mkdirat", { ...AT_PATH, mode: "mode" }, mkdirat),
  call(35, "unlinkat", { ...AT_PATH, flags: "flags:at" }, unlinkat),
  call(36, "symlinkat", { target: "path", dirfd: "dirfd", path: "path" }, symlinkat),
  call(
    37,
    "linkat",
    { fromFd: "dirfd", from: "path", toFd: "dirfd", to: "path", flags: "flags:at" },
    linkat,
  ),
  call(51, "chroot", { path: "path" }, chroot),
  call(56, "openat", { ...AT_PATH, flags: "flags:open", mode: "mode" }, openat),
  call(78, "readlinkat", { ...AT_PATH, buffer: "pointer", size: "int" }, readlinkat),
  call(
    276,
    "renameat2",
    { fromFd: "dirfd", from: "path", toFd: "dirfd", to: "path", flags: "uint" },
    renameat2,
  ),
  call(437, "openat2", { ...AT_PATH, how: "pointer", size: "size" }, openat2),
];
