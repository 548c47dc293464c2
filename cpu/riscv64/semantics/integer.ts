/**
 * The base instructions: arithmetic, memory, jumps.
 *
 * @module
 */
import type { Meaning } from "../../algebra.ts";

/** RV64I and Zifencei. */
export const INTEGERS = {
  lui: (m) => m.rd(m.imm()),
  auipc: (m) => m.rd(m.add(m.pc(), m.imm())),
  jal: (m) => {
    m.rd(m.next());
    m.jump();
  },
  jalr: (m) =>
    m.let(m.add(m.rs1(), m.imm()), (target) => {
      m.rd(m.next());
      m.jumpTo(target);
    }),
  beq: (m) => m.branch(m.eq(m.rs1(), m.rs2())),
  bne: (m) => m.branch(m.ne(m.rs1(), m.rs2())),
  blt: (m) => m.branch(m.lt(m.rs1(), m.rs2())),
  bge: (m) => m.branch(m.ge(m.rs1(), m.rs2())),
  bltu: (m) => m.branch(m.ltUnsigned(m.rs1(), m.rs2())),
  bgeu: (m) => m.branch(m.geUnsigned(m.rs1(), m.rs2())),

  lb: (m) => m.rd(m.load(m.add(m.rs1(), m.imm()), 1, true)),
  lh: (m) => m.rd(m.load(m.add(m.rs1(), m.imm()), 2, true)),
  lw: (m) => m.rd(m.load(m.add(m.rs1(), m.imm()), 4, true)),
  ld: (m) => m.rd(m.load(m.add(m.rs1(), m.imm()), 8, true)),
  lbu: (m) => m.rd(m.load(m.add(m.rs1(), m.imm()), 1, false)),
  lhu: (m) => m.rd(m.load(m.add(m.rs1(), m.imm()), 2, false)),
  lwu: (m) => m.rd(m.load(m.add(m.rs1(), m.imm()), 4, false)),
  sb: (m) => m.store(m.add(m.rs1(), m.imm()), m.rs2(), 1),
  sh: (m) => m.store(m.add(m.rs1(), m.imm()), m.rs2(), 2),
  sw: (m) => m.store(m.add(m.rs1(), m.imm()), m.rs2(), 4),
  sd: (m) => m.store(m.add(m.rs1(), m.imm()), m.rs2(), 8),

  addi: (m) => m.rd(m.add(m.rs1(), m.imm())),
  slti: (m) => m.rd(m.lt(m.rs1(), m.imm())),
  sltiu: (m) => m.rd(m.ltUnsigned(m.rs1(), m.imm())),
  xori: (m) => m.rd(m.xor(m.rs1(), m.imm())),
  ori: (m) => m.rd(m.or(m.rs1(), m.imm())),
  andi: (m) => m.rd(m.and(m.rs1(), m.imm())),
  slli: (m) => m.rd(m.shl(m.rs1(), m.imm())),
  srli: (m) => m.rd(m.shr(m.rs1(), m.imm())),
  srai: (m) => m.rd(m.sar(m.rs1(), m.imm())),
  add: (m) => m.rd(m.add(m.rs1(), m.rs2())),
  sub: (m) => m.rd(m.sub(m.rs1(), m.rs2())),
  sll: (m) => m.rd(m.shl(m.rs1(), m.rs2())),
  slt: (m) => m.rd(m.lt(m.rs1(), m.rs2())),
  sltu: (m) => m.rd(m.ltUnsigned(m.rs1(), m.rs2())),
  xor: (m) => m.rd(m.xor(m.rs1(), m.rs2())),
  srl: (m) => m.rd(m.shr(m.rs1(), m.rs2())),
  sra: (m) => m.rd(m.sar(m.rs1(), m.rs2())),
  or: (m) => m.rd(m.or(m.rs1(), m.rs2())),
  and: (m) => m.rd(m.and(m.rs1(), m.rs2())),

  addiw: (m) => m.rd(m.word(m.add(m.rs1(), m.imm()))),
  slliw: (m) => m.rd(m.shlWord(m.rs1(), m.imm())),
  srliw: (m) => m.rd(m.shrWord(m.rs1(), m.imm())),
  sraiw: (m) => m.rd(m.sarWord(m.rs1(), m.imm())),
  addw: (m) => m.rd(m.word(m.add(m.rs1(), m.rs2()))),
  subw: (m) => m.rd(m.word(m.sub(m.rs1(), m.rs2()))),
  sllw: (m) => m.rd(m.shlWord(m.rs1(), m.rs2())),
  srlw: (m) => m.rd(m.shrWord(m.rs1(), m.rs2())),
  sraw: (m) => m.rd(m.sarWord(m.rs1(), m.rs2())),

  fence: (m) => m.fence(),
  "fence.i": (m) => m.fenceCode(),
  ecall: (m) => m.syscall(),
  ebreak: (m) => m.breakpoint(),
} as const satisfies Record<string, Meaning>;
