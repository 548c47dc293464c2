/**
 * Calls about signals.
 *
 * @module
 */
import {
  ACTION_SIZE,
  Handler,
  MaskChange,
  SIGINFO_SIZE,
  SIGNAL_SET_SIZE,
  SignalCode,
  SignalNumber,
  SIGNALS,
  STACK_SIZE,
  StackFlag,
  UAPI_SA_FLAGS,
} from "../abi/signal.ts";
import { Register } from "../../abi/riscv64.ts";
import { type Answer, SILENT } from "../answer.ts";
import { call, type LinuxCall } from "../call.ts";
import { Capability } from "../abi/capability.ts";
import { Errno, Restart } from "../errno.ts";
import type { Group } from "../group.ts";
import { isOnSignalStack, leaveHandler } from "../signal/frame.ts";
import { forceFatal, sendToGroup, sendToTask } from "../signal/send.ts";
import { decodeSigInfo, encodeSigInfo, type SigInfo } from "../signal/siginfo.ts";
import { defaultAction, isIn, setOf, UNBLOCKABLE } from "../signal/signal.ts";
import type { Task } from "../task.ts";
import { readSignalSet, readTime, writeBytes, writeSignalSet } from "./user_data.ts";

const STACK_SIZE_MIN = 2048;
const { SP } = Register;

function isSignal(signal: number): boolean {
  return signal >= 1 && signal <= SIGNALS;
}

function sigaction(task: Task, signal: number, next: number, old: number, size: number): Answer {
  if (size !== SIGNAL_SET_SIZE || !isSignal(signal)) return Errno.EINVAL;
  if (next !== 0 && isIn(UNBLOCKABLE, signal)) return Errno.EINVAL;
  const { handlers } = task.group;
  const before = handlers.get(signal);
  if (next !== 0) {
    const bytes = task.mm.memory.bytes(next, ACTION_SIZE);
    if (typeof bytes === "number") return Errno.EFAULT;
    const view = new DataView(bytes.buffer);
    const handler = Number(view.getBigUint64(0, true));
    const flags = (view.getUint32(8, true) & UAPI_SA_FLAGS) >>> 0;
    handlers.set(signal, { handler, flags, mask: view.getBigUint64(16, true) & ~UNBLOCKABLE });
    discardIgnored(task.group, signal, handler);
  }
  if (old === 0) return 0;
  const bytes = new Uint8Array(ACTION_SIZE);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(before.handler), true);
  view.setBigUint64(8, BigInt(before.flags >>> 0), true);
  view.setBigUint64(16, before.mask, true);
  return writeBytes(task, old, bytes);
}

/** Signals that are ignored from now on do not wait any longer. */
function discardIgnored(group: Group, signal: number, handler: number): void {
  const isIgnored = handler === Handler.IGN ||
    (handler === Handler.DFL && defaultAction(signal) === "ignore");
  if (!isIgnored) return;
  group.pending.discard(setOf(signal));
  for (const task of group.tasks.values()) {
    task.pending.discard(setOf(signal));
    task.recalculate();
  }
}

function sigprocmask(task: Task, how: number, next: number, old: number, size: number): Answer {
  if (size !== SIGNAL_SET_SIZE) return Errno.EINVAL;
  const before = task.blocked;
  if (next !== 0) {
    const set = readSignalSet(task, next);
    if (typeof set === "number") return set;
    if (how === MaskChange.BLOCK) task.setBlocked(before | set);
    else if (how === MaskChange.UNBLOCK) task.setBlocked(before & ~set);
    else if (how === MaskChange.SETMASK) task.setBlocked(set);
    else return Errno.EINVAL;
  }
  return old === 0 || writeSignalSet(task, old, before) ? 0 : Errno.EFAULT;
}

function sigpending(task: Task, address: number, size: number): Answer {
  if (size > SIGNAL_SET_SIZE) return Errno.EINVAL;
  const set = (task.pending.set | task.group.pending.set) & task.blocked;
  return writeSignalSet(task, address, set) ? 0 : Errno.EFAULT;
}

function sigsuspend(task: Task, address: number, size: number): Answer {
  if (size !== SIGNAL_SET_SIZE) return Errno.EINVAL;
  const set = readSignalSet(task, address);
  if (typeof set === "number") return set;
  task.savedMask = task.blocked;
  task.setBlocked(set);
  return task.block({
    site: "sigsuspend",
    queues: [],
    attempt: () => task.signalled ? Restart.NOHAND : null,
    interrupted: () => Restart.NOHAND,
  });
}

function sigtimedwait(task: Task, set: number, info: number, timeout: number, size: number) {
  if (size !== SIGNAL_SET_SIZE) return Errno.EINVAL;
  const wanted = readSignalSet(task, set);
  if (typeof wanted === "number") return wanted;
  const limit = timeout === 0 ? Infinity : readTime(task, timeout);
  if (limit < 0) return limit;
  const unwanted = ~(wanted & ~UNBLOCKABLE);
  return task.block({
    site: "do_sigtimedwait",
    queues: [task.group.signalArrived],
    attempt: () => {
      const found = task.pending.take(unwanted) ?? task.group.pending.take(unwanted);
      task.recalculate();
      if (!found) return limit === 0 ? Errno.EAGAIN : null;
      if (info === 0) return found.signal;
      return writeBytes(task, info, encodeSigInfo(found)) || found.signal;
    },
    deadline: task.now + limit,
    timedOut: () => Errno.EAGAIN,
    interrupted: () => Errno.EINTR,
  });
}

function sigreturn(task: Task): Answer {
  if (!leaveHandler(task)) forceFatal(task, SignalNumber.SIGSEGV);
  task.restart = 0;
  return SILENT;
}

function sigaltstack(task: Task, next: number, old: number): Answer {
  const before = task.signalStack;
  const isOn = isOnSignalStack(task, task.context.get(SP));
  if (next !== 0) {
    const bytes = task.mm.memory.bytes(next, STACK_SIZE);
    if (typeof bytes === "number") return Errno.EFAULT;
    const view = new DataView(bytes.buffer);
    const flags = view.getInt32(8, true);
    const size = Number(view.getBigUint64(16, true));
    if (isOn) return Errno.EPERM;
    const mode = flags & ~StackFlag.AUTODISARM;
    if (mode !== 0 && mode !== StackFlag.ONSTACK && mode !== StackFlag.DISABLE) return Errno.EINVAL;
    const isOff = mode === StackFlag.DISABLE;
    if (!isOff && size < STACK_SIZE_MIN) return Errno.ENOMEM;
    const address = isOff ? 0 : Number(view.getBigUint64(0, true));
    const kept = flags & StackFlag.AUTODISARM;
    task.signalStack = {
      address,
      size: isOff ? 0 : size,
      flags: isOff ? StackFlag.DISABLE : kept,
    };
  }
  if (old === 0) return 0;
  const bytes = new Uint8Array(STACK_SIZE);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(before.address), true);
  const kept = before.flags & StackFlag.AUTODISARM;
  const flags = before.size === 0 ? StackFlag.DISABLE : isOn ? StackFlag.ONSTACK : 0;
  view.setInt32(8, flags | kept, true);
  view.setBigUint64(16, BigInt(before.size), true);
  return writeBytes(task, old, bytes);
}

/** Whether a task may send a signal to a process. */
export function maySignal(task: Task, group: Group, signal: number): boolean {
  if (task.may(Capability.KILL) || group === task.group) return true;
  const target = group.leader?.credentials;
  const { uid, euid } = task.credentials;
  if (!target) return uid === group.uid || euid === group.uid;
  if (signal === SignalNumber.SIGCONT && group.sid === task.group.sid) return true;
  return [target.uid, target.suid].some((one) => one === uid || one === euid);
}

function kill(task: Task, pid: number, signal: number): Answer {
  const isSignal = signal >= 0 && signal <= SIGNALS;
  const info = userInfo(task, signal, SignalCode.USER);
  const { linux, group } = task;
  if (pid > 0) {
    const target = linux.groups.get(pid) ?? linux.tasks.get(pid)?.group;
    if (!target) return Errno.ESRCH;
    if (!isSignal) return Errno.EINVAL;
    if (!maySignal(task, target, signal)) return Errno.EPERM;
    sendToGroup(target, info);
    return 0;
  }
  const pgid = pid === 0 ? group.pgid : -pid;
  const targets = [...linux.groups.values()].filter((one) =>
    pid === -1 ? one !== group : one.pgid === pgid
  );
  if (targets.length === 0) return Errno.ESRCH;
  if (!isSignal) return Errno.EINVAL;
  const allowed = targets.filter((one) => maySignal(task, one, signal));
  if (allowed.length === 0) return Errno.EPERM;
  for (const one of allowed) sendToGroup(one, info);
  return 0;
}

function tgkill(task: Task, tgid: number, tid: number, signal: number): Answer {
  if (tgid <= 0 || tid <= 0) return Errno.EINVAL;
  return sendTo(task, tid, tgid, userInfo(task, signal, SignalCode.TKILL));
}

function tkill(task: Task, tid: number, signal: number): Answer {
  if (tid <= 0) return Errno.EINVAL;
  return sendTo(task, tid, 0, userInfo(task, signal, SignalCode.TKILL));
}

function sendTo(task: Task, tid: number, tgid: number, info: SigInfo): number {
  const target = task.linux.tasks.get(tid);
  if (!target || (tgid !== 0 && target.group.pid !== tgid)) return Errno.ESRCH;
  if (info.signal < 0 || info.signal > SIGNALS) return Errno.EINVAL;
  if (!maySignal(task, target.group, info.signal)) return Errno.EPERM;
  return sendToTask(target, info) ? 0 : Errno.EAGAIN;
}

function userInfo(task: Task, signal: number, code: number): SigInfo {
  return { signal, code, pid: task.group.pid, uid: task.credentials.uid };
}

/** Whether a task may say how a signal came about: what is the kernel's to say it may tell only itself. */
export function maySay(task: Task, { code }: SigInfo, pid: number): boolean {
  return (code < 0 && code !== SignalCode.TKILL) || pid === task.tid;
}

function queueInfo(task: Task, pid: number, signal: number, address: number): Answer {
  const bytes = task.mm.memory.bytes(address, SIGINFO_SIZE);
  if (typeof bytes === "number") return Errno.EFAULT;
  const info = { ...decodeSigInfo(bytes), signal };
  if (!maySay(task, info, pid)) return Errno.EPERM;
  const target = task.linux.groups.get(pid) ?? task.linux.tasks.get(pid)?.group;
  if (signal < 0 || signal > SIGNALS) return Errno.EINVAL;
  if (!target) return Errno.ESRCH;
  if (!maySignal(task, target, signal)) return Errno.EPERM;
  return sendToGroup(target, info) ? 0 : Errno.EAGAIN;
}

function queueInfoTo(task: Task, tgid: number, tid: number, signal: number, at: number): Answer {
  const bytes = task.mm.memory.bytes(at, SIGINFO_SIZE);
  if (typeof bytes === "number") return Errno.EFAULT;
  const info = { ...decodeSigInfo(bytes), signal };
  if (!maySay(task, info, tid)) return Errno.EPERM;
  return sendTo(task, tid, tgid, info);
}

function restartSyscall(task: Task): Answer {
  const again = task.restartBlock;
  task.restartBlock = null;
  return again ? again() : Errno.EINTR;
}

/** Calls about signals. */
export const SIGNAL_CALLS: readonly LinuxCall[] = [
  call(128, "restart_syscall", {}, restartSyscall),
  call(129, "kill", { pid: "pid", signal: "signal" }, kill),
  call(130, "tkill", { tid: "pid", signal: "signal" }, tkill),
  call(131, "tgkill", { tgid: "pid", tid: "pid", signal: "signal" }, tgkill),
  call(132, "sigaltstack", { next: "pointer", old: "pointer" }, sigaltstack),
  call(133, "rt_sigsuspend", { set: "pointer", size: "size" }, sigsuspend),
  call(
    134,
    "rt_sigaction",
    { signal: "signal", next: "pointer", old: "pointer", size: "size" },
    sigaction,
  ),
  call(
    135,
    "rt_sigprocmask",
    { how: "flags:sigmask", next: "pointer", old: "pointer", size: "size" },
    sigprocmask,
  ),
  call(136, "rt_sigpending", { set: "pointer", size: "size" }, sigpending),
  call(
    137,
    "rt_sigtimedwait",
    { set: "pointer", info: "pointer", timeout: "pointer", size: "size" },
    sigtimedwait,
  ),
  call(138, "rt_sigqueueinfo", { pid: "pid", signal: "signal", info: "pointer" }, queueInfo),
  call(139, "rt_sigreturn", {}, sigreturn),
  call(
    240,
    "rt_tgsigqueueinfo",
    { tgid: "pid", tid: "pid", signal: "signal", info: "pointer" },
    queueInfoTo,
  ),
];
