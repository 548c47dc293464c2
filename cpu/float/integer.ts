/**
 * Whole numbers from doubles.
 *
 * @module
 */
import { Integer } from "../algebra.ts";
import { Arith, type Node, unary } from "../node.ts";
import { Type } from "../wasm.ts";

/** The least whole number that fits, and the one behind the last. */
export const RANGES: Readonly<Record<Integer, readonly [number, number]>> = {
  [Integer.WORD]: [-(2 ** 31), 2 ** 31],
  [Integer.UNSIGNED_WORD]: [0, 2 ** 32],
  [Integer.LONG]: [-(2 ** 63), 2 ** 63],
  [Integer.UNSIGNED_LONG]: [0, 2 ** 64],
};

/** The integer that a whole double in range is; words are sign-extended. */
export function truncated(kind: Integer, double: Node): Node {
  if (kind === Integer.LONG) return unary(0xfc06, Type.I64, double);
  if (kind === Integer.UNSIGNED_LONG) return unary(0xfc07, Type.I64, double);
  const low = unary(kind === Integer.WORD ? 0xfc02 : 0xfc03, Type.I32, double);
  return unary(Arith.I64_EXTEND_I32_S, Type.I64, low);
}
