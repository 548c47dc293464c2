/**
 * Compiled code that calls what is not compiled, and goes on behind the call.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { createProcessor } from "../../cpu/mod.ts";
import { StopReason } from "../../cpu/stop_reason.ts";
import {
  add,
  addi,
  bne,
  CODE,
  DATA,
  EBREAK,
  ECALL,
  jal,
  jalr,
  ld,
  lui,
  sd,
  slli,
  srli,
  sw,
} from "../support/guest.ts";

/** Functions of 64 bytes: so many that none is called often enough to be compiled. */
const RARE = 0x40000;
const COUNT = 4096;
const ROUNDS = 30_000;

/** The stack, which grows down to `DATA`. */
const STACK_PAGES = 400;
const STACK = DATA + 0x1000000 + STACK_PAGES * 4096;

const RETURN = jalr(0, 1, 0);

/** Where `CALLER` is, and what is behind the call in it. */
const CALLER_AT = CODE + 5 * 4;
const BEHIND = CALLER_AT + 9 * 4;

/** Calls one function after the other, by `CALLER`, which is compiled soon; counts rounds in `x5`. */
const PROGRAM = [
  jal(1, CALLER_AT - CODE),
  addi(5, 5, -1),
  bne(5, 0, -8),
  ECALL,
  EBREAK,
  // CALLER:
  addi(2, 2, -16),
  sd(1, 2, 0),
  addi(13, 13, 1),
  slli(6, 13, 52),
  srli(6, 6, 46),
  lui(7, RARE),
  add(6, 6, 7),
  addi(14, 14, 1),
  jalr(1, 6, 0),
  addi(11, 11, 1),
  ld(1, 2, 0),
  addi(2, 2, 16),
  RETURN,
];

type Tier = "auto" | "interpreter";

/** A machine with this program; `rare` gives the words of a function by its number. */
function machine(tier: Tier, rare: (number: number) => readonly number[]) {
  const cpu = createProcessor({ memoryBytes: 16 << 20, tier });
  const space = cpu.createSpace();
  const context = cpu.createContext();
  const page = (address: number, access: number) => {
    const frame = cpu.memory.allocate();
    space.map(address / 4096, frame, access);
    return frame;
  };
  const code = page(CODE, 7);
  PROGRAM.forEach((word, at) => cpu.memory.words[code * 1024 + at] = word);
  for (let at = 1; at <= STACK_PAGES; at++) page(STACK - at * 4096, 3);
  for (let first = 0; first < COUNT; first += 64) {
    const frame = page(RARE + first * 64, 5);
    for (let at = 0; at < 64; at++) {
      rare(first + at).forEach((word, index) =>
        cpu.memory.words[frame * 1024 + at * 16 + index] = word
      );
    }
  }
  context.pc = CODE;
  context.set(2, STACK);
  context.set(5, ROUNDS);
  return { cpu, space, context };
}

/** All registers at the end, run by the interpreter alone and as it pays, in pieces of some length. */
function runBoth(rare: (number: number) => readonly number[], quantum = 1e9) {
  const found = (["interpreter", "auto"] as const).map((tier) => {
    const { cpu, space, context } = machine(tier, rare);
    let reason: StopReason = StopReason.BUDGET;
    while (reason === StopReason.BUDGET) reason = cpu.run(context, space, quantum);
    assertEquals(reason, StopReason.SYSCALL);
    assertEquals(cpu.compiled > 0, tier === "auto");
    const registers = Array.from({ length: 32 }, (_, at) => context.get(at));
    return { registers, retired: cpu.retired };
  });
  assertEquals(found[1], found[0]);
  return found[0]!.registers;
}

Deno.test("code behind a call goes on where the interpreter comes back to it", () => {
  const registers = runBoth(() => [addi(10, 10, 1), RETURN]);
  assertEquals([registers[10], registers[11]], [ROUNDS, ROUNDS]);
});

Deno.test("it does so wherever a run is interrupted, to the instruction", () => {
  for (const quantum of [1, 2, 3, 7, 19, 997]) {
    const registers = runBoth(() => [addi(10, 10, 1), addi(10, 10, 1), RETURN], quantum);
    assertEquals([registers[10], registers[11]], [2 * ROUNDS, ROUNDS]);
  }
});

Deno.test("a function that goes somewhere else instead does not come back by mistake", () => {
  const registers = runBoth(() => [addi(10, 10, 1), ld(1, 2, 0), addi(2, 2, 16), RETURN]);
  assertEquals([registers[10], registers[11]], [ROUNDS, 0]);
});

Deno.test("what is behind the call is what was written there in the meantime", () => {
  // Function 77 does so from its fifth time on, when all else is compiled.
  const rewrite = [
    srli(20, 13, 14),
    bne(20, 0, 8),
    RETURN,
    lui(20, CODE),
    lui(21, 0x00258000),
    addi(21, 21, 0x593),
    sw(21, 20, BEHIND - CODE),
    RETURN,
  ];
  const registers = runBoth((number) => number === 77 ? rewrite : [addi(10, 10, 1), RETURN]);
  const before = 4 * COUNT + 76;
  assertEquals(registers[11], before + 2 * (ROUNDS - before));
});

Deno.test("calls of both kinds nest deeper than the host's stack goes", () => {
  // Calls `CALLER` while `x12` is not 0.
  const rare = (number: number) => {
    const at = RARE + number * 64;
    return [
      bne(12, 0, 8),
      RETURN,
      addi(12, 12, -1),
      addi(2, 2, -16),
      sd(1, 2, 0),
      jal(1, CALLER_AT - (at + 5 * 4)),
      ld(1, 2, 0),
      addi(2, 2, 16),
      addi(10, 10, 1),
      RETURN,
    ];
  };
  for (const depth of [3, 40, 2000, 40_000]) {
    const { cpu, space, context } = machine("auto", rare);
    context.set(5, 4000);
    assertEquals(cpu.run(context, space, 1e9), StopReason.SYSCALL);
    assert(cpu.compiled > 0);
    context.pc = CODE;
    context.set(5, 1);
    context.set(12, depth);
    context.set(11, 0);
    assertEquals(cpu.run(context, space, 1e9), StopReason.SYSCALL);
    assertEquals([context.get(10), context.get(11), context.get(2)], [depth, depth + 1, STACK]);
  }
});

Deno.test("a thread that is handed over to is never taken for the one that called", () => {
  const { cpu, space, context } = machine("auto", () => [ECALL, addi(10, 10, 1), RETURN]);
  const other = { space: cpu.createSpace(), context: cpu.createContext() };
  for (let page = 0; page < 0x2000; page++) {
    const entry = space.lookup(page);
    if (entry !== 0) other.space.map(page, entry >>> 3, entry & 7);
  }
  // It has a function of its own behind the same address: four are added there.
  const code = cpu.memory.allocate();
  other.space.map(CODE / 4096, code, 5);
  PROGRAM.forEach((word, at) => cpu.memory.words[code * 1024 + at] = word);
  cpu.memory.words[code * 1024 + (BEHIND - CODE) / 4] = addi(11, 11, 4);
  other.context.pc = CODE;
  other.context.set(2, STACK - 4096);
  other.context.set(5, ROUNDS);
  const threads = [{ space, context }, other];
  let calls = 0;
  cpu.onSyscall = () => {
    if (threads.some((one) => one.context.pc === CODE + 16)) return false;
    const next = threads[++calls % 2]!;
    cpu.handOver(next.context, next.space, 1e9);
    return true;
  };
  assertEquals(cpu.run(context, space, 1e9), StopReason.SYSCALL);
  const [first, second] = threads.map(({ context }) => [context.get(10), context.get(11)]);
  assert(cpu.compiled > 0);
  assertEquals(first![1], first![0]);
  assertEquals(second![1], 4 * second![0]!);
  assert(first![0]! + second![0]! >= 2 * ROUNDS - 1);
});

Deno.test("a thread that begins where nothing ever is has no instruction there", () => {
  const { cpu, space, context } = machine("auto", () => [RETURN]);
  context.pc = -1;
  assertEquals(cpu.run(context, space, 1e6), StopReason.FAULT);
  assertEquals(cpu.retired, 0);
});
