/**
 * What finds out whether a double is the exact result of an operation, by computing what rounding
 * lost: sums by two differences, the others by one multiply-add. What is inexact is noted in `fcsr`,
 * and lets everything after it pass by its proof alone. Rounding must be to nearest even; answers 0
 * where nothing is known, which includes all that is not an ordinary number.
 *
 * @module
 */
import {
  abs,
  add,
  and,
  f64,
  isOrdinary,
  MOST,
  mul,
  neg,
  or,
  sub,
  test,
  ZERO,
} from "./double_nodes.ts";
import { F64 } from "./opcodes.ts";
import { isFused, writeMultiplyAdd } from "./fused.ts";
import { CONTEXT, Registers, State } from "../layout.ts";
import { Arith, i32, i64, loadFrom, local, type Node, write } from "../node.ts";
import { type Code, EMPTY, Op, Type } from "../wasm.ts";

const A = local(0, Type.F64);
const B = local(1, Type.F64);
const RESULT = local(2, Type.F64);
const OTHER = local(3, Type.F64);
const LOST = local(4, Type.F64);

const INFINITE = f64(Infinity);
/** Singles from here on were not too small before they were rounded. */
const LEAST_SINGLE = f64(2 ** -125);

/** The settlers by name: what they leave on the stack. */
export const SETTLERS = {
  settleSum: (code: Code) => settleSum(code, B),
  settleDifference: (code: Code) => settleSum(code, neg(B)),
  settleProduct: (code: Code) => {
    const zero = or(test(F64.eq, A, ZERO), test(F64.eq, B, ZERO));
    settle(code, and(test(F64.eq, RESULT, ZERO), zero), isOrdinary(RESULT), [A, B, neg(RESULT)]);
  },
  settleQuotient: (code: Code) => {
    const zero = and(test(F64.eq, A, ZERO), test(F64.eq, RESULT, ZERO));
    const ordinary = and(isOrdinary(RESULT), and(isOrdinary(A), isOrdinary(B)));
    settle(code, zero, ordinary, [neg(RESULT), B, A]);
  },
  settleRoot: (code: Code) => {
    const ordinary = and(isOrdinary(A), test(F64.gt, A, ZERO));
    settle(code, test(F64.eq, A, ZERO), ordinary, [neg(RESULT), RESULT, A]);
  },
  settleFused: (code: Code) => {
    // Nothing is added to the third, so it is the result; the host knows the sign of zeros.
    const zero = or(test(F64.eq, A, ZERO), test(F64.eq, B, ZERO));
    writeUnlessNearest(code);
    write(code, and(zero, test(F64.lt, abs(RESULT), MOST)));
  },
  // Singles come as doubles, where their products are exact, and so are the differences of sums.
  settleSingleSum: (code: Code) => {
    const back = (a: Node, b: Node) => test(F64.eq, sub(RESULT, a), b);
    settleSingle(code, and(back(A, B), back(B, A)));
  },
  settleSingleProduct: (code: Code) => settleSingle(code, test(F64.eq, mul(A, B), RESULT)),
  settleSingleQuotient: (code: Code) => settleSingle(code, test(F64.eq, mul(RESULT, B), A)),
} as const;

/** The name of one. */
export type Settler = keyof typeof SETTLERS;

/** `fcsr` says to nearest even. */
function writeUnlessNearest(code: Code): void {
  write(code, loadFrom(0x28, Type.I32, i32(0), CONTEXT + Registers.FCSR));
  code.i32(0xe0);
  code.byte(Arith.I32_AND);
  returnZeroIf(code);
}

function returnZeroIf(code: Code): void {
  code.raw([Op.IF, EMPTY]);
  code.i32(0);
  code.raw([Op.RETURN, Op.END]);
}

function settleSum(code: Code, b: Node): void {
  writeUnlessNearest(code);
  write(code, test(F64.lt, abs(RESULT), MOST));
  code.byte(Arith.I32_EQZ);
  returnZeroIf(code);
  write(code, sub(RESULT, A));
  code.op(Op.SET, OTHER.op);
  write(code, add(sub(A, sub(RESULT, OTHER)), sub(b, OTHER)));
  code.op(Op.SET, LOST.op);
  writeNote(code);
}

function settle(code: Code, zero: Node, ordinary: Node, lost: readonly Node[]): void {
  writeUnlessNearest(code);
  write(code, zero);
  code.raw([Op.IF, EMPTY]);
  code.i32(1);
  code.raw([Op.RETURN, Op.END]);
  if (!isFused()) {
    code.i32(0);
    return;
  }
  write(code, ordinary);
  code.byte(Arith.I32_EQZ);
  returnZeroIf(code);
  writeMultiplyAdd(code, true, lost.map((one) => (to: Code) => write(to, one)));
  code.op(Op.SET, LOST.op);
  writeNote(code);
}

/** A finite single is right if it is exact, or so great that its being inexact is all there is to say. */
function settleSingle(code: Code, exact: Node): void {
  writeUnlessNearest(code);
  write(code, test(F64.lt, abs(RESULT), INFINITE));
  code.byte(Arith.I32_EQZ);
  returnZeroIf(code);
  write(code, exact);
  code.raw([Op.IF, EMPTY]);
  code.i32(1);
  code.raw([Op.RETURN, Op.END]);
  write(code, test(F64.lt, abs(RESULT), LEAST_SINGLE));
  returnZeroIf(code);
  write(code, f64(1));
  code.op(Op.SET, LOST.op);
  writeNote(code);
}

/** If something was lost the result is inexact, and further results need not be settled. */
function writeNote(code: Code): void {
  write(code, test(F64.eq, LOST, ZERO));
  code.byte(Arith.I32_EQZ);
  code.raw([Op.IF, EMPTY]);
  const store = (op: number, at: number, value: Node) => {
    write(code, i32(0));
    write(code, value);
    code.memory(op, at);
  };
  const control = loadFrom(0x28, Type.I32, i32(0), CONTEXT + Registers.FCSR);
  store(0x36, CONTEXT + Registers.FCSR, or(control, i32(1)));
  store(0x37, State.SUM_LIMIT, i64(0x7ff0000000000000n));
  store(0x37, State.PRODUCT_LIMIT, i64(2045n << 53n));
  store(0x36, State.SINGLE_LIMIT, i32(253 << 24));
  store(0x36, State.LIMITS_OF, i32(0));
  code.byte(Op.END);
  code.i32(1);
}
