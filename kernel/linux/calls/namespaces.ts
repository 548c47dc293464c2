/**
 * Going into a namespace: there is one of each kind, and everybody is in it.
 *
 * @module
 */
import type { Answer } from "../answer.ts";
import { call, type LinuxCall } from "../call.ts";
import { Capability } from "../abi/capability.ts";
import { Errno } from "../errno.ts";
import { Namespace, NamespaceFile } from "../fs/namespace.ts";
import { PidFile } from "../fs/pid_file.ts";
import { mayLookInto } from "../scrutiny.ts";
import type { Task } from "../task.ts";

const ALL = Object.values(Namespace).reduce((flags, { flag }) => flags | flag, 0);

function setns(task: Task, fd: number, flags: number): Answer {
  const file = task.file(fd);
  if (!file) return Errno.EBADF;
  if (file instanceof PidFile) {
    if (flags === 0 || (flags & ~ALL) !== 0) return Errno.EINVAL;
    if (file.group.ended) return Errno.ESRCH;
    if (!mayLookInto(task, file.group)) return Errno.EPERM;
    return enter(task, flags);
  }
  if (!(file.inode instanceof NamespaceFile)) return Errno.EINVAL;
  const { flag } = Namespace[file.inode.type];
  return flags !== 0 && flags !== flag ? Errno.EINVAL : enter(task, flag);
}

/** Go where one is: some kinds mind. */
function enter(task: Task, flags: number): number {
  // Who goes into the same users again would get back what it gave up.
  if ((flags & Namespace.user.flag) !== 0) return Errno.EINVAL;
  if (!task.may(Capability.SYS_ADMIN)) return Errno.EPERM;
  const isAlone = task.group.tasks.size === 1;
  if ((flags & Namespace.time.flag) !== 0 && !isAlone) return Errno.EUSERS;
  if ((flags & Namespace.mnt.flag) === 0) return 0;
  if (task.fs.users > 1) return Errno.EINVAL;
  task.fs.root = task.fs.directory = task.linux.root;
  return 0;
}

/** The call that goes into namespaces. */
export const NAMESPACE_CALLS: readonly LinuxCall[] = [
  call(268, "setns", { fd: "fd", flags: "flags:clone" }, setns),
];
