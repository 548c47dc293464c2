/**
 * ELF files that are a little wrong: in some bytes, or in whole numbers of their headers, which then are
 * among those that an ELF loader might trip over.
 *
 * @module
 */
import type { SeededEntropy } from "../../lab/machine/seeded_entropy.ts";
import { BASE, encode, load, other, tinyElf } from "./tiny_elf.ts";

/** Bytes of a header and of three program headers. */
const HEADERS = 240;

/** e_entry, e_phoff, and those of the first two program headers that say where something is. */
const PLACES = [
  24,
  32,
  ...[64, 120].flatMap((at) => [8, 16, 32, 40, 48].map((field) => at + field)),
];

/** Numbers that are borders of something. */
const BORDERS = [
  ...[0n, 1n, 0x1000n, 0x2000n, 0x3000n, 0x2fc0n, 0x10000n, 0x12fc0n, 0x100000n, 0x4000000n],
  ...[0x2aaaaaa000n, 0x3f00000000n, 0x3ff8000000n, 0x3fffff0000n, 0x3fffffd000n, 0x4000000000n],
  ...[21n, 36n, 37n, 38n, 46n, 62n, 63n].map((bit) => 1n << bit),
  ...[0x7fffffffffffd000n, 0x7ffffffffffff000n, -0x2000n, -0x1000n, -1n],
];

/** Files that nothing is wrong with. Those at `LINKED` want the dynamic linker /linker, which is the one at `LINKER`. */
export function wholeFiles(): Uint8Array[] {
  const linked = tinyElf(3);
  linked.segments.push(other(3, { offset: 0x2000n, filesz: 8n }));
  linked.strings[0x2000] = "/linker\0";
  const stack = tinyElf(2);
  stack.segments.push(other(0x6474e551, { flags: 7 }));
  const data = { flags: 6, offset: 0x2000n, filesz: 0x100n };
  const fixed = tinyElf(2);
  fixed.segments.push(load(BASE + 0x100000n, data));
  const movable = tinyElf(3);
  movable.segments.push(load(0x100000n, data));
  return [tinyElf(2), tinyElf(3), linked, stack, fixed, movable].map(encode);
}

/** Which of the whole files wants a dynamic linker. */
export const LINKED = 2;

/** Which of the whole files is the dynamic linker. */
export const LINKER = 1;

/** A copy of a file in which some bytes, most of them in its headers, are others. */
export function mutateBytes(base: Uint8Array, chance: SeededEntropy): Uint8Array {
  const bytes = base.slice();
  const count = 1 + chance.next() % 4;
  for (let one = 0; one < count; one++) {
    const at = chance.next() % (chance.next() % 8 === 0 ? bytes.length : HEADERS);
    bytes[at] = [0, 0xff, 0x80, chance.next() & 0xff][chance.next() % 4]!;
  }
  return bytes;
}

/** A copy of a file in which some numbers of its headers are at a border, or near one. */
export function mutateNumbers(base: Uint8Array, chance: SeededEntropy): Uint8Array {
  const bytes = base.slice();
  const view = new DataView(bytes.buffer);
  const count = 1 + chance.next() % 3;
  for (let one = 0; one < count; one++) {
    const at = PLACES[chance.next() % PLACES.length]!;
    const border = BORDERS[chance.next() % BORDERS.length]!;
    const pages = BigInt(chance.next() % 3) * 0x1000n;
    const kind = chance.next() % 4;
    const before = kind === 2 ? view.getBigUint64(at, true) : 0n;
    const value = before + border + (kind === 0 ? pages : kind === 1 ? -pages : 0n);
    view.setBigUint64(at, BigInt.asUintN(64, value), true);
    if (chance.next() % 4 > 0) continue;
    // A type or flags.
    const field = 64 + chance.next() % 2 * 56 + chance.next() % 2 * 4;
    view.setUint32(field, chance.next() % 8, true);
  }
  return bytes;
}
