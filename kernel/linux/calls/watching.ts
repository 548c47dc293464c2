/**
 * Calls that watch files.
 *
 * @module
 */
import { Notify, NOTIFY_ALL } from "../abi/polling.ts";
import type { Answer } from "../answer.ts";
import { call, type LinuxCall } from "../call.ts";
import { Errno } from "../errno.ts";
import { Directory } from "../fs/directory.ts";
import { May, permission } from "../fs/inode.ts";
import { Inotify } from "../fs/inotify.ts";
import { AT_FDCWD, AtFlag, OpenFlag } from "../abi/open.ts";
import type { Task } from "../task.ts";
import { inodeAt } from "./at.ts";

const FLAGS = OpenFlag.NONBLOCK | OpenFlag.CLOEXEC;

function inotifyInit1(task: Task, flags: number): Answer {
  if ((flags & ~FLAGS) !== 0) return Errno.EINVAL;
  const file = new Inotify(task.linux, flags & OpenFlag.NONBLOCK);
  return task.addFile(file, (flags & OpenFlag.CLOEXEC) !== 0);
}

function inotifyAddWatch(task: Task, fd: number, path: number, mask: number): Answer {
  if ((mask & NOTIFY_ALL) === 0) return Errno.EINVAL;
  const both = Notify.MASK_ADD | Notify.MASK_CREATE;
  if ((mask & both) === both) return Errno.EINVAL;
  const file = task.file(fd);
  if (!file) return Errno.EBADF;
  if (!(file instanceof Inotify)) return Errno.EINVAL;
  const follow = (mask & Notify.DONT_FOLLOW) !== 0 ? AtFlag.SYMLINK_NOFOLLOW : 0;
  const inode = inodeAt(task, AT_FDCWD, path, follow);
  if (typeof inode === "number") return inode;
  if ((mask & Notify.ONLYDIR) !== 0 && !(inode instanceof Directory)) return Errno.ENOTDIR;
  const status = permission(task.credentials, inode, May.READ);
  return status < 0 ? status : file.watch(inode, mask);
}

function inotifyRmWatch(task: Task, fd: number, descriptor: number): Answer {
  const file = task.file(fd);
  if (!file) return Errno.EBADF;
  const watch = file instanceof Inotify ? file.find(descriptor) : null;
  if (!watch) return Errno.EINVAL;
  watch.inotify.remove(watch);
  return 0;
}

/** Calls that watch files. */
export const WATCHING_CALLS: readonly LinuxCall[] = [
  call(26, "inotify_init1", { flags: "uint" }, inotifyInit1),
  call(27, "inotify_add_watch", { fd: "fd", path: "path", mask: "uint" }, inotifyAddWatch),
  call(28, "inotify_rm_watch", { fd: "fd", watch: "int" }, inotifyRmWatch),
];
