/**
 * What compiled code found around an address it knows for the pages nearby as well, as long as nothing
 * changes there.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { TLB_COUNT } from "../../cpu/layout.ts";
import { createProcessor } from "../../cpu/mod.ts";
import { addi, bne, CODE, ECALL, jal, ld, sd } from "../support/guest.ts";
import { WAYS } from "../support/subject.ts";

/** Where pages and their neighbours lie in one window. */
const DATA = 0x100000;
const PAGE = 4096;

for (const way of WAYS) {
  Deno.test(`${way.name}: an access that ends in a run and begins before it is made on both pages`, () => {
    const subject = way.create();
    subject.map(CODE, 1 | 4);
    subject.map(DATA, 1 | 2);
    subject.cpu.memory.allocate();
    subject.map(DATA + PAGE, 1 | 2);
    subject.write(DATA + PAGE - 4, new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]));
    subject.writeCode(CODE, [
      ld(10, 7, 0),
      sd(10, 7, 64),
      ld(11, 6, 0),
      sd(11, 6, 0),
      addi(8, 8, -1),
      bne(8, 0, -20),
      ECALL,
    ]);
    subject.onSyscall = () => false;
    subject.set(6, BigInt(DATA + PAGE - 4));
    subject.set(7, BigInt(DATA + PAGE));
    subject.set(8, 40n);
    subject.pc = CODE;
    subject.run(10_000);
    assertEquals(subject.get(10), 0x08070605n);
    assertEquals(subject.get(11), 0x0807060504030201n);
    assertEquals([...subject.read(DATA + PAGE - 4, 8)], [1, 2, 3, 4, 5, 6, 7, 8]);
  });

  Deno.test(`${way.name}: what was found around a page is not true of the page that comes after`, () => {
    const subject = way.create();
    subject.map(CODE, 1 | 4);
    const frames = [0, 1, 2, 3].map((at) => subject.map(DATA + at * PAGE, 1 | 2));
    const later = subject.cpu.memory.allocate();
    subject.cpu.memory.longs[frames[1]! * 512] = 1n;
    subject.cpu.memory.longs[later * 512] = 2n;
    subject.writeCode(CODE, [
      // Round after round, so that it is compiled in any case.
      ld(10, 6, 0),
      sd(0, 6, 8),
      addi(8, 8, -1),
      bne(8, 0, -12),
      ECALL,
      // Places that never accessed anything.
      ld(11, 7, 0),
      sd(11, 7, 8),
      addi(9, 9, -1),
      bne(9, 0, -12),
      ECALL,
      jal(0, -40),
    ]);
    let calls = 0;
    subject.onSyscall = () => {
      if (calls++ > 0) return false;
      subject.map(DATA + PAGE, 1 | 2, later);
      return true;
    };
    subject.set(6, BigInt(DATA));
    subject.set(7, BigInt(DATA + PAGE));
    subject.set(8, 40n);
    subject.set(9, 40n);
    subject.pc = CODE;
    subject.run(10_000);
    assertEquals([subject.get(11), subject.cpu.memory.longs[later * 512 + 1]], [2n, 2n]);
    assertEquals(subject.cpu.memory.longs[frames[1]! * 512 + 1], 0n);
  });
}

Deno.test("what was found in a space is not true of one that has its tables later", () => {
  const cpu = createProcessor({ memoryBytes: 16 << 20, tier: "compiler" });
  const code = cpu.memory.allocate();
  cpu.memory.words.set([ld(10, 6, 0), sd(10, 6, 8), ECALL], code * 1024);
  cpu.memory.wrote(code);
  for (let number = 1; number < TLB_COUNT * 3; number++) {
    const space = cpu.createSpace();
    const frame = cpu.memory.allocate();
    cpu.memory.longs[frame * 512] = BigInt(number);
    space.map(CODE / PAGE, code, 1 | 4);
    space.map(DATA / PAGE, frame, 1 | 2);
    const context = cpu.createContext();
    context.set(6, DATA);
    context.pc = CODE;
    cpu.run(context, space, 100);
    assertEquals(
      [context.getBig(10), cpu.memory.longs[frame * 512 + 1]],
      Array(2).fill(BigInt(number)),
    );
  }
});
