/**
 * Machines that compile what others of the process have compiled.
 *
 * @module
 */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { LABELS } from "../../cpu/layout.ts";
import { meaningsOf } from "../../cpu/meanings.ts";
import { RISCV64 } from "../../cpu/riscv64/isa.ts";
import { type Facts, type Made, Shelf } from "../../cpu/region/shelf.ts";
import { addi, bne, CODE, DATA, EBREAK, guest, jal, jalr, ld } from "../support/guest.ts";
import { SeededRandom } from "../support/seeded_random.ts";

/** Run something, and count the modules that V8 is given meanwhile. */
function counted<T>(run: () => T): [result: T, modules: number] {
  const { Module } = WebAssembly;
  let modules = 0;
  WebAssembly.Module = new Proxy(Module, {
    construct(target, args: [BufferSource]) {
      modules++;
      return new target(...args);
    },
  });
  try {
    return [run(), modules];
  } finally {
    WebAssembly.Module = Module;
  }
}

/** A loop that adds; how often it goes round is not in its code. */
function added(words: readonly number[], rounds: number) {
  const { cpu, space, context } = guest([...words, EBREAK], { tier: "compiler" });
  context.set(5, rounds);
  context.set(6, CODE + 12);
  cpu.run(context, space, 10_000);
  return { cpu, sum: context.get(8) };
}

const loop = (step: number) => [addi(8, 8, step), addi(5, 5, -1), bne(5, 0, -8)];

Deno.test("a machine that runs what another has run gives V8 no modules of its own", () => {
  added(loop(2), 100);
  const [first, compiling] = counted(() => added(loop(3), 100));
  const [second, again] = counted(() => added(loop(3), 50));
  assertEquals([first.sum, second.sum], [300, 150]);
  assertEquals(second.cpu.compiled, first.cpu.compiled);
  assertEquals(compiling - again, first.cpu.compiled);
});

Deno.test("other code at the same address is other code", () => {
  assertEquals([3, 4, 5, 3].map((step) => added(loop(step), 10).sum), [30, 40, 50, 30]);
});

Deno.test("the same code at other places of the table is another module", () => {
  const starts = [CODE + 8, CODE];
  for (const order of [starts, starts.toReversed()]) {
    const words = [addi(0, 0, 0), jal(0, 4), ...loop(7), EBREAK];
    const { cpu, space, context } = guest(words, { tier: "compiler" });
    for (const start of order) {
      context.pc = start;
      context.set(5, 10);
      cpu.run(context, space, 10_000);
    }
    assertEquals(context.get(8), 140);
  }
});

/** Loads of three words, and nothing, each followed by an end. */
const loads = [...[0, 8, 16].map((offset) => ld(8, 6, offset)), addi(8, 0, 9)];

Deno.test("what places remember is each machine's own, whatever it ran before", () => {
  const random = new SeededRandom(5);
  for (let round = 0; round < 60; round++) {
    const words = loads.flatMap((word) => [word, EBREAK]);
    const { cpu, space, context, data } = guest(words, { tier: "compiler" });
    [111, 222, 333].forEach((word, at) => cpu.memory.words[data * 1024 + at * 2] = word);
    context.set(6, DATA);
    for (let step = 0; step < 12; step++) {
      const one = random.below(loads.length);
      context.pc = CODE + one * 8;
      cpu.run(context, space, 100);
      assertEquals(context.get(8), [111, 222, 333, 9][one], `round ${round}, step ${step}`);
    }
  }
});

/** Jumps to one of three additions; entered at its second instruction nothing is known of them. */
const jump = [addi(0, 0, 0), jalr(0, 7, 0), ...new Array(3).fill(addi(8, 8, 1)), EBREAK];

Deno.test("a machine has tables of labels of its own, one behind the other", () => {
  // Where each machine enters which of two jumps, and where that goes.
  const first = [[0, 1, 0], [0, 1, 1], [0, 1, 2], [0, 0, 2]] as const;
  const second = [[1, 1, 0], [1, 1, 2], [1, 0, 2], [0, 0, 2]] as const;
  for (const runs of [first, [...first, ...second]]) {
    const { cpu, space, context } = guest([...jump, ...jump], { tier: "compiler" });
    for (const [which, entry, way] of runs) {
      const start = CODE + which * jump.length * 4;
      context.pc = start + entry * 4;
      context.set(7, start + 8 + way * 4);
      context.set(8, 0);
      cpu.run(context, space, 100);
      assertEquals(context.get(8), 3 - way);
    }
    assertNotEquals(cpu.memory.bytes.slice(LABELS, LABELS + 10), new Uint8Array(10));
  }
});

const instruction = (bits: number) => meaningsOf(RISCV64).of(bits)!.instruction;

const made = (size: number): Made => ({
  module: new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)),
  notes: { sites: [], tables: [], labels: [] },
  size,
});

Deno.test("a shelf finds what was made of the same, to the last fact", () => {
  const shelf = new Shelf();
  const facts: Facts = [0x10000, 1, 2, 3, 4, 0, instruction(addi(8, 8, 1))];
  const one = made(100);
  shelf.put(facts, one);
  assertEquals(shelf.find([...facts])?.module, one.module);
  assertEquals(shelf.find([...facts, 0]), null);
  assertEquals(shelf.find([...facts.slice(0, -1), instruction(addi(8, 8, 2))]), null);
  const other = made(100);
  shelf.put(facts, other);
  assertEquals(shelf.find(facts)?.module, other.module);
});

Deno.test("a shelf keeps 16 MiB, and 2,048 modules, of what was wanted last", () => {
  const shelf = new Shelf();
  const size = 1 << 21;
  for (let at = 0; at < 8; at++) shelf.put([at], made(size));
  assert(shelf.find([0]) !== null);
  shelf.put([8], made(size));
  assertEquals([0, 1, 2, 8].map((at) => shelf.find([at]) !== null), [true, false, true, true]);
  shelf.put([9], made(9 * size));
  assertEquals([0, 8, 9].map((at) => shelf.find([at]) !== null), [false, false, false]);
  for (let at = 0; at < 2049; at++) shelf.put([at], made(1));
  assertEquals([0, 1, 2048].map((at) => shelf.find([at]) !== null), [false, true, true]);
});
