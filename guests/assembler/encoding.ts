/**
 * One instruction to its bits: each operand is read as its kind demands and put where it belongs.
 *
 * @module
 */
import { type Encoding, ENCODINGS } from "../../cpu/riscv64/encoding.ts";
import { AssemblyError, suggestion } from "./error.ts";
import { PSEUDO_NAMES, pseudoOperands } from "./pseudo.ts";
import { CONTROL_REGISTERS, floatRegister, integerRegister, ROUNDING } from "./register.ts";

/** Every instruction by the name it is written with. */
export const INSTRUCTIONS: ReadonlyMap<string, Encoding> = new Map(
  ENCODINGS.flatMap(withOrderings).map((form) => [form.name, form]),
);

/** These are exact whatever the rounding mode, and have the first one unless told. */
const EXACT = new Set(["fcvt.d.s", "fcvt.d.w", "fcvt.d.wu"]);

/** What an instruction's operands may need to know. */
export interface Surroundings {
  /** The line the instruction is on. */
  readonly line: number;
  /** The instruction's own address. */
  readonly address: number;
  /** The number or address that an expression stands for. */
  number(text: string): bigint;
  /** The address that an expression stands for, for a branch there. */
  target(text: string): bigint;
}

/** How one kind of operand becomes bits. */
interface Slot {
  /** What is expected, for people. */
  readonly expected: string;
  /** The bits, in their place; undefined where the text is no such operand. */
  read(text: string, around: Surroundings): number | undefined;
}

const register = (
  names: (name: string) => number | undefined,
  shift: number,
  expected: string,
): Slot => ({
  expected,
  read: (text) => {
    const number = names(text.toLowerCase());
    return number === undefined ? undefined : number << shift;
  },
});

const INT = "an integer register such as a0";
const FLOAT = "a floating-point register such as fa0";

const immediate = (low: bigint, high: bigint, place: (value: number) => number): Slot => ({
  expected: `a number from ${low} to ${high}`,
  read: (text, around) => {
    const value = around.number(text);
    return value >= low && value <= high ? place(Number(value)) : undefined;
  },
});

const placeI = (value: number) => (value & 0xfff) << 20;
const placeS = (value: number) => ((value >> 5) & 0x7f) << 25 | (value & 31) << 7;
const placeB = (value: number) =>
  ((value >> 12) & 1) << 31 | ((value >> 5) & 63) << 25 | ((value >> 1) & 15) << 8 |
  ((value >> 11) & 1) << 7;
const placeJ = (value: number) =>
  ((value >> 20) & 1) << 31 | ((value >> 1) & 0x3ff) << 21 | ((value >> 11) & 1) << 20 |
  ((value >> 12) & 0xff) << 12;

/** An offset and a base register, `8(sp)`; the offset may be left out. */
const memory = (place: (value: number) => number): Slot => ({
  expected: "an address such as 8(sp), with an offset from -2048 to 2047",
  read: (text, around) => {
    const [, offset, base] = /^(.*)\(\s*(\w+)\s*\)$/s.exec(text) ?? [];
    const number = integerRegister((base ?? "").toLowerCase());
    if (number === undefined) return undefined;
    const value = offset?.trim() ? around.number(offset.trim()) : 0n;
    if (value < -2048n || value > 2047n) return undefined;
    return place(Number(value)) | number << 15;
  },
});

const jump = (reach: number, place: (value: number) => number): Slot => ({
  expected: `a label at most ${reach} bytes away, at an even distance`,
  read: (text, around) => {
    const distance = Number(around.target(text)) - around.address;
    return distance >= -reach && distance < reach && distance % 2 === 0
      ? place(distance)
      : undefined;
  },
});

const ordering = (shift: number): Slot => ({
  expected: "some of the letters i, o, r, w in this order",
  read: (text) => {
    if (!/^(?=.)i?o?r?w?$/.test(text)) return undefined;
    const bits = [..."iorw"].map((letter) => text.includes(letter) ? 1 : 0);
    return bits.reduce<number>((mask, bit) => mask << 1 | bit, 0) << shift;
  },
});

const SLOTS: Readonly<Record<string, Slot>> = {
  d: register(integerRegister, 7, INT),
  s: register(integerRegister, 15, INT),
  t: register(integerRegister, 20, INT),
  D: register(floatRegister, 7, FLOAT),
  S: register(floatRegister, 15, FLOAT),
  T: register(floatRegister, 20, FLOAT),
  R: register(floatRegister, 27, FLOAT),
  i: immediate(-2048n, 2047n, placeI),
  m: memory(placeI),
  M: memory(placeS),
  b: jump(4096, placeB),
  j: jump(1 << 20, placeJ),
  u: immediate(-0x80000n, 0xfffffn, (value) => value << 12),
  h: immediate(0n, 63n, (value) => value << 20),
  w: immediate(0n, 31n, (value) => value << 20),
  z: immediate(0n, 31n, (value) => value << 15),
  p: ordering(24),
  q: ordering(20),
  A: {
    expected: "a register in parentheses such as (a0)",
    read: (text) => {
      const [, base] = /^0?\(\s*(\w+)\s*\)$/.exec(text) ?? [];
      const number = integerRegister((base ?? "").toLowerCase());
      return number === undefined ? undefined : number << 15;
    },
  },
  c: {
    expected: `a control register: ${Object.keys(CONTROL_REGISTERS).join(", ")}, or its number`,
    read: (text, around) => {
      const known = CONTROL_REGISTERS[text.toLowerCase()];
      if (known !== undefined) return known << 20;
      if (!/^\d/.test(text)) return undefined;
      const value = around.number(text);
      return value >= 0n && value < 4096n ? Number(value) << 20 : undefined;
    },
  },
  r: {
    expected: `a rounding mode: ${Object.keys(ROUNDING).join(", ")}`,
    read: (text) => {
      const mode = ROUNDING[text.toLowerCase()];
      return mode === undefined ? undefined : mode << 12;
    },
  },
};

/** How many bytes an instruction has; where there is none of that name, the error says so. */
export function instructionSize(name: string, count: number, line: number): number {
  const form = INSTRUCTIONS.get(name);
  if (form) return 4;
  const wanted = pseudoOperands(name);
  if (wanted !== undefined) {
    throw new AssemblyError(line, `${name} has ${operandCount(count)}; expected ${wanted}`);
  }
  const near = suggestion(name, [...INSTRUCTIONS.keys(), ...PSEUDO_NAMES]);
  throw new AssemblyError(line, `no instruction is called ${name}${near}`);
}

/** An instruction's 32 bits. */
export function encode(name: string, operands: readonly string[], around: Surroundings): number {
  const form = INSTRUCTIONS.get(name)!;
  const written = adjusted(name, form, operands);
  const optional = form.slots.endsWith("r") ? 1 : 0;
  const most = form.slots.length;
  if (written.length !== most && written.length !== most - optional) {
    const sentence = `${name} has ${operandCount(operands.length)}; expected ${most - optional}`;
    throw new AssemblyError(around.line, sentence);
  }
  // Without a rounding mode, the one in the control register counts.
  const isDynamic = optional && written.length < most && !EXACT.has(name);
  const rounding = isDynamic ? ROUNDING.dyn! << 12 : 0;
  return written.reduce((bits, operand, index) => {
    const slot = SLOTS[form.slots[index]!]!;
    const field = slot.read(operand, around);
    if (field === undefined) {
      const sentence = `${name}: operand ${index + 1} is ${operand}; expected ${slot.expected}`;
      throw new AssemblyError(around.line, sentence);
    }
    return bits | field;
  }, form.match | rounding) >>> 0;
}

/** An atomic operation is written once without an ordering, and once with each. */
function withOrderings(form: Encoding): Encoding[] {
  if (!form.slots.endsWith("o")) return [form];
  const slots = form.slots.slice(0, -1);
  return [["", 0], [".rl", 1], [".aq", 2], [".aqrl", 3]].map(([suffix, order]) => {
    const match = form.match | Number(order) << 25;
    return { ...form, name: `${form.name}${suffix}`, match, slots };
  });
}

/** `jalr` may be written with its offset last, like an addition. */
function adjusted(
  name: string,
  form: Encoding,
  operands: readonly string[],
): readonly string[] {
  if (name !== "jalr" || operands.length !== form.slots.length + 1) return operands;
  const [link, base, offset] = operands;
  return [link!, `${offset}(${base})`];
}

function operandCount(count: number): string {
  return count === 1 ? "1 operand" : `${count} operands`;
}
