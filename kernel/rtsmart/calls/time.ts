/**
 * Calls about time: most of them know whole ticks only.
 *
 * @module
 */
import type { Answer } from "../answer.ts";
import { call, type RtSmartCall } from "../call.ts";
import { Errno } from "../error.ts";
import { TICK } from "../ipc/suspend_list.ts";
import type { LwpThread } from "../lwp_thread.ts";
import { isUserAccessible } from "../mm/user_mm.ts";
import { readWord, SECOND, writeWords } from "../user_data.ts";

const ClockId = { REALTIME: 0, MONOTONIC: 1, PROCESS_CPUTIME: 2, THREAD_CPUTIME: 3 } as const;
const KNOWN: readonly number[] = Object.values(ClockId);
const ABSTIME = 1;
const TIMESPEC = 16;
const MICROSECOND = 1000;

/** Seconds and what is left, of the clock's ticks. */
function split(ticks: number): readonly [seconds: number, nanos: number] {
  const nanos = ticks * TICK;
  return [Math.floor(nanos / SECOND), nanos % SECOND];
}

function gettimeofday(thread: LwpThread, address = 0): Answer {
  if (address === 0) return 0;
  if (!isUserAccessible(thread.lwp, address, TIMESPEC)) return Errno.EFAULT;
  const [seconds, nanos] = split(thread.rtsmart.tick);
  return writeWords(thread, address, [seconds, Math.floor(nanos / MICROSECOND)]);
}

function clockGettime(thread: LwpThread, clock = 0, address = 0): Answer {
  if (!isUserAccessible(thread.lwp, address, TIMESPEC)) return Errno.EFAULT;
  if (!KNOWN.includes(clock)) return Errno.EINVAL;
  const { rtsmart } = thread;
  const [seconds, nanos] = split(rtsmart.tick);
  const shift = clock === ClockId.REALTIME ? rtsmart.calendarShift : 0;
  return writeWords(thread, address, [seconds + shift, nanos]);
}

function clockSettime(thread: LwpThread, clock = 0, address = 0): Answer {
  const time = readTimespec(thread, address);
  if (time === null) return Errno.EFAULT;
  if (clock !== ClockId.REALTIME) return Errno.EINVAL;
  const { rtsmart } = thread;
  rtsmart.calendarShift = Math.floor(time / SECOND) - split(rtsmart.tick)[0];
  return 0;
}

function clockGetres(thread: LwpThread, clock = 0, address = 0): Answer {
  if (!isUserAccessible(thread.lwp, address, TIMESPEC)) return Errno.EFAULT;
  return KNOWN.includes(clock) ? writeWords(thread, address, [0, TICK]) : Errno.EINVAL;
}

/** A time in nanoseconds, negative if it makes no sense; null if it cannot be read. */
function readTimespec(thread: LwpThread, address: number): number | null {
  if (!isUserAccessible(thread.lwp, address, TIMESPEC)) return null;
  const seconds = readWord(thread, address);
  const nanos = readWord(thread, address + 8);
  if (seconds === null || nanos === null) return null;
  return seconds < 0 || nanos < 0 || nanos >= SECOND ? -1 : seconds * SECOND + nanos;
}

function nanosleep(thread: LwpThread, request = 0, remaining = 0): Answer {
  const nanos = readTimespec(thread, request);
  if (nanos === null) return Errno.EFAULT;
  if (nanos < 0) return Errno.EINVAL;
  return sleep(thread, Math.ceil(nanos / TICK), remaining);
}

function clockNanosleep(
  thread: LwpThread,
  clock = 0,
  flags = 0,
  request = 0,
  remaining = 0,
): Answer {
  const nanos = readTimespec(thread, request);
  if (nanos === null) return Errno.EFAULT;
  if (nanos < 0 || !KNOWN.includes(clock)) return Errno.EINVAL;
  const { tick, calendarShift } = thread.rtsmart;
  if ((flags & ABSTIME) === 0) return sleep(thread, Math.ceil(nanos / TICK), remaining);
  const shift = clock === ClockId.REALTIME ? calendarShift * SECOND : 0;
  return sleep(thread, Math.ceil((nanos - shift) / TICK) - tick, 0);
}

function sleep(thread: LwpThread, ticks: number, remaining: number): Answer {
  const end = thread.rtsmart.tick + ticks;
  const then = (why: number) => {
    const left = why === Errno.EINTR ? Math.max(0, end - thread.rtsmart.tick) : 0;
    const told = remaining === 0 ? 0 : writeWords(thread, remaining, split(left));
    return why === Errno.EINTR ? why : told;
  };
  return ticks <= 0 ? then(0) : thread.suspend({ ticks, then });
}

/** Calls about time. */
export const TIME_CALLS: readonly RtSmartCall[] = [
  call(10, "nanosleep", { request: "pointer", remaining: "pointer" }, nanosleep),
  call(11, "gettimeofday", { time: "pointer", zone: "pointer" }, gettimeofday),
  call(12, "settimeofday", { time: "pointer", zone: "pointer" }, () => 0),
  call(97, "tick_get", {}, (thread) => thread.rtsmart.tick),
  call(127, "clock_settime", { clock: "int", time: "pointer" }, clockSettime),
  call(128, "clock_gettime", { clock: "int", time: "pointer" }, clockGettime),
  call(129, "clock_getres", { clock: "int", time: "pointer" }, clockGetres),
  call(
    156,
    "clock_nanosleep",
    { clock: "int", flags: "int", request: "pointer", remaining: "pointer" },
    clockNanosleep,
  ),
];
