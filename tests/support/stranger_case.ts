/**
 * Which instructions are tried against a stranger, and in which ways.
 *
 * @module
 */
import type { Encoding } from "../../cpu/riscv64/encoding.ts";
import { ENCODINGS } from "../../cpu/riscv64/encoding.ts";
import type { SeededRandom } from "./seeded_random.ts";
import type { Case, Kind } from "./stranger_program.ts";
import { tried } from "./trial.ts";

/** Instructions that do something else than compute. */
const OTHERS =
  /^(j|b(eq|ne|lt|ge)|[sl][bhwd]u?$|f[ls][wd]$|fence|e(call|break)|csr|lr|sc|amo|auipc)/;

const MODES = [0, 1, 2, 3, 4];

/** Every floating-point operation, in every rounding mode: named in it, or left to \`fcsr\`. */
export function floatCases(): Case[] {
  const floats = ENCODINGS.filter(({ name, slots }) => /[DSTR]/.test(slots) && !OTHERS.test(name));
  return floats.flatMap((encoding) => {
    const { name, slots } = encoding;
    const kinds = kindsOf(encoding);
    if (!slots.includes("r")) return [{ name, word: tried(name), kinds, mode: 0 }];
    const dynamic = MODES.map((mode) => ({
      name: `${name} in mode ${mode}`,
      word: tried(name, { r: 7 }),
      kinds,
      mode,
    }));
    const fixed = MODES.map((mode) => ({
      name: `${name} with mode ${mode}`,
      word: tried(name, { r: mode }),
      kinds,
      mode: (mode + 1) % 5,
    }));
    return [...dynamic, ...fixed];
  });
}

/** Every integer operation; those with immediates with some. */
export function integerCases(random: SeededRandom, immediates: number): Case[] {
  const integers = ENCODINGS.filter(({ name, slots }) =>
    !/[DSTR]/.test(slots) && !OTHERS.test(name)
  );
  return integers.flatMap((encoding) => {
    const kinds = kindsOf(encoding);
    const hasImmediate = /[ihwu]/.test(encoding.slots);
    return Array.from({ length: hasImmediate ? immediates : 1 }, (_, index) => {
      const value = edge(index) ?? random.next() | 0;
      const word = tried(encoding.name, { i: value, h: value, w: value, u: value });
      return { name: `${encoding.name} ${value}`, word, kinds, mode: null };
    });
  });
}

/** Loads, stores and atomic operations, at addresses that they can have. */
export function memoryCases(random: SeededRandom, offsets: number): Case[] {
  const accesses = ENCODINGS.filter(({ name }) => /^([sl][bhwd]u?|f[ls][wd]|amo.*)$/.test(name));
  const cases = accesses.flatMap((encoding) => {
    const { name, slots } = encoding;
    const count = /[mM]/.test(slots) ? offsets : 1;
    return Array.from({ length: count }, () => {
      const offset = random.below(33) - 16;
      const word = tried(name, { m: offset, M: offset, T: 7, o: random.below(4) });
      const mode = name.startsWith("f") ? 0 : null;
      return { name: `${name} ${offset}`, word, kinds: accessKinds(encoding), mode };
    });
  });
  const pairs = [4, 8].map((size): Case => {
    const suffix = size === 4 ? "w" : "d";
    return {
      name: `lr.${suffix} and sc.${suffix}`,
      word: tried(`sc.${suffix}`),
      first: tried(`lr.${suffix}`, { d: 28 }),
      kinds: [`address${size as 4 | 8}`, "integer"],
      mode: null,
    };
  });
  return [...cases, ...pairs];
}

function accessKinds({ name, slots }: Encoding): Kind[] {
  const isAtomic = slots.includes("A");
  const address = !isAtomic ? "address1" : name.endsWith(".w") ? "address4" : "address8";
  if (/[dD]/.test(slots) && !isAtomic) return [address];
  return [address, slots.includes("T") ? "float64" : "integer"];
}

function edge(index: number): number | undefined {
  return [0, 1, -1, 31, 2047, -2048][index];
}

function kindsOf({ name, slots }: Encoding): Kind[] {
  const floats = name.endsWith(".s") || name === "fmv.x.w" ? "float32" : "float64";
  return [...slots].flatMap((letter): Kind[] => {
    if (/[STR]/.test(letter)) return [floats];
    return /[st]/.test(letter) ? ["integer"] : [];
  });
}
