/**
 * Frames at host addresses that are negative as 32-bit numbers: in machines with more than two GiB.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { createProcessor } from "../../cpu/mod.ts";
import { addi, bne, CODE, DATA, ECALL, ld, sd, sw } from "../support/guest.ts";

const PAGE = 4096;
/** Frames of three GiB. */
const HIGH = 3 * 2 ** 18;

for (const tier of ["interpreter", "compiler", "auto"] as const) {
  Deno.test(`${tier}: code and data may lie above two GiB of the host's memory`, () => {
    const cpu = createProcessor({ memoryBytes: 3968 * 2 ** 20, tier });
    const { memory } = cpu;
    const frames = [0, 1, 2].map((at) => memory.allocate(HIGH + at));
    assertEquals(frames, [HIGH, HIGH + 1, HIGH + 2]);
    const space = cpu.createSpace();
    const [code, first, second] = frames as [number, number, number];
    space.map(CODE / PAGE, code, 1 | 4);
    // One run of pages, and one where the pages lie the other way round.
    space.map(DATA / PAGE, first, 1 | 2);
    space.map(DATA / PAGE + 1, second, 1 | 2);
    space.map(DATA / PAGE + 16, second, 1 | 2);
    space.map(DATA / PAGE + 17, first, 1 | 2);
    const program = [
      ld(10, 6, 64),
      addi(10, 10, 1),
      sd(10, 6, 64),
      // Over the border of two pages.
      ld(11, 7, 0),
      addi(11, 11, 1),
      sd(11, 7, 0),
      sw(10, 6, 128),
      addi(8, 8, -1),
      bne(8, 0, -32),
      ECALL,
    ];
    memory.words.set(program, code * PAGE / 4);
    memory.wrote(code);
    const context = cpu.createContext();
    for (const base of [DATA, DATA + 16 * PAGE]) {
      context.set(6, base);
      context.set(7, base + PAGE - 4);
      context.set(8, 5000);
      context.pc = CODE;
      cpu.run(context, space, 100_000);
      assertEquals([context.getBig(10), context.getBig(11)], [5000n, 5000n]);
    }
    const counts = [first, second].map((frame) => memory.longs[frame * 512 + 8]);
    assertEquals(counts, [5000n, 5000n]);
    assertEquals(tier === "interpreter", cpu.compiled === 0);
    assert(memory.freeFrames > HIGH);
  });
}
