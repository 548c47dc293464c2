/**
 * What a program finds at its first instruction: its stack to the byte, and its addresses.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { mapsText } from "../../kernel/linux/mm/maps_text.ts";
import { encode, other, tinyElf } from "../support/tiny_elf.ts";
import { TestLinux } from "../support/linux.ts";

function started(type: number, environment: readonly string[] = []) {
  const machine = new TestLinux();
  machine.put("/program", encode(tinyElf(type)));
  const args = ["./aux_static", "123"];
  const group = machine.start({ path: "/program", args, environment });
  if (typeof group === "number") throw new Error(`execve answers ${group}`);
  return { machine, group, mm: group.mm, context: group.leader!.context };
}

function text(bytes: Uint8Array | number): string {
  if (typeof bytes === "number") throw new Error("the stack can be read");
  return new TextDecoder().decode(bytes);
}

/** The auxiliary vector of a fixed program without a linker, in its order. */
function expectedAuxv({ vdso, random, path }: { vdso: number; random: number; path: number }) {
  const caches = [40, 41, 42, 43, 44, 45, 46, 47].map((key) => [key, 0]);
  const first = [[33, vdso], ...caches, [51, 1088], [16, 0x112d], [6, 4096], [17, 100]];
  const program = [[3, 0x10040], [4, 56], [5, 1], [7, 0], [8, 0], [9, 0x12fc0]];
  const ids = [[11, 0], [12, 0], [13, 0], [14, 0], [23, 0]];
  return [...first, ...program, ...ids, [25, random], [31, path], [27, 28], [28, 32], [0, 0]];
}

Deno.test("argc, argv, envp and the auxiliary vector lie on the stack as Linux lays them", () => {
  const { mm, context } = started(2, ["HOME=/home/user", "PATH=/usr/bin"]);
  const sp = context.get(2);
  const word = (at: number) => mm.memory.readU64(sp + at * 8);
  // The end of the stack, 8 bytes of zeros, the path, the environment, the arguments.
  const path = 0x4000000000 - 8 - 9;
  const environment = [path - 14 - 16, path - 14];
  const args = [environment[0]! - 4 - 13, environment[0]! - 4];
  const random = args[0]! - args[0]! % 16 - 16;
  assertEquals(sp % 16, 0);
  assertEquals(word(0), 2);
  assertEquals([word(1), word(2), word(3)], [...args, 0]);
  assertEquals([word(4), word(5), word(6)], [...environment, 0]);
  const at = (address: number) => text(mm.memory.stringBytes(address, 100));
  assertEquals([at(word(1)), at(word(2))], ["./aux_static", "123"]);
  assertEquals([at(word(4)), at(word(5))], ["HOME=/home/user", "PATH=/usr/bin"]);
  const auxv: [number, number][] = [];
  for (let index = 7;; index += 2) {
    auxv.push([word(index), word(index + 1)]);
    if (word(index) === 0) break;
  }
  assertEquals(auxv, expectedAuxv({ vdso: mm.vdso, random, path }));
  assertEquals(at(path), "/program");
  const used = (7 + auxv.length * 2) * 8;
  assertEquals(sp, random - used - (random - used) % 16);
  assertEquals(context.get(10), 0);
});

Deno.test("the addresses of a fixed program: its file, vvar, vdso, and a stack of 33 pages", () => {
  const { machine, mm } = started(2);
  const lines = mapsText(mm, machine.linux.root).split("\n").map((line) => {
    const [range, prot, offset, , , name = ""] = line.split(/ +/);
    return [range, prot, offset, name].join(" ");
  });
  assertEquals(lines, [
    "00010000-00013000 r-xp 00000000 /program",
    "3ff7ffd000-3ff7fff000 r--p 00000000 [vvar]",
    "3ff7fff000-3ff8000000 r-xp 00000000 [vdso]",
    "3ffffdf000-4000000000 rw-p 00000000 [stack]",
    "   ",
  ]);
});

Deno.test("a movable program without a linker lies below the stack, its heap where others begin", () => {
  const { mm } = started(3);
  assertEquals(mm.vmas.all.at(-2)!.end, 0x3ff8000000);
  assertEquals(mm.brkStart, 0x2aaaaaa000);
});

Deno.test("a movable program with a linker lies at two thirds of the addresses", () => {
  const machine = new TestLinux();
  const elf = tinyElf(3);
  elf.segments.push(other(3, { offset: 0x2000n, filesz: 8n }));
  elf.strings[0x2000] = "/linker\0";
  machine.put("/program", encode(elf));
  machine.put("/linker", encode(tinyElf(3)));
  const group = machine.start({ path: "/program" });
  if (typeof group === "number") throw new Error(`execve answers ${group}`);
  const { mm, leader } = group;
  assertEquals(mm.vmas.all[0]!.start, 0x2aaaaaa000);
  assertEquals(mm.brkStart, 0x2aaaaad000);
  assertEquals(leader!.context.pc, 0x3ff8000000 - 0x3000 + 0x2fc0);
});

Deno.test("with chance, two machines of one seed agree and those of two seeds do not", () => {
  const layoutOf = (seed: number) => {
    const machine = new TestLinux({ seed, randomize: true });
    machine.put("/program", encode(tinyElf(3)));
    const group = machine.start({ path: "/program" });
    if (typeof group === "number") throw new Error(`execve answers ${group}`);
    const layout = group.mm.vmas.all.map(({ start }) => start);
    assertEquals(machine.wait(group).status, 42 << 8);
    return layout.join();
  };
  assertEquals(layoutOf(1), layoutOf(1));
  assertEquals(layoutOf(1) === layoutOf(2), false);
});
