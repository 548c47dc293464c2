/**
 * The 16-bit instructions of RV64C, each as the 32-bit instruction that it stands for.
 *
 * @module
 */
import type { Instruction } from "../instruction.ts";
import type { Mnemonic } from "./decode.ts";

type Short = Instruction<Mnemonic>;

/** What 16 bits mean; null where they are no instruction. */
export function expand(bits: number): Short | null {
  const f3 = bits >>> 13;
  if ((bits & 3) === 0) return quadrant0(bits, f3);
  if ((bits & 3) === 1) return quadrant1(bits, f3);
  return quadrant2(bits, f3);
}

function make(name: Mnemonic, rd: number, rs1: number, rs2: number, imm: number): Short {
  return { name, rd, rs1, rs2, rs3: 0, imm, length: 2, mode: 7 };
}

/** Bits `high` to `low`, moved to start at `to`. */
function field(bits: number, high: number, low: number, to: number): number {
  return ((bits >>> low) & ((1 << (high - low + 1)) - 1)) << to;
}

function quadrant0(bits: number, f3: number): Short | null {
  const low = 8 + ((bits >>> 2) & 7);
  const base = 8 + ((bits >>> 7) & 7);
  const words = field(bits, 12, 10, 3) | field(bits, 6, 6, 2) | field(bits, 5, 5, 6);
  const longs = field(bits, 12, 10, 3) | field(bits, 6, 5, 6);
  switch (f3) {
    case 0: {
      const imm = field(bits, 12, 11, 4) | field(bits, 10, 7, 6) | field(bits, 6, 6, 2) |
        field(bits, 5, 5, 3);
      return imm === 0 ? null : make("addi", low, 2, 0, imm);
    }
    case 2:
      return make("lw", low, base, 0, words);
    case 3:
      return make("ld", low, base, 0, longs);
    case 6:
      return make("sw", 0, base, low, words);
    case 7:
      return make("sd", 0, base, low, longs);
    default:
      return null;
  }
}

function quadrant1(bits: number, f3: number): Short | null {
  const rd = (bits >>> 7) & 31;
  const imm = ((bits << 19) >> 31) << 5 | field(bits, 6, 2, 0);
  switch (f3) {
    case 0:
      return make("addi", rd, rd, 0, imm);
    case 1:
      return rd === 0 ? null : make("addiw", rd, rd, 0, imm);
    case 2:
      return make("addi", rd, 0, 0, imm);
    case 3:
      return upper(bits, rd, imm);
    case 4:
      return arithmetic(bits, 8 + (rd & 7), imm);
    case 5:
      return make("jal", 0, 0, 0, jumpOffset(bits));
    default:
      return make(f3 === 6 ? "beq" : "bne", 0, 8 + (rd & 7), 0, branchOffset(bits));
  }
}

function upper(bits: number, rd: number, imm: number): Short | null {
  if (rd !== 2) return imm === 0 ? null : make("lui", rd, 0, 0, imm << 12);
  const offset = ((bits << 19) >> 31) << 9 | field(bits, 6, 6, 4) | field(bits, 5, 5, 6) |
    field(bits, 4, 3, 7) | field(bits, 2, 2, 5);
  return offset === 0 ? null : make("addi", 2, 2, 0, offset);
}

const PAIRS = ["sub", "xor", "or", "and", "subw", "addw", null, null] as const;

function arithmetic(bits: number, rd: number, imm: number): Short | null {
  const kind = (bits >>> 10) & 3;
  if (kind === 0) return make("srli", rd, rd, 0, imm & 63);
  if (kind === 1) return make("srai", rd, rd, 0, imm & 63);
  if (kind === 2) return make("andi", rd, rd, 0, imm);
  const name = PAIRS[field(bits, 12, 12, 2) | field(bits, 6, 5, 0)]!;
  return name === null ? null : make(name, rd, rd, 8 + ((bits >>> 2) & 7), 0);
}

function jumpOffset(bits: number): number {
  return ((bits << 19) >> 31) << 11 | field(bits, 11, 11, 4) | field(bits, 10, 9, 8) |
    field(bits, 8, 8, 10) | field(bits, 7, 7, 6) | field(bits, 6, 6, 7) | field(bits, 5, 3, 1) |
    field(bits, 2, 2, 5);
}

function branchOffset(bits: number): number {
  return ((bits << 19) >> 31) << 8 | field(bits, 11, 10, 3) | field(bits, 6, 5, 6) |
    field(bits, 4, 3, 1) | field(bits, 2, 2, 5);
}

function quadrant2(bits: number, f3: number): Short | null {
  const rd = (bits >>> 7) & 31;
  const rs2 = (bits >>> 2) & 31;
  const high = field(bits, 12, 12, 5);
  switch (f3) {
    case 0:
      return make("slli", rd, rd, 0, high | rs2);
    case 2:
      return rd === 0 ? null : make("lw", rd, 2, 0, high | (rs2 & 28) | field(rs2, 1, 0, 6));
    case 3:
      return rd === 0 ? null : make("ld", rd, 2, 0, high | (rs2 & 24) | field(rs2, 2, 0, 6));
    case 4:
      return moveOrJump(bits, rd, rs2);
    case 6:
      return make("sw", 0, 2, rs2, field(bits, 12, 9, 2) | field(bits, 8, 7, 6));
    case 7:
      return make("sd", 0, 2, rs2, field(bits, 12, 10, 3) | field(bits, 9, 7, 6));
    default:
      return null;
  }
}

function moveOrJump(bits: number, rd: number, rs2: number): Short | null {
  const second = ((bits >>> 12) & 1) === 1;
  if (rs2 !== 0) return make("add", rd, second ? rd : 0, rs2, 0);
  if (rd !== 0) return make("jalr", second ? 1 : 0, rd, 0, 0);
  return second ? make("ebreak", 0, 0, 0, 0) : null;
}
