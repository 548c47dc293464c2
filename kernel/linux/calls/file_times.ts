/**
 * Setting when files were used and changed.
 *
 * @module
 */
import { AT_FDCWD, AtFlag } from "../abi/open.ts";
import { Notify } from "../abi/polling.ts";
import { FileTime } from "../abi/stat.ts";
import type { Answer } from "../answer.ts";
import { SECOND } from "../duration.ts";
import { Errno } from "../errno.ts";
import { notify } from "../fs/fsnotify.ts";
import { isOwner, May, type Moment, permission } from "../fs/inode.ts";
import type { Task } from "../task.ts";
import { type Found, foundAt } from "./at.ts";
import { readSigned64 } from "./user_data.ts";

const FLAGS = AtFlag.SYMLINK_NOFOLLOW | AtFlag.EMPTY_PATH;

/** What somebody wants the times of a file to be. */
interface Times {
  readonly accessed: Moment;
  readonly modified: Moment;
}

const NOW: Moment = { seconds: 0, nanos: FileTime.NOW };

/** `utimensat`. */
export function utimensat(
  task: Task,
  dirfd: number,
  path: number,
  times: number,
  flags: number,
): Answer {
  const wanted = times === 0 ? { accessed: NOW, modified: NOW } : timesAt(task, times);
  if (typeof wanted === "number") return wanted;
  const all = [wanted.accessed.nanos, wanted.modified.nanos];
  // Where nothing is to be set it is not even looked whether there is a file.
  if (all.every((nanos) => nanos === FileTime.OMIT)) return 0;
  const isDescriptor = path === 0 && dirfd !== AT_FDCWD;
  if ((flags & (isDescriptor ? ~0 : ~FLAGS)) !== 0) return Errno.EINVAL;
  const found = isDescriptor ? task.file(dirfd) ?? Errno.EBADF : foundAt(task, dirfd, path, flags);
  if (typeof found === "number") return found;
  return all.every(isTime) ? setTimes(task, found, wanted) : Errno.EINVAL;
}

function setTimes({ credentials }: Task, { inode, place }: Found, wanted: Times): number {
  const { accessed, modified } = wanted;
  const isNow = accessed.nanos === FileTime.NOW && modified.nanos === FileTime.NOW;
  if (!isOwner(credentials, inode)) {
    if (!isNow) return Errno.EPERM;
    if (permission(credentials, inode, May.WRITE) !== 0) return Errno.EACCES;
  }
  const now = inode.fs.now();
  const moment = (one: Moment) => one.nanos === FileTime.NOW ? now : one;
  const [setsAccess, setsChange] = [accessed, modified].map(({ nanos }) => nanos !== FileTime.OMIT);
  if (setsAccess) inode.accessed = moment(accessed);
  if (setsChange) inode.modified = moment(modified);
  inode.changed = now;
  // Who sets one time only wants to say that the file was used so.
  const mask = !setsChange ? Notify.ACCESS : !setsAccess ? Notify.MODIFY : Notify.ATTRIB;
  notify(inode, mask, place);
  return 0;
}

function timesAt(task: Task, address: number): Times | number {
  const [accessed, modified] = [momentAt(task, address), momentAt(task, address + 16)];
  return accessed && modified ? { accessed, modified } : Errno.EFAULT;
}

function momentAt(task: Task, address: number): Moment | null {
  const [seconds, nanos] = [readSigned64(task, address), readSigned64(task, address + 8)];
  return seconds === null || nanos === null ? null : { seconds, nanos };
}

/** Whether nanoseconds can be set, or stand for something that can be done. */
function isTime(nanos: number): boolean {
  return nanos === FileTime.NOW || nanos === FileTime.OMIT || (nanos >= 0 && nanos < SECOND);
}
