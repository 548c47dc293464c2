/**
 * Calls that refer to processes by descriptors, and those that look into other processes.
 *
 * @module
 */
import { Compare } from "../abi/process.ts";
import type { Answer } from "../answer.ts";
import { call, type LinuxCall } from "../call.ts";
import { Errno } from "../errno.ts";
import { OpenFlag } from "../abi/open.ts";
import { OpenDirectory } from "../fs/open_regular.ts";
import { PidFile } from "../fs/pid_file.ts";
import { ProcessDirectory } from "../fs/proc_process.ts";
import type { Group } from "../group.ts";
import { mayLookInto } from "../scrutiny.ts";
import { sendToGroup } from "../signal/send.ts";
import { SIGINFO_SIZE, SignalCode, SIGNALS } from "../abi/signal.ts";
import { decodeSigInfo, type SigInfo } from "../signal/siginfo.ts";
import type { Task } from "../task.ts";
import { maySay, maySignal } from "./signals.ts";
import { type Piece, piecesAt } from "./transfer.ts";

const PIECE = 1 << 16;

function pidfdOpen(task: Task, pid: number, flags: number): Answer {
  if ((flags & ~OpenFlag.NONBLOCK) !== 0 || pid <= 0) return Errno.EINVAL;
  const group = task.linux.groups.get(pid);
  if (!group) return task.linux.tasks.has(pid) ? Errno.EINVAL : Errno.ESRCH;
  return task.addFile(new PidFile(group, flags), true);
}

/** The process of a descriptor. */
export function processOfFile(task: Task, fd: number): Group | number {
  const file = task.file(fd);
  return file instanceof PidFile ? file.group : Errno.EBADF;
}

/** The process that a signal is for: its directory in /proc stands for it too. */
function targetOfFile(task: Task, fd: number): Group | number {
  const file = task.file(fd);
  const inode = file instanceof OpenDirectory ? file.inode : null;
  return inode instanceof ProcessDirectory ? inode.group : processOfFile(task, fd);
}

function pidfdSendSignal(task: Task, fd: number, signal: number, at: number, flags: number) {
  if (flags !== 0) return Errno.EINVAL;
  const group = targetOfFile(task, fd);
  if (typeof group === "number") return group;
  const { pid } = task.group;
  let info: SigInfo = { signal, code: SignalCode.USER, pid, uid: task.credentials.uid };
  if (at !== 0) {
    const bytes = task.mm.memory.bytes(at, SIGINFO_SIZE);
    if (typeof bytes === "number") return Errno.EFAULT;
    info = decodeSigInfo(bytes);
    if (info.signal !== signal) return Errno.EINVAL;
    if (!maySay(task, info, group.pid)) return Errno.EPERM;
  }
  if (signal < 0 || signal > SIGNALS) return Errno.EINVAL;
  if (task.linux.groups.get(group.pid) !== group) return Errno.ESRCH;
  if (!maySignal(task, group, signal)) return Errno.EPERM;
  return sendToGroup(group, info) ? 0 : Errno.EAGAIN;
}

function pidfdGetfd(task: Task, fd: number, wanted: number, flags: number): Answer {
  if (flags !== 0) return Errno.EINVAL;
  const group = processOfFile(task, fd);
  if (typeof group === "number") return group;
  const { leader } = group;
  if (group.ended || !leader) return Errno.ESRCH;
  if (!mayLookInto(task, group)) return Errno.EPERM;
  const file = leader.fileOrPlace(wanted);
  return file ? task.gainFile(file, true) : Errno.EBADF;
}

type Direction = "read" | "write";

function processVm(direction: Direction) {
  return (
    task: Task,
    pid: number,
    local: number,
    localCount: number,
    remote: number,
    remoteCount: number,
    flags: number,
  ): Answer => {
    if (flags !== 0) return Errno.EINVAL;
    const own = piecesAt(task, local, localCount);
    if (typeof own === "number") return own;
    if (own.every(({ length }) => length === 0)) return 0;
    const others = piecesAt(task, remote, remoteCount);
    if (typeof others === "number") return others;
    const group = task.linux.groups.get(pid) ?? task.linux.tasks.get(pid)?.group;
    if (!group || group.ended) return Errno.ESRCH;
    if (!mayLookInto(task, group)) return Errno.EPERM;
    return copyPieces(task, group, { own, others, direction });
  };
}

function copyPieces(
  task: Task,
  group: Group,
  { own, others, direction }: {
    own: readonly Piece[];
    others: readonly Piece[];
    direction: Direction;
  },
): number {
  const [source, target] = direction === "read"
    ? [group.mm.memory, task.mm.memory]
    : [task.mm.memory, group.mm.memory];
  let done = 0;
  for (const [mine, theirs, length] of runs(own, others)) {
    const [from, to] = direction === "read" ? [theirs, mine] : [mine, theirs];
    const bytes = source.bytes(from, length);
    const isGood = typeof bytes !== "number" && target.write(to, bytes) === 0;
    if (!isGood) return done > 0 ? done : Errno.EFAULT;
    done += length;
  }
  return done;
}

/** Runs that are whole on both sides. */
function* runs(
  own: readonly Piece[],
  others: readonly Piece[],
): Generator<readonly [mine: number, theirs: number, length: number]> {
  let [one, other, at, into] = [0, 0, 0, 0];
  while (one < own.length && other < others.length) {
    const [mine, theirs] = [own[one]!, others[other]!];
    const length = Math.min(mine.length - at, theirs.length - into, PIECE);
    if (length > 0) yield [mine.address + at, theirs.address + into, length];
    at += length;
    into += length;
    if (at >= mine.length) [one, at] = [one + 1, 0];
    if (into >= theirs.length) [other, into] = [other + 1, 0];
  }
}

function kcmp(task: Task, a: number, b: number, type: number, first: number, second: number) {
  const [one, other] = [task.linux.tasks.get(a), task.linux.tasks.get(b)];
  if (!one || !other) return Errno.ESRCH;
  if (!mayLookInto(task, one.group) || !mayLookInto(task, other.group)) return Errno.EPERM;
  switch (type) {
    case Compare.FILE: {
      const [left, right] = [one.fileOrPlace(first), other.fileOrPlace(second)];
      if (!left || !right) return Errno.EBADF;
      return left === right ? 0 : left.inode.ino < right.inode.ino ? 1 : 2;
    }
    case Compare.VM:
      return order(one.mm === other.mm, a, b);
    case Compare.FILES:
      return order(one.files === other.files, a, b);
    case Compare.FS:
      return order(one.fs === other.fs, a, b);
    case Compare.SIGHAND:
      return order(one.group.handlers === other.group.handlers, a, b);
    case Compare.IO:
      // Nobody uses devices of blocks, and what nobody has is the same.
      return 0;
    case Compare.SYSVSEM:
      return order(one.group === other.group || ![one, other].some(undoes), a, b);
    default:
      return Errno.EINVAL;
  }
}

/** Whether some of what a task did to counts is to be taken back. */
function undoes({ linux, group }: Task): boolean {
  return [...linux.semaphores.all()].some((set) => set.undoes(group));
}

function order(isSame: boolean, a: number, b: number): number {
  return isSame ? 0 : a < b ? 1 : 2;
}

const VM = {
  pid: "pid",
  local: "pointer",
  localCount: "size",
  remote: "pointer",
  remoteCount: "size",
  flags: "size",
} as const;

/** Calls that refer to processes by descriptors, and those that look into others. */
export const PID_FILE_CALLS: readonly LinuxCall[] = [
  call(270, "process_vm_readv", VM, processVm("read")),
  call(271, "process_vm_writev", VM, processVm("write")),
  call(
    272,
    "kcmp",
    { a: "pid", b: "pid", type: "int", first: "uint", second: "uint" },
    kcmp,
  ),
  call(
    424,
    "pidfd_send_signal",
    { fd: "fd", signal: "signal", info: "pointer", flags: "uint" },
    pidfdSendSignal,
  ),
  call(434, "pidfd_open", { pid: "pid", flags: "uint" }, pidfdOpen),
  call(438, "pidfd_getfd", { fd: "fd", wanted: "fd", flags: "uint" }, pidfdGetfd),
];
