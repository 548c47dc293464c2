/**
 * What is asked of clocks and timers.
 *
 * @module
 */

/** The clocks by number. */
export const ClockId = {
  REALTIME: 0,
  MONOTONIC: 1,
  PROCESS_CPUTIME_ID: 2,
  THREAD_CPUTIME_ID: 3,
  MONOTONIC_RAW: 4,
  REALTIME_COARSE: 5,
  MONOTONIC_COARSE: 6,
  BOOTTIME: 7,
  REALTIME_ALARM: 8,
  BOOTTIME_ALARM: 9,
  TAI: 11,
} as const;

/** What a negative number of a clock counts: the two lowest of its bits. */
export const CpuClockKind = { PROF: 0, VIRT: 1, SCHED: 2, FD: 3 } as const;

/** What such a number says beside whose it is: what it counts, and whether of one task alone. */
export const CpuClockBit = { WHAT: 3, TASK: 4 } as const;

/** The timers that every process has. */
export const IntervalTimer = { REAL: 0, VIRTUAL: 1, PROF: 2 } as const;

/** How a timer is set, or a sleep is asked for. */
export const TimerFlag = { ABSTIME: 1 } as const;

/** How a timer that is a file is set. */
export const TimerFileFlag = { ABSTIME: TimerFlag.ABSTIME, CANCEL_ON_SET: 2 } as const;

/** How somebody is told that something happened. */
export const NoticeKind = { SIGNAL: 0, NONE: 1, THREAD: 2, THREAD_ID: 4 } as const;

/** The bytes of a `struct sigevent`, which says so. */
export const SIGEVENT_SIZE = 64;
