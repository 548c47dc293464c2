/**
 * The self-check of machines with handles: what programs come to hold is held against the closure of
 * the moment before, where that is asked for.
 *
 * @module
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { type ProgramMachine, zirconMachine } from "@zandbox/zandbox";
import { guestUrl } from "../../guests/built.ts";
import { zirconProgram } from "../../guests/zircon_program.ts";
import { Right } from "../../kernel/abi.ts";
import { KernelBug } from "../../kernel/invariant.ts";
import { Channel } from "../../kernel/ipc/channel.ts";
import { Event } from "../../kernel/ipc/event.ts";
import { Handle } from "../../kernel/object/handle.ts";
import type { KernelObject } from "../../kernel/object/object.ts";
import type { Process } from "../../kernel/task/process.ts";
import { RULES } from "../../lab/authority/closure.ts";
import { Machine } from "../../lab/machine/machine.ts";
import { zirconVdso } from "../../lab/machine/vdso.ts";

const { READ, WRITE, EXECUTE, TRANSFER, WAIT } = Right;

/** Guests with their arguments. */
const GUESTS: Readonly<Record<string, readonly string[]>> = {
  hello: ["hello", "Ada"],
  thread_storm: ["thread_storm"],
  spawner: ["spawner"],
};

function fileOf(guest: string): Uint8Array {
  return Deno.readFileSync(guestUrl(guest));
}

/** A program that calls the kernel for ever. */
const CALLER = `_start:
  li a0, 0
  call zx_nanosleep
  j _start`;

/** Two such programs on a machine that is checked; their processes, and their next calls. */
function two() {
  const machine = new Machine();
  machine.open();
  machine.run();
  machine.holdToClosure();
  const before = new Set(machine.kernel.rootJob.processes);
  const file = zirconProgram(CALLER, zirconVdso());
  for (const name of ["one", "other"]) assert("exitCode" in machine.launch({ file, args: [name] }));
  const [one, other] = [...machine.kernel.rootJob.processes].filter((each) => !before.has(each));
  const goOn = () => machine.run({ until: machine.kernel.realm.now + 100_000 });
  return { machine, one: one!, other: other!, goOn };
}

/** Something that nobody holds yet. */
function thing(machine: Machine, name: string): Event {
  const made = new Event(machine.kernel.realm);
  made.name = name;
  made.hold();
  return made;
}

/** Give a process a handle as if a call of its own had brought it. */
function gain(
  process: Process,
  object: KernelObject,
  rights: number,
  how = "zx_channel_read",
): void {
  process.addHandle(new Handle(object, rights), how);
}

for (const [guest, args] of Object.entries(GUESTS)) {
  Deno.test(`${guest} comes to hold nothing that no rule allows`, () => {
    const machine = zirconMachine({ isChecked: true });
    const program = machine.launch({ file: fileOf(guest), args });
    if ("reason" in program) throw new Error(program.reason);
    using _ = program;
    machine.run();
  });
}

Deno.test("a handle that nobody could have sent is a bug of the kernel's", () => {
  const { machine, one, other, goOn } = two();
  const secret = thing(machine, "secret");
  gain(one, secret, READ | WAIT, "host");
  goOn();
  gain(one, secret, READ);
  assertThrows(
    () => gain(other, secret, READ),
    KernelBug,
    "other came to hold READ on secret, which no rule allows",
  );
});

Deno.test("one that could have been sent is none, and neither is a new thing", () => {
  const { machine, one, other, goOn } = two();
  const [ours, theirs] = Channel.create(machine.kernel.realm);
  gain(one, ours, WRITE, "host");
  gain(other, theirs, READ, "host");
  const letter = thing(machine, "letter");
  gain(one, letter, READ | TRANSFER | WAIT, "host");
  goOn();
  gain(other, letter, READ);
  gain(other, thing(machine, "news"), READ);
});

Deno.test("where messages could bring nothing, the first one that does is seen", () => {
  const machine = new Machine();
  machine.holdToClosure(RULES.filter((rule) => rule !== "R1"));
  machine.open();
  assertThrows(() => machine.run(), KernelBug, "no rule allows");
});

Deno.test("who does not ask for the check has nobody who listens", () => {
  const listens = (machine: Machine) => machine.kernel.realm.log.listening;
  const machine = new Machine();
  assertEquals(listens(machine), false);
  const stop = machine.holdToClosure();
  assertEquals(listens(machine), true);
  stop();
  assertEquals(listens(machine), false);
});

Deno.test("a machine that is checked does what one that is not does", () => {
  const told = (machine: ProgramMachine) => {
    const program = machine.launch({ file: fileOf("hello"), args: ["hello", "Ada"] });
    if ("reason" in program) throw new Error(program.reason);
    program.wait();
    return [program.output, machine.now];
  };
  assertEquals(told(zirconMachine({ isChecked: true })), told(zirconMachine()));
});

Deno.test("the right to be executed comes from who may make code, and is then held like others", () => {
  const { machine, one, other, goOn } = two();
  const code = thing(machine, "code");
  gain(one, code, READ, "host");
  goOn();
  gain(one, code, READ | EXECUTE, "zx_vmo_replace_as_executable");
  assertThrows(() => gain(one, code, WRITE, "zx_vmo_replace_as_executable"), KernelBug, "WRITE");
  goOn();
  gain(one, code, EXECUTE);
  assertThrows(() => gain(other, code, EXECUTE), KernelBug, "other came to hold EXECUTE on code");
});
