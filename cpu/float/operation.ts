/**
 * Floating-point operations as WebAssembly asks TypeScript to do them: one number says which, in what
 * format, how it rounds, and what kind of integer it is about.
 *
 * @module
 */
import { type Format, Integer } from "../algebra.ts";
import { classify, type RoundingMode, SoftFloat } from "./softfloat.ts";

/** The operations. */
export const FloatOperation = {
  ADD: 0,
  SUB: 1,
  MUL: 2,
  DIV: 3,
  SQRT: 4,
  FMA: 5,
  MIN: 6,
  MAX: 7,
  EQ: 8,
  LT: 9,
  LE: 10,
  CLASS: 11,
  TO_INTEGER: 12,
  FROM_INTEGER: 13,
  WIDEN: 14,
  NARROW: 15,
} as const;

/** One of the operations. */
export type FloatOperation = typeof FloatOperation[keyof typeof FloatOperation];

/** The mode that says to look into `fcsr`. */
export const DYNAMIC = 7;

/** Where the rounding mode is in the number that says all. */
export const MODE_SHIFT = 16;

/** An operation, a format and a kind of integer as one number. */
export function floatCode(operation: FloatOperation, format: Format, kind: Integer = 0): number {
  return operation | (format === 64 ? 1 << 8 : 0) | kind << 12;
}

/** Operations that round, and so need a mode that there is. */
const ROUNDED = new Set<FloatOperation>([0, 1, 2, 3, 4, 5, 12, 13, 14, 15]);

/** Does operations the exact way; it accrues flags. */
export class FloatUnit {
  /** What the last operation raised. */
  flags = 0;
  readonly #float = new SoftFloat();

  /** The result's bits, or null where the mode is none. Words are sign-extended. */
  compute(code: number, a: bigint, b: bigint, c: bigint, dynamic: number): bigint | null {
    const operation = (code & 255) as FloatOperation;
    const format: Format = (code & 256) === 0 ? 32 : 64;
    const kind = (code >>> 12 & 15) as Integer;
    const own = code >>> MODE_SHIFT;
    const mode = own === DYNAMIC ? dynamic : own;
    if (ROUNDED.has(operation)) {
      if (mode > 4) return null;
      this.#float.mode = mode as RoundingMode;
    }
    this.#float.flags = 0;
    const wide = (value: bigint) => BigInt.asUintN(operation === 13 ? 64 : format, value);
    const result = this.#apply(operation, format, kind, [wide(a), wide(b), wide(c)]);
    this.flags = this.#float.flags;
    return result;
  }

  #apply(
    operation: FloatOperation,
    format: Format,
    kind: Integer,
    [a, b, c]: readonly [bigint, bigint, bigint],
  ): bigint {
    const by = this.#float;
    switch (operation) {
      case FloatOperation.ADD:
        return by.add(format, a, b);
      case FloatOperation.SUB:
        return by.sub(format, a, b);
      case FloatOperation.MUL:
        return by.mul(format, a, b);
      case FloatOperation.DIV:
        return by.div(format, a, b);
      case FloatOperation.SQRT:
        return by.sqrt(format, a);
      case FloatOperation.FMA:
        return by.fma(format, a, b, c);
      case FloatOperation.MIN:
        return by.min(format, a, b);
      case FloatOperation.MAX:
        return by.max(format, a, b);
      case FloatOperation.EQ:
        return BigInt(by.eq(format, a, b));
      case FloatOperation.LT:
        return BigInt(by.lt(format, a, b));
      case FloatOperation.LE:
        return BigInt(by.le(format, a, b));
      case FloatOperation.CLASS:
        return classify(format, a);
      case FloatOperation.TO_INTEGER:
        return toInteger(by, format, kind, a);
      case FloatOperation.FROM_INTEGER:
        return by.fromInteger(format, asKind(kind, a));
      case FloatOperation.WIDEN:
        return by.convert(32, 64, a);
      case FloatOperation.NARROW:
        return by.convert(64, 32, a);
    }
  }
}

function toInteger(by: SoftFloat, format: Format, kind: Integer, a: bigint): bigint {
  const value = by.toInteger(format, kind, a);
  return isWord(kind) ? BigInt.asIntN(32, value) : value;
}

function asKind(kind: Integer, a: bigint): bigint {
  const bits = isWord(kind) ? 32 : 64;
  const signed = kind === Integer.WORD || kind === Integer.LONG;
  return signed ? BigInt.asIntN(bits, a) : BigInt.asUintN(bits, a);
}

function isWord(kind: Integer): boolean {
  return kind === Integer.WORD || kind === Integer.UNSIGNED_WORD;
}
