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
  sw,
} from "../support/guest.ts";
import { StopReason } from "../../cpu/stop_reason.ts";

const TIERS = ["interpreter", "compiler", "auto"] as const;
const ROUNDS = 400;

/** Calls a function at `CODE + 64` as often as `x5` says and adds what it gives to `x8`. */
const CALLER = [
  jal(1, 64),
  0x00a40433, // add x8, x8, x10
  addi(5, 5, -1),
  bne(5, 0, -12),
  ECALL,
];

function program(body: readonly number[]): number[] {
  return [...CALLER, ...new Array(16 - CALLER.length).fill(EBREAK), ...body];
}

const ONE = [addi(10, 0, 1), jalr(0, 1, 0)];

for (const tier of TIERS) {
  Deno.test(`${tier}: code that the kernel wrote to is what runs next`, () => {
    const { cpu, space, context, code } = guest(program(ONE), { tier });
    for (let value = 1; value <= 5; value++) {
      cpu.memory.words[code * 1024 + 16] = addi(10, 0, value);
      cpu.memory.wrote(code);
      context.pc = CODE;
      context.set(5, ROUNDS);
      context.set(8, 0);
      assertEquals(cpu.run(context, space, 1e6), StopReason.SYSCALL);
      assertEquals(context.get(8), ROUNDS * value);
    }
  });

  Deno.test(`${tier}: a function that rewrites itself is seen changed at once`, () => {
    const body = [
      sw(11, 12, 0), // its next instruction becomes x11
      addi(10, 0, 1),
      addi(11, 13, 0),
      jalr(0, 1, 0),
    ];
    const { cpu, space, context, code } = guest(program(body), { tier });
    space.map(CODE / 4096, code, 7);
    context.set(5, ROUNDS);
    context.set(12, CODE + 64 + 4);
    context.set(11, addi(10, 0, 3));
    context.set(13, addi(10, 0, 5));
    assertEquals(cpu.run(context, space, 1e6), StopReason.SYSCALL);
    assertEquals(context.get(8), 3 + (ROUNDS - 1) * 5);
  });

  Deno.test(`${tier}: data beside running code is written without harm to either`, () => {
    const body = [ld(10, 12, 0), addi(10, 10, 1), sd(10, 12, 0), jalr(0, 1, 0)];
    const { cpu, space, context, code } = guest(program(body), { tier });
    space.map(CODE / 4096, code, 7);
    context.set(5, ROUNDS);
    context.set(12, CODE + 2048);
    assertEquals(cpu.run(context, space, 1e6), StopReason.SYSCALL);
    assertEquals(context.get(8), ROUNDS * (ROUNDS + 1) / 2);
  });

  Deno.test(`${tier}: a system call that maps other code returns to the other code`, () => {
    const { cpu, space, context } = guest([
      addi(5, 5, -1),
      ECALL,
      addi(6, 6, 1),
      bne(5, 0, -12),
      EBREAK,
    ], { tier });
    const other = cpu.memory.allocate();
    [addi(5, 5, -1), ECALL, addi(7, 7, 1), bne(5, 0, -12), EBREAK].forEach((word, at) =>
      cpu.memory.words[other * 1024 + at] = word
    );
    context.set(5, ROUNDS);
    let calls = 0;
    cpu.onSyscall = () => {
      if (++calls === ROUNDS / 2) space.map(CODE / 4096, other, 5);
      return true;
    };
    assertEquals(cpu.run(context, space, 1e6), StopReason.BREAKPOINT);
    assertEquals([context.get(6), context.get(7)], [ROUNDS / 2 - 1, ROUNDS / 2 + 1]);
  });

  Deno.test(`${tier}: code that may not be executed any more faults at its address`, () => {
    const { cpu, space, context, code } = guest([addi(5, 5, -1), ECALL, bne(5, 0, -8), EBREAK], {
      tier,
    });
    context.set(5, ROUNDS);
    let calls = 0;
    cpu.onSyscall = () => {
      if (++calls === ROUNDS / 2) space.map(CODE / 4096, code, 1);
      return true;
    };
    assertEquals(cpu.run(context, space, 1e6), StopReason.FAULT);
    assertEquals([context.pc, cpu.faultAddress, cpu.faultAccess], [CODE + 8, CODE + 8, 4]);
  });

  Deno.test(`${tier}: memory that is taken away, moved or protected is so at the next access`, () => {
    const { cpu, space, context } = guest([
      ld(10, 12, 0),
      sd(10, 12, 8),
      ECALL,
      addi(5, 5, -1),
      bne(5, 0, -16),
      EBREAK,
    ], { tier });
    const other = cpu.memory.allocate();
    cpu.memory.words[other * 1024] = 42;
    const run = (change: () => void) => {
      let calls = 0;
      cpu.onSyscall = () => {
        if (++calls === 300) change();
        return true;
      };
      context.pc = CODE;
      context.set(5, ROUNDS);
      context.set(12, DATA);
      return cpu.run(context, space, 1e6);
    };
    assertEquals(run(() => space.map(DATA / 4096, other, 3)), StopReason.BREAKPOINT);
    assertEquals([context.get(10), cpu.memory.words[other * 1024 + 2]], [42, 42]);
    assertEquals(run(() => space.map(DATA / 4096, other, 1)), StopReason.FAULT);
    assertEquals([context.pc, cpu.faultAddress, cpu.faultAccess], [CODE + 4, DATA + 8, 2]);
    space.map(DATA / 4096, other, 3);
    assertEquals(run(() => space.unmap(DATA / 4096, 1)), StopReason.FAULT);
    assertEquals([context.pc, cpu.faultAddress, cpu.faultAccess], [CODE, DATA, 1]);
  });

  Deno.test(`${tier}: a breakpoint in code that already ran hot is not run past`, () => {
    const { cpu, space, context } = guest(program(ONE), { tier });
    context.set(5, ROUNDS);
    assertEquals(cpu.run(context, space, 1e6), StopReason.SYSCALL);
    cpu.setBreakpoint(space, CODE + 64, true);
    context.pc = CODE;
    context.set(5, ROUNDS);
    assertEquals(cpu.run(context, space, 1e6), StopReason.BREAKPOINT);
    assertEquals([context.pc, context.get(5)], [CODE + 64, ROUNDS]);
  });

  Deno.test(`${tier}: two spaces with the same text run it, each with its own data`, () => {
    const { cpu, space, context, code } = guest([
      lui(12, DATA),
      ld(10, 12, 0),
      0x00a40433,
      addi(5, 5, -1),
      bne(5, 0, -12),
      ECALL,
    ], { tier });
    const other = cpu.createSpace();
    const data = cpu.memory.allocate();
    cpu.memory.words[data * 1024] = 7;
    other.map(CODE / 4096, code, 5);
    other.map(DATA / 4096, data, 3);
    for (const [one, value] of [[space, 0], [other, 7], [space, 0], [other, 7]] as const) {
      context.pc = CODE;
      context.set(5, ROUNDS);
      context.set(8, 0);
      assertEquals(cpu.run(context, one, 1e6), StopReason.SYSCALL);
      assertEquals(context.get(8), ROUNDS * value);
    }
  });

  Deno.test(`${tier}: a thread's store breaks what another one had reserved`, () => {
    const LR = 0x1006252f | 2 << 12; // lr.w x10, (x12)
    const SC = 0x18d625af; // sc.w x11, x13, (x12)
    const { cpu, space, context, data } = guest([LR, SC, ECALL, sw(0, 12, 0), ECALL], { tier });
    context.set(12, DATA);
    const thief = cpu.createContext();
    thief.set(12, DATA);
    const attempt = (between: () => void) => {
      context.pc = CODE;
      assertEquals(cpu.run(context, space, 1), StopReason.BUDGET);
      between();
      assertEquals(cpu.run(context, space, 10), StopReason.SYSCALL);
      return context.get(11);
    };
    assertEquals(attempt(() => {}), 0);
    assertEquals(
      attempt(() => {
        thief.pc = CODE + 12;
        cpu.run(thief, space, 10);
      }),
      1,
    );
    assertEquals(
      attempt(() => {
        thief.pc = CODE + 12;
        thief.set(12, DATA + 64);
        cpu.run(thief, space, 10);
      }),
      0,
    );
    assertEquals(attempt(() => cpu.memory.wrote(data)), 1);
  });
}
