/**
 * Machines for scripts: programs launched, refused, ended and asked about, with a launcher and with
 * Linux alike.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  assemble,
  type LaunchedProgram,
  linuxMachine,
  type ProgramMachine,
  zirconMachine,
} from "@zandbox/zandbox";
import { guestUrl } from "../../guests/built.ts";

const MACHINES: Readonly<Record<string, { file: string; make(seed: number): ProgramMachine }>> = {
  zircon: { file: "hello", make: (seed) => zirconMachine({ seed }) },
  linux: { file: "hello_linux", make: (seed) => linuxMachine({ seed }) },
};

function launched(machine: ProgramMachine, file: Uint8Array, ...args: string[]): LaunchedProgram {
  const program = machine.launch({ file, args });
  assert(!("reason" in program), "it is launched");
  return program;
}

for (const [model, { file, make }] of Object.entries(MACHINES)) {
  const bytes = Deno.readFileSync(guestUrl(file));

  Deno.test(`a ${model} machine runs programs side by side, each with its own end`, () => {
    const machine = make(1);
    const before = machine.now;
    using one = launched(machine, bytes, "hello", "Ada");
    using other = launched(machine, bytes, "hello", "Bob", "Eve");
    assertEquals([other.wait(), one.wait(), one.exitCode], [2, 1, 1]);
    assertMatch(other.output, /argument 1: Bob/);
    assert(machine.now > before);
    machine.run();
  });

  Deno.test(`a ${model} machine says why a file cannot be launched, and goes on`, () => {
    const machine = make(1);
    const program = machine.launch({ file: new Uint8Array(64), args: ["nothing"] });
    assert("reason" in program && program.reason.length > 0);
    using good = launched(machine, bytes, "hello");
    assertEquals(good.wait(), 0);
  });

  Deno.test(`a ${model} machine tells the same events with the same seed`, () => {
    const heard = (seed: number) => {
      const machine = make(seed);
      const kinds: string[] = [];
      machine.listen((event) => kinds.push(`${event.seq} ${event.kind} ${event.time}`));
      launched(machine, bytes, "hello").wait();
      return kinds.join("\n");
    };
    assertEquals(heard(3), heard(3));
  });

  Deno.test(`a ${model} machine knows who holds what, and what is mapped`, () => {
    const machine = make(1);
    using program = launched(machine, bytes, "hello");
    assert([...machine.authority().held].some(({ program }) => program === "hello"));
    assertMatch(program.mapText(), /r-x/);
  });
}

Deno.test("a program of Linux that is killed, or disposed of, has ended", () => {
  const machine = linuxMachine();
  const file = assemble("_start: li a7, 73\n li a0, 0\n li a1, 0\n li a2, 0\n ecall", { type: 2 });
  const idle = launched(machine, file, "idle");
  assertEquals(idle.wait(), undefined);
  idle.kill();
  assertEquals([idle.exitCode, idle.wait()], [137, 137]);
  const second = launched(machine, file, "idle");
  second[Symbol.dispose]();
  assertEquals(second.exitCode, 137);
});
