/**
 * Random programs on every way to execute: whatever they leave behind must be the same. A program
 * that tells them apart is made as small as it can be, and printed.
 *
 * @module
 */
import { assert } from "@std/assert";
import { StopReason } from "../../cpu/stop_reason.ts";
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
import { FCSR, type Outcome, type Subject, type Way, WAYS } from "../support/subject.ts";

const isLong = Deno.args.includes("--long");
const INSTRUCTIONS = isLong ? 1_000_000_000 : 1_000_000;
const ROUNDS = isLong ? 1500 : 60;
const BUDGET = isLong ? 300_000 : 20_000;
const CODE_PAGES = 4;
const DATA_SIZE = 8192;

/** What a program leaves behind. */
interface Remains {
  readonly retired: number;
  /** Where and why it ended, and what is in which register. */
  readonly state: Readonly<Record<string, number | bigint | string>>;
  readonly data: Uint8Array;
}

/** A machine that programs are tried on, one after the other. */
class Bench {
  readonly #subject: Subject;

  constructor(way: Way) {
    this.#subject = way.create();
    for (let page = 0; page < CODE_PAGES; page++) this.#subject.map(CODE + page * 4096, 1 | 4);
    for (let at = 0; at < DATA_SIZE; at += 4096) this.#subject.map(DATA + at, 1 | 2);
  }

  /** Run a program from registers and memory of a seed, sometimes in pieces. */
  run(code: Uint8Array, seed: number): Remains {
    const subject = this.#subject;
    const random = new SeededRandom(seed);
    subject.write(CODE, code);
    subject.write(DATA, Uint8Array.from({ length: DATA_SIZE }, () => random.below(256)));
    for (let register = 1; register < 64; register++) {
      subject.set(register, initial(random, register));
    }
    subject.set(FCSR, BigInt(random.below(5) << 5 | random.below(32)));
    subject.pc = CODE;
    let outcome = subject.run(0);
    const before = outcome.retired;
    const piece = random.below(4) === 0 ? 1 + random.below(300) : BUDGET;
    for (let left = BUDGET; left > 0 && outcome.reason === StopReason.BUDGET; left -= piece) {
      outcome = subject.run(Math.min(piece, left));
    }
    return this.#remains(outcome, before);
  }

  #remains({ reason, pc, retired, fault, illegal }: Outcome, before: number): Remains {
    const state: Record<string, number | bigint | string> = { reason, pc };
    state["retired"] = retired - before;
    if (reason === StopReason.FAULT) state["fault"] = `${fault[0].toString(16)} ${fault[1]}`;
    if (reason === StopReason.ILLEGAL) state["illegal"] = illegal;
    for (let register = 1; register <= FCSR; register++) {
      state[`register ${register}`] = this.#subject.get(register);
    }
    return { retired: retired - before, state, data: this.#subject.read(DATA, DATA_SIZE) };
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
    const writer = new ProgramWriter(random, ROUNDS);
    const [oracle, bench] = [new Bench(WAYS[0]!), new Bench(way)];
    let executed = 0;
    for (let seed = 1; executed < share; seed++) {
      const items = writer.write(40 + random.below(160));
      const code = assembled(items);
      const expected = oracle.run(code, seed);
      executed += expected.retired;
      const found = difference(expected, bench.run(code, seed));
      if (found !== undefined) fail(way, items, seed, found);
    }
    assert(executed >= share);
  });
}

/** The first thing that differs. */
function difference(expected: Remains, actual: Remains): string | undefined {
  for (const name of Object.keys(expected.state)) {
    const [wanted, found] = [expected.state[name], actual.state[name]];
    if (wanted !== found) return `${name} is ${shown(found)}, but ${shown(wanted)} in the oracle`;
  }
  const at = expected.data.findIndex((byte, index) => byte !== actual.data[index]);
  if (at < 0) return undefined;
  const [wanted, found] = [expected.data[at], actual.data[at]];
  return `byte ${(DATA + at).toString(16)} is ${shown(found)}, but ${shown(wanted)} in the oracle`;
}

function shown(value: number | bigint | string | undefined): string {
  return typeof value === "string" ? value : `0x${(value ?? 0).toString(16)}`;
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
