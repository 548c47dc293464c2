/**
 * Clocks, times and timers, as a trace writes them.
 *
 * @module
 */
import { ClockId } from "../../kernel/linux/calls/time.ts";
import { flagSet } from "./flag_set.ts";
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
  to,
  word,
} from "./shape.ts";
import { signalText } from "./shape.ts";
import { nameText } from "./flag_set.ts";

const EINTR = -4;
const RESTART_BLOCK = -516;

const CLOCKS = flagSet("CLOCK_", {
  REALTIME: ClockId.REALTIME,
  MONOTONIC: ClockId.MONOTONIC,
  PROCESS_CPUTIME_ID: 2,
  THREAD_CPUTIME_ID: 3,
  MONOTONIC_RAW: ClockId.MONOTONIC_RAW,
  REALTIME_COARSE: ClockId.REALTIME_COARSE,
  MONOTONIC_COARSE: ClockId.MONOTONIC_COARSE,
  BOOTTIME: ClockId.BOOTTIME,
  REALTIME_ALARM: 8,
  BOOTTIME_ALARM: 9,
  TAI: ClockId.TAI,
});
const ITIMERS = flagSet("ITIMER_", { REAL: 0, VIRTUAL: 1, PROF: 2 });
const ABSOLUTE = flagSet("TIMER_", { ABSTIME: 1 });
const TFD = flagSet("TFD_", { NONBLOCK: 0o4000, CLOEXEC: 0o2000000 });
const TFD_TIMER = flagSet("TFD_TIMER_", { ABSTIME: 1, CANCEL_ON_SET: 2 });
const NOTIFY = flagSet("SIGEV_", { SIGNAL: 0, NONE: 1, THREAD: 2, THREAD_ID: 4 });

/** How a clock is written. */
export const clock: Show = (seen, at) => {
  const id = seen.int(at);
  if (id >= 0) return one(CLOCKS)(seen, at);
  const kind = ["PROF", "VIRT", "SCHED", "FD"][id & 3]!;
  const task = ~(id >> 3);
  return (id & 4) !== 0
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
  const isInterrupted = seen.answer === RESTART_BLOCK || seen.answer === EINTR;
  return isInterrupted ? timespec(seen, at) : addressText(seen.whole(at));
};

/** Who is told, and how. */
export const sigevent: Show = to(64, (view) => {
  const value = view.getBigUint64(0, true);
  const pointer = addressText(value);
  const number = view.getInt32(0, true);
  const notify = view.getInt32(12, true);
  const carried = value === 0n ? "" : `sigev_value={sival_int=${number}, sival_ptr=${pointer}}, `;
  const sent = `{${carried}sigev_signo=${signalText(view.getInt32(8, true))}, sigev_notify=${
    nameText(NOTIFY, notify)
  }`;
  if (notify === 4) return `${sent}, sigev_notify_thread_id=${view.getInt32(16, true)}}`;
  if (notify !== 2) return `${sent}}`;
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
