/**
 * Random programs on every way to execute: whatever they leave behind must be the same. A program
 * that tells them apart is made as small as it can be, and printed.
 *
 * @module
 */
import { assert } from "@std/assert";
import { floatOperand, integerOperand } from "../support/operand.ts";
import {
  assembled,
  CODE,
  DATA,
  type Item,
  listing,
  POINTERS,
  ProgramWriter,
} from "../support/random_program.ts";
import { SeededRandom } from "../support/seeded_random.ts";
import { FCSR, type Subject, type Way, WAYS } from "../support/subject.ts";

const isLong = Deno.args.includes("--long");
const INSTRUCTIONS = isLong ? 1_000_000_000 : 1_000_000;
const CODE_PAGES = 4;
const BUDGET = 20_000;

/** A machine that programs are tried on, one after the other. */
class Bench {
  readonly #subject: Subject;

  constructor(way: Way) {
    this.#subject = way.create();
    for (let page = 0; page < CODE_PAGES; page++) this.#subject.map(CODE + page * 4096, 1 | 4);
    for (let page = 0; page < 2; page++) this.#subject.map(DATA + page * 4096, 1 | 2);
  }

  /** Run a program from registers and memory of a seed; what it leaves behind, by name. */
  run(code: Uint8Array, seed: number): Record<string, string> {
    const subject = this.#subject;
    const random = new SeededRandom(seed);
    subject.write(CODE, code);
    subject.write(DATA, Uint8Array.from({ length: 8192 }, () => random.below(256)));
    for (let register = 1; register < 64; register++) {
      subject.set(register, initial(random, register));
    }
    subject.set(FCSR, BigInt(random.below(5) << 5 | random.below(32)));
    subject.pc = CODE;
    const before = subject.run(0).retired;
    const pieces = random.below(4) === 0 ? 1 + random.below(300) : BUDGET;
    let outcome = subject.run(0);
    for (let left = BUDGET; left > 0 && outcome.reason === 0; left -= pieces) {
      outcome = subject.run(Math.min(pieces, left));
    }
    const { reason, pc, retired, fault, illegal } = outcome;
    const state: Record<string, string> = {
      reason: `${reason}`,
      pc: pc.toString(16),
      retired: `${retired - before}`,
    };
    if (reason === 2) state["fault"] = `${fault[0].toString(16)} ${fault[1]}`;
    if (reason === 4) state["illegal"] = illegal.toString(16);
    for (let register = 1; register <= FCSR; register++) {
      state[`register ${register}`] = subject.get(register).toString(16);
    }
    subject.read(DATA, 8192).forEach((byte, at) => state[`byte ${at.toString(16)}`] = `${byte}`);
    return state;
  }
}

function initial(random: SeededRandom, register: number): bigint {
  if (register < 32) {
    const value = integerOperand(random);
    return POINTERS.get(register) ?? value;
  }
  if (random.below(2) === 0) return floatOperand(random, 64);
  return floatOperand(random, 32) | (random.below(8) === 0 ? 0n : 0xffffffff00000000n);
}

for (const way of WAYS.slice(1)) {
  const share = Math.ceil(INSTRUCTIONS / (WAYS.length - 1));
  Deno.test(`${way.name}: random programs leave behind what they leave behind in the oracle`, () => {
    const random = new SeededRandom(way.name.length);
    const writer = new ProgramWriter(random, way);
    const [oracle, bench] = [new Bench(WAYS[0]!), new Bench(way)];
    let executed = 0;
    for (let seed = 1; executed < share; seed++) {
      const items = writer.write(40 + random.below(160));
      const code = assembled(items);
      const expected = oracle.run(code, seed);
      executed += Number(expected["retired"]);
      const found = difference(expected, bench.run(code, seed));
      if (found !== undefined) fail(way, items, seed, found);
    }
    assert(executed >= share);
  });
}

/** The first thing that differs. */
function difference(
  expected: Readonly<Record<string, string>>,
  actual: Readonly<Record<string, string>>,
): string | undefined {
  for (const [name, value] of Object.entries({ ...actual, ...expected })) {
    if (expected[name] === actual[name] && value !== undefined) continue;
    return `${name} is ${actual[name]}, but ${expected[name]} in the oracle`;
  }
  return undefined;
}

function fail(way: Way, items: readonly Item[], seed: number, found: string): never {
  const differs = (some: readonly Item[]) => {
    const code = assembled(some);
    return difference(new Bench(WAYS[0]!).run(code, seed), new Bench(way).run(code, seed));
  };
  if (differs(items) === undefined) {
    throw new Error(`${way.name}, seed ${seed}, only behind other programs: ${found}`);
  }
  const least = shrunk(items, (some) => differs(some) !== undefined);
  throw new Error(`${way.name}, seed ${seed}: ${differs(least)}\n${listing(least)}`);
}

/** Drop as many items as can be dropped, in ever smaller pieces; the last one ends the program. */
function shrunk(
  items: readonly Item[],
  isBad: (items: readonly Item[]) => boolean,
): readonly Item[] {
  let least = items;
  for (let piece = Math.ceil(items.length / 2); piece >= 1; piece = Math.floor(piece / 2)) {
    for (let at = 0; at < least.length - 1;) {
      const last = Math.min(at + piece, least.length - 1);
      const fewer = [...least.slice(0, at), ...least.slice(last)];
      if (isBad(fewer)) least = fewer;
      else at += piece;
    }
  }
  return least;
}
