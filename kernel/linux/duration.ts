/**
 * Stretches of time in nanoseconds, and in the units that programs have them in.
 *
 * @module
 */

/** A millionth of a second. */
export const MICROSECOND = 1000;

/** A thousandth of a second. */
export const MILLISECOND = 1_000_000;

/** What programs are told the use of processors in: a hundredth of a second. */
export const TICK = 10_000_000;

/** A second. */
export const SECOND = 1_000_000_000;

/** Whole seconds, and the nanoseconds behind them. */
export function secondsAndNanos(nanos: number): [seconds: number, nanos: number] {
  return [Math.floor(nanos / SECOND), Math.floor(nanos % SECOND)];
}

/** Whole seconds, and the microseconds behind them. */
export function secondsAndMicros(nanos: number): [seconds: number, micros: number] {
  return [Math.floor(nanos / SECOND), Math.floor(nanos % SECOND / MICROSECOND)];
}
