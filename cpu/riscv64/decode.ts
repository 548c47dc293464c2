/**
 * From bits to instructions: the 32-bit formats of RV64.
 *
 * @module
 */
import type { Instruction } from "../instruction.ts";
import { expand } from "./compressed.ts";
import type { SEMANTICS } from "./semantics.ts";

/** An instruction of RV64. */
export type Mnemonic = keyof typeof SEMANTICS;

const BRANCHES = ["beq", "bne", null, null, "blt", "bge", "bltu", "bgeu"] as const;
const LOADS = ["lb", "lh", "lw", "ld", "lbu", "lhu", "lwu", null] as const;
const STORES = ["sb", "sh", "sw", "sd", null, null, null, null] as const;
const IMMEDIATES = ["addi", "slli", "slti", "sltiu", "xori", "srli", "ori", "andi"] as const;
const REGISTERS = ["add", "sll", "slt", "sltu", "xor", "srl", "or", "and"] as const;
const MULTIPLIES = ["mul", "mulh", "mulhsu", "mulhu", "div", "divu", "rem", "remu"] as const;
const WORDS = ["addw", "sllw", null, null, null, "srlw", null, null] as const;
const MULTIPLY_WORDS = ["mulw", null, null, null, "divw", "divuw", "remw", "remuw"] as const;

/** What bits mean; null where they are no instruction. The low 16 bits suffice for a short one. */
export function decode(bits: number): Instruction<Mnemonic> | null {
  if ((bits & 3) !== 3) return expand(bits & 0xffff);
  const name = nameOf(bits);
  if (name === null) return null;
  const opcode = bits & 127;
  const imm = immediate(bits, opcode, name);
  return {
    name,
    rd: (bits >>> 7) & 31,
    rs1: (bits >>> 15) & 31,
    rs2: (bits >>> 20) & 31,
    rs3: bits >>> 27,
    imm,
    length: 4,
    mode: (bits >>> 12) & 7,
  };
}

function nameOf(bits: number): Mnemonic | null {
  const f3 = (bits >>> 12) & 7;
  const f7 = bits >>> 25;
  switch (bits & 127) {
    case 0x37:
      return "lui";
    case 0x17:
      return "auipc";
    case 0x6f:
      return "jal";
    case 0x67:
      return f3 === 0 ? "jalr" : null;
    case 0x63:
      return BRANCHES[f3]!;
    case 0x03:
      return LOADS[f3]!;
    case 0x23:
      return STORES[f3]!;
    case 0x0f:
      return f3 === 0 ? "fence" : f3 === 1 ? "fence.i" : null;
    case 0x73:
      return bits === 0x73 ? "ecall" : bits === 0x100073 ? "ebreak" : null;
    default:
      return arithmetic(bits & 127, f3, f7);
  }
}

function arithmetic(opcode: number, f3: number, f7: number): Mnemonic | null {
  if (opcode === 0x13) {
    if (f3 === 1) return f7 >>> 1 === 0 ? "slli" : null;
    if (f3 === 5) return f7 >>> 1 === 0 ? "srli" : f7 >>> 1 === 16 ? "srai" : null;
    return IMMEDIATES[f3]!;
  }
  if (opcode === 0x1b) {
    if (f3 === 0) return "addiw";
    if (f3 === 1) return f7 === 0 ? "slliw" : null;
    return f3 !== 5 ? null : f7 === 0 ? "srliw" : f7 === 32 ? "sraiw" : null;
  }
  if (opcode === 0x33) {
    if (f7 === 1) return MULTIPLIES[f3]!;
    if (f7 === 32) return f3 === 0 ? "sub" : f3 === 5 ? "sra" : null;
    return f7 === 0 ? REGISTERS[f3]! : null;
  }
  if (opcode === 0x3b) {
    if (f7 === 1) return MULTIPLY_WORDS[f3]!;
    if (f7 === 32) return f3 === 0 ? "subw" : f3 === 5 ? "sraw" : null;
    return f7 === 0 ? WORDS[f3]! : null;
  }
  return null;
}

function immediate(bits: number, opcode: number, name: Mnemonic): number {
  switch (opcode) {
    case 0x37:
    case 0x17:
      return bits & 0xfffff000;
    case 0x6f:
      return ((bits >> 31) << 20) | (bits & 0xff000) | (((bits >>> 20) & 1) << 11) |
        (((bits >>> 21) & 1023) << 1);
    case 0x63:
      return ((bits >> 31) << 12) | (((bits >>> 7) & 1) << 11) | (((bits >>> 25) & 63) << 5) |
        (((bits >>> 8) & 15) << 1);
    case 0x23:
      return ((bits >> 25) << 5) | ((bits >>> 7) & 31);
    default:
      if (name === "slli" || name === "srli" || name === "srai") return (bits >>> 20) & 63;
      if (name === "slliw" || name === "srliw" || name === "sraiw") return (bits >>> 20) & 31;
      return bits >> 20;
  }
}
