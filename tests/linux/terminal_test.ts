/**
 * What comes from outside to a program at the machine's terminal: keys that are signals, a window of
 * another size, and an end.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { assemble } from "../../guests/assembler.ts";
import type { Group } from "../../kernel/linux/group.ts";
import { SignalNumber } from "../../kernel/linux/abi/signal.ts";
import { FileType } from "../../loader/elf.ts";
import { TestLinux } from "../support/linux.ts";

/** Waits for ever; at a SIGWINCH it ends with the number of lines that the window has then. */
const WAITER = assemble(
  `
  _start: li   a0, 28
          la   a1, action
          li   a2, 0
          li   a3, 8
          li   a7, 134
          ecall
  1:      li   a0, 0
          li   a1, 0
          li   a2, 0
          li   a3, 0
          li   a7, 73
          ecall
          j    1b
  note:   li   a0, 0
          li   a1, 0x5413
          la   a2, size
          li   a7, 29
          ecall
          la   a1, size
          lhu  a0, 0(a1)
          li   a7, 94
          ecall
          .data
          .balign 8
  action: .dword note, 0, 0
  size:   .dword 0
  `,
  { type: FileType.EXEC },
);

/** A program that waits, at a terminal or without one. */
function waiting(isTerminal: boolean): { machine: TestLinux; group: Group } {
  const machine = new TestLinux({ isTerminal });
  machine.put("/waiter", WAITER);
  const group = machine.start({ path: "/waiter" });
  if (typeof group === "number") throw new Error(`execve answers ${group}`);
  machine.run(group);
  return { machine, group };
}

Deno.test("a window of another size is a SIGWINCH for the program in front, which can ask for it", () => {
  const { machine, group } = waiting(true);
  machine.resize({ rows: 24, columns: 80 });
  machine.run(group);
  assertEquals(group.ended, false, "the size is what it was");
  machine.resize({ rows: 61, columns: 80 });
  machine.run(group);
  assertEquals(group.exitStatus, 61 << 8);
});

for (const [signal, status] of [["SIGINT", 2], ["SIGQUIT", 3 | 0x80], ["SIGTERM", 15]] as const) {
  for (const isTerminal of [true, false]) {
    const where = isTerminal ? "at a terminal" : "without a terminal";
    Deno.test(`${signal} from outside ends a program ${where}`, () => {
      const { machine, group } = waiting(isTerminal);
      machine.signal(group, SignalNumber[signal]);
      machine.run(group);
      assertEquals(group.exitStatus & 0x7f, status & 0x7f);
    });
  }
}

/** Let the terminal hand on bytes: no lines, no signals, no echo, as `cfmakeraw` leaves it. */
function makeRaw(group: Group): void {
  const task = group.leader!;
  const settings = new Uint8Array(36);
  settings[17 + 6] = 1;
  const space = task.context.get(2) - 256;
  assertEquals(task.mm.memory.write(space, settings), 0);
  assertEquals(task.file(0)!.ioctl(task, 0x5402, space), 0);
}

Deno.test("Ctrl-Z is for nobody here while a program is alone that has not asked to know of it", () => {
  const { machine, group } = waiting(true);
  assertEquals(machine.takesStop, false);
  machine.signal(group, SignalNumber.SIGTSTP);
  machine.run(group);
  assertEquals([group.stopped, group.ended], [0, false], "nobody could let it go on");
});

Deno.test("Ctrl-Z is for who ignores it or handles it, and for who wants bytes", () => {
  const { machine, group } = waiting(true);
  group.handlers.set(SignalNumber.SIGTSTP, { handler: 1, flags: 0, mask: 0n });
  assertEquals(machine.takesStop, true);
  const other = waiting(true);
  makeRaw(other.group);
  assertEquals(other.machine.takesStop, true);
  other.machine.signal(other.group, SignalNumber.SIGTSTP);
  assertEquals(other.group.terminal!.read(8), Uint8Array.of(26));
});

Deno.test("Ctrl-Z is for a job of a shell that runs here, and stops it", () => {
  const { machine, group } = waiting(true);
  const shell = machine.start({ path: "/waiter" });
  if (typeof shell === "number") throw new Error(`execve answers ${shell}`);
  machine.run(group);
  group.parent = shell;
  group.sid = shell.sid;
  group.terminal!.foreground = group.pgid;
  assertEquals(machine.takesStop, true);
  machine.signal(group, SignalNumber.SIGTSTP);
  machine.run(group);
  assertEquals(group.stopped, SignalNumber.SIGTSTP);
});

Deno.test("Ctrl-C is a byte like others where the program wants bytes", () => {
  const { machine, group } = waiting(true);
  makeRaw(group);
  machine.signal(group, SignalNumber.SIGINT);
  machine.run(group);
  assertEquals(group.ended, false);
  assertEquals(group.terminal!.read(8), Uint8Array.of(3));
});
