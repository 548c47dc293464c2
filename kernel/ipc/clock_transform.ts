/**
 * How one clock follows another: an offset on each side, and a rate between them.
 *
 * @module
 */

/** Synthetic time as a line over reference time; times are nanoseconds. */
export interface ClockTransform {
  /** A moment of the reference clock… */
  readonly referenceOffset: bigint;
  /** …and what the synthetic clock showed at that moment. */
  readonly syntheticOffset: bigint;
  /** So many synthetic ticks… */
  readonly syntheticTicks: number;
  /** …go by in so many reference ticks. */
  readonly referenceTicks: number;
}

/** A rate in parts per million is a fraction over this. */
export const MILLION = 1_000_000;

const TIME_MIN = -(2n ** 63n);
const TIME_MAX = 2n ** 63n - 1n;

/**
 * What the synthetic clock shows when the reference clock shows `reference`; rounded down. A clock that
 * comes to the first or the last moment there is stays there.
 */
export function applyTransform(transform: ClockTransform, reference: bigint): bigint {
  const { referenceOffset, syntheticOffset, syntheticTicks, referenceTicks } = transform;
  const scaled = (reference - referenceOffset) * BigInt(syntheticTicks);
  const shown = floorDivide(scaled, BigInt(referenceTicks)) + syntheticOffset;
  return shown < TIME_MIN ? TIME_MIN : shown > TIME_MAX ? TIME_MAX : shown;
}

function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend % divisor < 0n ? quotient - 1n : quotient;
}
