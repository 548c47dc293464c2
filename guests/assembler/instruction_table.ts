/**
 * RISC-V's instructions as they are written and encoded: for each the bits that are always the
 * same, and a letter for each operand in the order they are written.
 *
 * @module
 */

/** How an instruction is written and encoded. */
export interface InstructionForm {
  /** The bits that are always the same. */
  readonly match: number;
  /** A letter of `SLOTS` for each operand. */
  readonly slots: string;
}

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
fence f pq; fence.i 100f; ecall 73; ebreak 100073
csrrw 1073 dcs; csrrs 2073 dcs; csrrc 3073 dcs
csrrwi 5073 dcz; csrrsi 6073 dcz; csrrci 7073 dcz
mul 2000033 dst; mulh 2001033 dst; mulhsu 2002033 dst; mulhu 2003033 dst
div 2004033 dst; divu 2005033 dst; rem 2006033 dst; remu 2007033 dst
mulw 200003b dst; divw 200403b dst; divuw 200503b dst; remw 200603b dst; remuw 200703b dst
flw 2007 Dm; fld 3007 Dm; fsw 2027 TM; fsd 3027 TM
fcvt.s.d 40100053 DSr; fcvt.d.s 42000053 DS
fmv.x.w e0000053 dS; fmv.x.d e2000053 dS; fmv.w.x f0000053 Ds; fmv.d.x f2000053 Ds
fcvt.s.w d0000053 Dsr; fcvt.s.wu d0100053 Dsr; fcvt.s.l d0200053 Dsr; fcvt.s.lu d0300053 Dsr
fcvt.d.w d2000053 Ds; fcvt.d.wu d2100053 Ds; fcvt.d.l d2200053 Dsr; fcvt.d.lu d2300053 Dsr
`;

/** Atomic operations; each has a word and a double form. */
const ATOMIC = `
lr 10002 dA; sc 18002 dtA; amoswap 08002 dtA; amoadd 00002 dtA; amoxor 20002 dtA
amoand 60002 dtA; amoor 40002 dtA; amomin 80002 dtA; amomax a0002 dtA
amominu c0002 dtA; amomaxu e0002 dtA
`;

/** Floating-point operations; each has a single and a double form. */
const FLOAT = `
fmadd 43 DSTRr; fmsub 47 DSTRr; fnmsub 4b DSTRr; fnmadd 4f DSTRr
fadd 53 DSTr; fsub 8000053 DSTr; fmul 10000053 DSTr; fdiv 18000053 DSTr; fsqrt 58000053 DSr
fsgnj 20000053 DST; fsgnjn 20001053 DST; fsgnjx 20002053 DST; fmin 28000053 DST; fmax 28001053 DST
feq a0002053 dST; flt a0001053 dST; fle a0000053 dST; fclass e0001053 dS
`;

/** From floating point to integers. */
const CONVERT =
  "fcvt.w c0000053 dSr; fcvt.wu c0100053 dSr; fcvt.l c0200053 dSr; fcvt.lu c0300053 dSr";

/** Every instruction by name. */
export const INSTRUCTIONS: ReadonlyMap<string, InstructionForm> = table();

function table(): Map<string, InstructionForm> {
  const forms = new Map<string, InstructionForm>();
  for (const [name, bits, slots] of rowsOf(ROWS)) {
    forms.set(name, { match: parseInt(bits, 16), slots });
  }
  for (const [name, bits, slots] of rowsOf(ATOMIC)) {
    const match = parseInt(bits, 16) * 0x1000 + 0x02f;
    for (const [suffix, order] of [["", 0], [".aq", 4], [".rl", 2], [".aqrl", 6]] as const) {
      forms.set(`${name}.w${suffix}`, { match: match + order * 0x100_0000, slots });
      forms.set(`${name}.d${suffix}`, { match: match + order * 0x100_0000 + 0x1000, slots });
    }
  }
  for (const [name, bits, slots] of [...rowsOf(FLOAT), ...rowsOf(CONVERT)]) {
    forms.set(`${name}.s`, { match: parseInt(bits, 16), slots });
    forms.set(`${name}.d`, { match: parseInt(bits, 16) + 0x200_0000, slots });
  }
  return forms;
}

function rowsOf(text: string): [name: string, bits: string, slots: string][] {
  return text.split(/[;\n]/).map((row) => row.trim()).filter(Boolean).map((row) => {
    const [name, bits, slots] = row.split(/\s+/);
    return [name!, bits!, slots ?? ""];
  });
}
