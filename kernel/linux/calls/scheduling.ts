/**
 * Calls about when and where tasks run. There is one processor, and tasks take turns on it: what is
 * asked for is kept and told, and changes nothing.
 *
 * @module
 */
import {
  IO_CLASS_SHIFT,
  IoClass,
  IoPriorityOf,
  Policy,
  ScheduleFlag,
  ScheduleSize,
} from "../abi/scheduling.ts";
import { PriorityOf } from "../abi/process.ts";
import type { Answer } from "../answer.ts";
import { call, type LinuxCall } from "../call.ts";
import { Capability } from "../abi/capability.ts";
import { Errno } from "../errno.ts";
import type { Task } from "../task.ts";
import { writeBytes, writeTime, writeWords32, writeWords64 } from "./user_data.ts";

/** `RESET_ON_FORK` beside a policy. */
const RESETS = 0x40000000;

/** The tasks that are meant: one, those of a process group, or a user's. */
function meant(task: Task, which: number, who: number): readonly Task[] {
  const { linux, group, credentials } = task;
  if (which === PriorityOf.PROCESS) {
    const found = who === 0 ? task : linux.tasks.get(who);
    return found ? [found] : [];
  }
  const pgid = who === 0 ? group.pgid : who;
  const uid = who === 0 ? credentials.uid : who;
  const isMeant = which === PriorityOf.PGRP
    ? (one: Task) => one.group.pgid === pgid
    : (one: Task) => one.credentials.uid === uid;
  return [...linux.tasks.values()].filter(isMeant);
}

function getpriority(task: Task, which: number, who: number): Answer {
  if (which < PriorityOf.PROCESS || which > PriorityOf.USER) return Errno.EINVAL;
  const found = meant(task, which, who);
  return found.length === 0 ? Errno.ESRCH : 20 - Math.min(...found.map(({ nice }) => nice));
}

function setpriority(task: Task, which: number, who: number, nice: number): Answer {
  if (which < PriorityOf.PROCESS || which > PriorityOf.USER) return Errno.EINVAL;
  const wanted = Math.max(-20, Math.min(19, nice));
  let status: number = Errno.ESRCH;
  for (const found of meant(task, which, who)) {
    if (wanted < found.nice && !task.may(Capability.SYS_NICE)) {
      status = Errno.EACCES;
      continue;
    }
    found.nice = wanted;
    if (status === Errno.ESRCH) status = 0;
  }
  return status;
}

function schedGetaffinity(task: Task, pid: number, length: number, address: number): Answer {
  if (pid !== 0 && !task.linux.tasks.has(pid)) return Errno.ESRCH;
  if (length < 8 || length % 8 !== 0) return Errno.EINVAL;
  return writeWords64(task, address, [1]) ? 8 : Errno.EFAULT;
}

function schedSetaffinity(task: Task, pid: number, length: number, address: number): Answer {
  if (pid !== 0 && !task.linux.tasks.has(pid)) return Errno.ESRCH;
  if (length === 0) return Errno.EINVAL;
  const bytes = task.mm.memory.bytes(address, Math.min(length, 128));
  if (typeof bytes === "number") return Errno.EFAULT;
  return (bytes[0]! & 1) !== 0 ? 0 : Errno.EINVAL;
}

function schedSetscheduler(task: Task, pid: number, policy: number, address: number): Answer {
  if (pid < 0 || policy < 0 || address === 0) return Errno.EINVAL;
  const found = pid === 0 ? task : task.linux.tasks.get(pid);
  const priority = task.mm.memory.readU32(address);
  if (priority < 0) return Errno.EFAULT;
  if (!found) return Errno.ESRCH;
  const resets = (policy & RESETS) !== 0;
  return setPolicy(task, found, { policy: policy & ~RESETS, priority, resets });
}

function setPolicy(task: Task, found: Task, wanted: Task["policy"]): number {
  const { policy, priority, resets } = wanted;
  const isRealTime = isUrgent(policy);
  const isKnown = isRealTime || policy === Policy.OTHER || policy === Policy.BATCH ||
    policy === Policy.IDLE;
  if (!isKnown) return Errno.EINVAL;
  if (isRealTime ? priority < 1 || priority > 99 : priority !== 0) return Errno.EINVAL;
  if (isRealTime && !task.may(Capability.SYS_NICE)) return Errno.EPERM;
  if (found.policy.resets && !resets && !task.may(Capability.SYS_NICE)) return Errno.EPERM;
  found.policy = wanted;
  return 0;
}

function schedGetparam(task: Task, pid: number, address: number): Answer {
  if (pid < 0 || address === 0) return Errno.EINVAL;
  const found = pid === 0 ? task : task.linux.tasks.get(pid);
  if (!found) return Errno.ESRCH;
  return writeWords32(task, address, [found.policy.priority]) ? 0 : Errno.EFAULT;
}

function schedRrGetInterval(task: Task, pid: number, address: number): Answer {
  if (pid < 0) return Errno.EINVAL;
  if (pid !== 0 && !task.linux.tasks.has(pid)) return Errno.ESRCH;
  return writeTime(task, address, 4_000_000) ? 0 : Errno.EFAULT;
}

function schedSetattr(task: Task, pid: number, address: number, flags: number): Answer {
  if (address === 0 || pid < 0 || flags !== 0) return Errno.EINVAL;
  const size = task.mm.memory.readU32(address);
  if (size < 0) return Errno.EFAULT;
  if (size !== 0 && (size < ScheduleSize.LEAST || size > 4096)) {
    // So that who asks knows what would do.
    return writeWords32(task, address, [ScheduleSize.WHOLE]) ? Errno.E2BIG : Errno.EFAULT;
  }
  const bytes = task.mm.memory.bytes(address, ScheduleSize.LEAST);
  if (typeof bytes === "number") return Errno.EFAULT;
  const view = new DataView(bytes.buffer);
  const policy = view.getUint32(4, true);
  const nice = view.getInt32(16, true);
  const priority = view.getUint32(20, true);
  const found = pid === 0 ? task : task.linux.tasks.get(pid);
  if (!found) return Errno.ESRCH;
  const isReset = view.getBigUint64(8, true);
  if ((isReset & ~BigInt(ScheduleFlag.RESET_ON_FORK)) !== 0n) return Errno.EINVAL;
  if (policy === Policy.DEADLINE) return task.may(Capability.SYS_NICE) ? Errno.EBUSY : Errno.EPERM;
  const status = setPolicy(task, found, { policy, priority, resets: isReset !== 0n });
  if (status !== 0 || isUrgent(policy)) return status;
  if (nice < found.nice && !task.may(Capability.SYS_NICE)) return Errno.EPERM;
  found.nice = Math.max(-20, Math.min(19, nice));
  return 0;
}

function schedGetattr(task: Task, pid: number, address: number, size: number, flags: number) {
  if (address === 0 || pid < 0 || flags !== 0 || size < ScheduleSize.LEAST || size > 4096) {
    return Errno.EINVAL;
  }
  const found = pid === 0 ? task : task.linux.tasks.get(pid);
  if (!found) return Errno.ESRCH;
  const bytes = new Uint8Array(Math.min(size, ScheduleSize.WHOLE));
  const view = new DataView(bytes.buffer);
  const { policy, priority } = found.policy;
  view.setUint32(0, bytes.length, true);
  view.setUint32(4, policy, true);
  view.setBigUint64(8, BigInt(found.policy.resets ? ScheduleFlag.RESET_ON_FORK : 0), true);
  view.setInt32(16, found.nice, true);
  view.setUint32(20, priority, true);
  return writeBytes(task, address, bytes);
}

/** Whether tasks of a policy go before all others. */
function isUrgent(policy: number): boolean {
  return policy === Policy.FIFO || policy === Policy.RR;
}

/** An end of the priorities of a policy; only those that go before others have some. */
function priorityOf(policy: number, end: number): number {
  if (policy < Policy.OTHER || policy > Policy.DEADLINE) return Errno.EINVAL;
  return isUrgent(policy) ? end : 0;
}

function ioprioSet(task: Task, which: number, who: number, value: number): Answer {
  const kind = value >>> IO_CLASS_SHIFT;
  if (kind > IoClass.IDLE) return Errno.EINVAL;
  if (kind === IoClass.RT && !task.may(Capability.SYS_NICE)) return Errno.EPERM;
  if (which < IoPriorityOf.PROCESS || which > IoPriorityOf.USER) return Errno.EINVAL;
  const found = who === 0 ? task : task.linux.tasks.get(who);
  if (!found) return Errno.ESRCH;
  found.ioPriority = value;
  return 0;
}

function ioprioGet(task: Task, which: number, who: number): Answer {
  if (which < IoPriorityOf.PROCESS || which > IoPriorityOf.USER) return Errno.EINVAL;
  const found = who === 0 ? task : task.linux.tasks.get(who);
  return found ? found.ioPriority : Errno.ESRCH;
}

/** Calls about when and where tasks run. */
export const SCHEDULING_CALLS: readonly LinuxCall[] = [
  call(30, "ioprio_set", { which: "int", who: "int", value: "int" }, ioprioSet),
  call(31, "ioprio_get", { which: "int", who: "int" }, ioprioGet),
  call(
    119,
    "sched_setscheduler",
    { pid: "pid", policy: "int", parameters: "pointer" },
    schedSetscheduler,
  ),
  call(
    120,
    "sched_getscheduler",
    { pid: "pid" },
    (task, pid) => {
      const found = pid === 0 ? task : task.linux.tasks.get(pid);
      if (!found) return pid < 0 ? Errno.EINVAL : Errno.ESRCH;
      return found.policy.policy | (found.policy.resets ? RESETS : 0);
    },
  ),
  call(
    118,
    "sched_setparam",
    { pid: "pid", parameters: "pointer" },
    (task, pid, address) => {
      const { policy, resets } = (task.linux.tasks.get(pid) ?? task).policy;
      return schedSetscheduler(task, pid, policy | (resets ? RESETS : 0), address);
    },
  ),
  call(121, "sched_getparam", { pid: "pid", parameters: "pointer" }, schedGetparam),
  call(
    122,
    "sched_setaffinity",
    { pid: "pid", length: "uint", mask: "pointer" },
    schedSetaffinity,
  ),
  call(
    123,
    "sched_getaffinity",
    { pid: "pid", length: "uint", mask: "pointer" },
    schedGetaffinity,
  ),
  call(
    125,
    "sched_get_priority_max",
    { policy: "int" },
    (_task, policy) => priorityOf(policy, 99),
  ),
  call(
    126,
    "sched_get_priority_min",
    { policy: "int" },
    (_task, policy) => priorityOf(policy, 1),
  ),
  call(127, "sched_rr_get_interval", { pid: "pid", time: "pointer" }, schedRrGetInterval),
  call(140, "setpriority", { which: "int", who: "int", nice: "int" }, setpriority),
  call(141, "getpriority", { which: "int", who: "int" }, getpriority),
  call(
    274,
    "sched_setattr",
    { pid: "pid", attributes: "pointer", flags: "uint" },
    schedSetattr,
  ),
  call(
    275,
    "sched_getattr",
    { pid: "pid", attributes: "pointer", size: "uint", flags: "uint" },
    schedGetattr,
  ),
];
