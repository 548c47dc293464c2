/**
 * From bits to instructions.
 *
 * Reserved encodings are no instructions. Hints are the harmless instructions that they look like.
 *
 * @module
 */
import type { Instruction } from "../instruction.ts";
import { expand } from "./compressed.ts";
import { controlMeaning } from "./control_register.ts";
import { type Encoding, ENCODINGS, OPERANDS, type Part } from "./encoding.ts";
import type { Mnemonic } from "./semantics.ts";

/** How many bytes an instruction takes that starts with these 16 bits. */
export function lengthOf(halfword: number): 2 | 4 {
  return (halfword & 3) === 3 ? 4 : 2;
}

/** What bits mean; null where they are no instruction. The low 16 bits suffice for a short one. */
export function decode(bits: number): Instruction<Mnemonic> | null {
  if (lengthOf(bits) === 2) return expand(bits & 0xffff);
  for (const row of BUCKETS[bucketOf(bits)]!) {
    if ((bits & row.encoding.mask) === row.encoding.match) return row.read(bits);
  }
  return null;
}

/** An encoding, ready to read what its operands are. */
interface Row {
  readonly encoding: Encoding;
  read(bits: number): Instruction<Mnemonic> | null;
}

type Field = (bits: number) => number;

const IMMEDIATES: Readonly<Record<string, Field>> = {
  i: (bits) => bits >> 20,
  m: (bits) => bits >> 20,
  M: (bits) => ((bits >> 25) << 5) | ((bits >>> 7) & 31),
  b: (bits) =>
    ((bits >> 31) << 12) | ((bits << 4) & 0x800) | ((bits >>> 20) & 0x7e0) | ((bits >>> 7) & 0x1e),
  j: (bits) =>
    ((bits >> 31) << 20) | (bits & 0xff000) | ((bits >>> 9) & 0x800) | ((bits >>> 20) & 0x7fe),
  u: (bits) => bits & ~0xfff,
  h: (bits) => (bits >>> 20) & 63,
  w: (bits) => (bits >>> 20) & 31,
  z: (bits) => (bits >>> 15) & 31,
};

/** Opcode and `funct3` find the few encodings that are worth comparing. */
const BUCKET_BITS = 0x707c;
const BUCKETS: readonly (readonly Row[])[] = buckets();

function bucketOf(bits: number): number {
  return ((bits >>> 2) & 31) | ((bits >>> 7) & 0xe0);
}

function buckets(): Row[][] {
  const rows = ENCODINGS.map(rowOf);
  return Array.from({ length: 256 }, (_, index) => {
    const sample = ((index & 31) << 2) | ((index & 0xe0) << 7);
    return rows.filter(({ encoding: { mask, match } }) =>
      ((sample ^ match) & mask & BUCKET_BITS) === 0
    );
  });
}

function rowOf(encoding: Encoding): Row {
  const { name, slots } = encoding;
  const rd = registerOf(slots, "rd", 7);
  const rs1 = /[mM]/.test(slots)
    ? (bits: number) => (bits >>> 15) & 31
    : registerOf(slots, "rs1", 15);
  const rs2 = registerOf(slots, "rs2", 20);
  const rs3 = registerOf(slots, "rs3", 27);
  const immediate = [...slots].map((letter) => IMMEDIATES[letter]).find((one) => one) ?? nothing;
  const isRounded = slots.includes("r");
  const isControl = slots.includes("c");
  return {
    encoding,
    read(bits) {
      const mode = isRounded ? (bits >>> 12) & 7 : 0;
      if (mode === 5 || mode === 6) return null;
      const meaning = isControl ? controlMeaning(name, bits) : name as Mnemonic;
      if (meaning === null) return null;
      const imm = immediate(bits);
      return {
        name: meaning,
        rd: rd(bits),
        rs1: rs1(bits),
        rs2: rs2(bits),
        rs3: rs3(bits),
        imm,
        length: 4,
        mode,
      };
    },
  };
}

function nothing(): number {
  return 0;
}

function registerOf(slots: string, part: Part, shift: number): Field {
  const letter = [...slots].find((one) => OPERANDS[one]!.part === part);
  if (letter === undefined) return nothing;
  const base = OPERANDS[letter]!.isFloat ? 32 : 0;
  return (bits) => base + ((bits >>> shift) & 31);
}
