/**
 * From operands to bits.
 *
 * @module
 */
import { type Encoding, ENCODINGS } from "./encoding.ts";

/**
 * Operands by the letters of `OPERANDS`; of an address, `m` and `M` are the offset, `s` the base. A
 * small letter serves for the capital one too.
 */
export type Fields = Readonly<Record<string, number>>;

const BY_NAME = new Map<string, Encoding>(ENCODINGS.map((one) => [one.name, one]));

/** An instruction's encoding by name, without `.aq` and `.rl`. */
export function encodingOf(name: string): Encoding | undefined {
  return BY_NAME.get(name);
}

/** An instruction's 32 bits. What an operand has too many bits for is cut off. */
export function encode({ match, slots }: Encoding, fields: Fields): number {
  const letters = /[mM]/.test(slots) ? `${slots}s` : slots;
  return [...letters].reduce((bits, letter) => {
    const value = fields[letter] ?? fields[letter === "A" ? "s" : letter.toLowerCase()];
    return bits | PLACES[letter]!(value ?? 0);
  }, match);
}

type Place = (value: number) => number;

function at(shift: number, bits: number): Place {
  return (value) => (value & (2 ** bits - 1)) << shift;
}

const offset: Place = (value) => (value & 0xfe0) << 20 | (value & 0x1f) << 7;

/** Where an operand goes, by its letter. */
const PLACES: Readonly<Record<string, Place>> = {
  d: at(7, 5),
  s: at(15, 5),
  t: at(20, 5),
  D: at(7, 5),
  S: at(15, 5),
  T: at(20, 5),
  R: at(27, 5),
  A: at(15, 5),
  i: at(20, 12),
  m: at(20, 12),
  M: offset,
  b: (value) =>
    (value & 0x1000) << 19 | (value & 0x7e0) << 20 | (value & 0x1e) << 7 | (value & 0x800) >> 4,
  j: (value) =>
    (value & 0x100000) << 11 | (value & 0x7fe) << 20 | (value & 0x800) << 9 | value & 0xff000,
  u: (value) => value & ~0xfff,
  h: at(20, 6),
  w: at(20, 5),
  z: at(15, 5),
  p: at(24, 4),
  q: at(20, 4),
  c: at(20, 12),
  r: at(12, 3),
  o: at(25, 2),
};
