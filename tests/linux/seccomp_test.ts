/**
 * Filters of calls, as those see them who look from outside: what the log tells, how much room there
 * is, and that no program of a filter does more than answer.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { assemble } from "../../guests/assembler.ts";
import { BPF_MAXINSNS, BpfClass, BpfSize } from "../../kernel/linux/abi/bpf.ts";
import { FILTERS_LENGTH_MAX } from "../../kernel/linux/bounds.ts";
import { Errno } from "../../kernel/linux/errno.ts";
import type { CallData } from "../../kernel/linux/seccomp/call_data.ts";
import { ClassicProgram } from "../../kernel/linux/seccomp/classic_program.ts";
import { FilterSpace, SeccompFilter } from "../../kernel/linux/seccomp/filter.ts";
import { SeededEntropy } from "../../lab/machine/seeded_entropy.ts";
import { FileType } from "../../loader/elf.ts";
import { TestLinux } from "../support/linux.ts";

const isLong = Deno.args.includes("--long");
const PROGRAMS = isLong ? 1_000_000 : 50_000;
const ALLOW = 0x7fff0000;

/** Has getppid answered by a filter, makes the call, and one that nobody minds, and ends with 0. */
function guarded(action: number): Uint8Array {
  return assemble(
    `
    _start: li   a0, 1
            li   a1, 0
            la   a2, program
            li   a7, 277
            ecall
            li   a7, 173
            ecall
            li   a7, 172
            ecall
            li   a0, 0
            li   a7, 94
            ecall
            .data
            .balign 8
    rows:   .word 0x20, 0
            .word 0x01000015, 173
            .word 0x6, ${action}
            .word 0x6, ${ALLOW}
    program:
            .dword 4, rows
    `,
    { type: FileType.EXEC },
  );
}

const TOLD = [
  ["an error", 0x50005, { action: "errno", data: 5 }, 0],
  ["a signal", 0x30007, { action: "trap", data: 7 }, 31],
  ["the end of all", 0x80000000, { action: "kill_process", data: 0 }, 31],
  ["the end of one", 0, { action: "kill_thread", data: 0 }, 31],
  ["what nobody knows", 0x10000, { action: "kill_process", data: 0 }, 31],
  ["nobody to trace it", 0x7ff00001, { action: "trace", data: 1 }, 0],
  ["nobody to decide", 0x7fc00002, { action: "user_notif", data: 2 }, 0],
  ["a note", 0x7ffc0003, { action: "log", data: 3 }, 0],
] as const;

for (const [what, action, told, signal] of TOLD) {
  Deno.test(`where a call meets ${what} the log tells it once`, () => {
    const machine = new TestLinux();
    machine.remember();
    machine.put("/program", guarded(action));
    assertEquals(machine.finish("/program").status & 0x7f, signal);
    const events = machine.events.filter(({ kind }) => kind === "seccomp")
      .map((event) => {
        const { call, action, data } = event as unknown as Record<string, unknown>;
        return { call, action, data };
      });
    assertEquals(events, [{ call: 173, ...told }]);
  });
}

Deno.test("of a call that a filter lets be the log tells nothing more", () => {
  const machine = new TestLinux();
  machine.remember();
  machine.put("/program", guarded(ALLOW));
  assertEquals(machine.finish("/program").status, 0);
  assertEquals(machine.events.filter(({ kind }) => kind === "seccomp"), []);
});

/** The bytes of instructions of four numbers each. */
function bytesOf(rows: readonly (readonly [code: number, jt: number, jf: number, k: number])[]) {
  const bytes = new Uint8Array(rows.length * BpfSize.FILTER);
  const view = new DataView(bytes.buffer);
  rows.forEach(([code, jt, jf, k], at) => {
    view.setUint16(at * 8, code, true);
    view.setUint8(at * 8 + 2, jt);
    view.setUint8(at * 8 + 3, jf);
    view.setUint32(at * 8 + 4, k, true);
  });
  return bytes;
}

/** A program of so many instructions. */
function plain(length: number): ClassicProgram {
  const rows = Array.from(
    { length },
    (_, at) => at === length - 1 ? [0x06, 0, 0, ALLOW] as const : [0, 0, 0, 1] as const,
  );
  return ClassicProgram.from(bytesOf(rows)) as ClassicProgram;
}

Deno.test("the room of filters is given back once nobody has them", () => {
  const space = new FilterSpace();
  const one = new SeccompFilter(plain(100), null, space);
  assert(one.settle());
  const other = new SeccompFilter(plain(BPF_MAXINSNS), one, space);
  assert(other.settle());
  assert(!space.take(FILTERS_LENGTH_MAX));
  other.hold();
  other.drop();
  assert(!space.take(FILTERS_LENGTH_MAX));
  other.drop();
  assertEquals([one.users, other.users], [0, 0]);
  assert(space.take(FILTERS_LENGTH_MAX));
  assert(!new SeccompFilter(plain(1), null, space).settle());
});

Deno.test("whatever ends as a process does leaves no filter behind", () => {
  const machine = new TestLinux();
  machine.put("/program", guarded(0x50005));
  for (let time = 0; time < 3; time++) assertEquals(machine.finish("/program").status, 0);
  assert(machine.linux.filters.take(FILTERS_LENGTH_MAX));
});

/** Answers at every offset that programs may look at, and no other. */
const data = {
  scratch: new Uint32Array(16),
  word(offset: number): number {
    assert(offset % 4 === 0 && offset >= 0 && offset < 64);
    return Math.imul(offset, 0x9e3779b9) >>> 0;
  },
} as unknown as CallData;

Deno.test("any program is refused, or answers 32 bits", () => {
  const chance = new SeededEntropy(11);
  let good = 0;
  for (let one = 0; one < PROGRAMS; one++) {
    const length = 1 + chance.next() % 12;
    const rows = Array.from({ length }, (_, at) => {
      const isLast = at === length - 1;
      const code = isLast ? BpfClass.RET | (chance.next() & 0x10) : chance.next() & 0xff;
      const k = chance.next() % 4 === 0 ? chance.next() : chance.next() % 20;
      return [code, chance.next() % 8, chance.next() % 8, k >>> 0] as const;
    });
    const program = ClassicProgram.from(bytesOf(rows));
    if (typeof program === "number") {
      assertEquals(program, Errno.EINVAL);
      continue;
    }
    good++;
    const answer = program.run(data);
    assert(Number.isInteger(answer) && answer >= 0 && answer < 2 ** 32, `${answer}`);
  }
  assert(good > PROGRAMS / 100, `${good} are good`);
});
