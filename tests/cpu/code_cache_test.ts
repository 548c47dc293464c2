import { assertEquals } from "@std/assert";
import { StopReason } from "../../cpu/stop_reason.ts";
import { addi, bne, CODE, DATA, EBREAK, guest, jal, jalr, ld, sd } from "../support/guest.ts";

const FUNCTIONS = 4500;

Deno.test("more functions than the code cache holds all do what they should, again and again", () => {
  const { cpu, space, context } = guest([
    jalr(1, 6, 0),
    addi(6, 6, 8),
    addi(5, 5, -1),
    bne(5, 0, -12),
    EBREAK,
  ], { tier: "compiler", memoryBytes: 32 << 20 });
  const words: number[] = [];
  for (let at = 0; at < FUNCTIONS; at++) words.push(addi(8, 8, 1), jalr(0, 1, 0));
  for (let page = 0; page * 1024 < words.length; page++) {
    const frame = cpu.memory.allocate();
    cpu.memory.words.set(words.slice(page * 1024, page * 1024 + 1024), frame * 1024);
    space.map(CODE / 4096 + 1 + page, frame, 5);
  }
  for (let round = 1; round <= 2; round++) {
    context.pc = CODE;
    context.set(5, FUNCTIONS);
    context.set(6, CODE + 4096);
    assertEquals(cpu.run(context, space, 1e7), StopReason.BREAKPOINT);
    assertEquals(context.get(8), round * FUNCTIONS);
  }
});

Deno.test("a chain of blocks that is longer than any region is compiled in pieces", () => {
  const words = new Array(1000).fill(jal(1, 4));
  const { cpu, space, context } = guest([...words, EBREAK], { tier: "compiler" });
  assertEquals(cpu.run(context, space, 1e7), StopReason.BREAKPOINT);
  assertEquals([context.pc, cpu.retired], [CODE + 4000, 1000]);
});

Deno.test("a loop whose data straddles pages that do not lie together does what it should", () => {
  const { cpu, space, context } = guest([
    ld(10, 12, 0),
    ld(11, 12, 8),
    addi(10, 10, 1),
    sd(10, 12, 0),
    sd(10, 12, 8),
    addi(5, 5, -1),
    bne(5, 0, -24),
    EBREAK,
  ]);
  cpu.memory.allocate();
  space.map(DATA / 4096 + 1, cpu.memory.allocate(), 3);
  const rounds = 200_000;
  context.set(5, rounds);
  context.set(12, DATA + 4096 - 8);
  assertEquals(cpu.run(context, space, 1e8), StopReason.BREAKPOINT);
  assertEquals([context.get(10), context.get(11)], [rounds, rounds - 1]);
  assertEquals(cpu.retired, rounds * 7);
});

Deno.test("code that two spaces have at different addresses is compiled for both", () => {
  const words = [addi(8, 8, 3), addi(5, 5, -1), bne(5, 0, -8), EBREAK];
  const { cpu, space, context, code } = guest(words, { tier: "auto" });
  const other = cpu.createSpace();
  other.map(CODE / 4096 + 5, code, 1 | 4);
  const seen = [space, other, space].map((one) => {
    context.pc = one === space ? CODE : CODE + 5 * 4096;
    context.set(5, 10_000);
    cpu.run(context, one, 1e8);
    return cpu.compiled;
  });
  assertEquals(seen, [1, 2, 2]);
  assertEquals([context.get(8), cpu.retired], [90_000, 90_000]);
});
