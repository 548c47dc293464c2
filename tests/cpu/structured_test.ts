/**
 * Random programs with the structure of compiled ones, hot enough to be compiled: whatever they leave
 * behind after a given number of instructions, run in whatever pieces, must be the same on every way
 * to execute. A program that tells two apart is made as small as it can be, and printed.
 *
 * @module
 */
import { assert } from "@std/assert";
import { StopReason } from "../../cpu/stop_reason.ts";
import { integerOperand } from "../support/operand.ts";
import { SeededRandom } from "../support/seeded_random.ts";
import { assembled, CODE, least, listing, type Program } from "../support/structured_program.ts";
import { BASE, DATA, DATA_SIZE, StructuredWriter } from "../support/structured_writer.ts";
import { FCSR, type Outcome, type Subject, type Way, WAYS } from "../support/subject.ts";

const isLong = Deno.args.includes("--long");
const PROGRAMS = isLong ? 5000 : 200;
const BUDGET = isLong ? 2_000_000 : 150_000;
/** The oracle is slow: it sees the beginning of some. */
const ORACLE_BUDGET = 20_000;
const ORACLE_EVERY = isLong ? 10 : 5;
/** Pages for code, and for the tables behind it. */
const CODE_PAGES = 12;
const STACK = 0x40000;
/** Which frames the data's pages are on: some lie together, some the other way round. */
const FRAMES = [5, 6, 2, 0, 1];

/** What a program leaves behind. */
interface Remains {
  readonly state: ReadonlyMap<string, number | bigint | string>;
  readonly data: Uint8Array;
}

/** A machine that programs are tried on, one after the other. */
class Bench {
  readonly #subject: Subject;
  readonly #frames = new Map<number, number>();
  /** Frames of data that a program has not touched yet. */
  readonly #absent = new Map<number, number>();
  #traps = 0;

  constructor(way: Way) {
    const subject = this.#subject = way.create();
    for (let page = 0; page < CODE_PAGES; page++) subject.map(CODE + page * 4096, 1 | 4);
    for (const page of [-2, -1, 0]) subject.map(STACK + page * 4096, 1 | 2);
    const frames = Array.from({ length: 7 }, () => subject.cpu.memory.allocate());
    FRAMES.forEach((frame, page) => this.#frames.set(DATA + page * 4096, frames[frame]!));
    this.#mapAll();
    subject.onSyscall = () => {
      subject.set(10, BigInt(this.#traps++) * 0x9e3779b97f4a7c15n);
      return true;
    };
    subject.onFault = (address) => {
      const page = address - address % 4096;
      const frame = this.#absent.get(page);
      if (frame === undefined) return false;
      this.#absent.delete(page);
      subject.map(page, 1 | 2, frame);
      return true;
    };
  }

  #mapAll(): void {
    this.#absent.clear();
    for (const [address, frame] of this.#frames) this.#subject.map(address, 1 | 2, frame);
  }

  /** Run a program from registers and memory of a seed, sometimes in pieces. */
  run(code: Uint8Array, seed: number, budget: number): Remains {
    const subject = this.#subject;
    const random = new SeededRandom(seed);
    this.#traps = 0;
    subject.write(CODE, code);
    subject.write(DATA, Uint8Array.from({ length: DATA_SIZE }, () => random.below(256)));
    subject.write(STACK - 0x2000, new Uint8Array(0x3000));
    for (const [address, frame] of this.#frames) {
      if (random.below(3) > 0) continue;
      subject.space.unmap(address / 4096, 1);
      this.#absent.set(address, frame);
    }
    for (let register = 1; register < 32; register++) subject.set(register, integerOperand(random));
    for (let register = 32; register < FCSR; register++) subject.set(register, random.next64());
    subject.set(FCSR, 0n);
    subject.set(2, BigInt(STACK));
    subject.set(BASE, BigInt(DATA));
    subject.pc = CODE;
    const outcome = this.#runInPieces(random, budget);
    this.#mapAll();
    return this.#remains(outcome);
  }

  #runInPieces(random: SeededRandom, budget: number): Outcome {
    let outcome = this.#subject.run(0);
    const before = outcome.retired;
    const most = random.pick([budget, budget, 100_000, 3000, 200]);
    while (outcome.reason === StopReason.BUDGET && outcome.retired - before < budget) {
      const left = budget - (outcome.retired - before);
      outcome = this.#subject.run(Math.min(left, 1 + random.below(most)));
    }
    return { ...outcome, retired: outcome.retired - before };
  }

  #remains({ reason, pc, retired, fault }: Outcome): Remains {
    const subject = this.#subject;
    const state = new Map<string, number | bigint | string>();
    state.set("reason", reason).set("pc", pc).set("retired", retired).set("traps", this.#traps);
    if (reason === StopReason.FAULT) state.set("fault", `${fault[0].toString(16)} ${fault[1]}`);
    for (let at = 1; at <= FCSR; at++) state.set(`register ${at}`, subject.get(at));
    const data = new Uint8Array(DATA_SIZE + 0x3000);
    data.set(subject.read(DATA, DATA_SIZE));
    data.set(subject.read(STACK - 0x2000, 0x3000), DATA_SIZE);
    return { state, data };
  }
}

for (const name of ["compiler", "auto"]) {
  const way = WAYS.find((one) => one.name === name)!;
  Deno.test(`${name}: structured programs leave behind what they leave behind interpreted`, () => {
    const random = new SeededRandom(name.length);
    const writer = new StructuredWriter(random);
    const [oracle, interpreter, bench] = [WAYS[0]!, WAYS[1]!, way].map((one) => new Bench(one));
    for (let seed = 1; seed <= PROGRAMS; seed++) {
      const program = writer.write(10 + random.below(random.pick([60, 150, 600])));
      const code = assembled(program).bytes;
      assert(code.length <= CODE_PAGES * 4096);
      if (seed % ORACLE_EVERY === 0) {
        const expected = oracle!.run(code, seed, ORACLE_BUDGET);
        const found = difference(expected, interpreter!.run(code, seed, ORACLE_BUDGET));
        assert(found === undefined, `interpreter, seed ${seed}: ${found}`);
      }
      const expected = interpreter!.run(code, seed, BUDGET);
      const found = difference(expected, bench!.run(code, seed, BUDGET));
      if (found !== undefined) fail(way, program, seed, found);
    }
  });
}

/** The first thing that differs. */
function difference(expected: Remains, actual: Remains): string | undefined {
  for (const [name, wanted] of expected.state) {
    const found = actual.state.get(name);
    if (wanted !== found) return `${name} is ${shown(found)}, not ${shown(wanted)}`;
  }
  const at = expected.data.findIndex((byte, index) => byte !== actual.data[index]);
  if (at < 0) return undefined;
  return `byte ${at} is ${shown(actual.data[at])}, not ${shown(expected.data[at])}`;
}

function shown(value: number | bigint | string | undefined): string {
  return typeof value === "string" ? value : `0x${(value ?? 0).toString(16)}`;
}

function fail(way: Way, program: Program, seed: number, found: string): never {
  const differs = (some: Program) => {
    const code = assembled(some).bytes;
    const expected = new Bench(WAYS[1]!).run(code, seed, BUDGET);
    return difference(expected, new Bench(way).run(code, seed, BUDGET));
  };
  if (differs(program) === undefined) {
    throw new Error(`${way.name}, seed ${seed}, only behind other programs: ${found}`);
  }
  least(program, (some) => differs(some) !== undefined);
  throw new Error(`${way.name}, seed ${seed}: ${differs(program)}\n${listing(program)}`);
}
