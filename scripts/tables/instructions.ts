/**
 * The manual of instructions, computed from the encodings and from what the instructions mean.
 *
 * @module
 */
import { explain } from "../../cpu/explain.ts";
import { SHORT_ENCODINGS, type ShortEncoding } from "../../cpu/riscv64/compressed.ts";
import { CONTROL_REGISTERS } from "../../cpu/riscv64/control_register.ts";
import { decode } from "../../cpu/riscv64/decode.ts";
import { type Encoding, ENCODINGS, OPERANDS } from "../../cpu/riscv64/encoding.ts";
import { SEMANTICS } from "../../cpu/riscv64/semantics.ts";

/** A line of the manual. */
export interface InstructionRow {
  /** What it is called, with its control register where it names one. */
  readonly name: string;
  /** Its bits from the highest to the lowest: fixed ones, and a letter for those of an operand. */
  readonly encoding: string;
  /** What it does, in terms of its operands. */
  readonly meaning: string;
}

/** What stands for an operand's bits; a base register is \`s\` like any first source. */
const LETTERS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.keys(OPERANDS).map((letter) => [letter, letter])),
  m: "i",
  M: "i",
  A: "s",
};

/** Every instruction, the long ones first. */
export function instructionRows(): InstructionRow[] {
  return [...ENCODINGS.flatMap(longRows), ...SHORT_ENCODINGS.map(shortRow)];
}

function longRows(encoding: Encoding): InstructionRow[] {
  const { name, match, mask, slots } = encoding;
  if (!slots.includes("c")) {
    return [{ name, encoding: pattern(encoding), meaning: meaningOf(match) }];
  }
  return Object.entries(CONTROL_REGISTERS).flatMap(([register, number]) => {
    const bits = match | number << 20;
    if (decode(bits) === null) return [];
    // A counter is read by instructions that would change no bits of it.
    const isCounter = number >= CONTROL_REGISTERS.cycle;
    const others = slots.replace(isCounter ? /[csz]/g : "c", "");
    const fixed = isCounter ? mask | 0xfff << 20 | 31 << 15 : mask | 0xfff << 20;
    return [{
      name: `${name} ${register}`,
      encoding: pattern({ name, match: bits, mask: fixed, slots: others }),
      meaning: meaningOf(bits),
    }];
  });
}

function meaningOf(bits: number): string {
  return explain(SEMANTICS[decode(bits)!.name]);
}

function shortRow({ name, match, mask, stands, operands }: ShortEncoding): InstructionRow {
  const bits = Array.from({ length: 16 }, (_, index) => {
    const bit = 15 - index;
    return (mask >>> bit & 1) === 0 ? "-" : `${match >>> bit & 1}`;
  });
  return { name, encoding: bits.join(""), meaning: `${stands} ${operands}`.trim() };
}

/** Bits whose meaning is nobody's are \`-\`. */
function pattern({ match, mask, slots }: Encoding): string {
  const bits = Array.from({ length: 32 }, (_, index) => {
    const bit = 31 - index;
    if ((mask >>> bit & 1) === 1) return `${match >>> bit & 1}`;
    const letter = [...slots].find((one) => (fieldOf(one) >>> bit & 1) === 1);
    if (letter !== undefined) return LETTERS[letter]!;
    return /[mM]/.test(slots) && bit >= 15 && bit < 20 ? "s" : "-";
  });
  return bits.join("");
}

/** Of an address, the bits of the offset. */
function fieldOf(letter: string): number {
  const { bits } = OPERANDS[letter]!;
  return letter === "m" || letter === "M" ? bits & ~0xf8000 : bits;
}
