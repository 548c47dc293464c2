/**
 * A machine with a few pages and a program in words, for tests of the processor.
 *
 * @module
 */
import { createProcessor, type ProcessorOptions } from "../../cpu/mod.ts";

/** Where the program of a guest starts. */
export const CODE = 0x10000;
/** A page that can be read and written. */
export const DATA = 0x20000;

/** A processor, one space with a page of code and one of data, and a context at the code. */
export function guest(words: readonly number[], options: ProcessorOptions = {}) {
  const cpu = createProcessor({ memoryBytes: 16 << 20, ...options });
  const space = cpu.createSpace();
  const context = cpu.createContext();
  const code = cpu.memory.allocate();
  const data = cpu.memory.allocate();
  space.map(CODE / 4096, code, 1 | 4);
  space.map(DATA / 4096, data, 1 | 2);
  words.forEach((word, at) => cpu.memory.words[code * 1024 + at] = word);
  context.pc = CODE;
  return { cpu, space, context, code, data };
}

/** `addi rd, rs1, imm`. */
export const addi = (rd: number, rs1: number, imm: number) =>
  imm << 20 | rs1 << 15 | rd << 7 | 0x13;
/** `add rd, rs1, rs2`. */
export const add = (rd: number, rs1: number, rs2: number) => rs2 << 20 | rs1 << 15 | rd << 7 | 0x33;
/** `slli rd, rs1, count`. */
export const slli = (rd: number, rs1: number, count: number) => addi(rd, rs1, count) | 1 << 12;
/** `srli rd, rs1, count`. */
export const srli = (rd: number, rs1: number, count: number) => addi(rd, rs1, count) | 5 << 12;
/** `lui rd, imm`, where `imm` is what the register will hold. */
export const lui = (rd: number, imm: number) => imm & 0xfffff000 | rd << 7 | 0x37;
/** `ld rd, imm(rs1)`. */
export const ld = (rd: number, rs1: number, imm: number) =>
  imm << 20 | rs1 << 15 | 3 << 12 | rd << 7 | 0x03;
/** `sd rs2, imm(rs1)`. */
export const sd = (rs2: number, rs1: number, imm: number) =>
  imm >> 5 << 25 | rs2 << 20 | rs1 << 15 | 3 << 12 | (imm & 31) << 7 | 0x23;
/** `sw rs2, imm(rs1)`. */
export const sw = (rs2: number, rs1: number, imm: number) => sd(rs2, rs1, imm) & ~(1 << 12);
/** `bne rs1, rs2, distance`. */
export const bne = (rs1: number, rs2: number, distance: number) =>
  (distance >> 12 & 1) << 31 | (distance >> 5 & 63) << 25 | rs2 << 20 | rs1 << 15 | 1 << 12 |
  (distance >> 1 & 15) << 8 | (distance >> 11 & 1) << 7 | 0x63;
/** `jal rd, distance`. */
export const jal = (rd: number, distance: number) =>
  (distance >> 20 & 1) << 31 | (distance >> 1 & 1023) << 21 | (distance >> 11 & 1) << 20 |
  (distance >> 12 & 255) << 12 | rd << 7 | 0x6f;
/** `jalr rd, rs1, imm`. */
export const jalr = (rd: number, rs1: number, imm: number) =>
  imm << 20 | rs1 << 15 | rd << 7 | 0x67;
/** `ecall`. */
export const ECALL = 0x73;
/** `ebreak`. */
export const EBREAK = 0x100073;
