/**
 * Clocks, times and timers, as a trace writes them.
 *
 * @module
 */
import {
  ClockId,
  CpuClockBit,
  CpuClockKind,
  IntervalTimer,
  NoticeKind,
  SIGEVENT_SIZE,
  TimerFileFlag,
  TimerFlag,
} from "../../kernel/linux/abi/time.ts";
import { Errno, Restart } from "../../kernel/linux/errno.ts";
import { OpenFlag } from "../../kernel/linux/abi/open.ts";
import { flagSet, nameIn, nameText } from "./flag_set.ts";
import {
  addressText,
  after,
  afterAll,
  type CallShape,
  int,
  mask,
  one,
  type Show,
  type ShowBytes,
  signalText,
  to,
  word,
} from "./shape.ts";

const CLOCKS = flagSet("CLOCK_", ClockId);
const ITIMERS = flagSet("ITIMER_", IntervalTimer);
const ABSOLUTE = flagSet("TIMER_", TimerFlag);
const TFD = flagSet("TFD_", { NONBLOCK: OpenFlag.NONBLOCK, CLOEXEC: OpenFlag.CLOEXEC });
const TFD_TIMER = flagSet("TFD_TIMER_", TimerFileFlag);
const NOTIFY = flagSet("SIGEV_", NoticeKind);

/** How a clock is written. */
export const clock: Show = (seen, at) => {
  const id = seen.int(at);
  if (id >= 0) return one(CLOCKS)(seen, at);
  const kind = nameIn(CpuClockKind, id & CpuClockBit.WHAT)!;
  const task = ~(id >> 3);
  return (id & CpuClockBit.TASK) !== 0
    ? `MAKE_THREAD_CPUCLOCK(${task}, CPUCLOCK_${kind})`
    : `MAKE_PROCESS_CPUCLOCK(${task}, CPUCLOCK_${kind})`;
};

/** A time of seconds and nanoseconds. */
export const timespecText: ShowBytes = (view) => secondsText(view, 0, "nsec");

/** A time of seconds and microseconds. */
export const timevalText: ShowBytes = (view) => secondsText(view, 0, "usec");

/** A time at a place among others. */
export function secondsText(view: DataView, at: number, unit: "nsec" | "usec"): string {
  return `{tv_sec=${view.getBigInt64(at, true)}, tv_${unit}=${view.getBigInt64(at + 8, true)}}`;
}

/** A time of seconds and nanoseconds that a pointer leads to. */
export const timespec: Show = to(16, timespecText);

const timeval: Show = to(16, timevalText);

function timerText(view: DataView, unit: "nsec" | "usec"): string {
  const [interval, value] = [secondsText(view, 0, unit), secondsText(view, 16, unit)];
  return `{it_interval=${interval}, it_value=${value}}`;
}

const itimerspec = to(32, (view) => timerText(view, "nsec"));
const itimerval = to(32, (view) => timerText(view, "usec"));

/** What is left of a sleep: there is something if it was interrupted. */
const remaining: Show = (seen, at) => {
  const isInterrupted = seen.answer === Restart.BLOCK || seen.answer === Errno.EINTR;
  return isInterrupted ? timespec(seen, at) : addressText(seen.whole(at));
};

/** Who is told, and how. */
export const sigevent: Show = to(SIGEVENT_SIZE, (view) => {
  const value = view.getBigUint64(0, true);
  const pointer = addressText(value);
  const number = view.getInt32(0, true);
  const notify = view.getInt32(12, true);
  const carried = value === 0n ? "" : `sigev_value={sival_int=${number}, sival_ptr=${pointer}}, `;
  const sent = `{${carried}sigev_signo=${signalText(view.getInt32(8, true))}, sigev_notify=${
    nameText(NOTIFY, notify)
  }`;
  if (notify === NoticeKind.THREAD_ID) {
    return `${sent}, sigev_notify_thread_id=${view.getInt32(16, true)}}`;
  }
  if (notify !== NoticeKind.THREAD) return `${sent}}`;
  const [deed, attributes] = [view.getBigUint64(16, true), view.getBigUint64(24, true)];
  return `${sent}, sigev_notify_function=${addressText(deed)}, sigev_notify_attributes=${
    addressText(attributes)
  }}`;
});

/** The calls of clocks and timers. */
export const TIME_SHAPES: Readonly<Record<string, CallShape>> = {
  nanosleep: [timespec, afterAll(remaining)],
  clock_nanosleep: [clock, mask(ABSOLUTE), timespec, afterAll(remaining)],
  clock_gettime: [clock, after(timespec)],
  clock_settime: [clock, timespec],
  clock_getres: [clock, after(timespec)],
  clock_adjtime: [clock, (seen, at) => addressText(seen.whole(at))],
  gettimeofday: [after(timeval), after((seen, at) => addressText(seen.whole(at)))],
  settimeofday: [timeval, (seen, at) => addressText(seen.whole(at))],
  times: [after(to(32, (view) => {
    const names = ["utime", "stime", "cutime", "cstime"];
    return `{${
      names.map((name, at) => `tms_${name}=${view.getBigInt64(at * 8, true)}`).join(", ")
    }}`;
  }))],
  getitimer: [one(ITIMERS), after(itimerval)],
  setitimer: [one(ITIMERS), itimerval, after(itimerval)],
  timer_create: [clock, sigevent, after(word)],
  timer_gettime: [int, after(itimerspec)],
  timer_settime: [int, mask(ABSOLUTE), itimerspec, after(itimerspec)],
  timerfd_create: [clock, mask(TFD)],
  timerfd_settime: [int, mask(TFD_TIMER), itimerspec, after(itimerspec)],
  timerfd_gettime: [int, after(itimerspec)],
};
