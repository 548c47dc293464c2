import { assertEquals } from "@std/assert";
import { StopReason } from "../../cpu/stop_reason.ts";
import { FCSR, type Subject, type Way, WAYS } from "../support/subject.ts";
import { tried } from "../support/trial.ts";

const CODE = 0x10000;
const ECALL = 0x73;
const EBREAK = 0x100073;

function at(way: Way, words: readonly number[], registers: Record<number, bigint> = {}): Subject {
  const subject = way.create();
  subject.map(CODE, 1 | 4);
  subject.writeCode(CODE, words);
  subject.pc = CODE;
  for (const [register, value] of Object.entries(registers)) subject.set(Number(register), value);
  return subject;
}

/** For each branch, operands for which it is taken and for which it is not. */
const BRANCHES: Readonly<Record<string, readonly [taken: bigint[], not: bigint[]]>> = {
  beq: [[5n, 5n], [5n, 6n]],
  bne: [[5n, 1n << 63n | 5n], [5n, 5n]],
  blt: [[-1n, 0n], [0n, 0n]],
  bge: [[0n, -1n], [-1n, 0n]],
  bltu: [[0n, -1n], [-1n, 0n]],
  bgeu: [[-1n, -1n], [0n, -1n]],
};

for (const way of WAYS) {
  const test = (name: string, run: () => void) => Deno.test(`${way.name}: ${name}`, run);

  test("branches go where they say if their condition holds, else on", () => {
    for (const [name, [taken, not]] of Object.entries(BRANCHES)) {
      const run = ([a, b]: bigint[]) => {
        const subject = at(way, [tried(name, { b: 8 }), ECALL, ECALL], { 6: a!, 7: b! });
        return subject.run(10).pc - CODE;
      };
      assertEquals([run(taken), run(not)], [12, 8], name);
    }
  });

  test("a jump leaves the address behind it, and one through a register clears the lowest bit", () => {
    const direct = at(way, [tried("jal", { d: 5, j: 12 }), ECALL, ECALL, ECALL]);
    assertEquals([direct.run(10).pc, direct.get(5)], [CODE + 16, BigInt(CODE + 4)]);

    const words = [tried("jalr", { d: 6, s: 6, m: 5 }), ECALL, ECALL];
    const indirect = at(way, words, { 6: BigInt(CODE + 4) });
    assertEquals([indirect.run(10).pc, indirect.get(6)], [CODE + 12, BigInt(CODE + 4)]);
  });

  test("the address of an instruction is what auipc adds to", () => {
    const subject = at(way, [tried("addi", { d: 0 }), tried("auipc", { u: -4096 }), ECALL]);
    subject.run(10);
    assertEquals(subject.get(5), BigInt(CODE + 4 - 4096));
  });

  test("a system call ends behind its instruction, a breakpoint at it", () => {
    const call = at(way, [ECALL]).run(10);
    assertEquals([call.reason, call.pc, call.retired], [StopReason.SYSCALL, CODE + 4, 1]);
    const stop = at(way, [EBREAK]).run(10);
    assertEquals([stop.reason, stop.pc, stop.retired], [StopReason.BREAKPOINT, CODE, 0]);
    const short = at(way, [0x9002 | 1 << 16]).run(10);
    assertEquals([short.reason, short.pc, short.retired], [StopReason.BREAKPOINT, CODE, 0]);
  });

  test("what is no instruction stops the run at it, with its bits", () => {
    for (const bits of [0, 0x8000, 0xffffffff, 0x00001067, 0x0205951b, 0x30002573]) {
      const subject = at(way, [tried("addi", { d: 5, s: 0, i: 1 }), bits | 0]);
      const { reason, pc, retired, illegal } = subject.run(10);
      const wanted = (bits & 3) === 3 ? bits : bits & 0xffff;
      assertEquals([reason, pc, retired, illegal], [StopReason.ILLEGAL, CODE + 4, 1, wanted]);
    }
  });

  test("a register of zeros stays one, and a fence does nothing that can be seen", () => {
    const words = [tried("addi", { d: 0, i: 5 }), tried("fence"), tried("fence.i"), ECALL];
    const subject = at(way, [...words, ECALL], { 6: 1n });
    assertEquals([subject.run(10).retired, subject.get(0)], [4, 0n]);
  });

  test("a breakpoint stops before its instruction", () => {
    const subject = at(way, [
      tried("addi", { d: 5, s: 5, i: 1 }),
      tried("addi", { d: 5, s: 5, i: 1 }),
    ]);
    subject.breakAt(CODE + 4);
    const { reason, pc, retired } = subject.run(10);
    assertEquals([reason, pc, retired, subject.get(5)], [StopReason.BREAKPOINT, CODE + 4, 1, 1n]);
  });

  test("code that writes code runs what it wrote, behind a fence", () => {
    const one = tried("addi", { d: 5, s: 0, i: 1 });
    const two = tried("addi", { d: 5, s: 0, i: 2 });
    // Write the first instruction of a routine that has run, and call it again.
    const words = [
      tried("jal", { d: 1, j: 20 }),
      tried("sw", { s: 28, t: 7, M: 0 }),
      tried("fence.i"),
      tried("jal", { d: 1, j: 8 }),
      ECALL,
      one,
      tried("add", { d: 29, s: 29, t: 5 }),
      tried("jalr", { d: 0, s: 1, m: 0 }),
    ];
    const subject = at(way, words, { 7: BigInt(two), 28: BigInt(CODE + 20), 29: 0n });
    const frame = Math.floor(subject.space.lookup(CODE / 4096) / 8);
    subject.map(CODE, 1 | 2 | 4, frame);
    assertEquals(subject.run(100).reason, StopReason.SYSCALL);
    assertEquals(subject.get(29), 3n);
  });

  test("counters count instructions, time is what the clock says", () => {
    const words = [
      tried("addi", { d: 0 }),
      tried("csrrs", { d: 5, s: 0, c: 0xc02 }),
      tried("csrrci", { d: 28, z: 0, c: 0xc00 }),
      tried("csrrs", { d: 29, s: 0, c: 0xc01 }),
      ECALL,
    ];
    const subject = at(way, words);
    subject.onTime = () => 0xfedcba9876543210n;
    assertEquals(subject.run(10).reason, StopReason.SYSCALL);
    assertEquals([subject.get(5), subject.get(28), subject.get(29)], [1n, 2n, 0xfedcba9876543210n]);
  });

  test("flags and rounding mode are parts of one register", () => {
    const access = (name: string, c: number, before: bigint, operand: bigint) => {
      const word = tried(name, { c, z: Number(operand & 31n) });
      const subject = at(way, [word, ECALL], { 6: operand, [FCSR]: before });
      assertEquals(subject.run(10).reason, StopReason.SYSCALL);
      return [subject.get(5), subject.get(FCSR)];
    };
    assertEquals(access("csrrw", 1, 0x7fn, 0x1e5n), [0x1fn, 0x65n]);
    assertEquals(access("csrrs", 1, 0x61n, 0x04n), [0x01n, 0x65n]);
    assertEquals(access("csrrc", 1, 0x7fn, 0x04n), [0x1fn, 0x7bn]);
    assertEquals(access("csrrw", 2, 0x1fn, 0x0an), [0n, 0x5fn]);
    assertEquals(access("csrrs", 2, 0x21n, 0x02n), [1n, 0x61n]);
    assertEquals(access("csrrci", 2, 0xe1n, 0x05n), [7n, 0x41n]);
    assertEquals(access("csrrw", 3, 0xffn, 0x1234n), [0xffn, 0x34n]);
    assertEquals(access("csrrwi", 3, 0xffn, 0x1fn), [0xffn, 0x1fn]);
    assertEquals(access("csrrsi", 3, 0x80n, 0x11n), [0x80n, 0x91n]);
  });

  test("a rounding mode that is none makes operations that would round by it no instructions", () => {
    const dynamic = tried("fcvt.d.w", { r: 7 });
    const subject = at(way, [tried("fsgnj.d"), tried("feq.d"), dynamic], { [FCSR]: 0xa0n });
    const { reason, pc, illegal } = subject.run(10);
    assertEquals([reason, pc, illegal], [StopReason.ILLEGAL, CODE + 8, dynamic >>> 0]);
    const fixed = at(way, [tried("fadd.d", { r: 1 }), ECALL], { [FCSR]: 0xe0n });
    assertEquals(fixed.run(10).reason, StopReason.SYSCALL);
  });
}
