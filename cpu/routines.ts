/**
 * WebAssembly functions that are not worth writing inline; a module holds those that it uses.
 *
 * @module
 */
import { SETTLERS } from "./float/settlers.ts";
import { Arith, binary, i64, local, type Node, select, write } from "./node.ts";
import { Code, type FunctionBody, Op, type Signature, Type } from "./wasm.ts";

/** Two 64-bit values to one. */
export const WIDE_PAIR: Signature = { params: [Type.I64, Type.I64], results: [Type.I64] };

/** Whether a result is right, from two operands and the result. */
export const SETTLE: Signature = {
  params: [Type.F64, Type.F64, Type.F64],
  results: [Type.I32],
};

/** The numbers of these types in a module. */
export interface RoutineTypes {
  readonly widePair: number;
  readonly settle: number;
}

const A = local(0, Type.I64);
const B = local(1, Type.I64);
const MASK = i64(0xffffffff);

const wide = (op: number) => (a: Node, b: Node) => binary(op, Type.I64, a, b);
const add = wide(Arith.I64_ADD);
const mul = wide(Arith.I64_MUL);
const low = (a: Node) => wide(Arith.I64_AND)(a, MASK);
const high = (a: Node) => wide(Arith.I64_SHR_U)(a, i64(32));
const ifNegative = (a: Node, b: Node) =>
  select(Type.I64, binary(Arith.I64_LT_S, Type.I32, a, i64(0)), b, i64(0));

/** The routines by name: what they leave on the stack. */
const ROUTINES = {
  mulHighUnsigned: highProduct,
  mulHigh: (code: Code) => {
    highProduct(code);
    write(code, ifNegative(A, B));
    code.byte(Arith.I64_SUB);
    write(code, ifNegative(B, A));
    code.byte(Arith.I64_SUB);
  },
  mulHighMixed: (code: Code) => {
    highProduct(code);
    write(code, ifNegative(A, B));
    code.byte(Arith.I64_SUB);
  },
};

/** The name of a routine. */
export type Routine = keyof typeof ROUTINES | keyof typeof SETTLERS;

/** A routine as a function of a module. */
export function routineBody(name: Routine, types: RoutineTypes): FunctionBody {
  const code = new Code(64);
  if (name in SETTLERS) {
    SETTLERS[name as keyof typeof SETTLERS](code);
    return { type: types.settle, locals: [[2, Type.F64]], code };
  }
  ROUTINES[name as keyof typeof ROUTINES](code);
  return { type: types.widePair, locals: [[2, Type.I64]], code };
}

/** The upper half of the unsigned product, from four products of halves. */
function highProduct(code: Code): void {
  const t = local(2, Type.I64);
  const u = local(3, Type.I64);
  write(code, add(mul(high(A), low(B)), high(mul(low(A), low(B)))));
  code.op(Op.SET, 2);
  write(code, add(mul(low(A), high(B)), low(t)));
  code.op(Op.SET, 3);
  write(code, add(add(mul(high(A), high(B)), high(t)), high(u)));
}
