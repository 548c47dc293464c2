/**
 * Numbers about time: clocks, timers and their options. Times are nanoseconds.
 *
 * @module
 */

/** A deadline that never comes. */
export const TIME_INFINITE: number = Infinity;

/** The clocks that a timer can follow. */
export const ClockId = { MONOTONIC: 0, BOOT: 1 } as const;

/** Where a timer may be late or early. */
export const TimerSlack = { CENTER: 0, EARLY: 1, LATE: 2 } as const;

/** Options of `zx_clock_create`. */
export const ClockOption = {
  MONOTONIC: 1,
  CONTINUOUS: 2,
  AUTO_START: 4,
  BOOT: 8,
  MAPPABLE: 16,
} as const;

/** Which fields of its arguments `zx_clock_update` heeds. */
export const ClockUpdateOption = {
  VALUE_VALID: 1,
  RATE_ADJUST_VALID: 2,
  ERROR_BOUND_VALID: 4,
  REFERENCE_VALID: 8,
} as const;

/** Where in the options of the clock calls the version of their arguments stands. */
export const CLOCK_ARGS_VERSION_SHIFT = 58;
