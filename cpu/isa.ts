/**
 * What a processor needs to know of an instruction set.
 *
 * Interpreter, compiler and machine read everything from here, so that another instruction set is
 * another value of this type. x86-64 will add: operations for flags and 8/16-bit parts of
 * registers to the algebra, a decoder for its lengths and prefixes, and its calling convention.
 *
 * @module
 */
import type { Meaning } from "./algebra.ts";
import type { Instruction } from "./instruction.ts";

/** Where control goes behind an instruction, and whether it comes back. */
export const Flow = {
  /** To the next instruction. */
  NEXT: 0,
  /** To `pc + imm` or to the next instruction. */
  BRANCH: 1,
  /** To `pc + imm`. */
  JUMP: 2,
  /** To `pc + imm`, to come back. */
  CALL: 3,
  /** To an address in a register. */
  INDIRECT: 4,
  /** To an address in a register, to come back. */
  INDIRECT_CALL: 5,
  /** Back to where a call came from. */
  RETURN: 6,
  /** To an address in a register, in another procedure, for good. */
  TAIL: 7,
  /** To the kernel, and perhaps to the next instruction. */
  TRAP: 8,
} as const;

/** One of the ways. */
export type Flow = typeof Flow[keyof typeof Flow];

/** Registers by name, and the calling convention, as data. */
export interface InstructionSet {
  readonly name: string;
  readonly elfMachine: number;
  readonly registers: readonly string[];
  readonly stackPointer: number;
  readonly threadPointer: number;
  readonly args: readonly number[];
  readonly result: number;
}

/** An instruction set, whole. */
export interface Isa {
  /** How people and kernels see it. */
  readonly description: InstructionSet;
  /** What each instruction means. */
  readonly semantics: Readonly<Record<string, Meaning>>;
  /** What bits mean, or null. Short instructions are in the low bits. */
  decode(bits: number): Instruction | null;
  /** How many bytes an instruction takes that starts with these 16 bits. */
  lengthOf(halfword: number): number;
  /** Where control goes behind an instruction. */
  flow(instruction: Instruction): Flow;
}
