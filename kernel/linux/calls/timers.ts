/**
 * Calls about the timers of a process.
 *
 * @module
 */
import { sigeventAt } from "./sigevent.ts";
import { readTime, writeSetting, writeWords32 } from "./user_data.ts";
import { ClockId, NoticeKind, TimerFlag } from "../abi/time.ts";
import type { Answer } from "../answer.ts";
import { call, type LinuxCall } from "../call.ts";
import { Errno } from "../errno.ts";
import type { Notice } from "../posix_timer.ts";
import { SignalNumber, SIGNALS } from "../abi/signal.ts";
import type { Task } from "../task.ts";
import { cpuClock, deadlineOn } from "./time.ts";

const CLOCKS: readonly number[] = [
  ClockId.REALTIME,
  ClockId.MONOTONIC,
  ClockId.PROCESS_CPUTIME_ID,
  ClockId.THREAD_CPUTIME_ID,
  ClockId.BOOTTIME,
  ClockId.TAI,
];

function timerCreate(task: Task, clock: number, event: number, to: number): Answer {
  const cpu = cpuClock(task, clock);
  if (cpu === null || (clock >= 0 && !CLOCKS.includes(clock))) return Errno.EINVAL;
  const notice = event === 0 ? byAlarm() : noticeAt(task, event);
  if (typeof notice === "number") return notice;
  const { timers } = task.group;
  const timer = timers.create(task.group, {
    clock,
    cpu: typeof cpu === "string" ? null : cpu,
    notice,
  });
  if (typeof timer === "number") return timer;
  if (writeWords32(task, to, [timer.id])) return 0;
  timers.remove(timer);
  return Errno.EFAULT;
}

function byAlarm(): Notice {
  return { signal: SignalNumber.SIGALRM, value: null, tid: 0 };
}

function noticeAt(task: Task, address: number): Notice | number {
  const wanted = sigeventAt(task, address);
  if (typeof wanted === "number") return wanted;
  const { value, signal, kind, tid } = wanted;
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
  timers.remove(timer);
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
