/**
 * Multiplication and division.
 *
 * @module
 */
import type { Meaning } from "../../algebra.ts";

/** RV64M. */
export const PRODUCTS = {
  mul: (m) => m.rd(m.mul(m.rs1(), m.rs2())),
  mulh: (m) => m.rd(m.mulHigh(m.rs1(), m.rs2())),
  mulhsu: (m) => m.rd(m.mulHighMixed(m.rs1(), m.rs2())),
  mulhu: (m) => m.rd(m.mulHighUnsigned(m.rs1(), m.rs2())),
  div: (m) => m.rd(m.div(m.rs1(), m.rs2())),
  divu: (m) => m.rd(m.divUnsigned(m.rs1(), m.rs2())),
  rem: (m) => m.rd(m.rem(m.rs1(), m.rs2())),
  remu: (m) => m.rd(m.remUnsigned(m.rs1(), m.rs2())),
  mulw: (m) => m.rd(m.word(m.mul(m.rs1(), m.rs2()))),
  divw: (m) => m.rd(m.divWord(m.rs1(), m.rs2())),
  divuw: (m) => m.rd(m.divUnsignedWord(m.rs1(), m.rs2())),
  remw: (m) => m.rd(m.remWord(m.rs1(), m.rs2())),
  remuw: (m) => m.rd(m.remUnsignedWord(m.rs1(), m.rs2())),
} as const satisfies Record<string, Meaning>;
