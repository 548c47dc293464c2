/**
 * Which settler looks closer at a result, and what it wants to know.
 *
 * @module
 */
import type { Format } from "../algebra.ts";
import { F64 } from "./opcodes.ts";
import { FloatOperation } from "./operation.ts";
import { binary, type Node, unary } from "../node.ts";
import type { Settler } from "./settlers.ts";
import { Type } from "../wasm.ts";

/** A settler and its three operands. */
export interface Settlement {
  readonly name: Settler;
  readonly args: readonly Node[];
}

/** For an operation that rounds: its operands, and its result behind them. */
export function settlement(
  operation: FloatOperation,
  format: Format,
  values: readonly Node[],
): Settlement {
  if (format === 32) return ofSingles(operation, values.map(promoted));
  const [a, b] = values;
  const result = values.at(-1)!;
  const args = [a!, values.length === 2 ? a! : b!, result];
  return { name: OF_DOUBLES.get(operation)!, args };
}

const OF_DOUBLES = new Map<FloatOperation, Settler>([
  [FloatOperation.ADD, "settleSum"],
  [FloatOperation.SUB, "settleDifference"],
  [FloatOperation.MUL, "settleProduct"],
  [FloatOperation.DIV, "settleQuotient"],
  [FloatOperation.SQRT, "settleRoot"],
  [FloatOperation.FMA, "settleFused"],
]);

/** A root is a quotient with itself; a multiply-add is the sum of an exact product. */
function ofSingles(operation: FloatOperation, values: readonly Node[]): Settlement {
  const [a, b, c] = values as [Node, Node, Node];
  const result = values.at(-1)!;
  switch (operation) {
    case FloatOperation.ADD:
      return { name: "settleSingleSum", args: [a, b, result] };
    case FloatOperation.SUB:
      return { name: "settleSingleSum", args: [a, unary(F64.neg, Type.F64, b), result] };
    case FloatOperation.MUL:
      return { name: "settleSingleProduct", args: [a, b, result] };
    case FloatOperation.SQRT:
      return { name: "settleSingleQuotient", args: [a, result, result] };
    case FloatOperation.FMA:
      return { name: "settleSingleSum", args: [binary(F64.mul, Type.F64, a, b), c, result] };
    default:
      return { name: "settleSingleQuotient", args: [a, b, result] };
  }
}

function promoted(a: Node): Node {
  return unary(0xbb, Type.F64, a);
}
