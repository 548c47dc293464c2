/**
 * Floating-point numbers taken apart: a sign, and a significand times a power of two, exactly.
 *
 * @module
 */
import type { Format } from "../../algebra.ts";

/** What a format looks like. */
export interface Shape {
  /** Bits of a number. */
  readonly bits: number;
  /** Bits of a significand, with the one that is not stored. */
  readonly precision: number;
  /** The exponent of the smallest normal number. */
  readonly least: number;
  /** The exponent of the greatest number. */
  readonly most: number;
  /** The sign. */
  readonly sign: bigint;
  /** Infinity. */
  readonly infinity: bigint;
  /** The bit that tells quiet NaNs from signalling ones. */
  readonly quiet: bigint;
  /** The NaN that operations give. */
  readonly nan: bigint;
}

/** Both formats. */
export const SHAPES: Readonly<Record<Format, Shape>> = { 32: shape(32, 24), 64: shape(64, 53) };

function shape(bits: number, precision: number): Shape {
  const most = 2 ** (bits - precision - 1) - 1;
  const sign = 1n << BigInt(bits - 1);
  const quiet = 1n << BigInt(precision - 2);
  const infinity = sign - (1n << BigInt(precision - 1));
  return { bits, precision, least: 1 - most, most, sign, infinity, quiet, nan: infinity | quiet };
}

/** A number that is not NaN and not infinite: `significand * 2 ** exponent`, negative or not. */
export interface Finite {
  /** Whether the sign is set. */
  readonly negative: boolean;
  /** A whole number, 0 for zero. */
  readonly significand: bigint;
  /** The power of two that it is multiplied by. */
  readonly exponent: number;
}

/** True for a number with the sign set, NaN or not. */
export function isNegative({ sign }: Shape, a: bigint): boolean {
  return (a & sign) !== 0n;
}

/** A number without its sign. */
export function magnitude({ sign }: Shape, a: bigint): bigint {
  return a & (sign - 1n);
}

/** True for any NaN. */
export function isNan(of: Shape, a: bigint): boolean {
  return magnitude(of, a) > of.infinity;
}

/** True for a NaN that is invalid in every operation. */
export function isSignalling(of: Shape, a: bigint): boolean {
  return isNan(of, a) && (a & of.quiet) === 0n;
}

/** True for both infinities. */
export function isInfinite(of: Shape, a: bigint): boolean {
  return magnitude(of, a) === of.infinity;
}

/** True for both zeros. */
export function isZero(of: Shape, a: bigint): boolean {
  return magnitude(of, a) === 0n;
}

/** Take a number apart that is finite. */
export function finite(of: Shape, a: bigint): Finite {
  const stored = BigInt(of.precision - 1);
  const fraction = a & ((1n << stored) - 1n);
  const field = Number(magnitude(of, a) >> stored);
  const exponent = of.least - of.precision + Math.max(field, 1);
  const significand = field === 0 ? fraction : fraction | (1n << stored);
  return { negative: isNegative(of, a), significand, exponent };
}

/** How many bits a positive number has. */
export function bitLength(value: bigint): number {
  const digits = value.toString(16);
  return digits.length * 4 - Math.clz32(parseInt(digits[0]!, 16)) + 28;
}
