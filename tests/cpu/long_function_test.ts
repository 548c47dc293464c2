import { assert, assertEquals } from "@std/assert";
import { decode } from "../../cpu/riscv64/decode.ts";
import { RISCV64 } from "../../cpu/riscv64/isa.ts";
import { readRegion } from "../../cpu/region/region.ts";
import { add, addi, bne, CODE, EBREAK, guest, jal, jalr } from "../support/guest.ts";

/** A function with so many cases of so many instructions is much longer than a region. */
const CASES = 256;
const CASE = 16;
const ROUNDS = 400_000;

const shift = (rd: number, rs1: number, kind: number, count: number) =>
  addi(rd, rs1, count) | kind << 12;
const xor = (rd: number, rs1: number, rs2: number) => add(rd, rs1, rs2) | 4 << 12;

/** A loop that goes to a case by chance, as a function that interprets a language does. */
function interpreterLoop(): number[] {
  const words = [
    shift(7, 9, 1, 2),
    add(9, 9, 7),
    addi(9, 9, 1237),
    shift(7, 9, 5, 9),
    addi(7, 7, CASES - 1) | 7 << 12,
    shift(7, 7, 1, 6),
    add(7, 7, 6),
    jalr(0, 7, 0),
  ];
  for (let at = 0; at < CASES; at++) {
    for (let one = 2; one < CASE; one += 2) words.push(addi(8, 8, at + one), xor(8, 8, 9));
    words.push(addi(8, 8, 1), jal(0, (CASES - at) * CASE * 4 - 4 * (CASE - 1)));
  }
  words.push(addi(5, 5, -1), bne(5, 0, 8), EBREAK);
  words.push(jal(0, -4 * words.length));
  return words;
}

function run(tier: "interpreter" | "auto") {
  const words = interpreterLoop();
  const { cpu, space, context } = guest(words.slice(0, 1024), { tier });
  for (let from = 1024; from < words.length; from += 1024) {
    const frame = cpu.memory.allocate();
    space.map((CODE + from * 4) / 4096, frame, 1 | 4);
    cpu.memory.words.set(words.slice(from, from + 1024), frame * 1024);
  }
  context.set(5, ROUNDS);
  context.set(6, CODE + 8 * 4);
  cpu.run(context, space, 1e9);
  const { compiled } = cpu;
  return { sum: context.getBig(8), left: context.get(5), retired: cpu.retired, compiled };
}

Deno.test("a function that is longer than any region does what it should", () => {
  const { compiled: _, ...plain } = run("interpreter");
  const { compiled, ...fast } = run("auto");
  assertEquals(fast, plain);
  assertEquals(plain.left, 0);
  assert(compiled > 1, "it is more than one region");
});

Deno.test("what is behind a long region is compiled without what is compiled already", () => {
  const words = interpreterLoop();
  const sizes: number[] = [];
  const entries = new Set<number>();
  const source = {
    at: (address: number) => {
      const bits = words[(address - CODE) / 4];
      return bits === undefined ? null : decode(bits);
    },
    targetsOf: () => Array.from({ length: CASES }, (_, at) => CODE + (8 + at * CASE) * 4),
    isReached: () => true,
    isCompiled: (address: number) => entries.has(address),
  };
  const work = [CODE];
  for (let entry = work.pop(); entry !== undefined; entry = work.pop()) {
    if (entries.has(entry)) continue;
    const { blocks, instructions } = readRegion(entry, RISCV64, source, 1000)!;
    entries.add(entry);
    sizes.push(instructions.size);
    for (const { exit, address } of blocks) if (exit) work.push(address);
  }
  const all = sizes.reduce((sum, size) => sum + size, 0);
  assert(sizes.length > 1 && all < 1.5 * words.length, `${all} of ${words.length} instructions`);
});
