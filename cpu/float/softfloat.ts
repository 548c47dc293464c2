/**
 * Floating point by whole numbers: exact results, rounded once. Slow and obvious; the oracle computes
 * with it, and it defines what every other way of computing must give.
 *
 * Numbers are their bits, as unsigned integers of their format's width.
 *
 * @module
 */
import { type Format, Integer } from "../algebra.ts";
import {
  bitLength,
  type Finite,
  finite,
  isInfinite,
  isNan,
  isNegative,
  isSignalling,
  isZero,
  magnitude,
  type Shape,
  SHAPES,
} from "./softfloat/number.ts";
import { Flag, round, RoundingMode, shiftRounded } from "./softfloat/rounding.ts";

export { Flag, RoundingMode };

/** Bits below the last one that counts: enough for rounding to see where the rest lies. */
const GUARD = 3;

/** Arithmetic with a rounding mode; it accrues flags. */
export class SoftFloat {
  /** How results are rounded. */
  mode: RoundingMode = RoundingMode.NEAREST_EVEN;
  /** What was raised so far. */
  flags = 0;

  /** Sum. */
  add(format: Format, a: bigint, b: bigint): bigint {
    const of = SHAPES[format];
    if (isNan(of, a) || isNan(of, b)) return this.#nanOf(of, a, b);
    if (isInfinite(of, a)) {
      return isInfinite(of, b) && a !== b ? this.#invalid(of) : a;
    }
    if (isInfinite(of, b)) return b;
    return this.#round(of, this.#sum(finite(of, a), finite(of, b)));
  }

  /** Difference. */
  sub(format: Format, a: bigint, b: bigint): bigint {
    const of = SHAPES[format];
    return this.add(format, a, isNan(of, b) ? b : b ^ of.sign);
  }

  /** Product. */
  mul(format: Format, a: bigint, b: bigint): bigint {
    const of = SHAPES[format];
    if (isNan(of, a) || isNan(of, b)) return this.#nanOf(of, a, b);
    if (isInfinite(of, a) || isInfinite(of, b)) {
      if (isZero(of, a) || isZero(of, b)) return this.#invalid(of);
      return of.infinity | ((a ^ b) & of.sign);
    }
    return this.#round(of, product(finite(of, a), finite(of, b)));
  }

  /** Quotient. */
  div(format: Format, a: bigint, b: bigint): bigint {
    const of = SHAPES[format];
    if (isNan(of, a) || isNan(of, b)) return this.#nanOf(of, a, b);
    const sign = (a ^ b) & of.sign;
    if (isInfinite(of, a)) return isInfinite(of, b) ? this.#invalid(of) : sign | of.infinity;
    if (isInfinite(of, b)) return sign;
    if (isZero(of, b)) {
      if (isZero(of, a)) return this.#invalid(of);
      this.flags |= Flag.DIVIDE_BY_ZERO;
      return sign | of.infinity;
    }
    return this.#round(of, quotient(of, finite(of, a), finite(of, b)));
  }

  /** Square root. */
  sqrt(format: Format, a: bigint): bigint {
    const of = SHAPES[format];
    if (isNan(of, a)) return this.#nanOf(of, a);
    if (isZero(of, a)) return a;
    if (isNegative(of, a)) return this.#invalid(of);
    if (isInfinite(of, a)) return a;
    return this.#round(of, squareRoot(of, finite(of, a)));
  }

  /** `a * b + c`, rounded once. */
  fma(format: Format, a: bigint, b: bigint, c: bigint): bigint {
    const of = SHAPES[format];
    const infinite = isInfinite(of, a) || isInfinite(of, b);
    // Infinity times zero is invalid even where the addend is a quiet NaN.
    if (infinite && (isZero(of, a) || isZero(of, b))) return this.#invalid(of);
    if (isNan(of, a) || isNan(of, b) || isNan(of, c)) return this.#nanOf(of, a, b, c);
    if (infinite) {
      const result = of.infinity | ((a ^ b) & of.sign);
      return isInfinite(of, c) && c !== result ? this.#invalid(of) : result;
    }
    if (isInfinite(of, c)) return c;
    return this.#round(of, this.#sum(product(finite(of, a), finite(of, b)), finite(of, c)));
  }

  /** The smaller number; a number is smaller than NaN. */
  min(format: Format, a: bigint, b: bigint): bigint {
    return this.#extreme(format, a, b, true);
  }

  /** The greater number; a number is greater than NaN. */
  max(format: Format, a: bigint, b: bigint): bigint {
    return this.#extreme(format, a, b, false);
  }

  /** Whether they are equal; only a signalling NaN is invalid. */
  eq(format: Format, a: bigint, b: bigint): boolean {
    const of = SHAPES[format];
    if (isSignalling(of, a) || isSignalling(of, b)) this.flags |= Flag.INVALID;
    if (isNan(of, a) || isNan(of, b)) return false;
    return order(of, a) === order(of, b);
  }

  /** Whether the first is less; any NaN is invalid. */
  lt(format: Format, a: bigint, b: bigint): boolean {
    return this.#areNumbers(format, a, b) && order(SHAPES[format], a) < order(SHAPES[format], b);
  }

  /** Whether the first is not greater; any NaN is invalid. */
  le(format: Format, a: bigint, b: bigint): boolean {
    return this.#areNumbers(format, a, b) && order(SHAPES[format], a) <= order(SHAPES[format], b);
  }

  /** To a signed or unsigned integer of some bits; what does not fit saturates. */
  toInteger(format: Format, kind: Integer, a: bigint): bigint {
    const of = SHAPES[format];
    const { least, most } = rangeOf(kind);
    if (isNan(of, a) || isInfinite(of, a)) {
      this.flags |= Flag.INVALID;
      return isNan(of, a) || !isNegative(of, a) ? most : least;
    }
    const number = finite(of, a);
    const { value, exact } = shiftRounded(number, -number.exponent, this.mode);
    const result = number.negative ? -value : value;
    if (result < least || result > most) {
      this.flags |= Flag.INVALID;
      return result < least ? least : most;
    }
    if (!exact) this.flags |= Flag.INEXACT;
    return result;
  }

  /** From an integer, which is given with its sign. */
  fromInteger(format: Format, value: bigint): bigint {
    const significand = value < 0n ? -value : value;
    return this.#round(SHAPES[format], { negative: value < 0n, significand, exponent: 0 });
  }

  /** From one format to another. */
  convert(from: Format, to: Format, a: bigint): bigint {
    const of = SHAPES[from];
    if (isNan(of, a)) {
      if (isSignalling(of, a)) this.flags |= Flag.INVALID;
      return SHAPES[to].nan;
    }
    if (isInfinite(of, a)) return SHAPES[to].infinity | (isNegative(of, a) ? SHAPES[to].sign : 0n);
    return this.#round(SHAPES[to], finite(of, a));
  }

  #round(of: Shape, exact: Finite): bigint {
    const { bits, flags } = round(of, exact, this.mode);
    this.flags |= flags;
    return bits;
  }

  #invalid(of: Shape): bigint {
    this.flags |= Flag.INVALID;
    return of.nan;
  }

  #nanOf(of: Shape, ...operands: bigint[]): bigint {
    if (operands.some((one) => isSignalling(of, one))) this.flags |= Flag.INVALID;
    return of.nan;
  }

  #areNumbers(format: Format, a: bigint, b: bigint): boolean {
    const of = SHAPES[format];
    if (!isNan(of, a) && !isNan(of, b)) return true;
    this.flags |= Flag.INVALID;
    return false;
  }

  #sum(a: Finite, b: Finite): Finite {
    const exponent = Math.min(a.exponent, b.exponent);
    const value = signed(a, exponent) + signed(b, exponent);
    if (value !== 0n) {
      return { negative: value < 0n, significand: value < 0n ? -value : value, exponent };
    }
    // Opposites cancel to the zero that the rounding mode prefers; equal zeros stay as they are.
    const negative = a.negative === b.negative ? a.negative : this.mode === RoundingMode.DOWN;
    return { negative, significand: 0n, exponent };
  }

  #extreme(format: Format, a: bigint, b: bigint, least: boolean): bigint {
    const of = SHAPES[format];
    if (isSignalling(of, a) || isSignalling(of, b)) this.flags |= Flag.INVALID;
    if (isNan(of, a)) return isNan(of, b) ? of.nan : b;
    if (isNan(of, b)) return a;
    if (isZero(of, a) && isZero(of, b)) return isNegative(of, a) === least ? a : b;
    return (order(of, a) < order(of, b)) === least ? a : b;
  }
}

/** What kind of number it is, as one of ten bits. */
export function classify(format: Format, a: bigint): bigint {
  const of = SHAPES[format];
  if (isNan(of, a)) return isSignalling(of, a) ? 1n << 8n : 1n << 9n;
  const smallestNormal = 1n << BigInt(of.precision - 1);
  const size = magnitude(of, a);
  const rank = size === 0n ? 0 : size < smallestNormal ? 1 : size < of.infinity ? 2 : 3;
  return 1n << BigInt(isNegative(of, a) ? 3 - rank : 4 + rank);
}

/** A number that orders numbers as they are; both zeros are the same. */
function order(of: Shape, a: bigint): bigint {
  return isNegative(of, a) ? -magnitude(of, a) : a;
}

function signed({ negative, significand, exponent }: Finite, at: number): bigint {
  const value = significand << BigInt(exponent - at);
  return negative ? -value : value;
}

function product(a: Finite, b: Finite): Finite {
  return {
    negative: a.negative !== b.negative,
    significand: a.significand * b.significand,
    exponent: a.exponent + b.exponent,
  };
}

/** Enough bits of the quotient, and a 1 below them if there is a rest. */
function quotient(of: Shape, a: Finite, b: Finite): Finite {
  const negative = a.negative !== b.negative;
  if (a.significand === 0n) return { negative, significand: 0n, exponent: 0 };
  const wanted = of.precision + GUARD + bitLength(b.significand) - bitLength(a.significand);
  const shift = Math.max(0, wanted);
  const dividend = a.significand << BigInt(shift);
  const value = dividend / b.significand;
  const rest = value * b.significand === dividend ? 0n : 1n;
  return {
    negative,
    significand: (value << 1n) | rest,
    exponent: a.exponent - b.exponent - shift - 1,
  };
}

/** Enough bits of the root, and a 1 below them if there is a rest. */
function squareRoot(of: Shape, { significand, exponent }: Finite): Finite {
  const wanted = Math.max(0, 2 * (of.precision + GUARD) - bitLength(significand));
  const shift = (exponent - wanted) % 2 === 0 ? wanted : wanted + 1;
  const square = significand << BigInt(shift);
  const root = integerRoot(square);
  const rest = root * root === square ? 0n : 1n;
  return {
    negative: false,
    significand: (root << 1n) | rest,
    exponent: (exponent - shift) / 2 - 1,
  };
}

/** The greatest integer whose square is not greater. */
function integerRoot(square: bigint): bigint {
  let root = 1n << BigInt(Math.ceil(bitLength(square) / 2));
  for (;;) {
    const better = (root + square / root) >> 1n;
    if (better >= root) return root;
    root = better;
  }
}

const RANGES: Readonly<Record<Integer, readonly [least: bigint, most: bigint]>> = {
  [Integer.WORD]: [-(1n << 31n), (1n << 31n) - 1n],
  [Integer.UNSIGNED_WORD]: [0n, (1n << 32n) - 1n],
  [Integer.LONG]: [-(1n << 63n), (1n << 63n) - 1n],
  [Integer.UNSIGNED_LONG]: [0n, (1n << 64n) - 1n],
};

function rangeOf(kind: Integer): { least: bigint; most: bigint } {
  const [least, most] = RANGES[kind];
  return { least, most };
}
