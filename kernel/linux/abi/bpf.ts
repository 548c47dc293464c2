/**
 * The instructions of classic BPF, the little machine that filters are programs of.
 *
 * @module
 */

/** What an instruction is about: the lowest three bits of its code. */
export const BpfClass = { LD: 0, LDX: 1, ST: 2, STX: 3, ALU: 4, JMP: 5, RET: 6, MISC: 7 } as const;

/** Where something is loaded from. */
export const BpfMode = { IMM: 0, ABS: 0x20, MEM: 0x60, LEN: 0x80 } as const;

/** What is computed. */
export const BpfAlu = {
  ADD: 0,
  SUB: 0x10,
  MUL: 0x20,
  DIV: 0x30,
  OR: 0x40,
  AND: 0x50,
  LSH: 0x60,
  RSH: 0x70,
  NEG: 0x80,
  XOR: 0xa0,
} as const;

/** When a jump is taken. */
export const BpfJump = { JA: 0, JEQ: 0x10, JGT: 0x20, JGE: 0x30, JSET: 0x40 } as const;

/** What the other operand is: what stands in the instruction, or X. */
export const BpfSource = { K: 0, X: 8 } as const;

/** What is answered: what stands in the instruction, or A. */
export const BpfAnswer = { K: 0, A: 0x10 } as const;

/** From which register to which. */
export const BpfMove = { TAX: 0, TXA: 0x80 } as const;

/** No program has more instructions. */
export const BPF_MAXINSNS = 4096;

/** So many words a program has to write on. */
export const BPF_MEMWORDS = 16;

/** The bytes of an instruction, and of what says where a program is. */
export const BpfSize = { FILTER: 8, PROGRAM: 16 } as const;
