/**
 * The opcodes of WebAssembly's floating-point instructions, which lie alike for both formats.
 *
 * @module
 */
import type { Format } from "../algebra.ts";
import { Type } from "../wasm.ts";

/** Opcodes for a format. */
export interface Opcodes {
  readonly type: Type;
  readonly abs: number;
  readonly neg: number;
  readonly copysign: number;
  readonly sqrt: number;
  readonly add: number;
  readonly sub: number;
  readonly mul: number;
  readonly div: number;
  readonly trunc: number;
  readonly eq: number;
  readonly ne: number;
  readonly lt: number;
  readonly gt: number;
  readonly le: number;
  readonly ge: number;
}

const arithmetic = (type: Type, first: number, eq: number): Opcodes => ({
  type,
  abs: first,
  neg: first + 1,
  trunc: first + 4,
  sqrt: first + 6,
  add: first + 7,
  sub: first + 8,
  mul: first + 9,
  div: first + 10,
  copysign: first + 13,
  eq,
  ne: eq + 1,
  lt: eq + 2,
  gt: eq + 3,
  le: eq + 4,
  ge: eq + 5,
});
/** For 32 bits. */
export const F32 = arithmetic(Type.F32, 0x8b, 0x5b);
/** For 64 bits. */
export const F64 = arithmetic(Type.F64, 0x99, 0x61);
/** For a format. */
export function opcodesOf(format: Format): Opcodes {
  return format === 32 ? F32 : F64;
}
