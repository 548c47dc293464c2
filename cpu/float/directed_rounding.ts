/**
 * Rounding towards zero, down and up, as WebAssembly: the host rounds to nearest, which is one of the
 * two neighbours of the exact result, and the sign of what it lost tells whether the other one is
 * wanted. What is too small or too great to tell, and all that is no number, goes the exact way.
 *
 * Singles are computed as doubles. Rounding those to odd keeps what the second rounding must know.
 *
 * @module
 */
import { Integer } from "../algebra.ts";
import { abs, and, f64, or, sub, test, ZERO } from "./double_nodes.ts";
import { fromF64, REINTERPRET, toF64 } from "./bits.ts";
import { RANGES, truncated } from "./integer.ts";
import { F64 } from "./opcodes.ts";
import { DYNAMIC, FloatOperation, MODE_SHIFT } from "./operation.ts";
import { CONTEXT, Registers, State } from "../layout.ts";
import { Arith, binary, i32, i64, loadFrom, local, type Node, select, unary } from "../node.ts";
import { wrap, write } from "../node.ts";
import { leaveUnless, LOST, MODE, RESULT, set, VARIABLES } from "./rounding_error.ts";
import { writeWithError, X, Y, Z } from "./rounding_error.ts";
import { RoundingMode } from "./softfloat.ts";
import { Code, EMPTY, moduleBytes, Op, type Signature, Type } from "../wasm.ts";

const FLOAT: Signature = {
  params: [Type.I32, Type.I64, Type.I64, Type.I64],
  results: [Type.I64],
};

const CODE = local(0, Type.I32);
const OPERANDS = [local(1, Type.I64), local(2, Type.I64), local(3, Type.I64)];
const OPERATION = binary(Arith.I32_AND, Type.I32, CODE, i32(255));
const IS_DOUBLE = binary(Arith.I32_AND, Type.I32, CODE, i32(256));
const CONTROL = loadFrom(0x28, Type.I32, i32(0), CONTEXT + Registers.FCSR);
/** As doubles, singles between these are neither rounded as subnormals nor overflow. */
const LEAST_SINGLE = f64(2 ** -125);
const MOST_SINGLE = f64(2 ** 127);

const is = (a: Node, value: number): Node => test(Arith.I32_EQ, a, i32(value));

/** Everything but conversions of integers: what they do is written once, and found by number. */
const COMPUTED = [
  FloatOperation.ADD,
  FloatOperation.SUB,
  FloatOperation.MUL,
  FloatOperation.DIV,
  FloatOperation.SQRT,
  FloatOperation.FMA,
  FloatOperation.NARROW,
] as const;

/** One operation: its number with the rounding mode, and the bits of up to three operands. */
export type FloatFunction = (code: number, a: bigint, b: bigint, c: bigint) => bigint;

/** Modules by size of memory. */
const MODULES = new Map<number, WebAssembly.Module>();

/**
 * A function that does what `float` does, the exact way, and asks that one where it cannot. The size
 * of the memory is in pages of 64 KiB.
 */
export function directedFloat(
  e: { memory: WebAssembly.Memory; float: FloatFunction },
  memoryPages: number,
): FloatFunction {
  const module = MODULES.get(memoryPages) ?? new WebAssembly.Module(moduleOf(memoryPages));
  MODULES.set(memoryPages, module);
  const { exports } = new WebAssembly.Instance(module, { e });
  return exports["float"] as unknown as FloatFunction;
}

function moduleOf(memoryPages: number): Uint8Array<ArrayBuffer> {
  const code = new Code(4096);
  code.raw([Op.BLOCK, EMPTY]);
  writeMode(code);
  writeToInteger(code);
  leaveUnless(code, test(Arith.I32_LT_U, addTo(MODE, -1), i32(3)), 0);
  writeOperands(code);
  for (const one of COMPUTED) {
    write(code, is(OPERATION, one));
    code.raw([Op.IF, EMPTY]);
    writeWithError(code, one, 1);
    writeRounded(code, one === FloatOperation.NARROW);
    code.byte(Op.END);
  }
  code.byte(Op.END);
  for (const one of [CODE, ...OPERANDS]) write(code, one);
  code.op(Op.CALL, 0);
  return moduleBytes({
    types: [FLOAT],
    imports: [{ name: "float", type: 0 }],
    functions: [{ type: 0, locals: VARIABLES, code, name: "float" }],
    memoryPages,
  });
}

function addTo(a: Node, value: number): Node {
  return binary(Arith.I32_ADD, Type.I32, a, i32(value));
}

/** The instruction's own mode, or that of `fcsr`. */
function writeMode(code: Code): void {
  const own = binary(Arith.I32_SHR_U, Type.I32, CODE, i32(MODE_SHIFT));
  const dynamic = binary(Arith.I32_SHR_U, Type.I32, CONTROL, i32(5));
  set(code, MODE, select(Type.I32, is(own, DYNAMIC), dynamic, own));
}

/** Operands as doubles; an integer is the sum of two, its halves. */
function writeOperands(code: Code): void {
  write(code, is(OPERATION, FloatOperation.FROM_INTEGER));
  code.raw([Op.IF, EMPTY]);
  writeHalves(code);
  writeWithError(code, FloatOperation.ADD, 1);
  writeRounded(code, false);
  code.byte(Op.END);
  write(code, or(IS_DOUBLE, is(OPERATION, FloatOperation.NARROW)));
  code.raw([Op.IF, EMPTY]);
  [X, Y, Z].forEach((one, at) => set(code, one, toF64(OPERANDS[at]!)));
  code.byte(Op.ELSE);
  [X, Y, Z].forEach((one, at) => set(code, one, promoted(OPERANDS[at]!)));
  code.byte(Op.END);
}

function promoted(bits: Node): Node {
  return unary(0xbb, Type.F64, unary(REINTERPRET.F32_I32, Type.F32, wrap(bits)));
}

function kindIs(...kinds: readonly Integer[]): Node {
  const kind = binary(
    Arith.I32_AND,
    Type.I32,
    binary(Arith.I32_SHR_U, Type.I32, CODE, i32(12)),
    i32(15),
  );
  return kinds.map((one) => is(kind, one)).reduce(or);
}

function writeHalves(code: Code): void {
  const [value] = OPERANDS as [Node];
  const low = binary(Arith.I64_AND, Type.I64, value, i64(0xffffffff));
  const high = binary(Arith.I64_AND, Type.I64, value, i64(0xffffffff00000000n));
  set(code, X, unary(0xb9, Type.F64, high));
  write(code, kindIs(Integer.UNSIGNED_LONG));
  code.raw([Op.IF, EMPTY]);
  set(code, X, unary(0xba, Type.F64, high));
  code.byte(Op.END);
  set(code, Y, unary(0xb9, Type.F64, low));
}

/** In every mode: the host has a whole number for each but the farther one, which is near. */
function writeToInteger(code: Code): void {
  write(code, is(OPERATION, FloatOperation.TO_INTEGER));
  code.raw([Op.IF, EMPTY]);
  leaveUnless(code, test(Arith.I32_LT_U, MODE, i32(5)), 1);
  write(code, IS_DOUBLE);
  code.raw([Op.IF, EMPTY]);
  set(code, X, toF64(OPERANDS[0]!));
  code.byte(Op.ELSE);
  set(code, X, promoted(OPERANDS[0]!));
  code.byte(Op.END);
  writeWhole(code);
  for (const kind of Object.values(Integer)) {
    write(code, kindIs(kind));
    code.raw([Op.IF, EMPTY]);
    const [least, end] = RANGES[kind];
    const fits = and(test(F64.ge, RESULT, f64(least)), test(F64.lt, RESULT, f64(end)));
    leaveUnless(code, fits, 2);
    writeNote(code, sub(X, RESULT), 2);
    write(code, truncated(kind, RESULT));
    code.raw([Op.RETURN, Op.END]);
  }
  code.byte(Op.END);
}

const WHOLE: Readonly<Record<RoundingMode, number>> = {
  [RoundingMode.UP]: 0x9b,
  [RoundingMode.DOWN]: 0x9c,
  [RoundingMode.ZERO]: 0x9d,
  [RoundingMode.NEAREST_AWAY]: 0x9d,
  [RoundingMode.NEAREST_EVEN]: 0x9e,
};

function writeWhole(code: Code): void {
  for (const mode of Object.values(RoundingMode)) {
    write(code, is(MODE, mode));
    code.raw([Op.IF, EMPTY]);
    set(code, RESULT, unary(WHOLE[mode], Type.F64, X));
    code.byte(Op.END);
  }
  const isAway = test(F64.ge, abs(sub(X, RESULT)), f64(0.5));
  write(code, and(is(MODE, RoundingMode.NEAREST_AWAY), isAway));
  code.raw([Op.IF, EMPTY]);
  const one = binary(F64.copysign, Type.F64, f64(1), X);
  set(code, RESULT, binary(F64.add, Type.F64, RESULT, one));
  code.byte(Op.END);
}

/** Answer the result, rounded as the mode says. */
function writeRounded(code: Code, narrows: boolean): void {
  if (!narrows) {
    write(code, IS_DOUBLE);
    code.raw([Op.IF, EMPTY]);
    writeNote(code, LOST, 2);
    write(code, neighbour(fromF64(RESULT)));
    code.raw([Op.RETURN, Op.END]);
  }
  writeOdd(code);
  const ordinary = and(
    test(F64.ge, abs(RESULT), LEAST_SINGLE),
    test(F64.lt, abs(RESULT), MOST_SINGLE),
  );
  leaveUnless(code, or(test(F64.eq, RESULT, ZERO), ordinary), 1);
  const single = unary(0xb6, Type.F32, RESULT);
  set(code, LOST, sub(RESULT, unary(0xbb, Type.F64, single)));
  writeNote(code, LOST, 1);
  write(code, neighbour(wide32(unary(REINTERPRET.I32_F32, Type.I32, single))));
  code.byte(Op.RETURN);
}

function wide32(bits: Node): Node {
  return unary(Arith.I64_EXTEND_I32_U, Type.I64, bits);
}

/** The exact result is farther from zero than the nearest number. */
function isGreater(): Node {
  return test(Arith.I32_EQ, test(F64.gt, LOST, ZERO), test(F64.gt, RESULT, ZERO));
}

/** The neighbour of a double whose last bit is set, if something was lost and it is not the result. */
function writeOdd(code: Code): void {
  const isEven = binary(Arith.I64_EQ, Type.I32, lastBit(), i64(0));
  write(code, and(test(F64.ne, LOST, ZERO), isEven));
  code.raw([Op.IF, EMPTY]);
  set(code, RESULT, toF64(binary(Arith.I64_ADD, Type.I64, fromF64(RESULT), step())));
  code.byte(Op.END);
}

function lastBit(): Node {
  return binary(Arith.I64_AND, Type.I64, fromF64(RESULT), i64(1));
}

function step(): Node {
  return select(Type.I64, isGreater(), i64(1), i64(-1));
}

/** The number itself, or the one beside it on the other side of the exact result. */
function neighbour(bits: Node): Node {
  const negative = test(F64.lt, RESULT, ZERO);
  const outward = select(Type.I32, negative, i32(RoundingMode.DOWN), i32(RoundingMode.UP));
  const wanted = test(Arith.I32_EQ, test(Arith.I32_EQ, MODE, outward), isGreater());
  const moves = and(test(F64.ne, LOST, ZERO), wanted);
  return binary(Arith.I64_ADD, Type.I64, bits, select(Type.I64, moves, step(), i64(0)));
}

/**
 * Note that something was lost. While the mode is to nearest even, limits stand for that, and the first
 * time goes the exact way, which sets them.
 */
function writeNote(code: Code, lost: Node, depth: number): void {
  const bit = (mask: number) => binary(Arith.I32_AND, Type.I32, CONTROL, i32(mask));
  write(code, and(test(F64.ne, lost, ZERO), is(bit(1), 0)));
  code.raw([Op.IF, EMPTY]);
  leaveUnless(code, bit(0xe0), depth + 1);
  store(code, CONTEXT + Registers.FCSR, binary(Arith.I32_OR, Type.I32, CONTROL, i32(1)));
  code.byte(Op.END);
  store(code, State.MODE_BAD, i32(0));
}

function store(code: Code, at: number, value: Node): void {
  write(code, i32(0));
  write(code, value);
  code.memory(0x36, at);
}
