import { assertEquals } from "@std/assert";
import { StopReason } from "../../cpu/stop_reason.ts";
import { SeededRandom } from "../support/seeded_random.ts";
import { WAYS } from "../support/subject.ts";
import { tried } from "../support/trial.ts";

const CODE = 0x10000;
const DATA = 0x20000;
const BYTES = 64;

/** What is stored, from `x10` and `f10` on: each byte is another, and some have signs. */
const VALUES = [0x8877665544332211n, 0x0102030405068788n, 0xf1e2d3c4b5a69780n, 0x7f6e5d4c3b2a19n];
const FIRST = 10;
/** The register that holds the memory's address, and one that holds the same and three. */
const [BASE, OTHER] = [6, 28];

const LOADS = { lb: 1, lh: 2, lw: 4, ld: 8, lbu: 1, lhu: 2, lwu: 4 };
const STORES: Readonly<Record<number, string>> = { 1: "sb", 2: "sh", 4: "sw", 8: "sd" };

/** Stores and loads by chance, and what they must leave behind. */
class Accesses {
  readonly words: number[] = [];
  readonly memory = new DataView(new ArrayBuffer(BYTES));
  /** What is found, by register from `x16` on. */
  readonly found: bigint[] = [];
  readonly #random: SeededRandom;

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  store(offset: number, size: number, base = BASE): void {
    const from = this.#random.below(VALUES.length);
    const M = base === BASE ? offset : offset - 3;
    const isFloat = size === 8 && this.#random.below(4) === 0;
    const source = isFloat ? { T: FIRST + from } : { t: FIRST + from };
    this.words.push(tried(isFloat ? "fsd" : STORES[size]!, { M, s: base, ...source }));
    const value = VALUES[from]!;
    for (let at = 0; at < size; at++) {
      this.memory.setUint8(offset + at, Number(value >> BigInt(8 * at) & 255n));
    }
  }

  /** A whole in pieces, in any order. */
  storeInPieces(offset: number, whole: number, piece: number): void {
    const starts = Array.from({ length: whole / piece }, (_, at) => offset + at * piece);
    starts.sort(() => this.#random.below(3) - 1);
    for (const start of starts) this.store(start, piece);
  }

  add(): void {
    this.words.push(tried("amoadd.w", { d: 29, s: BASE, t: FIRST }));
    const sum = this.memory.getUint32(0, true) + Number(VALUES[0]! & 0xffff_ffffn);
    this.memory.setUint32(0, sum, true);
  }

  load(offset: number): void {
    const [name, size] = this.#random.pick(Object.entries(LOADS));
    this.words.push(tried(name, { m: offset, d: 16 + this.found.length, s: BASE }));
    const bytes = Array.from({ length: size }, (_, at) => this.memory.getUint8(offset + at));
    const value = bytes.reduceRight((sum, byte) => sum << 8n | BigInt(byte), 0n);
    const isSigned = !name.endsWith("u");
    this.found.push(isSigned ? BigInt.asUintN(64, BigInt.asIntN(size * 8, value)) : value);
  }
}

function byChance(random: SeededRandom): Accesses {
  const accesses = new Accesses(random);
  while (accesses.found.length < 6) {
    const start = random.below(16);
    const whole = random.pick([2, 4, 8]);
    const piece = random.pick([1, 2, 4].filter((size) => size < whole));
    const kind = random.below(10);
    if (kind < 4) accesses.storeInPieces(start, whole, piece);
    if (kind === 4) accesses.store(start, whole);
    // The same memory by another register, and nothing says that it is the same.
    if (kind === 5) {
      if (random.below(2) === 0) accesses.store(start, 8);
      accesses.store(start + 11, 8, OTHER);
      accesses.store(start + 3, piece, OTHER);
    }
    if (kind === 6) accesses.add();
    // Two side by side, or three, or two that overlap by a little.
    if (kind > 6) accesses.storeInPieces(start, random.pick([16, 24]), 8);
    if (kind === 9) accesses.store(start + 9, 8);
    accesses.load(random.below(4) > 0 ? start : random.below(20));
  }
  return accesses;
}

for (const way of WAYS) {
  Deno.test(`${way.name}: a load finds what was stored, in whatever pieces, pairs and ways`, () => {
    const random = new SeededRandom(17);
    for (let round = 0; round < 400; round++) {
      const { words, found, memory } = byChance(random);
      const subject = way.create();
      subject.map(CODE, 1 | 4);
      subject.map(DATA, 1 | 2);
      subject.writeCode(CODE, [...words, 0x73]);
      subject.pc = CODE;
      subject.set(BASE, BigInt(DATA));
      subject.set(OTHER, BigInt(DATA + 3));
      for (const [at, value] of VALUES.entries()) {
        subject.set(FIRST + at, value);
        subject.set(32 + FIRST + at, value);
      }
      assertEquals(subject.run(200).reason, StopReason.SYSCALL);
      assertEquals(found.map((_, at) => subject.get(16 + at)), found, `round ${round}`);
      assertEquals(subject.read(DATA, BYTES), new Uint8Array(memory.buffer), `round ${round}`);
    }
  });
}
