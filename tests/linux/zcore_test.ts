/**
 * Shapes of files that end zCore's kernel: they end the one that is to be like it, and not the other.
 *
 * @module
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { knownStrings } from "../../kernel/linux/bprm.ts";
import { doExecveatCommon } from "../../kernel/linux/exec.ts";
import { createPipe } from "../../kernel/linux/fs/pipe.ts";
import { Family, SocketType } from "../../kernel/linux/abi/socket.ts";
import { Socket } from "../../kernel/linux/fs/socket.ts";
import { TestLinux } from "../support/linux.ts";
import { encode, other, type TinyElf, tinyElf } from "../support/tiny_elf.ts";

type Change = (elf: TinyElf) => void;

const SHAPES: Readonly<Record<string, readonly [Change, string]>> = {
  "no PT_LOAD": [(elf) => elf.segments = [other(4)], "first_vmo.unwrap()"],
  "no program headers": [(elf) => elf.header.phnum = 0, "first_vmo.unwrap()"],
  "an interpreter that is its own interpreter": [
    (elf) => interp(elf, "/program\0"),
    "stack overflow",
  ],
  "PT_INTERP without NUL": [(elf) => interp(elf, "/lib/ld"), "index out of bounds"],
  "an unknown p_type": [(elf) => elf.segments.push(other(9)), "get_type().unwrap()"],
  "a segment outside the file": [
    (elf) => elf.segments[0]!.filesz += 0x10000n,
    "get_data().unwrap()",
  ],
};

function interp(elf: TinyElf, text: string): void {
  elf.segments.push(other(3, { offset: 0x2000n, filesz: BigInt(text.length) }));
  elf.strings[0x2000] = text;
}

function machineWith(change: Change, faithful: boolean): TestLinux {
  const machine = new TestLinux(faithful ? { faithful: "zcore" } : {});
  const elf = tinyElf(3);
  change(elf);
  machine.put("/program", encode(elf));
  machine.put("/good", encode(tinyElf(2)));
  return machine;
}

for (const [shape, [change, reason]] of Object.entries(SHAPES)) {
  Deno.test(`${shape} ends the kernel that is like zCore, as an event`, () => {
    const machine = machineWith(change, true);
    machine.remember();
    machine.start({ path: "/program" });
    assertStringIncludes(machine.linux.panicked ?? "nothing", reason);
    assertEquals(machine.events.filter(({ kind }) => kind === "kernel-panic").length, 1);
  });

  Deno.test(`${shape} is one program's own misfortune otherwise`, () => {
    const machine = machineWith(change, false);
    const group = machine.start({ path: "/program" });
    if (typeof group !== "number") machine.run(group);
    assertEquals(machine.linux.panicked, null);
    assertEquals(machine.finish("/good").status, 42 << 8);
  });
}

Deno.test("a good program runs in the kernel that is like zCore too", () => {
  const machine = machineWith(() => {}, true);
  assertEquals(machine.finish("/program").status, 42 << 8);
});

/** A file with a table of sections: dynamic symbols, and one relocation against one of them. */
function withRelocation(type: number, symbol: number, sections = 0x2800): Uint8Array {
  const bytes = encode(tinyElf(3));
  const view = new DataView(bytes.buffer);
  view.setBigUint64(40, BigInt(sections), true);
  view.setUint16(60, 3, true);
  if (sections + 192 > bytes.length) return bytes;
  [[11, 0x2100, 48], [4, 0x2200, 24]].forEach(([kind, offset, size], at) => {
    const header = sections + (at + 1) * 64;
    view.setUint32(header + 4, kind!, true);
    view.setBigUint64(header + 24, BigInt(offset!), true);
    view.setBigUint64(header + 32, BigInt(size!), true);
  });
  view.setUint32(0x2208, type, true);
  view.setUint32(0x220c, symbol, true);
  return bytes;
}

const RELOCATIONS: Readonly<Record<string, readonly [Uint8Array, string]>> = {
  "section headers outside the file": [withRelocation(2, 0, 0x9000), "section.get_data()"],
  "a relocation against an undefined symbol": [withRelocation(2, 1), "need to find symbol"],
  "a relocation against no symbol at all": [withRelocation(2, 7), "index out of bounds"],
  "a relocation of an unknown type": [withRelocation(9, 1), "not implemented"],
};

for (const [shape, [bytes, reason]] of Object.entries(RELOCATIONS)) {
  Deno.test(`${shape} ends the kernel that is like zCore, and nobody else looks at it`, () => {
    const machine = machineWith(() => {}, true);
    machine.put("/program", bytes);
    machine.start({ path: "/program" });
    assertStringIncludes(machine.linux.panicked ?? "nothing", reason);
    const other = machineWith(() => {}, false);
    other.put("/program", bytes);
    assertEquals(other.finish("/program").status, 42 << 8);
  });
}

Deno.test("a socket that execve should close stays open in the kernel that is like zCore", () => {
  for (const faithful of [true, false]) {
    const machine = machineWith(() => {}, faithful);
    const socket = new Socket(machine.linux, {
      family: Family.UNIX,
      type: SocketType.STREAM,
      flags: 0,
    });
    const pipe = createPipe(machine.linux.pipeFs, 0)[0];
    const group = machine.start({ path: "/good" });
    if (typeof group === "number") throw new Error(`execve answers ${group}`);
    const task = group.leader!;
    const descriptors = [task.addFile(socket, true), task.addFile(pipe, true)];
    const again = doExecveatCommon(task, {
      path: "/good",
      start: machine.linux.root,
      args: knownStrings(["good"]),
      environment: knownStrings([]),
    });
    assertEquals(again, 0);
    assertEquals(descriptors.map((one) => task.file(one) !== null), [faithful, false]);
  }
});
