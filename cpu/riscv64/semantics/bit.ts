/**
 * Bit manipulation: addresses, counting and rotating, single bits.
 *
 * @module
 */
import type { Algebra, Meaning } from "../../algebra.ts";

/** Zba, Zbb and Zbs. */
export const BITS = {
  sh1add: (m) => m.rd(shiftAdd(m, m.rs1(), 1n)),
  sh2add: (m) => m.rd(shiftAdd(m, m.rs1(), 2n)),
  sh3add: (m) => m.rd(shiftAdd(m, m.rs1(), 3n)),
  "add.uw": (m) => m.rd(m.add(m.unsignedWord(m.rs1()), m.rs2())),
  "sh1add.uw": (m) => m.rd(shiftAdd(m, m.unsignedWord(m.rs1()), 1n)),
  "sh2add.uw": (m) => m.rd(shiftAdd(m, m.unsignedWord(m.rs1()), 2n)),
  "sh3add.uw": (m) => m.rd(shiftAdd(m, m.unsignedWord(m.rs1()), 3n)),
  "slli.uw": (m) => m.rd(m.shl(m.unsignedWord(m.rs1()), m.imm())),

  andn: (m) => m.rd(m.and(m.rs1(), m.not(m.rs2()))),
  orn: (m) => m.rd(m.or(m.rs1(), m.not(m.rs2()))),
  xnor: (m) => m.rd(m.not(m.xor(m.rs1(), m.rs2()))),
  clz: (m) => m.rd(m.clz(m.rs1())),
  ctz: (m) => m.rd(m.ctz(m.rs1())),
  cpop: (m) => m.rd(m.popcount(m.rs1())),
  clzw: (m) => m.rd(m.clzWord(m.rs1())),
  ctzw: (m) => m.rd(m.ctzWord(m.rs1())),
  cpopw: (m) => m.rd(m.popcountWord(m.rs1())),
  max: (m) => choose(m, (a, b) => m.select(m.lt(a, b), b, a)),
  maxu: (m) => choose(m, (a, b) => m.select(m.ltUnsigned(a, b), b, a)),
  min: (m) => choose(m, (a, b) => m.select(m.lt(a, b), a, b)),
  minu: (m) => choose(m, (a, b) => m.select(m.ltUnsigned(a, b), a, b)),
  "sext.b": (m) => m.rd(m.byte(m.rs1())),
  "sext.h": (m) => m.rd(m.half(m.rs1())),
  "zext.h": (m) => m.rd(m.and(m.rs1(), m.constant(0xffffn))),
  rol: (m) => m.rd(m.rotl(m.rs1(), m.rs2())),
  ror: (m) => m.rd(m.rotr(m.rs1(), m.rs2())),
  rori: (m) => m.rd(m.rotr(m.rs1(), m.imm())),
  rolw: (m) => m.rd(m.rotlWord(m.rs1(), m.rs2())),
  rorw: (m) => m.rd(m.rotrWord(m.rs1(), m.rs2())),
  roriw: (m) => m.rd(m.rotrWord(m.rs1(), m.imm())),
  rev8: (m) => m.rd(m.reverseBytes(m.rs1())),
  // Adding 0x7f carries into a byte's top bit if any other bit is set; 1 times 255 fills a byte.
  "orc.b": (m) =>
    m.let(m.rs1(), (a) => {
      const sevens = m.constant(0x7f7f7f7f7f7f7f7fn);
      const any = m.or(a, m.add(m.and(a, sevens), sevens));
      const ones = m.and(m.shr(any, m.constant(7n)), m.constant(0x0101010101010101n));
      m.rd(m.mul(ones, m.constant(255n)));
    }),

  bclr: (m) => m.rd(m.and(m.rs1(), m.not(bit(m, m.rs2())))),
  bclri: (m) => m.rd(m.and(m.rs1(), m.not(bit(m, m.imm())))),
  bext: (m) => m.rd(m.and(m.shr(m.rs1(), m.rs2()), m.constant(1n))),
  bexti: (m) => m.rd(m.and(m.shr(m.rs1(), m.imm()), m.constant(1n))),
  binv: (m) => m.rd(m.xor(m.rs1(), bit(m, m.rs2()))),
  binvi: (m) => m.rd(m.xor(m.rs1(), bit(m, m.imm()))),
  bset: (m) => m.rd(m.or(m.rs1(), bit(m, m.rs2()))),
  bseti: (m) => m.rd(m.or(m.rs1(), bit(m, m.imm()))),
} as const satisfies Record<string, Meaning>;

function shiftAdd<V>(m: Algebra<V>, index: V, count: bigint): V {
  return m.add(m.shl(index, m.constant(count)), m.rs2());
}

function choose<V>(m: Algebra<V>, choice: (a: V, b: V) => V): void {
  m.let(m.rs1(), (a) => m.let(m.rs2(), (b) => m.rd(choice(a, b))));
}

function bit<V>(m: Algebra<V>, index: V): V {
  return m.shl(m.constant(1n), index);
}
