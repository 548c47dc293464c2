import { assertEquals } from "@std/assert";
import {
  addi,
  bne,
  CODE,
  DATA,
  EBREAK,
  ECALL,
  guest,
  jal,
  jalr,
  ld,
  lui,
  sd,
} from "../support/guest.ts";
import { StopReason } from "../../cpu/stop_reason.ts";

const TIERS = ["interpreter", "compiler", "auto"] as const;

const COUNT_DOWN = [addi(5, 0, 10), addi(5, 5, -1), bne(5, 0, -4), ECALL];

for (const tier of TIERS) {
  Deno.test(`${tier}: a run ends at a system call when nobody handles it, with pc behind it`, () => {
    const { cpu, space, context } = guest(COUNT_DOWN, { tier });
    assertEquals(cpu.run(context, space, 1000), StopReason.SYSCALL);
    assertEquals(context.pc, CODE + 16);
    assertEquals(cpu.retired, 22);
  });

  Deno.test(`${tier}: a run stops after exactly its budget, and goes on from there`, () => {
    for (let budget = 1; budget < 30; budget++) {
      const { cpu, space, context } = guest(COUNT_DOWN, { tier });
      let reason: StopReason = StopReason.BUDGET;
      let runs = 0;
      while (reason === StopReason.BUDGET) {
        reason = cpu.run(context, space, budget);
        runs++;
        if (reason === StopReason.BUDGET) assertEquals(cpu.retired, budget * runs);
      }
      assertEquals(reason, StopReason.SYSCALL);
      assertEquals(cpu.retired, 22);
    }
  });

  Deno.test(`${tier}: a handled system call sees exact counts and may move the program`, () => {
    const { cpu, space, context } = guest([addi(17, 0, 7), ECALL, EBREAK, addi(6, 0, 1), EBREAK], {
      tier,
    });
    const seen: number[] = [];
    cpu.onSyscall = () => {
      seen.push(cpu.retired, context.pc, context.get(17));
      context.pc += 4;
      return true;
    };
    assertEquals(cpu.run(context, space, 100), StopReason.BREAKPOINT);
    assertEquals(seen, [2, CODE + 8, 7]);
    assertEquals(context.pc, CODE + 16);
    assertEquals(context.get(6), 1);
  });

  Deno.test(`${tier}: a clock that counts instructions is exact, in loops and in what they call`, () => {
    const time = (register: number) => 0xc0102073 | register << 7;
    const loop = [addi(5, 0, 50), time(6), jal(1, 16), addi(5, 5, -1), bne(5, 0, -12), ECALL];
    const { cpu, space, context } = guest([...loop, time(7), jalr(0, 1, 0)], { tier });
    const seen: number[] = [];
    cpu.onTime = () => BigInt(seen.push(cpu.retired));
    assertEquals(cpu.run(context, space, 1000), StopReason.SYSCALL);
    assertEquals(seen, Array.from({ length: 100 }, (_, at) => 1 + 6 * (at >> 1) + 2 * (at & 1)));
    assertEquals([context.get(6), context.get(7)], [99, 100]);
  });

  Deno.test(`${tier}: a load from nowhere stops at its pc with nothing done`, () => {
    const { cpu, space, context } = guest([addi(5, 0, 3), lui(6, 0x50000), ld(5, 6, 8)], { tier });
    assertEquals(cpu.run(context, space, 100), StopReason.FAULT);
    assertEquals([context.pc, cpu.faultAddress, cpu.faultAccess, cpu.retired], [
      CODE + 8,
      0x50008,
      1,
      2,
    ]);
    assertEquals(context.get(5), 3);
  });

  Deno.test(`${tier}: a fault handler that brings the page lets the access go on`, () => {
    const { cpu, space, context } = guest([lui(6, 0x50000), sd(6, 6, 16), ld(7, 6, 16), ECALL], {
      tier,
    });
    const faults: number[][] = [];
    cpu.onFault = (address, access) => {
      faults.push([address, access, context.pc]);
      space.map(0x50, cpu.memory.allocate(), 3);
      return true;
    };
    assertEquals(cpu.run(context, space, 100), StopReason.SYSCALL);
    assertEquals(faults, [[0x50010, 2, CODE + 4]]);
    assertEquals(context.get(7), 0x50000);
  });

  Deno.test(`${tier}: an access across a page's end works, and faults at the page that is not there`, () => {
    const { cpu, space, context } = guest([
      lui(6, DATA),
      addi(6, 6, 2047),
      addi(6, 6, 2045),
      addi(5, 0, -2),
      sd(5, 6, 0),
      ld(7, 6, 0),
      ECALL,
    ], { tier });
    assertEquals(cpu.run(context, space, 100), StopReason.FAULT);
    assertEquals([cpu.faultAddress, cpu.faultAccess], [DATA + 4096, 2]);
    space.map(DATA / 4096 + 1, cpu.memory.allocate(), 3);
    assertEquals(cpu.run(context, space, 100), StopReason.SYSCALL);
    assertEquals(context.getBig(7), 2n ** 64n - 2n);
  });

  Deno.test(`${tier}: what is no instruction stops the run with its bits`, () => {
    const { cpu, space, context } = guest([addi(5, 0, 1), 0xffffffff | 0], { tier });
    assertEquals(cpu.run(context, space, 100), StopReason.ILLEGAL);
    assertEquals([context.pc, cpu.illegalBits], [CODE + 4, 0xffffffff]);
  });

  Deno.test(`${tier}: a jump to nowhere faults with pc at the target`, () => {
    const { cpu, space, context } = guest([jal(0, 0x8000)], { tier });
    assertEquals(cpu.run(context, space, 100), StopReason.FAULT);
    assertEquals([context.pc, cpu.faultAddress, cpu.faultAccess], [
      CODE + 0x8000,
      CODE + 0x8000,
      4,
    ]);
  });

  Deno.test(`${tier}: a breakpoint stops before its instruction until it is taken away`, () => {
    const { cpu, space, context } = guest(COUNT_DOWN, { tier });
    cpu.setBreakpoint(space, CODE + 8, true);
    assertEquals(cpu.run(context, space, 1000), StopReason.BREAKPOINT);
    assertEquals([context.pc, cpu.retired], [CODE + 8, 2]);
    assertEquals(cpu.run(context, space, 1000), StopReason.BREAKPOINT);
    cpu.setBreakpoint(space, CODE + 8, false);
    assertEquals(cpu.run(context, space, 1000), StopReason.SYSCALL);
    assertEquals(cpu.retired, 22);
  });

  Deno.test(`${tier}: more spaces than have translations take turns without seeing each other's memory`, () => {
    const { cpu, context, space, code } = guest([lui(6, DATA), ld(7, 6, 0), ECALL], { tier });
    const spaces = [space];
    for (let at = 1; at < 40; at++) {
      const other = cpu.createSpace();
      const data = cpu.memory.allocate();
      other.map(CODE / 4096, code, 5);
      other.map(DATA / 4096, data, 3);
      cpu.memory.words[data * 1024] = at;
      spaces.push(other);
    }
    for (let round = 0; round < 3; round++) {
      spaces.forEach((one, at) => {
        context.pc = CODE;
        assertEquals(cpu.run(context, one, 100), StopReason.SYSCALL);
        assertEquals(context.get(7), at);
      });
    }
  });
}

Deno.test("long after code was last compiled a run still stops after exactly its budget", () => {
  const { cpu, space, context } = guest([addi(5, 5, 1), jal(6, 4), addi(7, 7, 1), jal(0, -12)]);
  let sum = 0;
  for (const budget of [1e8 + 3, 5e7 + 2, 1 << 24, 2 ** 24 + 1, 7, 4e7]) {
    assertEquals(cpu.run(context, space, budget), StopReason.BUDGET);
    sum += budget;
    assertEquals(cpu.retired, sum);
    assertEquals(context.get(5), Math.ceil(sum / 4));
    assertEquals(context.get(7), Math.floor((sum + 1) / 4));
    assertEquals(context.pc, CODE + sum % 4 * 4);
  }
});

Deno.test("a machine that has met more instructions than it remembers does them all, in any place", () => {
  const add = 5 << 20 | 6 << 15 | 6 << 7 | 0x33;
  const pages = 40;
  const pairs = 500;
  const { cpu, space, context } = guest([ECALL], { tier: "interpreter" });
  const frame = space.lookup(CODE / 4096) >>> 3;
  let sum = 0;
  for (let page = 0; page < pages; page++) {
    for (let at = 0; at < pairs; at++) {
      // Some are new on each page, some are those of the page before, elsewhere.
      const value = (page + 1 - at % 2) * pairs + at;
      sum += value * 4096;
      cpu.memory.words.set([lui(5, value * 4096), add], frame * 1024 + at * 2);
    }
    cpu.memory.words[frame * 1024 + pairs * 2] = ECALL;
    cpu.memory.wrote(frame);
    context.pc = CODE;
    assertEquals(cpu.run(context, space, 10_000), StopReason.SYSCALL);
  }
  assertEquals(context.getSigned(6), sum);
});
