/**
 * How the two loaders differ where both load a program, and what each does with programs that want a
 * dynamic linker.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { RtError } from "../../kernel/rtsmart/error.ts";
import type { Lwp } from "../../kernel/rtsmart/lwp.ts";
import { TestRtSmart } from "../support/rtsmart.ts";
import { encode, EXIT_42, LOAD, type RtElf, rtElf } from "../support/rtsmart_elf.ts";

type Generation = "A" | "B";

/** A program that was loaded and did not run yet. */
function loaded(generation: Generation, elf: RtElf, args = ["prog"]) {
  const machine = new TestRtSmart({ generation }).remember();
  machine.put("/bin/prog", encode(elf));
  const lwp = machine.start({ path: "/bin/prog", args, environment: [] });
  assert(typeof lwp !== "number", `lwp_execve answers ${lwp}, ${machine.panicked}`);
  return { machine, lwp };
}

function bytesAt(lwp: Lwp, address: bigint, length: number): number[] {
  const bytes = lwp.memory.bytes(Number(address), length);
  assert(typeof bytes !== "number", `nothing is at ${address.toString(16)}`);
  return [...bytes];
}

function textAt(lwp: Lwp, address: bigint, length: number): string {
  return String.fromCharCode(...bytesAt(lwp, address, length));
}

const DATA = LOAD + 0x10000n;

Deno.test("the first loader gives every page a frame before the program begins, the later one when it is touched", () => {
  const pages = (["A", "B"] as const).map((generation) => {
    const elf = rtElf();
    elf.segments[1]!.memsz = 0x5000n;
    elf.sections[3]!.size = 0x4ff8n;
    elf.segments[1]!.flags = 4;
    const { lwp } = loaded(generation, elf);
    const addresses = [LOAD, ...Array.from({ length: 5 }, (_, at) => DATA + BigInt(at * 4096))];
    return addresses.map((address) => lwp.aspace.v2p(Number(address)) > 0);
  });
  assertEquals(pages, [
    [true, true, true, true, true, true],
    [false, false, false, false, false, false],
  ]);
});

Deno.test("zeros behind the data are written by both, by the later one only where the segment may be written", () => {
  const seen = [["A", 6], ["A", 4], ["B", 6], ["B", 4]] as const;
  const bytes = seen.map(([generation, flags]) => {
    const elf = rtElf();
    elf.segments[1]!.flags = flags;
    elf.segments[1]!.filesz = 4n;
    return textAt(loaded(generation, elf).lwp, DATA, 8).replaceAll("\0", ".");
  });
  // Without the flag the file's own bytes go on.
  assertEquals(bytes, ["DATA....", "DATA....", "DATA....", "DATADATA"]);
});

Deno.test("the first loader copies, so that a file that changes afterwards changes no program", () => {
  const after = (["A", "B"] as const).map((generation) => {
    const { machine, lwp } = loaded(generation, rtElf());
    const node = machine.rtsmart.files.find("/bin/prog") as unknown as {
      writeAt(at: number, bytes: Uint8Array): number;
    };
    node.writeAt(0x1000, new Uint8Array(4).fill(0xee));
    return bytesAt(lwp, LOAD, 1)[0] === 0xee;
  });
  // The later one shows the page cache, from which nobody is kept.
  assertEquals(after, [false, true]);
});

Deno.test("a file may be written while the later loader's program runs from it", () => {
  const machine = new TestRtSmart();
  const loop = "1: li a7, 184\necall\n";
  machine.put("/bin/prog", encode(rtElf(`${loop}j 1b\nnop\nnop\nnop\n`)));
  const lwp = machine.start({ path: "/bin/prog" });
  assert(typeof lwp !== "number");
  machine.run(lwp, machine.kernel.realm.now + 1000);
  const exit = rtElf(loop + EXIT_42).code;
  const file = machine.rtsmart.files.open("/bin/prog", 2);
  assert(typeof file !== "number");
  file.position = 0x1000;
  assertEquals(file.write(exit), exit.length);
  machine.run(lwp, machine.kernel.realm.now + 1_000_000);
  assertEquals(lwp.status, 42 << 8);
});

Deno.test("a segment that crosses a page is copied across frames by the first loader", () => {
  const elf = rtElf();
  elf.segments[1]!.vaddr = DATA + 0xffcn;
  elf.sections[2]!.address = DATA;
  elf.sections[2]!.size = 0x2000n;
  elf.segments[1]!.memsz = 8n;
  const { lwp } = loaded("A", elf);
  assertEquals(textAt(lwp, DATA + 0xffcn, 8), "DATADATA");
});

Deno.test("what crosses into a frame that is not the program's is lost, and the log says so", () => {
  const elf = rtElf();
  elf.segments[1]!.vaddr = DATA + 0xffcn;
  elf.segments[1]!.memsz = 8n;
  const { machine, lwp } = loaded("A", elf);
  assertEquals(textAt(lwp, DATA + 0xffcn, 4), "DATA");
  const told = machine.of("load").filter(({ step }) => step === "load_fread");
  assertEquals(told.map(({ detail }) => detail), [
    "4 bytes go into a frame that is not the program's",
  ]);
});

Deno.test("text and data whose pages overlap are refused before anything is mapped for them", () => {
  const elf = rtElf();
  elf.sections[1]!.size = 0x10800n;
  const machine = new TestRtSmart({ generation: "A" }).remember();
  machine.put("/bin/prog", encode(elf));
  assertEquals(machine.start({ path: "/bin/prog" }), RtError.ERROR);
  assertEquals(machine.steps.at(-1), "map_range_ckeck");
});

Deno.test("a failed mapping of the program is written to the later loader's log, and loading goes on", () => {
  const elf = rtElf();
  elf.segments[0]!.vaddr = 0x10000n;
  const { machine, lwp } = loaded("B", elf);
  const told = machine.of("load").filter(({ step }) => step === "LOG_W");
  assertEquals(told.length, 1);
  machine.run(lwp);
  assertEquals(lwp.status, 255 << 8);
  assertEquals(machine.of("exception").map(({ pc }) => pc), [Number(LOAD)]);
});

Deno.test("a program that can be anywhere begins at an entry to which the later loader adds nothing", () => {
  const elf = rtElf();
  elf.type = 3;
  for (const one of elf.segments) one.vaddr -= LOAD;
  elf.entry = 0x10n;
  const { machine, lwp } = loaded("B", elf);
  assertEquals(lwp.image.textEntry, 0x10);
  assertEquals(bytesAt(lwp, LOAD, 4), [...rtElf().code.slice(0, 4)]);
  machine.run(lwp);
  assertEquals(lwp.status, 255 << 8);
});

Deno.test("the first segment of a program that can be anywhere is mapped as large as all of it", () => {
  const elf = rtElf();
  elf.type = 3;
  for (const one of elf.segments) one.vaddr -= LOAD;
  const { machine } = loaded("B", elf);
  const maps = machine.of("map").filter(({ name }) => name === "/bin/prog");
  assertEquals(maps.map(({ address, length }) => [address, length]), [
    [Number(LOAD), 0x11000],
    [Number(DATA), 0x1000],
  ]);
});

/** A program that wants a dynamic linker, at addresses where it does not cover it. */
function wantsLinker(): RtElf {
  const elf = rtElf();
  const away = 0x100_0000n;
  for (const one of elf.segments) one.vaddr += away;
  for (const one of elf.sections.slice(1)) one.address += away;
  elf.entry += away;
  const none = { flags: 4, offset: 0n, vaddr: 0n, filesz: 0n, memsz: 0n };
  elf.segments.push({ ...none, type: 2 }, { ...none, type: 3, offset: 0x3800n, filesz: 14n });
  elf.text = "/lib/ld.so.1\0\0";
  return elf;
}

/** A dynamic linker that ends with the number of its arguments; its first word says its kind. */
function linker(): Uint8Array {
  return encode(rtElf(`ld a0, 0(sp)\naddi a0, a0, 7\nli a7, 98\necall\n`));
}

Deno.test("the first loader runs /lib/ld.so in place of a dynamic program, told its path", () => {
  const machine = new TestRtSmart({ generation: "A" }).remember();
  machine.put("/bin/prog", encode(wantsLinker()));
  machine.put("/lib/ld.so", linker());
  const lwp = machine.start({ path: "/bin/prog", args: ["prog", "x"], environment: ["A=b"] });
  assert(typeof lwp !== "number");
  assertEquals(lwp.image.textEntry, Number(LOAD));
  assertEquals([lwp.image.cmd, lwp.image.exeFile], ["/bin/prog", "/lib/ld.so"]);
  const { args } = lwp.image;
  const text = lwp.memory.readU64(args + 8);
  assertEquals(
    textAt(lwp, BigInt(text), 30),
    "ld.so\0-e\0/bin/prog\0prog\0x\0A=b\0".slice(0, 30),
  );
  assert(machine.steps.includes("load_ldso"));
  assertEquals(machine.wait(lwp).status, (5 + 7) << 8);
});

Deno.test("a dynamic linker that wants one itself is not loaded by the first loader", () => {
  const machine = new TestRtSmart({ generation: "A" });
  machine.put("/bin/prog", encode(wantsLinker()));
  machine.put("/lib/ld.so", encode(wantsLinker()));
  assertEquals(machine.start({ path: "/bin/prog" }), RtError.ERROR);
});

Deno.test("the later loader maps the dynamic linker that the program names, and enters that", () => {
  const machine = new TestRtSmart({ generation: "B" });
  machine.put("/bin/prog", encode(wantsLinker()));
  const shared = rtElf(`ld a0, 0(sp)\naddi a0, a0, 7\nli a7, 98\necall\n`);
  shared.type = 3;
  for (const one of shared.segments) one.vaddr -= LOAD;
  shared.entry = 0n;
  machine.put("/lib/ld.so.1", encode(shared));
  const lwp = machine.start({ path: "/bin/prog", args: ["prog", "x"], environment: [] });
  assert(typeof lwp !== "number");
  assertEquals(lwp.image.textEntry, Number(LOAD));
  // AT_BASE says where the linker is, AT_ENTRY where the program begins.
  const vector = lwp.image.args + 8 * (3 + 2);
  const told = new Map(
    Array.from({ length: 15 }, (_, at) => [
      lwp.memory.readU64(vector + 16 * at),
      lwp.memory.readU64(vector + 16 * at + 8),
    ]),
  );
  assertEquals([told.get(7), told.get(9)], [Number(LOAD), Number(LOAD) + 0x100_0000]);
  assertEquals(machine.wait(lwp).status, (2 + 7) << 8);
});

Deno.test("a program that can be anywhere and its dynamic linker go to the same place, and the linker wins", () => {
  const machine = new TestRtSmart({ generation: "B" });
  const elf = wantsLinker();
  elf.type = 3;
  for (const one of elf.segments) if (one.type === 1) one.vaddr -= LOAD + 0x100_0000n;
  elf.entry = 0n;
  machine.put("/bin/prog", encode(elf));
  const shared = rtElf("li a0, 9\nli a7, 98\necall\n");
  shared.type = 3;
  for (const one of shared.segments) one.vaddr -= LOAD;
  shared.entry = 0n;
  machine.put("/lib/ld.so.1", encode(shared));
  const lwp = machine.start({ path: "/bin/prog" });
  assert(typeof lwp !== "number");
  assertEquals(bytesAt(lwp, LOAD, 4), [...shared.code.slice(0, 4)]);
  assertEquals(machine.wait(lwp).status, 9 << 8);
});

Deno.test("without a page cache the later loader's program is nowhere, and the first one's runs", () => {
  const ends = (["A", "B"] as const).map((generation) => {
    const machine = new TestRtSmart({ generation, hasPageCache: false });
    machine.put("/bin/prog", encode(rtElf(EXIT_42)));
    return machine.finish("/bin/prog").status;
  });
  assertEquals(ends, [42 << 8, 255 << 8]);
});

Deno.test("a program that can be anywhere has every word of its .got moved by the first loader", () => {
  const elf = rtElf();
  elf.type = 3;
  elf.sections[2]!.name = ".got";
  elf.sections[2]!.type = 1;
  const { machine, lwp } = loaded("A", elf);
  assert(machine.steps.includes("arch_elf_reloc"));
  // Where it is linked to its place the words are moved by nothing.
  assertEquals(textAt(lwp, DATA, 8), "DATADATA");
});

Deno.test("relocations of 32-bit ARM are done, in a section of the name that they have there", () => {
  const load = 0xd000_0000n;
  const elf = rtElf();
  elf.type = 3;
  elf.entry = 0n;
  const [none, text] = elf.sections;
  const at = { type: 1, flags: 3, offset: 0x3000n, size: 8n };
  elf.sections = [
    none!,
    { ...text!, address: 0n },
    { ...at, name: ".rel.dyn", address: 0x10000n },
    { ...at, name: ".got", address: 0x10008n },
  ];
  // The segment is where the program goes, because nothing is added where it is copied.
  const size = { filesz: 16n, memsz: 16n };
  elf.segments = [{ type: 1, flags: 6, offset: 0x3000n, vaddr: load + 0x10000n, ...size }];
  // R_ARM_RELATIVE for 0x10008, and two words of .got.
  elf.textAt = 0x3000;
  elf.text = "\x08\0\x01\0\x17\0\0\0\x05\0\0\0\x06\0\0\0";
  const machine = new TestRtSmart({ generation: "A", layout: "limited" });
  machine.put("/bin/prog", encode(elf));
  const lwp = machine.start({ path: "/bin/prog" });
  assert(typeof lwp !== "number", `lwp_execve answers ${lwp}, ${machine.panicked}`);
  const got = Number(load) + 0x10008;
  // The first word is moved twice: by its relocation, and as part of .got.
  assertEquals(lwp.memory.readU32(got), (5 + 2 * Number(load)) % 2 ** 32);
  assertEquals(lwp.memory.readU32(got + 4), 6 + Number(load));
  assertEquals(lwp.image.textEntry, Number(load));
});
