import { assertEquals } from "@std/assert";
import { StopReason } from "../../cpu/stop_reason.ts";
import { type Outcome, type Subject, type Way, WAYS } from "../support/subject.ts";
import { tried } from "../support/trial.ts";

const CODE = 0x10000;
/** Two pages to read and write, with nothing around them. */
const DATA = 0x20000;
const END = DATA + 0x2000;
const READ_ONLY = 0x30000;
const EXECUTE_ONLY = 0x40000;

const [READ, WRITE, EXECUTE, MISALIGNED] = [1, 2, 4, 8];
const BYTES = [0x80, 0x91, 0xa2, 0xb3, 0xc4, 0xd5, 0xe6, 0xf7];

/** A subject at a few instructions, with the address in \`x6\` and a value in \`x7\`. */
function at(way: Way, words: readonly number[], address: number | bigint, value = 0n): Subject {
  const subject = way.create();
  subject.map(CODE, READ | EXECUTE);
  subject.map(DATA, READ | WRITE);
  subject.map(DATA + 0x1000, READ | WRITE);
  subject.map(READ_ONLY, READ);
  subject.map(EXECUTE_ONLY, EXECUTE);
  subject.writeCode(CODE, [...words, 0x73]);
  subject.pc = CODE;
  subject.set(6, BigInt(address));
  subject.set(7, value);
  subject.set(39, value);
  return subject;
}

/** What must be where an access is refused: at the instruction, with nothing done. */
function assertRefused(outcome: Outcome, address: number, access: number, pc = CODE): void {
  assertEquals(outcome, { ...outcome, reason: StopReason.FAULT, pc, fault: [address, access] });
}

const LOADS = { lb: 1, lh: 2, lw: 4, ld: 8, lbu: 1, lhu: 2, lwu: 4, flw: 4, fld: 8 };
const STORES = { sb: 1, sh: 2, sw: 4, sd: 8, fsw: 4, fsd: 8 };
const UPDATES = ["amoswap", "amoadd", "amoxor", "amoand", "amoor", "amomin", "amomaxu"];

for (const way of WAYS) {
  const test = (name: string, run: () => void) => Deno.test(`${way.name}: ${name}`, run);

  test("loads extend as they say, at every address of a page and across its end", () => {
    for (const [name, size] of Object.entries(LOADS).filter(([name]) => !name.startsWith("f"))) {
      for (const offset of [0, 1, 3, 7, 4096 - size, 4097 - size, 4095]) {
        const subject = at(way, [tried(name, { m: -8 })], DATA + offset + 8);
        subject.write(DATA + offset, Uint8Array.from(BYTES));
        assertEquals(subject.run(10).reason, StopReason.SYSCALL);
        let value = BYTES.slice(0, size).reduceRight((sum, byte) => sum << 8n | BigInt(byte), 0n);
        if (!name.endsWith("u")) value = BigInt.asUintN(64, BigInt.asIntN(size * 8, value));
        assertEquals(subject.get(5), value, `${name} at ${offset}`);
      }
    }
  });

  test("stores write their bytes and no others", () => {
    for (const [name, size] of Object.entries(STORES)) {
      for (const offset of [1, 4, 4096 - size, 4097 - size]) {
        const subject = at(
          way,
          [tried(name, { M: 8, T: 7 })],
          DATA + offset - 8,
          0x8877665544332211n,
        );
        assertEquals(subject.run(10).reason, StopReason.SYSCALL);
        const written = [0, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88].slice(0, size + 1);
        assertEquals([...subject.read(DATA + offset - 1, size + 2)], [...written, 0], name);
      }
    }
  });

  test("an access that is not allowed faults at its first forbidden byte, with nothing done", () => {
    for (const [name, size] of Object.entries(LOADS)) {
      const refused = (address: number) => {
        const subject = at(way, [tried(name)], address, 77n);
        subject.set(5, 5n);
        subject.set(37, 6n);
        const outcome = subject.run(10);
        assertEquals([subject.get(5), subject.get(37)], [5n, 6n]);
        return outcome;
      };
      assertRefused(refused(END), END, READ);
      assertRefused(refused(DATA - 1), DATA - 1, READ);
      assertRefused(refused(EXECUTE_ONLY), EXECUTE_ONLY, READ);
      for (let part = 1; part < size; part++) assertRefused(refused(END - part), END, READ);
    }
    for (const [name, size] of Object.entries(STORES)) {
      const refused = (address: number) => {
        const subject = at(way, [tried(name)], address, ~0n);
        const outcome = subject.run(10);
        assertEquals([...subject.read(END - 8, 8)], [0, 0, 0, 0, 0, 0, 0, 0]);
        return outcome;
      };
      assertRefused(refused(END), END, WRITE);
      assertRefused(refused(READ_ONLY + 8), READ_ONLY + 8, WRITE);
      for (let part = 1; part < size; part++) assertRefused(refused(END - part), END, WRITE);
    }
  });

  test("an access that runs over the end of the address space goes on at its beginning", () => {
    const subject = at(way, [tried("lwu", { m: 1 })], 2n ** 64n - 4n);
    assertRefused(subject.run(10), 2 ** 64, READ);
    subject.map(2 ** 64 - 4096, READ | WRITE);
    assertRefused(subject.run(10), 0, READ);
    const first = subject.map(0, READ | WRITE);
    subject.cpu.memory.bytes[first * 4096] = 0xab;
    assertEquals(subject.run(10).reason, StopReason.SYSCALL);
    assertEquals(subject.get(5), 0xab000000n);
  });

  test("a page that its handler brings is used; one that it does not bring is a fault", () => {
    const subject = at(way, [tried("ld", { m: -4 })], END);
    const asked: number[][] = [];
    subject.onFault = (address, access) => {
      asked.push([address, access, subject.pc]);
      if (asked.length === 1) return false;
      subject.map(END, READ);
      return true;
    };
    assertRefused(subject.run(10), END, READ);
    assertEquals(subject.run(10).reason, StopReason.SYSCALL);
    assertEquals(asked, [[END, READ, CODE], [END, READ, CODE]]);
  });

  test("code is fetched only where it may be executed", () => {
    const jump = [tried("jalr", { d: 1, m: 1 })];
    for (const target of [DATA, READ_ONLY, END, 0]) {
      const outcome = at(way, jump, target).run(10);
      assertRefused(outcome, target, EXECUTE, target);
      assertEquals(outcome.retired, 1);
    }
  });

  test("an instruction on two pages needs both of them, a short one only its own", () => {
    const subject = at(way, [tried("jalr", { d: 0, m: 0 })], EXECUTE_ONLY + 0xffe);
    subject.write(EXECUTE_ONLY + 0xffe, Uint8Array.of(0x93, 0x02));
    assertRefused(subject.run(10), EXECUTE_ONLY + 0x1000, EXECUTE, EXECUTE_ONLY + 0xffe);
    subject.map(EXECUTE_ONLY + 0x1000, EXECUTE);
    // addi x5, x0, 77, then c.ebreak.
    subject.write(EXECUTE_ONLY + 0x1000, Uint8Array.of(0xd0, 0x04, 0x02, 0x90));
    assertEquals(subject.run(10).reason, StopReason.BREAKPOINT);
    assertEquals([subject.get(5), subject.pc], [77n, EXECUTE_ONLY + 0x1002]);

    const short = at(way, [tried("jalr", { d: 0, m: 0 })], EXECUTE_ONLY + 0xffe);
    // c.li x5, 7
    short.write(EXECUTE_ONLY + 0xffe, Uint8Array.of(0x9d, 0x42));
    assertRefused(short.run(10), EXECUTE_ONLY + 0x1000, EXECUTE, EXECUTE_ONLY + 0x1000);
    assertEquals(short.get(5), 7n);
  });

  test("atomic operations give the old value and write the new one", () => {
    const words = UPDATES.map((name) => tried(`${name}.w`, { d: 5 }));
    const results = words.map((word) => {
      const subject = at(way, [word], DATA + 4, 0xfffffffffffffff0n);
      subject.write(DATA, Uint8Array.of(9, 9, 9, 9, 0x05, 0, 0, 0x80, 9));
      assertEquals(subject.run(10).reason, StopReason.SYSCALL);
      const memory = new DataView(subject.read(DATA, 9).buffer);
      assertEquals([memory.getUint32(0, true), memory.getUint8(8)], [0x09090909, 9]);
      return [subject.get(5), memory.getUint32(4, true)];
    });
    const old = 0xffffffff80000005n;
    const made = [
      0xfffffff0,
      0x7ffffff5,
      0x7ffffff5,
      0x80000000,
      0xfffffff5,
      0x80000005,
      0xfffffff0,
    ];
    assertEquals(results, made.map((value) => [old, value]));
  });

  test("atomic operations must be aligned, and write even where they change nothing", () => {
    for (const [suffix, size] of [["w", 4], ["d", 8]] as const) {
      for (const name of [...UPDATES, "sc"]) {
        const word = tried(`${name}.${suffix}`);
        const address = DATA + size / 2;
        assertRefused(at(way, [word], address).run(10), address, WRITE | MISALIGNED);
        if (name === "sc") continue;
        assertRefused(at(way, [word], READ_ONLY).run(10), READ_ONLY, WRITE);
        assertRefused(at(way, [word], END).run(10), END, WRITE);
      }
      const reserve = tried(`lr.${suffix}`);
      assertRefused(at(way, [reserve], DATA + 1).run(10), DATA + 1, READ | MISALIGNED);
      assertRefused(at(way, [reserve], END).run(10), END, READ);
    }
  });

  test("a conditional store happens once, behind a reservation of the same address", () => {
    const [reserve, store] = [tried("lr.d", { d: 28 }), tried("sc.d", { d: 5 })];
    const again = tried("sc.d", { d: 29 });
    const both = at(way, [reserve, store, again], DATA + 8, 42n);
    assertEquals(both.run(10).reason, StopReason.SYSCALL);
    assertEquals([both.get(5), both.get(29), both.read(DATA + 8, 1)[0]], [0n, 1n, 42]);

    const alone = at(way, [store], DATA + 8, 42n);
    assertEquals(alone.run(10).reason, StopReason.SYSCALL);
    assertEquals([alone.get(5), alone.read(DATA + 8, 1)[0]], [1n, 0]);

    const elsewhere = at(way, [reserve, tried("addi", { d: 6, i: 8 }), store], DATA, 42n);
    assertEquals(elsewhere.run(10).reason, StopReason.SYSCALL);
    assertEquals([elsewhere.get(5), elsewhere.read(DATA + 8, 1)[0]], [1n, 0]);
  });

  test("a reservation outlasts the end of a run", () => {
    const subject = at(way, [tried("lr.w", { d: 28 }), tried("sc.w", { d: 5 })], DATA, 7n);
    for (let count = 0; count < 2; count++) assertEquals(subject.run(1).reason, StopReason.BUDGET);
    assertEquals([subject.get(5), subject.read(DATA, 1)[0]], [0n, 7]);
  });
}
