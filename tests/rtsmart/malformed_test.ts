/**
 * Files that are not what they should be, under both loaders: what each makes of them, and that the
 * machine either goes on or hangs as the real one does.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { RtError } from "../../kernel/rtsmart/error.ts";
import { TestRtSmart } from "../support/rtsmart.ts";
import { encode, LOAD, type RtElf, rtElf } from "../support/rtsmart_elf.ts";

type Verdict = "runs" | "refused" | "255" | "hangs" | "no memory";

/** A case: what is spoiled, what the first loader makes of it, and what the later one. */
type Case = readonly [name: string, first: Verdict, later: Verdict, spoil: (elf: RtElf) => void];

const FAR = 0x4000_0000_0000n;

/** Fields of the header. */
const HEADER: readonly Case[] = [
  ["nothing is spoiled", "runs", "runs", () => {}],
  ["the magic number is another", "refused", "refused", (elf) => void (elf.magic = 0x7f454c47)],
  ["the class is 32 bits", "refused", "runs", (elf) => void (elf.class = 1)],
  ["the class is none", "refused", "runs", (elf) => void (elf.class = 0)],
  ["the bytes are big-endian", "runs", "runs", (elf) => void (elf.data = 2)],
  ["the version is another", "refused", "runs", (elf) => void (elf.version = 0)],
  ["the type is none", "refused", "refused", (elf) => void (elf.type = 0)],
  ["the type is an object file's", "refused", "refused", (elf) => void (elf.type = 1)],
  ["the type is a core's", "refused", "refused", (elf) => void (elf.type = 4)],
  ["the machine is none", "runs", "refused", (elf) => void (elf.machine = 0)],
  ["the machine is x86-64", "runs", "runs", (elf) => void (elf.machine = 62)],
  ["program headers have another size", "runs", "refused", (elf) => void (elf.phentsize = 32)],
  ["there are no program headers", "refused", "refused", (elf) => void (elf.phnum = 0)],
  ["there are 129 program headers", "refused", "refused", (elf) => void (elf.phnum = 129)],
  ["program headers are behind the end", "refused", "refused", (elf) => void (elf.phoff = 0x7000n)],
  // Of the offset the first loader keeps 32 bits, which are 3: there are no segments there.
  ["program headers are far away", "255", "refused", (elf) => void (elf.phoff = FAR + 3n)],
  [
    "program headers are four gigabytes too far",
    "runs",
    "refused",
    (elf) => void (elf.phoff = 0x1_0000_0040n),
  ],
  ["there are no section headers", "refused", "runs", (elf) => void (elf.shnum = 0)],
  ["there are 5000 section headers", "refused", "runs", (elf) => void (elf.shnum = 5000)],
  ["the entry is within the text", "refused", "runs", (elf) => {
    elf.entry = LOAD + 2n;
    elf.code = Uint8Array.from([1, 0, ...elf.code]);
  }],
  ["the entry is nowhere", "refused", "255", (elf) => void (elf.entry = LOAD + 0x8000n)],
  ["the entry is zero", "255", "255", (elf) => void (elf.entry = 0n)],
];

/** Fields of segments. */
const SEGMENTS: readonly Case[] = [
  [
    "a segment has more bytes in the file than in memory",
    "refused",
    "runs",
    (elf) => void (elf.segments[0]!.filesz += 8n),
  ],
  ["a segment begins behind the file", "refused", "255", (elf) => {
    elf.segments[0]!.offset = 0x7000n;
  }],
  ["a segment ends behind the file", "hangs", "runs", (elf) => {
    elf.segments[1]!.filesz = 0x8000n;
    elf.segments[1]!.memsz = 0x8000n;
    elf.sections[2]!.size = 0x8000n;
  }],
  ["a segment is where nothing is mapped", "hangs", "runs", (elf) => {
    elf.segments[1]!.vaddr = LOAD + 0x40000n;
  }],
  ["zeros are where nothing is mapped", "hangs", "runs", (elf) => {
    elf.segments[1]!.memsz = 0x4000n;
  }],
  ["a segment is below all programs", "hangs", "255", (elf) => {
    elf.segments[0]!.vaddr = 0x10000n;
  }],
  ["a segment is beyond all addresses", "hangs", "runs", (elf) => {
    elf.segments[1]!.vaddr = FAR;
  }],
  ["a segment is four gigabytes larger", "refused", "255", (elf) => {
    elf.segments[0]!.filesz += 0x1_0000_0000n;
    elf.segments[0]!.memsz += 0x1_0000_0000n;
  }],
  ["a segment goes up to the end of all numbers", "hangs", "255", (elf) => {
    elf.segments[0]!.filesz = 0xffff_ffff_ffff_f000n;
    elf.segments[0]!.memsz = 0xffff_ffff_ffff_ffffn;
  }],
  ["the second segment covers the first", "hangs", "255", (elf) => {
    elf.segments[1]!.vaddr = LOAD;
    elf.segments[1]!.memsz = 0x4000n;
    elf.segments[1]!.filesz = 0x100n;
  }],
  ["the text is not in the first segment", "255", "255", (elf) => void elf.segments.shift()],
];

/** Fields of sections, which the later loader never reads. */
const SECTIONS: readonly Case[] = [
  ["no section has code", "refused", "runs", (elf) => void (elf.sections[1]!.type = 8)],
  ["text and data share a page", "refused", "runs", (elf) => {
    elf.sections[2]!.address = LOAD + 0x800n;
    elf.sections[3]!.address = LOAD + 0x900n;
  }],
  ["the text reaches into the stack", "refused", "runs", (elf) => {
    elf.sections[1]!.size = 0x7000_0000n;
  }],
  ["the data is below all programs", "refused", "runs", (elf) => {
    elf.sections[2]!.address = 0x1000n;
  }],
  ["the text begins within a page", "refused", "runs", (elf) => {
    elf.sections[1]!.address = LOAD + 0x10n;
  }],
  ["the data is larger than all memory", "refused", "runs", (elf) => {
    elf.sections[3]!.size = 0x1000_0000n;
  }],
];

/** Programs that can be anywhere, and dynamic ones. */
const DYNAMIC: readonly Case[] = [
  ["the program can be anywhere", "hangs", "255", (elf) => {
    elf.type = 3;
    move(elf, -LOAD);
    elf.entry = 0n;
  }],
  ["a program that can be anywhere is where it would go", "runs", "255", (elf) => {
    elf.type = 3;
  }],
  ["the program wants a dynamic linker, and there is none", "refused", "refused", (elf) => {
    elf.segments.push(segment(2), segment(3, { offset: 0x3800n, filesz: 11n }));
    elf.text = "/lib/ld.so\0";
  }],
  ["the dynamic linker's path has no end", "refused", "refused", (elf) => {
    elf.segments.push(segment(2), segment(3, { offset: 0x3800n, filesz: 4n }));
    elf.text = "/lib/ld.so\0";
  }],
  ["the dynamic linker's path is too long", "refused", "refused", (elf) => {
    elf.segments.push(segment(2), segment(3, { offset: 0x3800n, filesz: 257n }));
  }],
  ["the dynamic linker's path is empty", "refused", "refused", (elf) => {
    elf.segments.push(segment(2), segment(3));
  }],
  ["a dynamic section, and nobody to read it", "refused", "runs", (elf) => {
    elf.segments.push(segment(2));
  }],
];

/** How files can be cut short. */
const LENGTHS: readonly Case[] = [0, 1, 4, 63].map((length) => [
  `the file has ${length} bytes`,
  "refused",
  "refused",
  (elf) => void (elf.length = length === 0 ? -0x6000 : length),
]);

function segment(type: number, change: { offset?: bigint; filesz?: bigint } = {}) {
  return { type, flags: 4, offset: 0n, vaddr: 0n, filesz: 0n, memsz: 0n, ...change };
}

function move(elf: RtElf, by: bigint): void {
  for (const one of elf.segments) one.vaddr += by;
  for (const one of elf.sections.slice(1)) one.address += by;
}

function verdict(generation: "A" | "B", elf: RtElf): Verdict {
  const machine = new TestRtSmart({ generation, memoryBytes: 16 << 20 });
  machine.put("/bin/file", encode(elf));
  const lwp = machine.start({ path: "/bin/file" });
  if (machine.panicked !== null) return "hangs";
  if (typeof lwp === "number") return lwp === RtError.ERROR ? "refused" : "no memory";
  machine.run(lwp);
  if (machine.panicked !== null) return "hangs";
  assert(lwp.ended);
  return lwp.status === 42 << 8 ? "runs" : lwp.status === 255 << 8 ? "255" : "no memory";
}

for (const [name, first, later, spoil] of [HEADER, SEGMENTS, SECTIONS, DYNAMIC, LENGTHS].flat()) {
  Deno.test(`where ${name}, the first loader ${said(first)} and the later one ${said(later)}`, () => {
    const elf = rtElf();
    spoil(elf);
    assertEquals([verdict("A", elf), verdict("B", elf)], [first, later]);
  });
}

function said(one: Verdict): string {
  if (one === "255") return "runs into a fault";
  return one === "runs" ? "runs it" : one === "refused" ? "refuses" : one;
}
