/**
 * The vocabulary every instruction is written in.
 *
 * `V` is a 64-bit value: a `bigint` when the oracle runs, a WebAssembly expression when the
 * interpreter is generated or a region compiled, a `string` when an instruction explains itself.
 * Instructions name roles (`rs1`, `imm`, `rd`), never bit fields, so one sentence serves whether a
 * field is known now or only when the code runs. Effects come last, so that a refused access leaves
 * nothing half done; a value that is used twice goes through `let`.
 *
 * @module
 */

/** Bytes of a memory access. */
export type Size = 1 | 2 | 4 | 8;

/** What instructions are made of. */
export interface Algebra<V> {
  /** The first source register. */
  rs1(): V;
  /** The second source register. */
  rs2(): V;
  /** The immediate, sign-extended. */
  imm(): V;
  /** The address of this instruction. */
  pc(): V;
  /** The address of the instruction behind this one. */
  next(): V;
  /** A constant. */
  constant(value: bigint): V;
  /** Use a value more than once. */
  let(value: V, use: (value: V) => void): void;
  /** Set the destination register. */
  rd(value: V): void;

  add(a: V, b: V): V;
  sub(a: V, b: V): V;
  and(a: V, b: V): V;
  or(a: V, b: V): V;
  xor(a: V, b: V): V;
  mul(a: V, b: V): V;
  /** The high half of the product: signed by signed, unsigned by unsigned, signed by unsigned. */
  mulHigh(a: V, b: V): V;
  mulHighUnsigned(a: V, b: V): V;
  mulHighMixed(a: V, b: V): V;
  /** Division by zero gives all ones, or the dividend as the remainder; overflow wraps. */
  div(a: V, b: V): V;
  divUnsigned(a: V, b: V): V;
  rem(a: V, b: V): V;
  remUnsigned(a: V, b: V): V;
  /** Shifts take their count modulo 64. */
  shl(a: V, b: V): V;
  shr(a: V, b: V): V;
  sar(a: V, b: V): V;
  /** Comparisons give 0 or 1. */
  eq(a: V, b: V): V;
  ne(a: V, b: V): V;
  lt(a: V, b: V): V;
  ltUnsigned(a: V, b: V): V;
  ge(a: V, b: V): V;
  geUnsigned(a: V, b: V): V;

  /** The low 32 bits, sign-extended. */
  word(a: V): V;
  /** The low 32 bits, zero-extended. */
  unsignedWord(a: V): V;
  /** On the low 32 bits, with a sign-extended result; shifts take their count modulo 32. */
  shlWord(a: V, b: V): V;
  shrWord(a: V, b: V): V;
  sarWord(a: V, b: V): V;
  divWord(a: V, b: V): V;
  divUnsignedWord(a: V, b: V): V;
  remWord(a: V, b: V): V;
  remUnsignedWord(a: V, b: V): V;

  /** Read memory, zero-extended or sign-extended. */
  load(address: V, size: Size, signed: boolean): V;
  /** Write the low bytes of a value. */
  store(address: V, value: V, size: Size): void;

  /** Go to `pc + imm` if the condition is not zero. */
  branch(taken: V): void;
  /** Go to `pc + imm`. */
  jump(): void;
  /** Go to an address; its lowest bit is ignored. */
  jumpTo(address: V): void;
  /** Ask the kernel. */
  syscall(): void;
  /** Stop for the debugger. */
  breakpoint(): void;
  /** Order memory accesses; code that was written is seen from here on. */
  fence(): void;
}

/** What an instruction means. */
export type Meaning = <V>(m: Algebra<V>) => void;
