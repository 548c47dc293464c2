/**
 * Opening: from a path and flags to an open file.
 *
 * @module
 */
import { ModeBit } from "../abi/stat.ts";
import type { Answer } from "../answer.ts";
import { Errno } from "../errno.ts";
import { breakLeases } from "../leases.ts";
import type { Task } from "../task.ts";
import { Directory } from "./directory.ts";
import type { Refused } from "./file_system.ts";
import { FileKind, type Inode, isOwner, May, permission } from "./inode.ts";
import { Notify } from "../abi/polling.ts";
import { notify, notifyIn } from "./fsnotify.ts";
import { contentChanged, lendableIn } from "./lending.ts";
import { OpenFlag, Resolve } from "../abi/open.ts";
import type { OpenFile } from "./open_file.ts";
import { OpenDirectory, OpenPlace, OpenRegular } from "./open_regular.ts";
import { type Place, walk, type Walker } from "./path_walk.ts";
import { Pipe, PipeEnd } from "./pipe.ts";
import { RegularFile } from "./regular_file.ts";
import { Symlink } from "./symlink.ts";
import { OpenTerminal } from "./open_terminal.ts";

/** How a path is opened. */
export interface OpenOptions {
  /** Flags of the file, and of how it is looked for. */
  readonly flags: number;
  /** The permissions of a new one. */
  readonly mode: number;
  /** What its path does not go through: bits of `Resolve`. */
  readonly resolve?: number;
}

/** Open a path; answers the file, or why not. */
export function openPath(
  task: Task,
  start: Directory,
  path: string,
  { flags, mode, resolve = 0 }: OpenOptions,
): OpenFile | number {
  const both = OpenFlag.CREAT | OpenFlag.DIRECTORY;
  if ((flags & both) === both) return Errno.EINVAL;
  const isNew = (flags & OpenFlag.CREAT) !== 0 && (flags & OpenFlag.PATH) === 0;
  const isExclusive = isNew && (flags & OpenFlag.EXCL) !== 0;
  const follow = (flags & OpenFlag.NOFOLLOW) === 0 && !isExclusive;
  if ((flags & OpenFlag.TMPFILE) === OpenFlag.TMPFILE) {
    return openTemporary(task, start, path, flags, mode);
  }
  const found = walk(walkerFor(task, start, resolve), start, path, follow);
  if (typeof found === "number") return found;
  if (found.inode === null) {
    return isNew ? create(task, found, flags, mode) : Errno.ENOENT;
  }
  if (isExclusive) return Errno.EEXIST;
  if (isNew && (found.slash || found.inode instanceof Directory)) return Errno.EISDIR;
  return openInode(task, found.inode, found, flags);
}

/** Who walks for a task that stays below a directory, or does not go through everything. */
function walkerFor({ walker }: Task, start: Directory, resolve: number): Walker {
  if (resolve === 0) return walker;
  const isScoped = (resolve & (Resolve.BENEATH | Resolve.IN_ROOT)) !== 0;
  return { ...walker, resolve, ...isScoped ? { root: start } : {} };
}

/** Open a file that was found. */
export function openInode(
  task: Task,
  inode: Inode,
  place: Place | null,
  flags: number,
): OpenFile | number {
  const kept = flags & ~(OpenFlag.CREAT | OpenFlag.EXCL | OpenFlag.NOCTTY | OpenFlag.TRUNC |
    OpenFlag.CLOEXEC);
  if ((flags & OpenFlag.DIRECTORY) !== 0 && !(inode instanceof Directory)) return Errno.ENOTDIR;
  if ((flags & OpenFlag.PATH) !== 0) {
    const some = OpenFlag.PATH | OpenFlag.DIRECTORY | OpenFlag.NOFOLLOW;
    return new OpenPlace(inode, flags & some, place);
  }
  if (inode instanceof Symlink) return Errno.ELOOP;
  const status = permission(task.credentials, inode, wanted(flags));
  if (status !== 0) return status;
  if ((flags & OpenFlag.NOATIME) !== 0 && !isOwner(task.credentials, inode)) return Errno.EPERM;
  if (inode instanceof Directory) {
    const writes = (flags & OpenFlag.ACCESS) !== OpenFlag.RDONLY;
    return writes ? Errno.EISDIR : new OpenDirectory(inode, kept, place);
  }
  if (inode instanceof RegularFile) return openRegular(inode, place, kept | flags & OpenFlag.TRUNC);
  if (inode instanceof Pipe) return openFifo(inode, place, kept);
  const opened = inode.open(kept, place);
  if (opened !== null) return opened;
  return inode.kind === FileKind.SOCKET ? Errno.ENXIO : Errno.EACCES;
}

/**
 * Put an open file into a descriptor, when no lease stands in the way any more, or when a fifo has its
 * other end.
 */
export function installOpened(task: Task, file: OpenFile, flags: number): Answer {
  const use = () => install(task, file, flags);
  const over = () => file.drop();
  if (file instanceof OpenRegular && task.linux.locks.leases.has(file.inode)) {
    file.hold();
    return breakLeases(task, file.inode, { flags, use, over });
  }
  if (!(file instanceof PipeEnd) || file.nonBlocking || (file.readable && file.writable)) {
    return use();
  }
  const { inode } = file;
  const side = file.readable ? "writers" : "readers";
  const before = inode[side] > 0 || !inode.isNamed ? -1 : inode.opened[side];
  file.hold();
  return task.block({
    site: "wait_for_partner",
    queues: [inode.queue],
    attempt: () => inode.opened[side] > before ? use() : null,
    over,
  });
}

function install(task: Task, file: OpenFile, flags: number): number {
  if ((flags & OpenFlag.PATH) === 0) notify(file.inode, Notify.OPEN, file.place);
  if (file instanceof OpenRegular && (file.flags & OpenFlag.TRUNC) !== 0) empty(task, file);
  if (file instanceof OpenTerminal) file.adopt(task.group, flags);
  return task.gainFile(file, (flags & OpenFlag.CLOEXEC) !== 0);
}

/** Empty a file that was there before; afterwards its flags do not tell of it. */
function empty({ credentials }: Task, file: OpenRegular): void {
  const { inode, place } = file;
  file.flags &= ~OpenFlag.TRUNC;
  inode.truncate(0);
  contentChanged(credentials, inode);
  notify(inode, Notify.MODIFY, place);
}

function wanted(flags: number): number {
  const access = flags & OpenFlag.ACCESS;
  const read = access === OpenFlag.RDONLY || access === OpenFlag.RDWR ? May.READ : 0;
  const write = access !== OpenFlag.RDONLY || (flags & OpenFlag.TRUNC) !== 0 ? May.WRITE : 0;
  return read | write;
}

function openRegular(
  inode: RegularFile,
  place: Place | null,
  flags: number,
): OpenFile | number {
  const writes = (flags & OpenFlag.ACCESS) !== OpenFlag.RDONLY;
  if (writes && inode.runners > 0) return Errno.ETXTBSY;
  return new OpenRegular(inode, flags, place);
}

function openFifo(inode: Pipe, place: Place | null, flags: number): OpenFile | number {
  const access = flags & OpenFlag.ACCESS;
  const isBusy = inode.isNamed && access === OpenFlag.WRONLY && inode.readers === 0;
  if (isBusy && (flags & OpenFlag.NONBLOCK) !== 0) return Errno.ENXIO;
  return new PipeEnd(inode, flags, place);
}

function create(task: Task, place: Place, flags: number, mode: number): OpenFile | number {
  const { directory, name } = place;
  if (place.slash) return Errno.EISDIR;
  const inode = newRegular(task, directory, mode, "create");
  if (typeof inode === "number") return inode;
  directory.put(name, inode);
  notifyIn(place, inode, Notify.CREATE);
  const kept = flags & ~(OpenFlag.CREAT | OpenFlag.EXCL | OpenFlag.NOCTTY | OpenFlag.TRUNC |
    OpenFlag.CLOEXEC);
  return new OpenRegular(inode, kept, { ...place, inode });
}

function openTemporary(
  task: Task,
  start: Directory,
  path: string,
  flags: number,
  mode: number,
): OpenFile | number {
  const found = walk(task.walker, start, path, true);
  if (typeof found === "number") return found;
  if (found.inode === null) return Errno.ENOENT;
  if (!(found.inode instanceof Directory)) return Errno.ENOTDIR;
  if ((flags & OpenFlag.ACCESS) === OpenFlag.RDONLY) return Errno.EINVAL;
  const inode = newRegular(task, found.inode, mode, "unnamed");
  if (typeof inode === "number") return inode;
  inode.links = 0;
  inode.linkable = (flags & OpenFlag.EXCL) === 0;
  return new OpenRegular(
    inode,
    flags & ~(OpenFlag.CLOEXEC | OpenFlag.TMPFILE | OpenFlag.TRUNC),
    null,
  );
}

function newRegular(
  task: Task,
  directory: Directory,
  mode: number,
  how: Refused,
): RegularFile | number {
  const status = mayAdd(task, directory, how);
  if (status !== 0) return status;
  const { fsuid, fsgid } = task.credentials;
  const gid = (directory.mode & ModeBit.GID) !== 0 ? directory.gid : fsgid;
  const given = lendableIn(task.credentials, directory, mode & 0o7777) & ~task.fs.umask;
  return new RegularFile(directory.fs, { mode: given, uid: fsuid, gid });
}

/** Whether a task may give names in a directory, or do else what some file systems refuse. */
export function mayChange(task: Task, directory: Directory, how: Refused = "add"): number {
  const { refusals } = directory.fs;
  if (refusals?.isFirst) return refusals[how];
  const status = permission(task.credentials, directory, May.WRITE | May.EXECUTE);
  if (status !== 0) return status;
  if (refusals) return refusals[how];
  return directory.removed ? Errno.ENOENT : directory.fs.readOnly ? Errno.EROFS : 0;
}

/** The same for a name that is not given up elsewhere: it takes room. */
export function mayAdd(task: Task, directory: Directory, how: Refused = "add"): number {
  return mayChange(task, directory, how) ||
    (directory.fs.room?.files.free === 0 ? Errno.ENOSPC : 0);
}
