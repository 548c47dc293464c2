/**
 * What rounding to nearest lost: beside each operation's result, its error, exactly or at least with
 * the right sign. Sums tell it by differences, the others by one multiply-add that rounds once.
 *
 * @module
 */
import {
  abs,
  add,
  and,
  div,
  f64,
  isOrdinary,
  MOST,
  mul,
  neg,
  or,
  sqrt,
  sub,
  test,
  ZERO,
} from "./double_nodes.ts";
import { fromF64 } from "./bits.ts";
import { F64 } from "./opcodes.ts";
import { FloatOperation } from "./operation.ts";
import { isFused, writeMultiplyAdd } from "./fused.ts";
import { Arith, binary, i32, i64, local, type Node, raw, write } from "../node.ts";
import { RoundingMode } from "./softfloat.ts";
import { type Code, EMPTY, Op, Type } from "../wasm.ts";

const double = (index: number): Node => local(index, Type.F64);

/** Behind four parameters: the operands. */
export const [X, Y, Z]: readonly [Node, Node, Node] = [double(4), double(5), double(6)];
/** The result, to nearest. */
export const RESULT: Node = double(7);
/** What is missing from it to be exact: its sign counts, or that it is zero. */
export const LOST: Node = double(8);
/** The rounding mode. */
export const MODE: Node = local(14, Type.I32);
/** The variables behind the parameters. */
export const VARIABLES: readonly (readonly [number, Type])[] = [[10, Type.F64], [1, Type.I32]];

const [P, Q, U, V, T] = [double(9), double(10), double(11), double(12), double(13)] as const;

/** Compute one of the operations; leaves by `depth` where the error cannot be told this way. */
export function writeWithError(code: Code, operation: FloatOperation, depth: number): void {
  // A multiply-add is needed that rounds once, and not every host has it.
  const isSum = operation < FloatOperation.MUL || operation > FloatOperation.FMA;
  if (!isSum && !isFused()) return code.op(Op.BR, depth);
  switch (operation) {
    case FloatOperation.ADD:
      return writeSum(code, X, Y, depth);
    case FloatOperation.SUB:
      set(code, Y, neg(Y));
      return writeSum(code, X, Y, depth);
    case FloatOperation.MUL:
      return writeProduct(code, depth);
    case FloatOperation.DIV:
      return writeQuotient(code, depth);
    case FloatOperation.SQRT:
      return writeRoot(code, depth);
    case FloatOperation.FMA:
      return writeFused(code, depth);
    default:
      set(code, RESULT, X);
      set(code, LOST, ZERO);
  }
}

/** Set a variable. */
export function set(code: Code, variable: Node, value: Node): void {
  write(code, value);
  code.op(Op.SET, variable.op);
}

/** Go `depth` blocks out unless it holds. */
export function leaveUnless(code: Code, condition: Node, depth: number): void {
  write(code, condition);
  code.byte(Arith.I32_EQZ);
  code.op(Op.BR_IF, depth);
}

/** Any sum that does not overflow has its error in a double. */
function writeSum(code: Code, a: Node, b: Node, depth: number): void {
  set(code, RESULT, add(a, b));
  leaveUnless(code, test(F64.lt, abs(RESULT), MOST), depth);
  writeErrorOfSum(code, RESULT, a, b, LOST);
  writeZeroOfSum(code, a, b);
}

function writeErrorOfSum(code: Code, sum: Node, a: Node, b: Node, error: Node): void {
  set(code, T, sub(sum, a));
  set(code, error, add(sub(a, sub(sum, T)), sub(b, T)));
}

function writeProduct(code: Code, depth: number): void {
  set(code, RESULT, mul(X, Y));
  const none = and(
    or(test(F64.eq, X, ZERO), test(F64.eq, Y, ZERO)),
    test(F64.eq, RESULT, ZERO),
  );
  writeUnless(code, none, depth, isOrdinary(RESULT), fused(X, Y, neg(RESULT)));
}

/** What is left to divide has the sign of the error, if the divisor is positive. */
function writeQuotient(code: Code, depth: number): void {
  set(code, RESULT, div(X, Y));
  const none = and(test(F64.eq, X, ZERO), test(F64.eq, RESULT, ZERO));
  const ordinary = and(isOrdinary(RESULT), and(isOrdinary(X), isOrdinary(Y)));
  const rest = fused(neg(RESULT), Y, X);
  const signed = raw(Type.F64, (to) => {
    write(to, rest);
    write(to, neg(rest));
    write(to, test(F64.gt, Y, ZERO));
    to.byte(Op.SELECT);
  });
  writeUnless(code, none, depth, ordinary, signed);
}

function writeRoot(code: Code, depth: number): void {
  set(code, RESULT, sqrt(X));
  const ordinary = and(isOrdinary(X), test(F64.gt, X, ZERO));
  writeUnless(code, test(F64.eq, X, ZERO), depth, ordinary, fused(neg(RESULT), RESULT, X));
}

/** The error of a multiply-add after Boldo and Muller: two doubles, of which the sum has its sign. */
function writeFused(code: Code, depth: number): void {
  set(code, P, mul(X, Y));
  write(code, or(test(F64.eq, X, ZERO), test(F64.eq, Y, ZERO)));
  code.raw([Op.IF, EMPTY]);
  writeSum(code, P, Z, depth + 1);
  code.byte(Op.ELSE);
  leaveUnless(code, and(isOrdinary(P), test(F64.lt, abs(Z), MOST)), depth + 1);
  set(code, RESULT, fused(X, Y, Z));
  leaveUnless(code, test(F64.lt, abs(RESULT), MOST), depth + 1);
  set(code, Q, fused(X, Y, neg(P)));
  set(code, U, add(Z, Q));
  writeErrorOfSum(code, U, Z, Q, LOST);
  set(code, V, add(P, U));
  writeErrorOfSum(code, V, P, U, Q);
  set(code, LOST, add(add(sub(V, RESULT), Q), LOST));
  writeZeroOfSum(code, P, Z);
  code.byte(Op.END);
}

/** Nothing is lost, or the error is what is computed, where all is ordinary. */
function writeUnless(code: Code, none: Node, depth: number, ordinary: Node, error: Node): void {
  write(code, none);
  code.raw([Op.IF, EMPTY]);
  set(code, LOST, ZERO);
  code.byte(Op.ELSE);
  leaveUnless(code, ordinary, depth + 1);
  set(code, LOST, error);
  code.byte(Op.END);
}

function fused(a: Node, b: Node, c: Node): Node {
  const parts = [a, b, c].map((one) => (to: Code) => write(to, one));
  return raw(Type.F64, (to) => writeMultiplyAdd(to, true, parts));
}

/** A zero that is a sum is negative where rounding goes down, unless both are positive zeros. */
function writeZeroOfSum(code: Code, a: Node, b: Node): void {
  const bits = binary(Arith.I64_OR, Type.I64, fromF64(a), fromF64(b));
  const isDown = test(Arith.I32_EQ, MODE, i32(RoundingMode.DOWN));
  const isSet = binary(Arith.I64_NE, Type.I32, bits, i64(0));
  write(code, and(test(F64.eq, RESULT, ZERO), and(isDown, isSet)));
  code.raw([Op.IF, EMPTY]);
  set(code, RESULT, f64(-0));
  code.byte(Op.END);
}
