/**
 * Calls about time: clocks, sleeping, and timers that send signals.
 *
 * @module
 */
import { MICROSECOND, SECOND, secondsAndMicros } from "../duration.ts";
import { ClockId, CpuClockBit, CpuClockKind, TimerFlag } from "../abi/time.ts";
import { type Alarm, cpuClockOf, taskClockOf } from "../alarms.ts";
import type { Answer } from "../answer.ts";
import { call, type LinuxCall } from "../call.ts";
import { Capability } from "../abi/capability.ts";
import { type CpuClock, CpuTimer } from "../cpu_timer.ts";
import { Errno, Restart } from "../errno.ts";
import type { Task } from "../task.ts";
import { WaitQueue } from "../wait_queue.ts";
import { readSigned64, readTime, writeTime, writeWords64 } from "./user_data.ts";

/** Clocks that wake the machine, which never sleeps. */
const ALARMS: readonly number[] = [ClockId.REALTIME_ALARM, ClockId.BOOTTIME_ALARM];
const KNOWN: readonly number[] = Object.values(ClockId).filter((one) => !ALARMS.includes(one));
const ADJ_OFFSET_SS_READ = 0xa001;
const TIME_OK = 0;

const NOT_CPU = "not of the processor";

/** Seconds and nanoseconds of a clock; null for one that there is not. */
function timeOf(task: Task, clock: number): { seconds: number; nanos: number } | null {
  if (!KNOWN.includes(clock) && clock >= 0) return null;
  const isCalendar = clock === ClockId.REALTIME || clock === ClockId.REALTIME_COARSE ||
    clock === ClockId.TAI;
  const cpu = cpuClock(task, clock);
  if (cpu === null) return null;
  const now = cpu === NOT_CPU ? task.now : cpu.time();
  const seconds = Math.floor(now / SECOND);
  const base = isCalendar ? task.linux.epoch + task.linux.calendarShift : 0;
  return { seconds: base + seconds, nanos: Math.floor(now) % SECOND };
}

/**
 * The processor time that a clock counts: the caller's, its process's, or those of whoever the
 * number of the clock names; null for nobody's, and `NOT_CPU` for a clock of another kind.
 */
export function cpuClock(task: Task, clock: number): CpuClock | typeof NOT_CPU | null {
  if (clock === ClockId.PROCESS_CPUTIME_ID) return cpuClockOf(task.group);
  if (clock === ClockId.THREAD_CPUTIME_ID) return taskClockOf(task);
  if (clock >= 0) return NOT_CPU;
  if ((clock & CpuClockBit.WHAT) === CpuClockKind.FD) return null;
  const id = ~(clock >> 3);
  const isTask = (clock & CpuClockBit.TASK) !== 0;
  if (isTask) {
    const found = id === 0 ? task : task.linux.tasks.get(id);
    return found?.group === task.group ? taskClockOf(found) : null;
  }
  const group = id === 0 ? task.group : task.linux.groups.get(id);
  return group && !group.ended ? cpuClockOf(group) : null;
}

/** The clocks that go by the time of day. */
const CALENDAR_CLOCKS: readonly number[] = [ClockId.REALTIME, ClockId.REALTIME_ALARM, ClockId.TAI];

/** When a deadline on a clock is, in the machine's own time. */
export function deadlineOn(task: Task, clock: number, nanos: number): number {
  return CALENDAR_CLOCKS.includes(clock)
    ? nanos - (task.linux.epoch + task.linux.calendarShift) * SECOND
    : nanos;
}

function clockGettime(task: Task, clock: number, address: number): Answer {
  const time = timeOf(task, clock);
  if (!time) return Errno.EINVAL;
  return writeWords64(task, address, [time.seconds, time.nanos]) ? 0 : Errno.EFAULT;
}

function clockSettime(task: Task, clock: number, address: number): Answer {
  if (clock !== ClockId.REALTIME) return Errno.EINVAL;
  const seconds = readSigned64(task, address);
  if (seconds === null) return Errno.EFAULT;
  if (!task.may(Capability.SYS_TIME)) return Errno.EPERM;
  const now = Math.floor(task.now / SECOND);
  task.linux.calendarShift = seconds - now - task.linux.epoch;
  return 0;
}

function clockGetres(task: Task, clock: number, address: number): Answer {
  if (!timeOf(task, clock)) return Errno.EINVAL;
  const isCoarse = clock === ClockId.REALTIME_COARSE || clock === ClockId.MONOTONIC_COARSE;
  return address === 0 || writeTime(task, address, isCoarse ? 4_000_000 : 1) ? 0 : Errno.EFAULT;
}

function gettimeofday(task: Task, address: number, zone: number): Answer {
  const { seconds, nanos } = timeOf(task, ClockId.REALTIME)!;
  const micros = Math.floor(nanos / MICROSECOND);
  if (address !== 0 && !writeWords64(task, address, [seconds, micros])) return Errno.EFAULT;
  return zone !== 0 && !writeWords64(task, zone, [0]) ? Errno.EFAULT : 0;
}

function settimeofday(task: Task, address: number): Answer {
  if (address === 0) return task.may(Capability.SYS_TIME) ? 0 : Errno.EPERM;
  const seconds = readSigned64(task, address);
  const micros = readSigned64(task, address + 8);
  if (seconds === null || micros === null) return Errno.EFAULT;
  if (micros < 0 || micros >= SECOND / MICROSECOND || seconds < 0) return Errno.EINVAL;
  if (!task.may(Capability.SYS_TIME)) return Errno.EPERM;
  task.linux.calendarShift = seconds - Math.floor(task.now / SECOND) - task.linux.epoch;
  return 0;
}

/** The clock is right as it is: nothing can be adjusted, and everything can be asked. */
function adjust(task: Task, clock: number, address: number): Answer {
  if (clock !== ClockId.REALTIME) return Errno.EOPNOTSUPP;
  const modes = task.mm.memory.readU32(address);
  if (modes < 0) return Errno.EFAULT;
  const isAsking = modes === 0 || modes === ADJ_OFFSET_SS_READ;
  if (!isAsking && !task.may(Capability.SYS_TIME)) return Errno.EPERM;
  const { seconds, nanos } = timeOf(task, clock)!;
  const words = new Array<number>(26).fill(0);
  [words[9], words[10], words[11]] = [seconds, Math.floor(nanos / MICROSECOND), 10_000];
  words[6] = 0;
  return writeWords64(task, address, [modes, ...words.slice(1)]) ? TIME_OK : Errno.EFAULT;
}

function nanosleep(task: Task, request: number, remaining: number): Answer {
  const nanos = readTime(task, request);
  return nanos < 0 ? nanos : sleepUntil(task, task.now + nanos, remaining);
}

/** Clocks that nobody can sleep by. */
const SLEEPLESS: readonly number[] = [
  ClockId.THREAD_CPUTIME_ID,
  ClockId.MONOTONIC_RAW,
  ClockId.REALTIME_COARSE,
  ClockId.MONOTONIC_COARSE,
];

function clockNanosleep(
  task: Task,
  clock: number,
  flags: number,
  request: number,
  remaining: number,
): Answer {
  if (!timeOf(task, clock)) return Errno.EINVAL;
  if (SLEEPLESS.includes(clock)) return Errno.EOPNOTSUPP;
  const nanos = readTime(task, request);
  if (nanos < 0) return nanos;
  const cpu = cpuClock(task, clock);
  if (cpu !== NOT_CPU) {
    return sleepOn(task, cpu!, (flags & TimerFlag.ABSTIME) === 0 ? cpu!.time() + nanos : nanos);
  }
  if ((flags & TimerFlag.ABSTIME) === 0) return sleepUntil(task, task.now + nanos, remaining);
  return sleep(task, deadlineOn(task, clock, nanos), () => Restart.NOHAND);
}

function sleepUntil(task: Task, deadline: number, remaining: number): Answer {
  return sleep(task, deadline, () => {
    const left = Math.max(0, deadline - task.now);
    if (remaining !== 0 && !writeTime(task, remaining, left)) return Errno.EFAULT;
    task.restartBlock = () => sleepUntil(task, deadline, remaining);
    return Restart.BLOCK;
  });
}

function sleep(task: Task, deadline: number, interrupted: () => number): Answer {
  return task.block({
    site: "hrtimer_nanosleep",
    queues: [],
    attempt: () => task.now >= deadline ? 0 : null,
    deadline,
    timedOut: () => 0,
    interrupted,
  });
}

/** Sleep until others of the process have used so much time. */
function sleepOn(task: Task, clock: CpuClock, deadline: number): Answer {
  const queue = new WaitQueue();
  const timer = new CpuTimer(clock, () => queue.wake());
  timer.set(Math.max(1, deadline), 0);
  return task.block({
    site: "do_cpu_nanosleep",
    queues: [queue],
    attempt: () => clock.time() >= deadline ? 0 : null,
    interrupted: () => Restart.NOHAND,
    over: () => timer.stop(),
  });
}

function getitimer(task: Task, which: number, address: number): Answer {
  const alarm = task.group.alarms[which];
  if (!alarm) return Errno.EINVAL;
  return writeAlarm(task, alarm, address) ? 0 : Errno.EFAULT;
}

function setitimer(task: Task, which: number, next: number, old: number): Answer {
  const alarm = task.group.alarms[which];
  if (!alarm) return Errno.EINVAL;
  // No new setting at all is one that is all zeros.
  const interval = next === 0 ? 0 : readMicros(task, next);
  const value = next === 0 ? 0 : readMicros(task, next + 16);
  if (interval < 0) return interval;
  if (value < 0) return value;
  if (old !== 0 && !writeAlarm(task, alarm, old)) return Errno.EFAULT;
  alarm.timer.set(value === 0 ? 0 : alarm.now() + value, interval);
  return 0;
}

function readMicros(task: Task, address: number): number {
  const seconds = readSigned64(task, address);
  const micros = readSigned64(task, address + 8);
  if (seconds === null || micros === null) return Errno.EFAULT;
  if (seconds < 0 || micros < 0 || micros >= SECOND / MICROSECOND) return Errno.EINVAL;
  return seconds * SECOND + micros * MICROSECOND;
}

function writeAlarm(task: Task, { timer }: Alarm, address: number): boolean {
  const { left, interval } = timer.setting;
  const told = left === 0
    ? [0, 0, 0, 0]
    : [...secondsAndMicros(interval), ...secondsAndMicros(Math.max(MICROSECOND, left))];
  return writeWords64(task, address, told);
}

const CLOCK = { clock: "flags:clock" } as const;

/** Calls about time. */
export const TIME_CALLS: readonly LinuxCall[] = [
  call(101, "nanosleep", { request: "pointer", remaining: "pointer" }, nanosleep),
  call(102, "getitimer", { which: "int", value: "pointer" }, getitimer),
  call(103, "setitimer", { which: "int", next: "pointer", old: "pointer" }, setitimer),
  call(112, "clock_settime", { ...CLOCK, time: "pointer" }, clockSettime),
  call(113, "clock_gettime", { ...CLOCK, time: "pointer" }, clockGettime),
  call(114, "clock_getres", { ...CLOCK, time: "pointer" }, clockGetres),
  call(
    115,
    "clock_nanosleep",
    { ...CLOCK, flags: "int", request: "pointer", remaining: "pointer" },
    clockNanosleep,
  ),
  call(169, "gettimeofday", { time: "pointer", zone: "pointer" }, gettimeofday),
  call(170, "settimeofday", { time: "pointer", zone: "pointer" }, settimeofday),
  call(171, "adjtimex", { time: "pointer" }, (task, address) => adjust(task, 0, address)),
  call(266, "clock_adjtime", { ...CLOCK, time: "pointer" }, adjust),
];
