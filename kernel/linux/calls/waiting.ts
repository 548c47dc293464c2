/**
 * Calls that wait for children.
 *
 * @module
 */
import { CONTINUED, stopped } from "../exit_status.ts";
import { IdType, Wait, WaitWhom } from "../abi/process.ts";
import { OwnCode, SignalNumber } from "../abi/signal.ts";
import type { Answer } from "../answer.ts";
import { call, type LinuxCall } from "../call.ts";
import { Errno } from "../errno.ts";
import type { Change, Group } from "../group.ts";
import { encodeSigInfo } from "../signal/siginfo.ts";
import type { Task } from "../task.ts";
import type { Usage } from "../usage.ts";
import { processOfFile } from "./pid_files.ts";
import { writeBytes, writeUsage, writeWords32 } from "./user_data.ts";

const WAIT4_KNOWN = Wait.NOHANG | Wait.STOPPED | Wait.CONTINUED | WaitWhom.NOTHREAD | WaitWhom.ALL |
  WaitWhom.CLONE;
const PID_MIN = -0x80000000;

/** A child that changed, and how. */
interface Found {
  readonly child: Group;
  readonly change: Change;
}

type Fits = (child: Group) => boolean;

/** A child that fits and changed so that it counts; null while there is none; ECHILD for none. */
function find(task: Task, fits: Fits, options: number): Found | null | number {
  let any = false;
  for (const child of task.group.children) {
    if (!fits(child)) continue;
    const isClone = child.exitSignal !== SignalNumber.SIGCHLD;
    if ((options & WaitWhom.ALL) === 0 && isClone !== ((options & WaitWhom.CLONE) !== 0)) continue;
    any = true;
    if (child.ended) {
      if ((options & Wait.EXITED) !== 0) return { child, change: child.endOfLife };
      continue;
    }
    const { change } = child;
    if (change === null) continue;
    const isStop = change.code === OwnCode.CLD.STOPPED;
    if ((options & (isStop ? Wait.STOPPED : Wait.CONTINUED)) !== 0) return { child, change };
  }
  return any ? null : Errno.ECHILD;
}

/** The parent was told. */
function take(task: Task, { child }: Found, options: number): void {
  if ((options & Wait.NOWAIT) !== 0) return;
  if (!child.ended) {
    child.change = null;
    return;
  }
  task.group.children.delete(child);
  task.group.childUsage = task.group.childUsage.plus(child.used).plus(child.childUsage);
  task.linux.forget(child);
}

function statusOf({ child, change }: Found): number {
  if (child.ended) return child.exitStatus;
  return change.code === OwnCode.CLD.STOPPED ? stopped(change.status) : CONTINUED;
}

function wait4(task: Task, pid: number, status: number, options: number, usage: number): Answer {
  if ((options & ~WAIT4_KNOWN) !== 0) return Errno.EINVAL;
  if (pid === PID_MIN) return Errno.ESRCH;
  const pgid = pid === 0 ? task.group.pgid : -pid;
  const fits: Fits = pid > 0
    ? (child) => child.pid === pid
    : pid === -1
    ? () => true
    : (child) => child.pgid === pgid;
  const wanted = options | Wait.EXITED;
  return task.block({
    site: "do_wait",
    queues: [task.group.childChanged],
    attempt: () => {
      const found = find(task, fits, wanted);
      if (found === null) return (options & Wait.NOHANG) !== 0 ? 0 : null;
      if (typeof found === "number") return found;
      const word = statusOf(found);
      take(task, found, wanted);
      if (status !== 0 && !writeWords32(task, status, [word])) return Errno.EFAULT;
      if (usage !== 0 && !writeUsage(task, usage, usageOf(found))) return Errno.EFAULT;
      return found.child.pid;
    },
  });
}

/** Which children are meant. */
function fitsOf(task: Task, type: number, id: number): Fits | number {
  if (type === IdType.ALL) return () => true;
  if (type === IdType.PID) return (child) => child.pid === id;
  if (id < 0) return Errno.EINVAL;
  if (type === IdType.PIDFD) {
    const group = processOfFile(task, id);
    return typeof group === "number" ? group : (child) => child === group;
  }
  const pgid = id === 0 ? task.group.pgid : id;
  return (child) => child.pgid === pgid;
}

function waitid(
  task: Task,
  type: number,
  id: number,
  info: number,
  options: number,
  usage: number,
): Answer {
  const kinds = Wait.EXITED | Wait.STOPPED | Wait.CONTINUED;
  if ((options & ~(kinds | Wait.NOWAIT | WAIT4_KNOWN)) !== 0) return Errno.EINVAL;
  if ((options & kinds) === 0 || type < 0 || type > IdType.PIDFD) return Errno.EINVAL;
  if (type === IdType.PID && id <= 0) return Errno.EINVAL;
  const fits = fitsOf(task, type, id);
  if (typeof fits === "number") return fits;
  const isHurried = type === IdType.PIDFD && task.file(id)!.nonBlocking;
  return task.block({
    site: "do_wait",
    queues: [task.group.childChanged],
    attempt: () => {
      const found = find(task, fits, options);
      if (typeof found === "number") return found;
      if (found === null) {
        if (isHurried) return Errno.EAGAIN;
        if ((options & Wait.NOHANG) === 0) return null;
        return info === 0 ? 0 : writeBytes(task, info, new Uint8Array(48));
      }
      take(task, found, options);
      if (usage !== 0 && !writeUsage(task, usage, usageOf(found))) return Errno.EFAULT;
      return info === 0 ? 0 : writeInfo(task, info, found);
    },
  });
}

function writeInfo(task: Task, address: number, { child, change }: Found): number {
  const { pid, uid } = child;
  const { code, status } = change;
  const signal = SignalNumber.SIGCHLD;
  return writeBytes(task, address, encodeSigInfo({ signal, code, pid, uid, status }));
}

/** What a child has used, and those of its children that it waited for. */
function usageOf({ child }: Found): Usage {
  return child.used.plus(child.childUsage);
}

/** Calls that wait for children. */
export const WAITING_CALLS: readonly LinuxCall[] = [
  call(
    95,
    "waitid",
    { type: "int", id: "pid", info: "pointer", options: "int", usage: "pointer" },
    waitid,
  ),
  call(
    260,
    "wait4",
    { pid: "pid", status: "pointer", options: "flags:wait", usage: "pointer" },
    wait4,
  ),
];
