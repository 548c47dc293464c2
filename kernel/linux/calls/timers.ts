/**
 * Calls about the timers of a process.
 *
 * @module
 */
import { type Sigevent, sigeventAt } from "./sigevent.ts";
import { readTime, writeSetting, writeWords32 } from "./user_data.ts";
import { ClockId, NoticeKind, TimerFlag } from "../abi/time.ts";
import type { Answer } from "../answer.ts";
import { call, type LinuxCall } from "../call.ts";
import { Errno } from "../errno.ts";
import type { Notice } from "../posix_timer.ts";
import { SignalNumber, SIGNALS } from "../abi/signal.ts";
import { recipientOf } from "../signal/send.ts";
import type { Task } from "../task.ts";
import { cpuClock, deadlineOn } from "./time.ts";

const ALARM_CLOCKS: readonly number[] = [ClockId.REALTIME_ALARM, ClockId.BOOTTIME_ALARM];
const CLOCKS: readonly number[] = [
  ClockId.REALTIME,
  ClockId.MONOTONIC,
  ClockId.PROCESS_CPUTIME_ID,
  ClockId.THREAD_CPUTIME_ID,
  ClockId.BOOTTIME,
  ClockId.TAI,
  ...ALARM_CLOCKS,
];

/** Whom a timer tells whose maker says nothing. */
const BY_ALARM: Notice = { signal: SignalNumber.SIGALRM, value: null, tid: 0 };

function timerCreate(task: Task, clock: number, event: number, to: number): Answer {
  const wanted = event === 0 ? null : sigeventAt(task, event);
  if (typeof wanted === "number") return wanted;
  const cpu = cpuClock(task, clock);
  if (cpu === null || (clock >= 0 && !CLOCKS.includes(clock))) return Errno.EINVAL;
  const { linux, group } = task;
  const { timers } = group;
  const recipient = recipientOf(group, task);
  if (timers.full || !linux.queuedSignals.mayAdd(recipient)) return Errno.EAGAIN;
  const notice = wanted ? noticeOf(task, wanted) : BY_ALARM;
  if (typeof notice === "number") return notice;
  // There is no clock that runs while the machine sleeps.
  if (ALARM_CLOCKS.includes(clock)) return Errno.EOPNOTSUPP;
  const timer = timers.create(group, {
    uid: recipient.uid,
    clock,
    cpu: typeof cpu === "string" ? null : cpu,
    notice,
  });
  if (writeWords32(task, to, [timer.id])) return 0;
  timers.remove(timer, linux.queuedSignals);
  return Errno.EFAULT;
}

function noticeOf(task: Task, { value, signal, kind, tid }: Sigevent): Notice | number {
  if (kind === NoticeKind.NONE) return { signal: 0, value, tid: 0 };
  if (signal < 1 || signal > SIGNALS) return Errno.EINVAL;
  if (kind === NoticeKind.SIGNAL || kind === NoticeKind.THREAD) return { signal, value, tid: 0 };
  const isOwn = task.linux.tasks.get(tid)?.group === task.group;
  return kind === NoticeKind.THREAD_ID && isOwn ? { signal, value, tid } : Errno.EINVAL;
}

function timerSettime(task: Task, id: number, flags: number, next: number, old: number): Answer {
  if (next === 0) return Errno.EINVAL;
  const timer = task.group.timers.get(id);
  const interval = readTime(task, next);
  const value = readTime(task, next + 16);
  if (interval < 0) return interval;
  if (value < 0) return value;
  if (!timer) return Errno.EINVAL;
  const before = timer.setting;
  const isAbsolute = (flags & TimerFlag.ABSTIME) !== 0;
  const now = timer.cpu ? timer.cpu.time() : task.now;
  const deadline = !isAbsolute
    ? now + value
    : timer.cpu
    ? value
    : deadlineOn(task, timer.clock, value);
  timer.set(value === 0 ? 0 : Math.max(1, deadline), interval);
  return old === 0 || writeSetting(task, old, before) ? 0 : Errno.EFAULT;
}

function timerGettime(task: Task, id: number, address: number): Answer {
  const timer = task.group.timers.get(id);
  if (!timer) return Errno.EINVAL;
  return writeSetting(task, address, timer.setting) ? 0 : Errno.EFAULT;
}

function timerDelete(task: Task, id: number): Answer {
  const { timers } = task.group;
  const timer = timers.get(id);
  if (!timer) return Errno.EINVAL;
  timers.remove(timer, task.linux.queuedSignals);
  return 0;
}

const ID = { timer: "int" } as const;

/** Calls about the timers of a process. */
export const TIMER_CALLS: readonly LinuxCall[] = [
  call(
    107,
    "timer_create",
    { clock: "flags:clock", event: "pointer", timer: "pointer" },
    timerCreate,
  ),
  call(108, "timer_gettime", { ...ID, value: "pointer" }, timerGettime),
  call(
    109,
    "timer_getoverrun",
    ID,
    (task, id) => task.group.timers.get(id)?.overrun ?? Errno.EINVAL,
  ),
  call(
    110,
    "timer_settime",
    { ...ID, flags: "int", next: "pointer", old: "pointer" },
    timerSettime,
  ),
  call(111, "timer_delete", ID, timerDelete),
];
