import { assertEquals } from "@std/assert";
import { assemble } from "../../guests/assembler.ts";
import { LinuxMachine } from "../../lab/machine/linux_machine.ts";
import { FileType } from "../../loader/elf.ts";
import { Pace } from "../../scripts/exec/pace.ts";

/** Waits five seconds for somebody to type, and ends with 1 if somebody did, else with 0. */
const READER = assemble(
  `
  _start: la   a0, wanted
          li   a1, 1
          la   a2, time
          li   a3, 0
          li   a4, 8
          li   a7, 73
          ecall
          li   a7, 94
          ecall
          .data
          .balign 8
  wanted: .word 0
          .half 1
          .half 0
  time:   .dword 5, 0
  `,
  { type: FileType.EXEC },
);

function reader() {
  const machine = new LinuxMachine({ isTerminal: true });
  machine.put("/tmp/reader", READER);
  const program = machine.start({ path: "/tmp/reader", args: ["reader"] });
  if (typeof program === "number") throw new Error(`execve answers ${program}`);
  const host = { now: 1000 };
  const pace = new Pace(machine.kernel, () => host.now);
  const run = () => pace.run(() => program.ended);
  return { machine, program, host, pace, run };
}

Deno.test("at a terminal a program waits as long on the host as it says", () => {
  const { program, host, pace, run } = reader();
  assertEquals(run(), "asleep");
  assertEquals(Math.round(pace.left), 5000);
  host.now += 2000;
  pace.wake();
  assertEquals(run(), "asleep");
  assertEquals([Math.round(pace.left), program.ended], [3000, false]);
  host.now += 3000;
  pace.wake();
  run();
  assertEquals([program.ended, program.exitStatus >> 8], [true, 0]);
});

Deno.test("what is typed while a program waits at a terminal is there in time", () => {
  const { machine, program, host, pace, run } = reader();
  assertEquals(run(), "asleep");
  host.now += 4999;
  pace.wake();
  machine.feed(new TextEncoder().encode("here\n"));
  run();
  assertEquals([program.ended, program.exitStatus >> 8], [true, 1]);
});
