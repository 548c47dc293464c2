/**
 * Expressions of WebAssembly, as trees: what the semantics of an instruction build when they are
 * read by the interpreter's generator or by the compiler.
 *
 * The constructors here fold constants and choose narrower operations. That is the only place where
 * code is improved by hand, and it goes by operation, never by instruction.
 *
 * @module
 */
import { type Code, Op, Type } from "./wasm.ts";

/** Kinds of nodes; what the fields of a node mean depends on it. */
export const Kind = {
  CONST: 0,
  LOCAL: 1,
  UNARY: 2,
  BINARY: 3,
  LOAD: 4,
  SELECT: 5,
  CALL: 6,
  RAW: 7,
} as const;

/** One of the kinds. */
export type Kind = typeof Kind[keyof typeof Kind];

/** A value to be computed. */
export interface Node {
  readonly kind: Kind;
  readonly type: Type;
  /** The opcode, the local, or the function. */
  readonly op: number;
  /** Operands in order. */
  readonly args: readonly Node[];
  /** A constant's value, or a load's offset. */
  readonly value: bigint;
  /** True where a 64-bit value is known to be the sign extension of its low half. */
  readonly narrow: boolean;
  /** The 32 bits that a value is, shifted left by 32, where that is known. */
  readonly lifted: Node | undefined;
  /** Writes the code of a `RAW` node. */
  readonly write: ((code: Code) => void) | undefined;
}

/** Opcodes by name. */
export const Arith = {
  I32_EQZ: 0x45,
  I32_EQ: 0x46,
  I32_NE: 0x47,
  I32_LT_S: 0x48,
  I32_LT_U: 0x49,
  I64_EQZ: 0x50,
  I64_EQ: 0x51,
  I64_NE: 0x52,
  I64_LT_S: 0x53,
  I64_LT_U: 0x54,
  I64_LE_U: 0x58,
  I64_GE_S: 0x59,
  I64_GE_U: 0x5a,
  I32_CLZ: 0x67,
  I32_CTZ: 0x68,
  I32_POPCNT: 0x69,
  I32_ADD: 0x6a,
  I32_SUB: 0x6b,
  I32_MUL: 0x6c,
  I32_DIV_S: 0x6d,
  I32_DIV_U: 0x6e,
  I32_REM_S: 0x6f,
  I32_REM_U: 0x70,
  I32_AND: 0x71,
  I32_OR: 0x72,
  I32_XOR: 0x73,
  I32_SHL: 0x74,
  I32_SHR_S: 0x75,
  I32_SHR_U: 0x76,
  I32_ROTL: 0x77,
  I32_ROTR: 0x78,
  I64_CLZ: 0x79,
  I64_CTZ: 0x7a,
  I64_POPCNT: 0x7b,
  I64_ADD: 0x7c,
  I64_SUB: 0x7d,
  I64_MUL: 0x7e,
  I64_DIV_S: 0x7f,
  I64_DIV_U: 0x80,
  I64_REM_S: 0x81,
  I64_REM_U: 0x82,
  I64_AND: 0x83,
  I64_OR: 0x84,
  I64_XOR: 0x85,
  I64_SHL: 0x86,
  I64_SHR_S: 0x87,
  I64_SHR_U: 0x88,
  I64_ROTL: 0x89,
  I64_ROTR: 0x8a,
  I32_WRAP: 0xa7,
  I64_EXTEND_I32_S: 0xac,
  I64_EXTEND_I32_U: 0xad,
  I64_EXTEND8_S: 0xc2,
  I64_EXTEND16_S: 0xc3,
  I64_EXTEND32_S: 0xc4,
} as const;

const NONE: readonly Node[] = [];

/** Nodes have the same fields in the same order, whatever they are: V8 then knows where each field is. */
function node(
  kind: Kind,
  type: Type,
  op: number,
  args: readonly Node[],
  value = 0n,
  narrow = false,
  write?: (code: Code) => void,
): Node {
  return { kind, type, op, args, value, narrow, lifted: undefined, write };
}

/** A 64-bit constant. */
export function i64(value: bigint | number): Node {
  const wide = BigInt.asIntN(64, BigInt(value));
  return node(Kind.CONST, Type.I64, 0, NONE, wide, BigInt.asIntN(32, wide) === wide);
}

/** A 32-bit constant. */
export function i32(value: number): Node {
  return node(Kind.CONST, Type.I32, 0, NONE, BigInt(value | 0));
}

/** A double, from its bits. */
export function double(bits: bigint): Node {
  return node(Kind.CONST, Type.F64, 0, NONE, bits);
}

/** The value of a variable; `narrow` where it is known to be a sign-extended 32-bit number. */
export function local(index: number, type: Type, narrow = false): Node {
  return node(Kind.LOCAL, type, index, NONE, 0n, narrow);
}

/** A value that code writes by itself. */
export function raw(type: Type, write: (code: Code) => void, narrow = false): Node {
  return node(Kind.RAW, type, 0, NONE, 0n, narrow, write);
}

/** A load from an address of the shared memory. */
export function loadFrom(op: number, type: Type, address: Node, offset: number): Node {
  return node(Kind.LOAD, type, op, [address], BigInt(offset));
}

/** The result of a call. */
export function callOf(type: Type, index: number, args: readonly Node[]): Node {
  return node(Kind.CALL, type, index, args);
}

/** One of two values. */
export function select(type: Type, condition: Node, yes: Node, no: Node): Node {
  if (condition.kind === Kind.CONST) return condition.value !== 0n ? yes : no;
  return node(Kind.SELECT, type, 0, [yes, no, condition], 0n, yes.narrow && no.narrow);
}

/** An operation on one value, as it is. */
export function unary(op: number, type: Type, a: Node): Node {
  const narrow = op === Arith.I64_EXTEND_I32_S || op === Arith.I64_EXTEND8_S ||
    op === Arith.I64_EXTEND16_S || op === Arith.I64_EXTEND32_S ||
    (op === Arith.I64_EXTEND_I32_U && isBool(a));
  return node(Kind.UNARY, type, op, [a], 0n, narrow);
}

/** An operation on two values, as it is. */
export function binary(op: number, type: Type, a: Node, b: Node): Node {
  return node(Kind.BINARY, type, op, [a, b]);
}

/** The same of 32 bits. */
export const op32 = (op: number, a: Node, b: Node): Node => binary(op, Type.I32, a, b);

/** The same of 64 bits. */
export const op64 = (op: number, a: Node, b: Node): Node => binary(op, Type.I64, a, b);

/** True for a 32-bit value that is 0 or 1. */
export function isBool(a: Node): boolean {
  return (a.kind === Kind.BINARY || a.kind === Kind.UNARY) && a.op >= 0x45 && a.op <= 0x66;
}

/** True for two reads of one variable. */
export function isSameVariable(a: Node, b: Node): boolean {
  return a.kind === Kind.LOCAL && b.kind === Kind.LOCAL && a.op === b.op;
}

/** A value as 64 bits. */
export function wide(a: Node): Node {
  if (a.type === Type.I64) return a;
  if (a.kind === Kind.CONST) return i64(a.value);
  return unary(isBool(a) ? Arith.I64_EXTEND_I32_U : Arith.I64_EXTEND_I32_S, Type.I64, a);
}

/** 32-bit operations that give the low half of the 64-bit ones. */
const NARROWER = new Map<number, number>([
  [Arith.I64_ADD, Arith.I32_ADD],
  [Arith.I64_SUB, Arith.I32_SUB],
  [Arith.I64_MUL, Arith.I32_MUL],
  [Arith.I64_AND, Arith.I32_AND],
  [Arith.I64_OR, Arith.I32_OR],
  [Arith.I64_XOR, Arith.I32_XOR],
]);

/** The low 32 bits of a value. */
export function wrap(a: Node): Node {
  if (a.type === Type.I32) return a;
  if (a.kind === Kind.CONST) return i32(Number(BigInt.asIntN(32, a.value)));
  if (a.kind === Kind.UNARY) {
    if (a.op === Arith.I64_EXTEND_I32_S || a.op === Arith.I64_EXTEND_I32_U) return a.args[0]!;
    if (a.op === Arith.I64_EXTEND32_S) return wrap(a.args[0]!);
  }
  const narrower = a.kind === Kind.BINARY ? NARROWER.get(a.op) : undefined;
  if (narrower !== undefined) {
    return arith(narrower, Type.I32, wrap(a.args[0]!), wrap(a.args[1]!));
  }
  return unary(Arith.I32_WRAP, Type.I32, a);
}

/** A value's low 32 bits, sign-extended to 64. */
export function signExtend(a: Node): Node {
  if (a.type === Type.I64 && a.narrow) return a;
  const low = wrap(a);
  if (low.kind === Kind.CONST) return i64(low.value);
  return unary(Arith.I64_EXTEND_I32_S, Type.I64, low);
}

/** A value as a condition: a 32-bit value that is zero or not. */
export function condition(a: Node): Node {
  if (a.type === Type.I32) return a;
  if (a.kind === Kind.CONST) return i32(a.value === 0n ? 0 : 1);
  if (a.kind === Kind.UNARY && a.op === Arith.I64_EXTEND_I32_U) return a.args[0]!;
  return binary(Arith.I64_NE, Type.I32, a, i64(0));
}

/** True when the condition is not. */
export function not(a: Node): Node {
  const test = condition(a);
  if (test.kind === Kind.CONST) return i32(test.value === 0n ? 1 : 0);
  const opposite = test.kind === Kind.BINARY ? OPPOSITE.get(test.op) : undefined;
  if (opposite !== undefined) return binary(opposite, Type.I32, test.args[0]!, test.args[1]!);
  return unary(Arith.I32_EQZ, Type.I32, test);
}

const OPPOSITE = new Map<number, number>([
  [Arith.I64_EQ, Arith.I64_NE],
  [Arith.I64_NE, Arith.I64_EQ],
  [Arith.I64_LT_S, Arith.I64_GE_S],
  [Arith.I64_LT_U, Arith.I64_GE_U],
  [Arith.I64_GE_S, Arith.I64_LT_S],
  [Arith.I64_GE_U, Arith.I64_LT_U],
]);

const FOLDS = new Map<number, (a: bigint, b: bigint) => bigint>([
  [Arith.I32_ADD, (a, b) => a + b],
  [Arith.I32_SUB, (a, b) => a - b],
  [Arith.I32_AND, (a, b) => a & b],
  [Arith.I32_SHL, (a, b) => a << (b & 31n)],
  [Arith.I64_ADD, (a, b) => a + b],
  [Arith.I64_SUB, (a, b) => a - b],
  [Arith.I64_AND, (a, b) => a & b],
  [Arith.I64_OR, (a, b) => a | b],
  [Arith.I64_XOR, (a, b) => a ^ b],
  [Arith.I64_SHL, (a, b) => a << (b & 63n)],
]);

/** Operations that leave their first operand as it is when the second is zero. */
const IDENTITIES = new Set<number>([
  Arith.I32_ADD,
  Arith.I32_SUB,
  Arith.I64_ADD,
  Arith.I64_SUB,
  Arith.I64_OR,
  Arith.I64_XOR,
  Arith.I64_SHL,
  Arith.I64_SHR_S,
  Arith.I64_SHR_U,
]);

/** Operations on bits that keep sign extension. */
const LOGIC = new Set<number>([Arith.I64_AND, Arith.I64_OR, Arith.I64_XOR]);

/** An operation on two values of one width: folded, or narrower, if it can be. */
export function arith(op: number, type: Type, a: Node, b: Node): Node {
  if (b.kind === Kind.CONST) {
    const fold = a.kind === Kind.CONST ? FOLDS.get(op) : undefined;
    if (fold !== undefined) {
      const value = fold(a.value, b.value);
      return type === Type.I32 ? i32(Number(BigInt.asIntN(32, value))) : i64(value);
    }
    if (b.value === 0n && IDENTITIES.has(op)) return a;
  }
  if (op === Arith.I64_ADD && isConst(b) && a.kind === Kind.BINARY && a.op === op) {
    const [inner, constant] = a.args;
    if (isConst(constant!)) return arith(op, type, inner!, i64(constant!.value + b.value));
  }
  if (a.kind === Kind.CONST && a.value === 0n) {
    if (op === Arith.I64_ADD || op === Arith.I64_OR || op === Arith.I64_XOR) return b;
  }
  if (LOGIC.has(op) && a.narrow && b.narrow && !(op === Arith.I64_AND && isConst(b))) {
    return signExtend(binary(NARROWER.get(op)!, Type.I32, wrap(a), wrap(b)));
  }
  return binary(op, type, a, b);
}

function isConst(a: Node): boolean {
  return a.kind === Kind.CONST;
}

/** Write the code that leaves a value on the stack. */
export function write(code: Code, a: Node): void {
  if (a.kind === Kind.CONST) {
    if (a.type === Type.I32) code.i32(Number(a.value));
    else if (a.type === Type.I64) code.i64(a.value);
    else code.f64Bits(a.value);
    return;
  }
  if (a.kind === Kind.RAW) return a.write!(code);
  for (const arg of a.args) write(code, arg);
  if (a.kind === Kind.LOCAL) code.op(Op.GET, a.op);
  else if (a.kind === Kind.LOAD) code.memory(a.op, Number(a.value));
  else if (a.kind === Kind.SELECT) code.byte(Op.SELECT);
  else if (a.kind === Kind.CALL) code.op(Op.CALL, a.op);
  else writeOpcode(code, a.op);
}

/** Opcodes above 255 are a prefix and a number: `0xfc05` is number 5 behind the prefix `0xfc`. */
function writeOpcode(code: Code, op: number): void {
  if (op < 256) return code.byte(op);
  code.byte(op >> 8);
  code.unsigned(op & 255);
}
