/**
 * Between floats and their bits.
 *
 * @module
 */
import { Arith, Kind, type Node, raw, unary, wide } from "../node.ts";
import { Type } from "../wasm.ts";

/** Opcodes that change a value's type and nothing else. */
export const REINTERPRET = { I32_F32: 0xbc, I64_F64: 0xbd, F32_I32: 0xbe, F64_I64: 0xbf } as const;

/** What becomes of the 64 bits on the stack. */
export function fromI64(type: Type): Node {
  return raw(type, (code) => {
    if (type === Type.F64) code.byte(REINTERPRET.F64_I64);
    if (type === Type.F32) code.raw([Arith.I32_WRAP, REINTERPRET.F32_I32]);
  });
}

/** Any value as 64 bits. */
export function asBits(a: Node): Node {
  if (a.type === Type.F64) return fromF64(a);
  if (a.type === Type.F32) {
    return unary(Arith.I64_EXTEND_I32_U, Type.I64, unary(REINTERPRET.I32_F32, Type.I32, a));
  }
  return wide(a);
}

/** A double's bits. */
export function fromF64(a: Node): Node {
  if (a.kind === Kind.UNARY && a.op === REINTERPRET.F64_I64) return a.args[0]!;
  return unary(REINTERPRET.I64_F64, Type.I64, a);
}

/** Bits that come from memory come as a double at once. */
export function toF64(a: Node): Node {
  if (a.kind === Kind.LOAD && a.op === 0x29) return { ...a, op: 0x2b, type: Type.F64 };
  if (a.kind === Kind.UNARY && a.op === REINTERPRET.I64_F64) return a.args[0]!;
  return unary(REINTERPRET.F64_I64, Type.F64, a);
}
