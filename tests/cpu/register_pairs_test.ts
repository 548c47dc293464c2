/**
 * Registers that are saved and restored side by side.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { StopReason } from "../../cpu/stop_reason.ts";
import { bne, jal, jalr } from "../support/guest.ts";
import { SeededRandom } from "../support/seeded_random.ts";
import { WAYS } from "../support/subject.ts";
import { tried } from "../support/trial.ts";

const CODE = 0x10000;
const DATA = 0x20000;
const WORDS = 8;

/** Registers that hold the memory's address, nothing, and the address of a function. */
const [BASE, NOWHERE, CALLEE] = [6, 7, 8];
/** The first of the registers that are saved and restored. */
const FIRST = 16;
/** How deep jumps lie in what others jump over. */
const DEPTH = 2;

/** A program that moves registers, on some of its ways, and what is left behind when it ends. */
class Moves {
  readonly code = [jal(0, 8), jalr(0, 1, 0)];
  readonly registers = Array.from({ length: WORDS }, (_, at) => 0x1000n + BigInt(at));
  readonly memory = Array.from({ length: WORDS }, (_, at) => 0x2000n + BigInt(at));

  constructor(random: SeededRandom) {
    this.#steps(random, DEPTH);
  }

  #steps(random: SeededRandom, depth: number): void {
    for (let round = 0; round < 3; round++) {
      this.#change(random);
      if (random.below(2) === 0) this.code.push(bne(0, 0, 8));
      this.#change(random);
      // Whoever calls gives all registers away.
      if (random.below(4) === 0) this.code.push(jalr(1, CALLEE, 0));
      this.#move(random);
      if (depth > 0 && random.below(2) === 0) this.#pass(random, depth - 1);
    }
  }

  /** Steps that are jumped over, or might have been. */
  #pass(random: SeededRandom, depth: number): void {
    const [at, registers, memory] = [this.code.length, [...this.registers], [...this.memory]];
    this.code.push(0);
    this.#steps(random, depth);
    const isPassed = random.below(2) === 0;
    this.code[at] = bne(isPassed ? BASE : 0, 0, (this.code.length - at) * 4);
    if (!isPassed) return;
    this.registers.splice(0, WORDS, ...registers);
    this.memory.splice(0, WORDS, ...memory);
  }

  #move(random: SeededRandom): void {
    const [isLoad, isDown, isCrossed] = [0, 0, 0].map(() => random.below(2) === 0);
    const [register, word] = [random.below(4), random.below(4)];
    const steps = Array.from({ length: 2 + random.below(3) }, (_, at) => at);
    for (const at of isDown ? steps.reverse() : steps) {
      const other = isCrossed ? steps.length - 1 - at : at;
      if (isLoad) this.#load(register + at, word + other);
      else this.#store(register + at, word + other);
    }
  }

  #change(random: SeededRandom): void {
    for (let count = random.below(3); count > 0; count--) {
      const register = random.below(WORDS);
      this.code.push(tried("addi", { d: FIRST + register, s: FIRST + register, i: 1 }));
      this.registers[register]! += 1n;
    }
  }

  #load(register: number, word: number): void {
    this.code.push(tried("ld", { d: FIRST + register, s: BASE, m: word * 8 }));
    this.registers[register] = this.memory[word]!;
  }

  #store(register: number, word: number): void {
    this.code.push(tried("sd", { t: FIRST + register, s: BASE, M: word * 8 }));
    this.memory[word] = this.registers[register]!;
  }
}

for (const way of WAYS) {
  Deno.test(`${way.name}: registers are where they were moved to, wherever a program ends`, () => {
    const random = new SeededRandom(29);
    for (let round = 0; round < 500; round++) {
      const { code, registers, memory } = new Moves(random);
      const subject = way.create();
      subject.map(CODE, 1 | 4);
      subject.map(DATA, 1 | 2);
      const isFault = random.below(2) === 0;
      const fault = tried("lb", { d: 5, s: NOWHERE, m: 0 });
      subject.writeCode(CODE, [...code, ...(isFault ? [fault] : []), 0x73]);
      subject.pc = CODE;
      subject.set(BASE, BigInt(DATA));
      subject.set(CALLEE, BigInt(CODE + 4));
      for (let at = 0; at < WORDS; at++) subject.set(FIRST + at, 0x1000n + BigInt(at));
      const words = new BigUint64Array(WORDS).map((_, at) => 0x2000n + BigInt(at));
      subject.write(DATA, new Uint8Array(words.buffer));
      const { reason } = subject.run(1000);
      assertEquals(reason, isFault ? StopReason.FAULT : StopReason.SYSCALL);
      assertEquals(registers.map((_, at) => subject.get(FIRST + at)), registers, `round ${round}`);
      const left = new BigUint64Array(subject.read(DATA, WORDS * 8).slice().buffer);
      assertEquals([...left], memory, `round ${round}`);
    }
  });
}
