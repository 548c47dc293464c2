/**
 * Floating point as WebAssembly: the host's arithmetic with a proof that it is the guest's. Where there
 * is none, a function does it that every module shares: see `directed_rounding.ts`, and behind it the
 * exact way in TypeScript.
 *
 * @module
 */
import { type Format, Integer } from "../algebra.ts";
import { and, f64, or, test } from "./double_nodes.ts";
import { asBits, fromF64, fromI64, REINTERPRET, toF64 } from "./bits.ts";
import { RANGES, truncated } from "./integer.ts";
import { F32, F64, opcodesOf as of } from "./opcodes.ts";
import { DYNAMIC, floatCode, FloatOperation, MODE_SHIFT } from "./operation.ts";
import { isFused, writeMultiplyAdd } from "./fused.ts";
import { CONTEXT, Registers, State } from "../layout.ts";
import {
  Arith,
  binary,
  callOf,
  i32,
  i64,
  isSameVariable,
  Kind,
  loadFrom,
  local,
  type Node,
  raw,
  select,
  unary,
  wide,
  wrap,
  write,
} from "../node.ts";
import type { Routine } from "../routines.ts";
import { settlement } from "./settlement.ts";
import { type Code, EMPTY, Op, Type } from "../wasm.ts";

const NAN_32 = 0x7fc00000;
const BOX = 0xffffffff00000000n;

/** The floating-point part of the vocabulary. */
export abstract class FloatEmitter {
  /** Where effects are written. */
  abstract readonly out: Code;

  abstract fs1(format: Format): Node;
  abstract fs2(format: Format): Node;
  abstract fs3(format: Format): Node;
  abstract fd(format: Format, value: Node): void;
  abstract rd(value: Node): void;
  /** A variable that nothing else uses while this instruction lasts. */
  protected abstract fresh(type: Type): number;
  /** The instruction's rounding mode, as a 32-bit value. */
  protected abstract mode(): Node;
  /** The function that does operations for which there is no proof. */
  protected abstract readonly floatFunction: number;
  /** The function that works the limits out again. */
  protected abstract readonly limitsFunction: number;
  /** Leave before this instruction, `depth` blocks deep, because its rounding mode is none. */
  protected abstract leaveBadMode(depth: number): void;
  /** The number of a function that is not worth writing inline. */
  protected abstract routine(name: Routine): number;

  fcsr(): Node {
    return loadFrom(0x29, Type.I64, i32(0), CONTEXT + Registers.FCSR);
  }

  setFcsr(value: Node): void {
    write(this.out, i32(0));
    write(this.out, wide(value));
    this.out.memory(0x37, CONTEXT + Registers.FCSR);
    this.out.op(Op.CALL, this.limitsFunction);
  }

  bits(format: Format, a: Node): Node {
    if (format === 64) return fromF64(a);
    return unary(Arith.I64_EXTEND_I32_S, Type.I64, unary(REINTERPRET.I32_F32, Type.I32, a));
  }

  fromBits(format: Format, a: Node): Node {
    if (format === 64) return toF64(wide(a));
    return unary(REINTERPRET.F32_I32, Type.F32, wrap(wide(a)));
  }

  fneg(format: Format, a: Node): Node {
    return unary(of(format).neg, of(format).type, a);
  }

  /** Copying a register's own sign is how it is moved, and its other sign how it is negated. */
  fcopysign(format: Format, a: Node, b: Node): Node {
    if (isSameVariable(a, b)) return a;
    const isNegated = b.kind === Kind.UNARY && b.op === of(format).neg;
    if (isNegated && isSameVariable(a, b.args[0]!)) return b;
    return binary(of(format).copysign, of(format).type, a, b);
  }

  fxorsign(format: Format, a: Node, b: Node): Node {
    if (isSameVariable(a, b)) return unary(of(format).abs, of(format).type, a);
    const sign = i64(format === 64 ? 1n << 63n : 1n << 31n);
    const flip = binary(Arith.I64_AND, Type.I64, this.bits(format, b), sign);
    return this.fromBits(format, binary(Arith.I64_XOR, Type.I64, this.bits(format, a), flip));
  }

  fadd(format: Format, a: Node, b: Node): Node {
    return this.#computed(FloatOperation.ADD, format, of(format).add, [a, b]);
  }

  fsub(format: Format, a: Node, b: Node): Node {
    return this.#computed(FloatOperation.SUB, format, of(format).sub, [a, b]);
  }

  fmul(format: Format, a: Node, b: Node): Node {
    return this.#computed(FloatOperation.MUL, format, of(format).mul, [a, b]);
  }

  fdiv(format: Format, a: Node, b: Node): Node {
    return this.#computed(FloatOperation.DIV, format, of(format).div, [a, b]);
  }

  fsqrt(format: Format, a: Node): Node {
    return this.#computed(FloatOperation.SQRT, format, of(format).sqrt, [a]);
  }

  fma(format: Format, a: Node, b: Node, c: Node): Node {
    const operands = [a, b, c].map((one) => this.hold(one));
    const { type } = of(format);
    if (!isFused()) return this.#exactly(FloatOperation.FMA, format, type, operands, null);
    const parts = operands.map((one) => (code: Code) => write(code, one));
    const result = this.hold(raw(type, (code) => writeMultiplyAdd(code, format === 64, parts)));
    return this.#exactly(FloatOperation.FMA, format, type, operands, {
      value: result,
      proof: this.#provenOrSettled(FloatOperation.FMA, format, [...operands, result]),
    });
  }

  fmin(format: Format, a: Node, b: Node): Node {
    return this.#extreme(FloatOperation.MIN, format, a, b);
  }

  fmax(format: Format, a: Node, b: Node): Node {
    return this.#extreme(FloatOperation.MAX, format, a, b);
  }

  feq(format: Format, a: Node, b: Node): Node {
    const ops = of(format);
    const [x, y] = [this.hold(a), this.hold(b)];
    const ordered = or(or(test(ops.eq, x, y), test(ops.lt, x, y)), test(ops.gt, x, y));
    const value = wide(test(ops.eq, x, y));
    return this.#exactly(FloatOperation.EQ, format, Type.I64, [x, y], { value, proof: ordered });
  }

  flt(format: Format, a: Node, b: Node): Node {
    const ops = of(format);
    return this.#compared(FloatOperation.LT, format, ops.lt, ops.ge, a, b);
  }

  fle(format: Format, a: Node, b: Node): Node {
    const ops = of(format);
    return this.#compared(FloatOperation.LE, format, ops.le, ops.gt, a, b);
  }

  fclass(format: Format, a: Node): Node {
    return this.#exactly(FloatOperation.CLASS, format, Type.I64, [this.hold(a)], null);
  }

  toInteger(format: Format, kind: Integer, a: Node): Node {
    const { type, trunc, eq } = of(format);
    const x = this.hold(a);
    const whole = this.hold(unary(trunc, type, x));
    const double = format === 64 ? whole : unary(0xbb, Type.F64, whole);
    const [least, end] = RANGES[kind];
    const fits = and(test(F64.ge, double, f64(least)), test(F64.lt, double, f64(end)));
    const inexact = wrap(this.fcsr());
    const silent = or(test(eq, whole, x), and(inexact, i32(1)));
    const toZero = binary(Arith.I32_EQ, Type.I32, this.mode(), i32(1));
    const proof = and(and(fits, silent), toZero);
    const code = floatCode(FloatOperation.TO_INTEGER, format, kind);
    return this.#exactly(code, format, Type.I64, [x], {
      value: truncated(kind, double),
      proof,
    });
  }

  fromInteger(format: Format, kind: Integer, a: Node): Node {
    const { type } = of(format);
    const isWord = kind === Integer.WORD || kind === Integer.UNSIGNED_WORD;
    const value = this.hold(isWord ? this.#word(kind, a) : wide(a));
    // What has so few bits is exact.
    const bits = format === 64 ? 53n : 24n;
    const half = binary(Arith.I64_ADD, Type.I64, value, i64(1n << bits));
    const small = kind === Integer.UNSIGNED_LONG
      ? test(Arith.I64_LT_U, value, i64(1n << bits))
      : test(Arith.I64_LT_U, half, i64(2n << bits));
    const valid = this.#hasMode();
    const converted = unary(format === 64 ? 0xb9 : 0xb4, type, value);
    const code = floatCode(FloatOperation.FROM_INTEGER, format, kind);
    return this.#exactly(code, format, type, [value], {
      value: converted,
      proof: isWord && format === 64 ? valid : and(small, valid),
    });
  }

  widen(a: Node): Node {
    const x = this.hold(a);
    const valid = this.#hasMode();
    const proof = and(test(F32.eq, x, x), valid);
    const value = unary(0xbb, Type.F64, x);
    return this.#exactly(FloatOperation.WIDEN, 32, Type.F64, [x], { value, proof });
  }

  narrow(a: Node): Node {
    const x = this.hold(a);
    const result = this.hold(unary(0xb6, Type.F32, x));
    return this.#exactly(FloatOperation.NARROW, 64, Type.F32, [x], {
      value: result,
      proof: this.#proof(FloatOperation.NARROW, 32, result),
    });
  }

  /** Compute a value now, and name it, unless it is a constant. */
  protected hold(value: Node): Node {
    if (value.kind === Kind.CONST) return value;
    const index = this.fresh(value.type);
    write(this.out, value);
    this.out.op(Op.SET, index);
    return local(index, value.type, value.narrow);
  }

  /** The float in a register's 64 bits; as 32 bits, what is not boxed is NaN. */
  protected unboxed(format: Format, register: Node): Node {
    if (format === 64) return register;
    const bits = this.hold(fromF64(register));
    const boxed = test(Arith.I64_GE_U, bits, i64(BOX));
    const low = select(Type.I32, boxed, wrap(bits), i32(NAN_32));
    return unary(REINTERPRET.F32_I32, Type.F32, low);
  }

  /** The 64 bits of a register that holds a float, as a double. */
  protected boxed(format: Format, value: Node): Node {
    if (format === 64) return value;
    const low = unary(
      Arith.I64_EXTEND_I32_U,
      Type.I64,
      unary(REINTERPRET.I32_F32, Type.I32, value),
    );
    return toF64(binary(Arith.I64_OR, Type.I64, low, i64(BOX)));
  }

  #word(kind: Integer, a: Node): Node {
    const signed = kind === Integer.WORD;
    return unary(signed ? Arith.I64_EXTEND_I32_S : Arith.I64_EXTEND_I32_U, Type.I64, wrap(wide(a)));
  }

  #computed(operation: FloatOperation, format: Format, op: number, values: Node[]): Node {
    const { type } = of(format);
    const operands = values.map((one) => this.hold(one));
    const [a, b] = operands;
    const result = this.hold(b === undefined ? unary(op, type, a!) : binary(op, type, a!, b));
    const proof = this.#provenOrSettled(operation, format, [...operands, result]);
    return this.#exactly(operation, format, type, operands, { value: result, proof });
  }

  /** A proof, or where there is none, whether a closer look finds that the result is right. */
  #provenOrSettled(operation: FloatOperation, format: Format, values: readonly Node[]): Node {
    const proof = this.#proof(operation, format, values.at(-1)!);
    const { name, args } = settlement(operation, format, values);
    const settled = this.#toNearest()(callOf(Type.I32, this.routine(name), args));
    return raw(Type.I32, (code) => {
      write(code, proof);
      code.mostly(true);
      code.raw([Op.IF, Type.I32]);
      code.i32(1);
      code.byte(Op.ELSE);
      write(code, settled);
      code.byte(Op.END);
    });
  }

  /** That a result is right and raises nothing new: by its exponent, and while the limits allow. */
  #proof(operation: FloatOperation, format: Format, result: Node): Node {
    const nearest = this.#toNearest();
    if (format === 32) {
      const bits = unary(REINTERPRET.I32_F32, Type.I32, result);
      const doubled = binary(Arith.I32_SHL, Type.I32, bits, i32(1));
      const from = binary(Arith.I32_SUB, Type.I32, doubled, i32(2 << 24));
      return nearest(
        test(Arith.I32_LT_U, from, loadFrom(0x28, Type.I32, i32(0), State.SINGLE_LIMIT)),
      );
    }
    // A sum is never too small: what is lost there, was not there before.
    if (operation === FloatOperation.ADD || operation === FloatOperation.SUB) {
      const limit = loadFrom(0x2b, Type.F64, i32(0), State.SUM_LIMIT);
      return nearest(test(F64.lt, unary(F64.abs, Type.F64, result), limit));
    }
    const doubled = binary(Arith.I64_SHL, Type.I64, fromF64(result), i64(1));
    const from = binary(Arith.I64_SUB, Type.I64, doubled, i64(2n << 53n));
    const limit = loadFrom(0x29, Type.I64, i32(0), State.PRODUCT_LIMIT);
    return nearest(test(Arith.I64_LT_U, from, limit));
  }

  /** The limits stand for the mode in `fcsr`; an instruction's own mode may be the same. */
  #toNearest(): (proof: Node) => Node {
    const mode = this.mode();
    if (mode.kind === Kind.CONST) {
      const fits = mode.value === BigInt(DYNAMIC) || mode.value === 0n;
      return (proof) => fits ? proof : i32(0);
    }
    const next = and(binary(Arith.I32_ADD, Type.I32, mode, i32(1)), i32(7));
    return (proof) => and(proof, test(Arith.I32_LT_U, next, i32(2)));
  }

  /** That the rounding mode is one, where rounding does not matter. */
  #hasMode(): Node {
    const own = test(Arith.I32_NE, this.mode(), i32(DYNAMIC));
    return or(own, loadFrom(0x28, Type.I32, i32(0), State.MODE_VALID));
  }

  #extreme(operation: FloatOperation, format: Format, a: Node, b: Node): Node {
    const ops = of(format);
    const [x, y] = [this.hold(a), this.hold(b)];
    const least = test(ops.lt, x, y);
    const value = operation === FloatOperation.MIN
      ? select(ops.type, least, x, y)
      : select(ops.type, least, y, x);
    const proof = or(test(ops.lt, x, y), test(ops.gt, x, y));
    return this.#exactly(operation, format, ops.type, [x, y], { value, proof });
  }

  #compared(
    operation: FloatOperation,
    format: Format,
    yes: number,
    no: number,
    a: Node,
    b: Node,
  ): Node {
    const [x, y] = [this.hold(a), this.hold(b)];
    const proof = or(test(yes, x, y), test(no, x, y));
    const value = wide(test(yes, x, y));
    return this.#exactly(operation, format, Type.I64, [x, y], { value, proof });
  }

  /** A value if its proof holds, else what the exact way gives; that may say there is no such mode. */
  #exactly(
    operation: number,
    format: Format,
    type: Type,
    operands: readonly Node[],
    fast: { readonly value: Node; readonly proof: Node } | null,
  ): Node {
    const { out } = this;
    const result = this.fresh(type);
    const code = operation > 255 ? operation : floatCode(operation as FloatOperation, format);
    if (fast !== null) {
      write(out, fast.proof);
      out.mostly(true);
      out.raw([Op.IF, EMPTY]);
      write(out, fast.value);
      out.op(Op.SET, result);
      out.byte(Op.ELSE);
    }
    const mode = binary(Arith.I32_SHL, Type.I32, this.mode(), i32(MODE_SHIFT));
    write(out, or(i32(code), mode));
    for (let at = 0; at < 3; at++) {
      write(out, at < operands.length ? asBits(operands[at]!) : i64(0));
    }
    out.op(Op.CALL, this.floatFunction);
    write(out, fromI64(type));
    out.op(Op.SET, result);
    write(out, loadFrom(0x28, Type.I32, i32(0), State.MODE_BAD));
    out.mostly(false);
    out.raw([Op.IF, EMPTY]);
    this.leaveBadMode(fast === null ? 1 : 2);
    out.byte(Op.END);
    if (fast !== null) out.byte(Op.END);
    return local(result, type);
  }
}
