import { assertEquals } from "@std/assert";
import { JumpTargets } from "../../cpu/region/jump_targets.ts";
import { Frames } from "../../cpu/memory/frames.ts";
import { TARGETS } from "../../cpu/layout.ts";
import { add, addi, bne, CODE, EBREAK, guest, jal, jalr } from "../support/guest.ts";

const CASES = 16;
/** In the first half of the rounds there is one case. */
const HALF = 16;
const ROUNDS = 2 << HALF;

const shift = (rd: number, rs1: number, kind: number, count: number) =>
  addi(rd, rs1, count) | kind << 12;
const and = (rd: number, rs1: number, rs2: number) => add(rd, rs1, rs2) | 7 << 12;

/** A loop with a table of cases, all but one of which are reached when the loop is hot already. */
function switchLoop(tier: "interpreter" | "auto") {
  const words = [
    shift(7, 5, 5, HALF),
    addi(7, 7, -1),
    and(7, 7, 5),
    addi(7, 7, CASES - 1) | 7 << 12,
    shift(7, 7, 1, 3),
    add(7, 7, 6),
    jalr(0, 7, 0),
  ];
  for (let at = 0; at < CASES; at++) words.push(addi(8, 8, at), jal(0, (CASES - at) * 8 - 4));
  words.push(addi(5, 5, -1), bne(5, 0, -4 * (words.length + 1)), EBREAK);
  const { cpu, space, context } = guest(words, { tier });
  context.set(5, ROUNDS - 1);
  context.set(6, CODE + 28);
  cpu.run(context, space, 1e8);
  return { sum: context.get(8), retired: cpu.retired, pc: context.pc, compiled: cpu.compiled };
}

Deno.test("a jump that goes where its compiled code did not expect does what it should", () => {
  const { compiled: _, ...plain } = switchLoop("interpreter");
  const { compiled, ...fast } = switchLoop("auto");
  assertEquals(fast, plain);
  // Once with one case, and once more with all.
  assertEquals(compiled <= 2, true, `${compiled} regions`);
});

/** A loop with a table of four cases; the last one calls a function, and goes on in the first. */
function switchBesideCall(tier: "interpreter" | "auto") {
  const [cases, end, callee] = [6, 17, 20];
  const to = (from: number, word: number) => (word - from) * 4;
  const { cpu, space, context } = guest([
    addi(9, 5, 7),
    addi(7, 5, -1),
    and(7, 7, 13),
    shift(7, 7, 1, 3),
    add(7, 7, 6),
    jalr(0, 7, 0),
    add(8, 8, 10),
    jal(0, to(7, end)),
    addi(8, 8, 1),
    jal(0, to(9, end)),
    addi(8, 8, 2),
    jal(0, to(11, end)),
    addi(8, 8, 3),
    jal(0, to(13, 14)),
    jal(1, to(14, callee)),
    addi(11, 10, 1),
    jal(0, to(16, cases)),
    addi(5, 5, -1),
    bne(5, 0, to(18, 0)),
    EBREAK,
    addi(12, 0, 2),
    addi(12, 12, -1),
    bne(12, 0, -4),
    jalr(0, 1, 0),
  ], { tier });
  context.set(5, ROUNDS);
  context.set(6, CODE + cases * 4);
  context.set(10, 5);
  context.set(13, 3);
  cpu.run(context, space, 1e8);
  const registers = [5, 7, 8, 9, 11, 12].map((register) => context.get(register));
  return { registers, retired: cpu.retired, pc: context.pc };
}

Deno.test("a case of a jump that is also reached behind a call finds its registers", () => {
  assertEquals(switchBesideCall("auto"), switchBesideCall("interpreter"));
});

Deno.test("what a jump's notes say is kept when the table forgets it", () => {
  const frames = new Frames(1 << 26 | 1 << 20);
  const targets = new JumpTargets(frames);
  const note = (at: number, jump: number, target: number) => {
    frames.longs[(TARGETS >> 3) + at * 2] = BigInt(jump);
    frames.longs[(TARGETS >> 3) + at * 2 + 1] = BigInt(target);
  };
  note(1, 0x3f_1234_5678, 0x8000_0002);
  targets.collect();
  note(1, 0x3f_1234_5678, 0x8000_0000);
  note(2, 0x44, 0x8000_0000);
  targets.collect();
  targets.collect();
  assertEquals(targets.of(0x3f_1234_5678), [0x8000_0000, 0x8000_0002]);
  assertEquals([...targets.leadingTo(0x8000_0000)], [0x3f_1234_5678, 0x44]);
  assertEquals(targets.of(0x48), []);
});

Deno.test("a way that nobody went is compiled once it is gone, with the region that leads there", () => {
  const run = (tier: "interpreter" | "auto") => {
    // The first half of the rounds take the branch, the others do not.
    const { cpu, space, context } = guest([
      shift(7, 5, 5, HALF),
      bne(7, 0, 12),
      addi(8, 8, 3),
      jal(0, 8),
      addi(8, 8, 5),
      addi(5, 5, -1),
      bne(5, 0, -24),
      EBREAK,
    ], { tier });
    context.set(5, ROUNDS - 1);
    cpu.run(context, space, 1e8);
    return { sum: context.get(8), retired: cpu.retired, pc: context.pc, compiled: cpu.compiled };
  };
  const { compiled: _, ...plain } = run("interpreter");
  const { compiled, ...fast } = run("auto");
  assertEquals(fast, plain);
  assertEquals(compiled, 2);
});
