/**
 * Calls that make tasks, let them execute programs, and end them.
 *
 * @module
 */
import { CloneFlag } from "../abi/process.ts";
import { AT_FDCWD, AtFlag } from "../abi/open.ts";
import { startOf } from "./at.ts";
import { type Answer, SILENT } from "../answer.ts";
import { userStrings } from "../bprm.ts";
import { call, type LinuxCall } from "../call.ts";
import { NAMESPACES } from "../clone.ts";
import { Errno } from "../errno.ts";
import { doExecveatCommon } from "../exec.ts";
import { exited } from "../exit_status.ts";
import { rseq } from "../restartable.ts";
import type { Task } from "../task.ts";
import { clone3, cloneCall } from "./cloning.ts";
import { readPath, writeWords64 } from "./user_data.ts";

const ROBUST_HEAD = 24;

function exit(task: Task, code: number): Answer {
  task.group.endTask(task, exited(code));
  return SILENT;
}

function exitGroup(task: Task, code: number): Answer {
  task.group.exit(code);
  return SILENT;
}

function execve(task: Task, path: number, args: number, environment: number): Answer {
  const text = readPath(task, path);
  if (typeof text === "number") return text;
  if (text === "") return Errno.ENOENT;
  return doExecveatCommon(task, {
    path: text,
    start: task.fs.directory,
    args: userStrings(task, args),
    environment: userStrings(task, environment),
  });
}

function execveat(
  task: Task,
  dirfd: number,
  path: number,
  args: number,
  environment: number,
  flags: number,
): Answer {
  if ((flags & ~(AtFlag.EMPTY_PATH | AtFlag.SYMLINK_NOFOLLOW)) !== 0) return Errno.EINVAL;
  const text = readPath(task, path);
  if (typeof text === "number") return text;
  const isEmpty = text === "";
  if (isEmpty && (flags & AtFlag.EMPTY_PATH) === 0) return Errno.ENOENT;
  const start = isEmpty ? task.fs.directory : startOf(task, dirfd, text);
  if (typeof start === "number") return start;
  const isHere = dirfd === AT_FDCWD;
  const file = isEmpty && !isHere ? task.fileOrPlace(dirfd) : null;
  if (isEmpty && !isHere && !file) return Errno.EBADF;
  const isRelative = !text.startsWith("/") && !isHere;
  return doExecveatCommon(task, {
    path: isRelative ? `/dev/fd/${dirfd}${isEmpty ? "" : `/${text}`}` : text,
    walked: isEmpty ? "." : text,
    start,
    ...(file ? { file } : {}),
    noFollow: (flags & AtFlag.SYMLINK_NOFOLLOW) !== 0,
    isPathInaccessible: isRelative && task.files.closesOnExec(dirfd),
    args: userStrings(task, args),
    environment: userStrings(task, environment),
  });
}

/** Go one's own way from now on in some of what was shared. */
function unshare(task: Task, flags: number): Answer {
  const { FS, FILES, SYSVSEM, NEWNS, VM, SIGHAND, THREAD } = CloneFlag;
  if ((flags & ~(FS | FILES | SYSVSEM | NEWNS | NAMESPACES | VM | SIGHAND | THREAD)) !== 0) {
    return Errno.EINVAL;
  }
  const isShared = task.group.tasks.size > 1 || task.mm.users > 1;
  if ((flags & (VM | SIGHAND | THREAD)) !== 0 && isShared) return Errno.EINVAL;
  if ((flags & (NEWNS | NAMESPACES)) !== 0) return Errno.EPERM;
  if ((flags & FS) !== 0 && task.fs.users > 1) {
    task.fs.users--;
    task.fs = task.fs.copy();
  }
  if ((flags & FILES) !== 0) task.unshareFiles();
  return 0;
}

function setRobustList(task: Task, head: number, length: number): Answer {
  if (length !== ROBUST_HEAD) return Errno.EINVAL;
  task.robustList = head;
  return 0;
}

function getRobustList(task: Task, pid: number, head: number, length: number): Answer {
  const found = pid === 0 ? task : task.linux.tasks.get(pid);
  if (!found) return Errno.ESRCH;
  const good = writeWords64(task, length, [ROBUST_HEAD]) &&
    writeWords64(task, head, [found.robustList]);
  return good ? 0 : Errno.EFAULT;
}

function setTidAddress(task: Task, address: number): Answer {
  task.clearChildTid = address;
  return task.tid;
}

/** Be like something else from now on, or only say what it is like; answers what it was like. */
function personality(task: Task, persona: number): Answer {
  const before = task.persona;
  if (persona !== 0xffffffff) task.persona = persona;
  return before;
}

/** Calls that make tasks and end them. */
export const PROCESS_CALLS: readonly LinuxCall[] = [
  call(
    92,
    "personality",
    { persona: "uint" },
    personality,
  ),
  call(93, "exit", { code: "int" }, exit),
  call(94, "exit_group", { code: "int" }, exitGroup),
  call(96, "set_tid_address", { address: "pointer" }, setTidAddress),
  call(97, "unshare", { flags: "flags:clone" }, unshare),
  call(99, "set_robust_list", { head: "pointer", length: "size" }, setRobustList),
  call(100, "get_robust_list", { pid: "pid", head: "pointer", length: "pointer" }, getRobustList),
  call(124, "sched_yield", {}, (task) => {
    task.linux.yield();
    return 0;
  }),
  call(
    220,
    "clone",
    {
      flags: "flags:clone",
      stack: "pointer",
      parentTid: "pointer",
      tls: "pointer",
      childTid: "pointer",
    },
    cloneCall,
  ),
  call(221, "execve", { path: "path", args: "pointer", environment: "pointer" }, execve),
  call(
    281,
    "execveat",
    {
      dirfd: "dirfd",
      path: "path",
      args: "pointer",
      environment: "pointer",
      flags: "flags:at",
    },
    execveat,
  ),
  call(
    293,
    "rseq",
    { area: "pointer", length: "uint", flags: "int", signature: "uint" },
    rseq,
  ),
  call(435, "clone3", { args: "pointer", size: "size" }, clone3),
];
