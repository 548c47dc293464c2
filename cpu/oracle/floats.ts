/**
 * The floating-point half of the oracle, by whole numbers.
 *
 * @module
 */
import { type Floats, type Format, Integer } from "../algebra.ts";
import { classify, type RoundingMode, SoftFloat } from "../float/softfloat.ts";
import { Integers, u64 } from "./integers.ts";

const SIGN: Readonly<Record<Format, bigint>> = { 32: 1n << 31n, 64: 1n << 63n };

/** Arithmetic with integers and with floating-point numbers, which are their bits. */
export abstract class Numbers extends Integers implements Floats<bigint> {
  readonly #float = new SoftFloat();

  /** How the instruction rounds; there may be no such way. */
  protected abstract roundingMode(): RoundingMode;
  /** Add flags to those in `fcsr`. */
  protected abstract raise(flags: number): void;

  bits(format: Format, a: bigint): bigint {
    return format === 32 ? this.word(a) : a;
  }

  fromBits(format: Format, a: bigint): bigint {
    return BigInt.asUintN(format, a);
  }

  fneg = (format: Format, a: bigint) => a ^ SIGN[format];
  fxorsign = (format: Format, a: bigint, b: bigint) => a ^ (b & SIGN[format]);
  fcopysign = (format: Format, a: bigint, b: bigint) => (a & ~SIGN[format]) | (b & SIGN[format]);

  fadd = (format: Format, a: bigint, b: bigint) => this.#rounded((by) => by.add(format, a, b));
  fsub = (format: Format, a: bigint, b: bigint) => this.#rounded((by) => by.sub(format, a, b));
  fmul = (format: Format, a: bigint, b: bigint) => this.#rounded((by) => by.mul(format, a, b));
  fdiv = (format: Format, a: bigint, b: bigint) => this.#rounded((by) => by.div(format, a, b));
  fsqrt = (format: Format, a: bigint) => this.#rounded((by) => by.sqrt(format, a));
  fma = (format: Format, a: bigint, b: bigint, c: bigint) =>
    this.#rounded((by) => by.fma(format, a, b, c));
  widen = (a: bigint) => this.#rounded((by) => by.convert(32, 64, a));
  narrow = (a: bigint) => this.#rounded((by) => by.convert(64, 32, a));

  fmin = (format: Format, a: bigint, b: bigint) => this.#raising((by) => by.min(format, a, b));
  fmax = (format: Format, a: bigint, b: bigint) => this.#raising((by) => by.max(format, a, b));
  feq = (format: Format, a: bigint, b: bigint) => this.#test((by) => by.eq(format, a, b));
  flt = (format: Format, a: bigint, b: bigint) => this.#test((by) => by.lt(format, a, b));
  fle = (format: Format, a: bigint, b: bigint) => this.#test((by) => by.le(format, a, b));
  fclass = (format: Format, a: bigint) => classify(format, a);

  toInteger(format: Format, kind: Integer, a: bigint): bigint {
    const value = this.#rounded((by) => by.toInteger(format, kind, a));
    return isWord(kind) ? this.word(value) : u64(value);
  }

  fromInteger(format: Format, kind: Integer, a: bigint): bigint {
    const bits = isWord(kind) ? 32 : 64;
    const signed = kind === Integer.WORD || kind === Integer.LONG;
    const value = signed ? BigInt.asIntN(bits, a) : BigInt.asUintN(bits, a);
    return this.#rounded((by) => by.fromInteger(format, value));
  }

  #rounded<T>(compute: (by: SoftFloat) => T): T {
    this.#float.mode = this.roundingMode();
    return this.#raising(compute);
  }

  #test(compute: (by: SoftFloat) => boolean): bigint {
    return this.#raising(compute) ? 1n : 0n;
  }

  #raising<T>(compute: (by: SoftFloat) => T): T {
    this.#float.flags = 0;
    const result = compute(this.#float);
    this.raise(this.#float.flags);
    return result;
  }
}

function isWord(kind: Integer): boolean {
  return kind === Integer.WORD || kind === Integer.UNSIGNED_WORD;
}
