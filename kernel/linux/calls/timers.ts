/**
 * Calls about the timers of a process.
 *
 * @module
 */
import { ClockId, NoticeKind, SIGEVENT_SIZE, TimerFlag } from "../abi/time.ts";
import type { Answer } from "../answer.ts";
import { call, type LinuxCall } from "../call.ts";
import { Errno } from "../errno.ts";
import type { Notice, PosixTimer } from "../posix_timer.ts";
import { SignalNumber, SIGNALS } from "../abi/signal.ts";
import type { Task } from "../task.ts";
import { cpuClock, deadlineOn } from "./time.ts";
import { readTime, SECOND, writeWords32, writeWords64 } from "./user_data.ts";

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
  const bytes = task.mm.memory.bytes(address, SIGEVENT_SIZE);
  if (typeof bytes === "number") return Errno.EFAULT;
  const view = new DataView(bytes.buffer);
  const signal = view.getInt32(8, true);
  const notify = view.getInt32(12, true);
  const value = view.getBigInt64(0, true);
  if (notify === NoticeKind.NONE) return { signal: 0, value, tid: 0 };
  if (signal < 1 || signal > SIGNALS) return Errno.EINVAL;
  if (notify === NoticeKind.SIGNAL || notify === NoticeKind.THREAD) {
    return { signal, value, tid: 0 };
  }
  const tid = view.getInt32(16, true);
  const isOwn = task.linux.tasks.get(tid)?.group === task.group;
  return notify === NoticeKind.THREAD_ID && isOwn ? { signal, value, tid } : Errno.EINVAL;
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

function writeSetting(
  task: Task,
  address: number,
  { left, interval }: PosixTimer["setting"],
): boolean {
  const split = (nanos: number) => [Math.floor(nanos / SECOND), Math.floor(nanos % SECOND)];
  return writeWords64(task, address, [...split(interval), ...split(left)]);
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
