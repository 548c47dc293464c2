/**
 * From an exact result to the number that a format has for it, and the flags that this raises.
 *
 * @module
 */
import { bitLength, type Finite, type Shape } from "./number.ts";

/** Which neighbour is taken where a result lies between two numbers. */
export const RoundingMode = {
  /** The nearest; of two equally near, the even one. */
  NEAREST_EVEN: 0,
  /** The one nearer to zero. */
  ZERO: 1,
  /** The lesser. */
  DOWN: 2,
  /** The greater. */
  UP: 3,
  /** The nearest; of two equally near, the one farther from zero. */
  NEAREST_AWAY: 4,
} as const;

/** One of the modes. */
export type RoundingMode = typeof RoundingMode[keyof typeof RoundingMode];

/** What went wrong or was lost, as bits of `fcsr`. */
export const Flag = {
  /** The result was rounded. */
  INEXACT: 1,
  /** The result was rounded, and is too small for full precision. */
  UNDERFLOW: 2,
  /** The result is too great for the format. */
  OVERFLOW: 4,
  /** A finite number was divided by zero. */
  DIVIDE_BY_ZERO: 8,
  /** There is no such result. */
  INVALID: 16,
} as const;

/** A number, and what was raised on the way. */
export interface Rounded {
  readonly bits: bigint;
  readonly flags: number;
}

/** A whole number nearest to a quotient by a power of two, and whether it is that quotient. */
export interface Quotient {
  readonly value: bigint;
  readonly exact: boolean;
}

/** Divide by `2 ** shift`, rounded. */
export function shiftRounded(
  { negative, significand }: Finite,
  shift: number,
  mode: RoundingMode,
): Quotient {
  if (shift <= 0) return { value: significand << BigInt(-shift), exact: true };
  const kept = significand >> BigInt(shift);
  const rest = significand - (kept << BigInt(shift));
  const half = 1n << BigInt(shift - 1);
  return { value: goesUp(mode, negative, kept, rest, half) ? kept + 1n : kept, exact: rest === 0n };
}

function goesUp(
  mode: RoundingMode,
  negative: boolean,
  kept: bigint,
  rest: bigint,
  half: bigint,
): boolean {
  switch (mode) {
    case RoundingMode.NEAREST_EVEN:
      return rest > half || (rest === half && (kept & 1n) === 1n);
    case RoundingMode.ZERO:
      return false;
    case RoundingMode.DOWN:
      return negative && rest > 0n;
    case RoundingMode.UP:
      return !negative && rest > 0n;
    case RoundingMode.NEAREST_AWAY:
      return rest >= half;
  }
}

/**
 * Round an exact number. Where its significand was cut off, its lowest bit must be 1, below all bits
 * that count.
 */
export function round(of: Shape, exact: Finite, mode: RoundingMode): Rounded {
  const sign = exact.negative ? of.sign : 0n;
  if (exact.significand === 0n) return { bits: sign, flags: 0 };
  const top = exact.exponent + bitLength(exact.significand) - 1;
  const unit = Math.max(top, of.least) - of.precision + 1;
  const { value, exact: isExact } = shiftRounded(exact, unit - exact.exponent, mode);
  // The unit's exponent and the value fit together as they are: a carry goes to the exponent.
  const field = BigInt(unit - of.least + of.precision - 1) << BigInt(of.precision - 1);
  const bits = field + value;
  if (bits >= of.infinity) return overflowed(of, exact.negative, mode);
  if (isExact) return { bits: sign | bits, flags: 0 };
  const flags = isTiny(of, exact, top, mode) ? Flag.INEXACT | Flag.UNDERFLOW : Flag.INEXACT;
  return { bits: sign | bits, flags };
}

/** Whether it would be below the normal numbers even if it were rounded at full precision. */
function isTiny(of: Shape, exact: Finite, top: number, mode: RoundingMode): boolean {
  if (top >= of.least) return false;
  const unit = top - of.precision + 1;
  const { value } = shiftRounded(exact, unit - exact.exponent, mode);
  return unit + bitLength(value) - 1 < of.least;
}

function overflowed(of: Shape, negative: boolean, mode: RoundingMode): Rounded {
  const towardsZero = mode === RoundingMode.ZERO ||
    mode === (negative ? RoundingMode.UP : RoundingMode.DOWN);
  const bits = towardsZero ? of.infinity - 1n : of.infinity;
  return { bits: (negative ? of.sign : 0n) | bits, flags: Flag.OVERFLOW | Flag.INEXACT };
}
