/**
 * A guest program that tries instructions with very many operands and writes what comes out, so that
 * two machines can be compared by what they write.
 *
 * Operands are made by the program itself, from a seed: edges, numbers near each other, and bits.
 *
 * @module
 */
import { assemble } from "../../guests/assembler.ts";
import { FileType } from "../../loader/elf.ts";
import { floatEdges, INTEGER_EDGES } from "./operand.ts";

/** What an operand is; an address is a multiple of so many bytes, in the middle of 64 bytes. */
export type Kind = "float32" | "float64" | "integer" | "address1" | "address4" | "address8";

/** An instruction to be tried. */
export interface Case {
  /** What it is called where outputs differ. */
  readonly name: string;
  /** Its bits: sources are 6, 7 and 8, the destination is 5. */
  readonly word: number;
  /** The bits of an instruction that comes before. */
  readonly first?: number;
  /** What is in its sources. */
  readonly kinds: readonly Kind[];
  /** The rounding mode in `fcsr`; null where floating point is not concerned. */
  readonly mode: number | null;
}

/** How much is tried, and what is written. */
export interface Amount {
  /** So many blocks of operands for each case. */
  readonly blocks: number;
  /** So many operands in a block. */
  readonly size: number;
  /** Whether every result is written; else 8 bytes for each block. */
  readonly verbose?: boolean;
  /** The first block's seed; blocks count on from there. */
  readonly seed?: number;
}

/** Bytes that are written for each block, or for each try in a verbose program. */
export const DIGEST_SIZE = 8;

/** Bytes for each try: three operands, `x5`, `f5` and `fcsr`. */
export const REPORT_SIZE = 48;

const EDGES = 256;

/** The program as an ELF file. */
export function strangerProgram(cases: readonly Case[], amount: Amount): Uint8Array {
  const text = `
_start:
  li s6, 0x2545f4914f6cdd1d
  la s9, output
${cases.map((one, index) => tryCase(one, index, amount)).join("")}
  call flush
  li a0, 0
  li a7, 93
  ecall

${FLUSH}
${OPERANDS}
  .data
  .balign 8
memory: .zero 64
float32: ${dwords(padded(floatEdges(32).map((one) => one | 0xffffffff00000000n)))}
float64: ${dwords(padded(floatEdges(64)))}
integer: ${dwords(padded(INTEGER_EDGES))}
  .bss
  .balign 8
output: .zero 65536
`;
  return assemble(text, { type: FileType.EXEC, symbols: false });
}

function padded(values: readonly bigint[]): bigint[] {
  return Array.from({ length: EDGES }, (_, index) => values[index % values.length]!);
}

function dwords(values: readonly bigint[]): string {
  return values.map((value) => `\n  .dword 0x${value.toString(16)}`).join("");
}

/** Loops over blocks in `s3` and tries in `s4`; `s2` is the digest, `s5` the state of the dice. */
function tryCase(one: Case, index: number, amount: Amount): string {
  const { word, first, kinds, mode } = one;
  const { blocks, size, verbose, seed = 0 } = amount;
  const isMemory = kinds.some((kind) => kind.startsWith("address"));
  return `
  li s3, ${seed + index * 0x10000}
block${index}:
  addi s5, s3, 1
  mul s5, s5, s6
  li s4, ${size}
  li s2, 0
try${index}:
${kinds.map((kind, at) => operand(kind, at)).join("")}
${mode === null ? "  li x5, 0" : setFcsr(mode)}
${first === undefined ? "" : `  .word 0x${(first >>> 0).toString(16)}`}
  .word 0x${(word >>> 0).toString(16)}
${mode === null ? "  li a1, 0\n  li a2, 0" : "  csrrs a2, fcsr, x0\n  fmv.x.d a1, f5"}
${isMemory ? "  call digestMemory" : ""}
${verbose ? report(kinds) : DIGEST}
  addi s4, s4, -1
  bnez s4, try${index}
${verbose ? "" : "  sd s2, 0(s9)\n  addi s9, s9, 8\n  call flushFull"}
  addi s3, s3, 1
  li a0, ${seed + index * 0x10000 + blocks}
  blt s3, a0, block${index}
`;
}

/** Flags are clear, or only the last is set, or they are as it happens. */
function setFcsr(mode: number): string {
  return `
  call random
  andi a0, a0, 0x1f
  andi a1, a0, 3
  bnez a1, 1f
  li a0, 0
1: bgez s5, 1f
  andi a0, a0, 1
1: ori a0, a0, ${mode << 5}
  csrrw x0, fcsr, a0
  li x5, 0
  fmv.d.x f5, x0
`;
}

function operand(kind: Kind, at: number): string {
  const register = 6 + at;
  const isInteger = !kind.startsWith("float");
  return `
  call ${kind}Operand
  ${isInteger ? `mv x${register}, a0` : `fmv.d.x f${register}, a0`}
`;
}

/** Mix \`x5\`, \`a1\` and \`a2\` into the digest. */
const DIGEST = ["x5", "a1", "a2"].map((register) => `
  xor s2, s2, ${register}
  mul s2, s2, s6
  srli a0, s2, 29
  xor s2, s2, a0`).join("");

function report(kinds: readonly Kind[]): string {
  const saves = [0, 1, 2].map((at) => {
    const store = kinds[at] === "integer" ? "sd x" : "fsd f";
    return kinds[at] === undefined
      ? `  sd x0, ${at * 8}(s9)`
      : `  ${store}${6 + at}, ${at * 8}(s9)`;
  });
  return `${saves.join("\n")}
  sd x5, 24(s9)
  sd a1, 32(s9)
  sd a2, 40(s9)
  addi s9, s9, 48
  call flushFull
`;
}

const FLUSH = `
flushFull:
  la a0, output
  sub a0, s9, a0
  li a1, 61440
  bge a0, a1, flush
  ret
flush:
  la a1, output
  sub a2, s9, a1
  mv s9, a1
  li a0, 1
  li a7, 64
  ecall
  ret
`;

/** A random number, and operands of each kind, in \`a0\`; \`a1\` to \`a4\` and \`t6\` are used up. */
const OPERANDS = `
random:
  srli a1, s5, 12
  xor s5, s5, a1
  slli a1, s5, 25
  xor s5, s5, a1
  srli a1, s5, 27
  xor s5, s5, a1
  mul a0, s5, s6
  ret

address1Operand:
  li t5, 15
  j addressOperand
address4Operand:
  li t5, 12
  j addressOperand
address8Operand:
  li t5, 8
addressOperand:
  mv t6, ra
  call random
  mv ra, t6
  srli a0, a0, 40
  and a0, a0, t5
  la a1, memory
  addi a0, a0, 24
  add a0, a0, a1
  ret

digestMemory:
  la a3, memory
  li a4, 8
1: ld a0, 0(a3)
  xor a2, a2, a0
  mul a2, a2, s6
  srli a0, a2, 31
  xor a2, a2, a0
  addi a3, a3, 8
  addi a4, a4, -1
  bnez a4, 1b
  ret

integerOperand:
  mv t6, ra
  call random
  mv ra, t6
  srli a1, a0, 62
  beqz a1, 1f
  addi a1, a1, -2
  bgtz a1, 2f
  andi a1, a0, 63
  srl a0, a0, a1
2: ret
1: la a2, integer
  j pickEdge

pickEdge:
  srli a1, a0, 20
  andi a1, a1, 255
  slli a1, a1, 3
  add a2, a2, a1
  ld a0, 0(a2)
  ret

float64Operand:
  mv t6, ra
  call random
  mv ra, t6
  la a2, float64
  srli a1, a0, 62
  beqz a1, pickEdge
  addi a1, a1, -2
  bltz a1, 2f
  li a3, 127
  bgtz a1, 1f
  li a3, 7
1: srli a1, a0, 53
  and a3, a3, a1
  addi a3, a3, 1019
  slli a3, a3, 52
  andi a1, a0, 63
  slli a4, a0, 12
  srli a4, a4, 12
  srl a4, a4, a1
  sll a4, a4, a1
  slli a4, a4, 12
  srli a4, a4, 12
  srli a0, a0, 52
  slli a0, a0, 63
  or a0, a0, a3
  or a0, a0, a4
2: ret

float32Operand:
  mv t6, ra
  call random
  mv ra, t6
  la a2, float32
  srli a1, a0, 62
  beqz a1, pickEdge
  addi a1, a1, -2
  bltz a1, 2f
  li a3, 63
  bgtz a1, 1f
  li a3, 7
1: srli a1, a0, 53
  and a3, a3, a1
  addi a3, a3, 123
  slli a3, a3, 23
  andi a1, a0, 31
  slli a4, a0, 41
  srli a4, a4, 41
  srl a4, a4, a1
  sll a4, a4, a1
  slli a4, a4, 41
  srli a4, a4, 41
  srli a0, a0, 52
  slli a0, a0, 31
  or a0, a0, a3
  or a0, a0, a4
2: srli a1, a0, 56
  andi a1, a1, 31
  beqz a1, 1f
  slli a0, a0, 32
  srli a0, a0, 32
  li a1, -1
  slli a1, a1, 32
  or a0, a0, a1
1: ret
`;
