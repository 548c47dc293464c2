/**
 * How RISC-V's instructions are written and encoded: for each its name, the bits that are always the
 * same, and a letter for each operand in the order they are written. The decoder, the assembler and
 * the manual read this table.
 *
 * @module
 */

/** How an instruction is written and encoded. */
export interface Encoding {
  /** What it is called in assembly; `.s` and `.d`, `.w` and `.d` are part of it, `.aq` is not. */
  readonly name: string;
  /** The bits that are always the same. */
  readonly match: number;
  /** Which bits those are. */
  readonly mask: number;
  /** A letter of `OPERANDS` for each operand. */
  readonly slots: string;
}

/** Which part of a decoded instruction an operand becomes. */
export type Part = "rd" | "rs1" | "rs2" | "rs3" | "imm" | "mode" | "none";

/** A kind of operand. */
export interface Operand {
  /** What it becomes; of an address, the immediate counts here and the base always is `rs1`. */
  readonly part: Part;
  /** The bits it takes. */
  readonly bits: number;
  /** True where it names a floating-point register. */
  readonly isFloat?: boolean;
}

/** Operands by their letters. */
export const OPERANDS: Readonly<Record<string, Operand>> = {
  /** Integer registers: destination, first and second source. */
  d: { part: "rd", bits: 0xf80 },
  s: { part: "rs1", bits: 0xf8000 },
  t: { part: "rs2", bits: 0x1f00000 },
  /** Floating-point registers: destination and three sources. */
  D: { part: "rd", bits: 0xf80, isFloat: true },
  S: { part: "rs1", bits: 0xf8000, isFloat: true },
  T: { part: "rs2", bits: 0x1f00000, isFloat: true },
  R: { part: "rs3", bits: 0xf8000000, isFloat: true },
  /** An immediate of 12 bits. */
  i: { part: "imm", bits: 0xfff00000 },
  /** An address to load from, and one to store to: a base and 12 bits of offset. */
  m: { part: "imm", bits: 0xfff00000 | 0xf8000 },
  M: { part: "imm", bits: 0xfe000f80 | 0xf8000 },
  /** An address in a register alone. */
  A: { part: "rs1", bits: 0xf8000 },
  /** The distance of a branch, and of a jump. */
  b: { part: "imm", bits: 0xfe000f80 },
  j: { part: "imm", bits: 0xfffff000 },
  /** The upper 20 bits. */
  u: { part: "imm", bits: 0xfffff000 },
  /** How far to shift: 6 and 5 bits. */
  h: { part: "imm", bits: 0x3f00000 },
  w: { part: "imm", bits: 0x1f00000 },
  /** An immediate of 5 bits in the first source's place, unsigned. */
  z: { part: "imm", bits: 0xf8000 },
  /** What a fence orders: before, after. */
  p: { part: "none", bits: 0xf000000 },
  q: { part: "none", bits: 0xf00000 },
  /** A control register's number; it becomes part of the meaning's name. */
  c: { part: "none", bits: 0xfff00000 },
  /** A rounding mode. */
  r: { part: "mode", bits: 0x7000 },
  /** The ordering of an atomic operation; written behind the name, as `.aq`, `.rl` or `.aqrl`. */
  o: { part: "none", bits: 0x6000000 },
};

/** Name, fixed bits, operands; and which bits are fixed, where those of no operand do not count. */
const ROWS = `
lui 37 du; auipc 17 du; jal 6f dj; jalr 67 dm
beq 63 stb; bne 1063 stb; blt 4063 stb; bge 5063 stb; bltu 6063 stb; bgeu 7063 stb
lb 3 dm; lh 1003 dm; lw 2003 dm; ld 3003 dm; lbu 4003 dm; lhu 5003 dm; lwu 6003 dm
sb 23 tM; sh 1023 tM; sw 2023 tM; sd 3023 tM
addi 13 dsi; slti 2013 dsi; sltiu 3013 dsi; xori 4013 dsi; ori 6013 dsi; andi 7013 dsi
slli 1013 dsh; srli 5013 dsh; srai 40005013 dsh; addiw 1b dsi
slliw 101b dsw; srliw 501b dsw; sraiw 4000501b dsw
add 33 dst; sub 40000033 dst; sll 1033 dst; slt 2033 dst; sltu 3033 dst; xor 4033 dst
srl 5033 dst; sra 40005033 dst; or 6033 dst; and 7033 dst
addw 3b dst; subw 4000003b dst; sllw 103b dst; srlw 503b dst; sraw 4000503b dst
fence f pq 707f; fence.i 100f - 707f; ecall 73 -; ebreak 100073 -
csrrw 1073 dcs; csrrs 2073 dcs; csrrc 3073 dcs
csrrwi 5073 dcz; csrrsi 6073 dcz; csrrci 7073 dcz
mul 2000033 dst; mulh 2001033 dst; mulhsu 2002033 dst; mulhu 2003033 dst
div 2004033 dst; divu 2005033 dst; rem 2006033 dst; remu 2007033 dst
mulw 200003b dst; divw 200403b dst; divuw 200503b dst; remw 200603b dst; remuw 200703b dst
sh1add 20002033 dst; sh2add 20004033 dst; sh3add 20006033 dst; add.uw 800003b dst
sh1add.uw 2000203b dst; sh2add.uw 2000403b dst; sh3add.uw 2000603b dst; slli.uw 800101b dsh
andn 40007033 dst; orn 40006033 dst; xnor 40004033 dst
clz 60001013 ds; ctz 60101013 ds; cpop 60201013 ds
clzw 6000101b ds; ctzw 6010101b ds; cpopw 6020101b ds
max a006033 dst; maxu a007033 dst; min a004033 dst; minu a005033 dst
sext.b 60401013 ds; sext.h 60501013 ds; zext.h 800403b ds
rol 60001033 dst; ror 60005033 dst; rori 60005013 dsh
rolw 6000103b dst; rorw 6000503b dst; roriw 6000501b dsw
orc.b 28705013 ds; rev8 6b805013 ds
bclr 48001033 dst; bclri 48001013 dsh; bext 48005033 dst; bexti 48005013 dsh
binv 68001033 dst; binvi 68001013 dsh; bset 28001033 dst; bseti 28001013 dsh
flw 2007 Dm; fld 3007 Dm; fsw 2027 TM; fsd 3027 TM
fcvt.s.d 40100053 DSr; fcvt.d.s 42000053 DSr
fmv.x.w e0000053 dS; fmv.x.d e2000053 dS; fmv.w.x f0000053 Ds; fmv.d.x f2000053 Ds
fcvt.s.w d0000053 Dsr; fcvt.s.wu d0100053 Dsr; fcvt.s.l d0200053 Dsr; fcvt.s.lu d0300053 Dsr
fcvt.d.w d2000053 Dsr; fcvt.d.wu d2100053 Dsr; fcvt.d.l d2200053 Dsr; fcvt.d.lu d2300053 Dsr
`;

/** Atomic operations; each has a word and a double form. */
const ATOMIC = `
lr 1000202f dAo; sc 1800202f dtAo; amoswap 800202f dtAo; amoadd 202f dtAo; amoxor 2000202f dtAo
amoand 6000202f dtAo; amoor 4000202f dtAo; amomin 8000202f dtAo; amomax a000202f dtAo
amominu c000202f dtAo; amomaxu e000202f dtAo
`;

/** Floating-point operations; each has a single and a double form. */
const FLOAT = `
fmadd 43 DSTRr; fmsub 47 DSTRr; fnmsub 4b DSTRr; fnmadd 4f DSTRr
fadd 53 DSTr; fsub 8000053 DSTr; fmul 10000053 DSTr; fdiv 18000053 DSTr; fsqrt 58000053 DSr
fsgnj 20000053 DST; fsgnjn 20001053 DST; fsgnjx 20002053 DST; fmin 28000053 DST; fmax 28001053 DST
feq a0002053 dST; flt a0001053 dST; fle a0000053 dST; fclass e0001053 dS
fcvt.w c0000053 dSr; fcvt.wu c0100053 dSr; fcvt.l c0200053 dSr; fcvt.lu c0300053 dSr
`;

const WORD_BIT = 0x1000;
const DOUBLE_BIT = 0x2000000;

/** Every 32-bit instruction. */
export const ENCODINGS: readonly Encoding[] = [
  ...encodings(ROWS),
  ...encodings(ATOMIC).flatMap((one) => pair(one, ".w", WORD_BIT)),
  ...encodings(FLOAT).flatMap((one) => pair(one, ".s", DOUBLE_BIT)),
];

function encodings(text: string): Encoding[] {
  return text.split(/[;\n]/).map((row) => row.trim()).filter(Boolean).map((row) => {
    const [name, match, operands, mask] = row.split(/\s+/);
    const slots = operands === "-" ? "" : operands!;
    const fixed = mask === undefined ? ~fieldsOf(slots) : parseInt(mask, 16);
    return { name: name!, match: parseInt(match!, 16) | 0, mask: fixed, slots };
  });
}

function fieldsOf(slots: string): number {
  return [...slots].reduce((bits, letter) => bits | OPERANDS[letter]!.bits, 0);
}

function pair({ name, match, mask, slots }: Encoding, small: string, bit: number): Encoding[] {
  return [
    { name: name + small, match, mask, slots },
    { name: `${name}.d`, match: match | bit, mask, slots },
  ];
}
