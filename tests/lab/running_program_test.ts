import { assert, assertEquals, assertMatch } from "@std/assert";
import { assemble } from "../../guests/assembler.ts";
import { zirconProgram } from "../../guests/zircon_program.ts";
import { TaskReturnCode } from "../../kernel/abi.ts";
import { Machine, RunningProgram } from "../../lab/mod.ts";
import { zirconVdso } from "../../lab/machine/vdso.ts";
import { guestFiles } from "../../scripts/guest_files.ts";

/** A machine with the guests in its boot image. */
function machineWithGuests(): Machine {
  const machine = new Machine();
  machine.open(guestFiles());
  return machine;
}

/** Launch one of the guests. */
function launch(machine: Machine, ...args: string[]): RunningProgram {
  const program = machine.launch({ args });
  assert(program instanceof RunningProgram, `launched: ${JSON.stringify(program)}`);
  return program;
}

Deno.test("one call launches a program, and what it prints and ends with is there", () => {
  using program = launch(machineWithGuests(), "bin/hello", "one", "two");
  assertEquals(program.exitCode, undefined);
  assertEquals(program.wait(), 2);
  assertEquals(program.output, "hello from bin/hello\nargument 1: one\nargument 2: two\n");
});

Deno.test("a program that was launched holds one handle: its end of the bootstrap channel", () => {
  using program = launch(machineWithGuests(), "bin/hello");
  assertEquals(program.handles().map(({ type }) => type), ["channel"]);
});

Deno.test("the map of a program names each memory object, and nothing is writable and executable", () => {
  using program = launch(machineWithGuests(), "bin/hello");
  const lines = program.map().map(({ access, name }) => `${access} ${name}`);
  assertEquals(lines, [
    "r-- bin/hello",
    "r-x bin/hello",
    "rw- data:hello",
    "rw- bss:hello",
    "r-- vdso/stable",
    "r-x vdso/stable",
    "rw- stack: default",
  ]);
  assertMatch(program.mapText(), /^[0-9a-f]{10}-[0-9a-f]{10} r-- 0{8} \d+ bin\/hello\n/);
});

Deno.test("what a program prints can be read as a stream, to its end", async () => {
  using program = launch(machineWithGuests(), "bin/hello", "x");
  const text = await new Response(program.readable()).text();
  assertEquals(text, "hello from bin/hello\nargument 1: x\n");
});

Deno.test("a program that is disposed of is killed", () => {
  const machine = machineWithGuests();
  const file = assemble("_start: j _start");
  const program = machine.launch({ file, args: ["forever"] });
  assert(program instanceof RunningProgram);
  assertEquals(program.wait({ until: 1_000_000 }), undefined);
  program[Symbol.dispose]();
  assertEquals(program.exitCode, TaskReturnCode.SYSCALL_KILL);
});

Deno.test("a program that cannot be launched is answered with the reason", () => {
  const program = machineWithGuests().launch({ args: ["bin/none"] });
  assert(!(program instanceof RunningProgram));
  assertEquals(program.reason, "the loader has no bin/none: NOT_FOUND");
});

Deno.test("when programs are gone, everything that was made for them is gone too", () => {
  const machine = machineWithGuests();
  const file = zirconProgram("_start: li a0, 0\n call zx_process_exit", zirconVdso());
  const runOnce = () => {
    const program = machine.launch({ file, args: ["short"] });
    assert(program instanceof RunningProgram);
    program.wait();
    program[Symbol.dispose]();
    machine.run();
    const { realm } = machine.kernel;
    return { census: realm.census(), handles: realm.handles, frames: realm.memory.freeFrames };
  };
  const first = runOnce();
  for (let n = 0; n < 5; n++) assertEquals(runOnce(), first);
});
