/**
 * Doubles as nodes: their constants, and what is computed with them.
 *
 * @module
 */
import { F64 } from "./opcodes.ts";
import { Arith, binary, double, type Node, unary } from "../node.ts";
import { Type } from "../wasm.ts";

/** A double as a node, by its value. */
export function f64(value: number): Node {
  const bits = new BigInt64Array(new Float64Array([value]).buffer)[0]!;
  return double(bits);
}

const wide = (op: number) => (a: Node, b: Node): Node => binary(op, Type.F64, a, b);
const pair = (op: number) => (a: Node, b: Node): Node => binary(op, Type.I32, a, b);

/** Sum, to nearest. */
export const add: (a: Node, b: Node) => Node = wide(F64.add);
/** Difference, to nearest. */
export const sub: (a: Node, b: Node) => Node = wide(F64.sub);
/** Product, to nearest. */
export const mul: (a: Node, b: Node) => Node = wide(F64.mul);
/** Quotient, to nearest. */
export const div: (a: Node, b: Node) => Node = wide(F64.div);
/** Root, to nearest. */
export const sqrt = (a: Node): Node => unary(F64.sqrt, Type.F64, a);
/** Without its sign. */
export const abs = (a: Node): Node => unary(F64.abs, Type.F64, a);
/** With the other sign. */
export const neg = (a: Node): Node => unary(F64.neg, Type.F64, a);

/** Whether a comparison of two values holds. */
export const test = (op: number, a: Node, b: Node): Node => binary(op, Type.I32, a, b);
/** Both conditions. */
export const and: (a: Node, b: Node) => Node = pair(Arith.I32_AND);
/** One of the conditions, or both. */
export const or: (a: Node, b: Node) => Node = pair(Arith.I32_OR);

/** Nothing. */
export const ZERO: Node = f64(0);
/** Below this, nothing overflows on the way. */
export const MOST: Node = f64(2 ** 1000);
const LEAST = f64(2 ** -900);

/** Neither so small nor so great that anything vanishes or overflows on the way. */
export function isOrdinary(a: Node): Node {
  return and(test(F64.gt, abs(a), LEAST), test(F64.lt, abs(a), MOST));
}
