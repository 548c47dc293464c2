/**
 * Programs that are not as they should be: each is refused with Linux's own error while the caller is
 * still there, or ends by the signal that Linux would end it by.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { errnoName } from "../../kernel/linux/errno.ts";
import { signalName } from "../../kernel/linux/signal/signal.ts";
import { Access } from "../../kernel/ports.ts";
import { TestLinux } from "../support/linux.ts";
import {
  BASE,
  CODE_OFFSET,
  encode,
  load,
  other,
  type TinyElf,
  tinyElf,
} from "../support/tiny_elf.ts";

/** What becomes of a program: the code that it ends with, a signal, or an error. */
function outcome(
  bytes: Uint8Array,
  prepare: (machine: TestLinux) => void = () => {},
  uid = 0,
): string {
  const machine = new TestLinux({ memoryBytes: 48 << 20 });
  prepare(machine);
  machine.put("/program", bytes);
  const group = machine.start({ path: "/program", user: { uid, gid: uid } });
  if (typeof group === "number") return errnoName(group);
  const { status } = machine.wait(group);
  const signal = status & 0x7f;
  return signal === 0 ? `${status >> 8}` : signalName(signal);
}

/** A page of the stack of every program here. */
const STACK_PAGE = 0x3ffffff000n;

type Change = (elf: TinyElf) => void;
const RUNS = "42";

/** Fixed programs, by what is wrong with them. */
const FIXED: Readonly<Record<string, readonly [Change, string]>> = {
  "nothing wrong": [() => {}, RUNS],
  "bad magic": [(elf) => elf.header.magic = 0x7f454c47, "ENOEXEC"],
  "no bytes": [(elf) => elf.length = 0, "ENOEXEC"],
  "one byte": [(elf) => elf.length = 1, "ENOEXEC"],
  "a header of 63 bytes": [(elf) => elf.length = 63, "ENOEXEC"],
  "an end behind the header": [(elf) => elf.length = 64, "ENOEXEC"],
  "an end inside the program headers": [(elf) => elf.length = 100, "ENOEXEC"],
  "e_type NONE": [(elf) => elf.header.type = 0, "ENOEXEC"],
  "e_type REL": [(elf) => elf.header.type = 1, "ENOEXEC"],
  "e_type CORE": [(elf) => elf.header.type = 4, "ENOEXEC"],
  "e_type 0xfe00": [(elf) => elf.header.type = 0xfe00, "ENOEXEC"],
  "another machine": [(elf) => elf.header.machine = 62, "ENOEXEC"],
  "EI_CLASS 1": [(elf) => elf.header.class = 1, "ENOEXEC"],
  "EI_CLASS 0": [(elf) => elf.header.class = 0, "ENOEXEC"],
  "p_vaddr 0, for who may have it": [(elf) => move(elf, 0n), RUNS],
  "p_filesz and p_memsz 0": [
    (elf) => Object.assign(elf.segments[0]!, { filesz: 0n, memsz: 0n }),
    "SIGSEGV",
  ],
  "64 TiB of writable zeros": [(elf) => add(elf, { memsz: 1n << 46n, flags: 6 }), "SIGSEGV"],
  "EI_DATA big, which nobody looks at": [(elf) => elf.header.data = 2, RUNS],
  "e_version 0, which nobody looks at": [(elf) => elf.header.version = 0, RUNS],
  "e_ehsize 0, which nobody looks at": [(elf) => elf.header.ehsize = 0, RUNS],
  "any e_flags": [(elf) => elf.header.flags = 0xffffffff, RUNS],
  "any OSABI": [(elf) => elf.header.osabi = 255, RUNS],
  "e_phentsize 55": [(elf) => elf.header.phentsize = 55, "ENOEXEC"],
  "e_phnum 0": [(elf) => elf.header.phnum = 0, "ENOEXEC"],
  "e_phnum 73": [(elf) => pad(elf, 73), RUNS],
  "e_phnum 74, more than a page": [(elf) => pad(elf, 74), "ENOEXEC"],
  "e_phnum 1171, more than 64 KiB": [(elf) => elf.header.phnum = 1171, "ENOEXEC"],
  "e_phnum 0xffff": [(elf) => elf.header.phnum = 0xffff, "ENOEXEC"],
  "e_phoff behind the end": [(elf) => elf.header.phoff = 0x100000n, "ENOEXEC"],
  "e_phoff negative": [(elf) => elf.header.phoff = -4096n, "ENOEXEC"],
  "no PT_LOAD": [(elf) => elf.segments = [other(4)], "SIGSEGV"],
  "p_filesz above p_memsz": [(elf) => elf.segments[0]!.memsz = 16n, "SIGSEGV"],
  "p_memsz above all addresses": [(elf) => elf.segments[0]!.memsz = 1n << 40n, "SIGSEGV"],
  "p_vaddr plus p_memsz over 2^64": [(elf) => elf.segments[0]!.memsz = -0x1000n, "SIGSEGV"],
  "1 TiB of writable zeros": [(elf) => add(elf, { memsz: 1n << 40n, flags: 6 }), "SIGSEGV"],
  "p_vaddr above all addresses": [(elf) => elf.segments[0]!.vaddr = 1n << 40n, "SIGSEGV"],
  "p_vaddr 2^64-4096": [(elf) => elf.segments[0]!.vaddr = -4096n, "SIGSEGV"],
  "p_vaddr 0x1000": [(elf) => move(elf, 0x1000n), RUNS],
  "p_offset not congruent to p_vaddr": [(elf) => elf.segments[0]!.offset = 16n, "SIGSEGV"],
  "p_offset and p_vaddr congruent and unaligned": [(elf) => unaligned(elf), RUNS],
  "p_offset behind the end": [(elf) => behind(elf), "SIGBUS"],
  "p_offset far behind the end": [(elf) => elf.segments[0]!.offset = 1n << 62n, "SIGBUS"],
  "p_offset far behind the end, and not congruent": [
    (elf) => elf.segments[0]!.offset = (1n << 62n) + 0xfc0n,
    "SIGSEGV",
  ],
  "p_offset 2^63": [(elf) => elf.segments[0]!.offset = 1n << 63n, "SIGSEGV"],
  "p_offset -4096": [(elf) => elf.segments[0]!.offset = -4096n, "SIGSEGV"],
  "code that may not be executed": [(elf) => elf.segments[0]!.flags = 6, "SIGSEGV"],
  "no permission at all": [(elf) => elf.segments[0]!.flags = 0, "SIGSEGV"],
  "code that may only be executed": [(elf) => elf.segments[0]!.flags = 1, RUNS],
  "code that may be written": [(elf) => elf.segments[0]!.flags = 7, RUNS],
  "p_align 0": [(elf) => elf.segments[0]!.align = 0n, RUNS],
  "p_align 3": [(elf) => elf.segments[0]!.align = 3n, RUNS],
  "p_align 2^40": [(elf) => elf.segments[0]!.align = 1n << 40n, RUNS],
  "two segments at the same addresses": [(elf) => elf.segments.push(load(BASE)), RUNS],
  "segments in descending order": [(elf) => elf.segments.unshift(load(BASE + 0x100000n)), RUNS],
  "e_entry 0": [(elf) => elf.header.entry = 0n, "SIGSEGV"],
  "e_entry where nothing is": [(elf) => elf.header.entry = 0x900000n, "SIGSEGV"],
  "e_entry above all addresses": [(elf) => elf.header.entry = 1n << 40n, "SIGSEGV"],
  "code with zeros behind it": [(elf) => elf.segments[0]!.memsz += 0x5000n, RUNS],
  "a segment of zeros alone": [(elf) => add(elf, { memsz: 0x3000n, flags: 6 }), RUNS],
  "zeros over the page of the next segment, which wins": [(elf) => overlapped(elf), RUNS],
  "a segment over the stack": [(elf) => move(elf, STACK_PAGE), "SIGSEGV"],
  "a later segment over the stack": [(elf) => elf.segments.push(load(STACK_PAGE)), "SIGSEGV"],
  "PT_INTERP of no bytes": [(elf) => interp(elf, "", 0n), "ENOEXEC"],
  "PT_INTERP of one byte": [(elf) => interp(elf, "\0", 1n), "ENOEXEC"],
  "PT_INTERP of 4097 bytes": [(elf) => interp(elf, "/x\0", 4097n), "ENOEXEC"],
  "PT_INTERP without NUL": [(elf) => interp(elf, "/lib/ld", 7n), "ENOEXEC"],
  "PT_INTERP of two zeros": [(elf) => interp(elf, "\0\0", 2n), "EACCES"],
  "PT_INTERP behind the end": [(elf) => interp(elf, "", 8n, 0x9000n), "EIO"],
  "PT_INTERP at a negative offset": [(elf) => interp(elf, "", 8n, -8n), "EINVAL"],
  "an interpreter that is not there": [(elf) => interpreter(elf, "/none"), "ENOENT"],
  "an interpreter that is a directory": [(elf) => interpreter(elf, "/tmp"), "EACCES"],
  "an interpreter that is not executable": [(elf) => interpreter(elf, "/plain"), "EACCES"],
  "an interpreter of no bytes": [(elf) => interpreter(elf, "/nothing"), "EIO"],
  "an interpreter of 12 bytes": [(elf) => interpreter(elf, "/short"), "EIO"],
  "an interpreter that is text": [(elf) => interpreter(elf, "/text"), "ELIBBAD"],
  "an interpreter for another machine": [(elf) => interpreter(elf, "/x86"), "ELIBBAD"],
  "an interpreter with e_phentsize 55": [(elf) => interpreter(elf, "/odd"), "ELIBBAD"],
  "an interpreter with e_phnum 0": [(elf) => interpreter(elf, "/none-of"), "ELIBBAD"],
  "an interpreter that is no program": [(elf) => interpreter(elf, "/rel"), "SIGSEGV"],
  "an interpreter without PT_LOAD": [(elf) => interpreter(elf, "/empty"), "SIGSEGV"],
  "an interpreter with p_filesz above p_memsz": [(elf) => interpreter(elf, "/much"), "SIGSEGV"],
  "a good interpreter": [(elf) => interpreter(elf, "/good"), RUNS],
  "a fixed interpreter over the program": [(elf) => interpreter(elf, "/fixed"), RUNS],
  "an interpreter that wants an interpreter": [(elf) => interpreter(elf, "/nested"), RUNS],
  "malformed PT_GNU_PROPERTY": [(elf) => elf.segments.push(other(0x6474e553)), RUNS],
  "PT_GNU_STACK that may be executed": [(elf) => stack(elf, 7), RUNS],
};

/** Programs that can be anywhere, by what is wrong with them. */
const MOVABLE: Readonly<Record<string, readonly [Change, string]>> = {
  "nothing wrong": [() => {}, RUNS],
  "no PT_LOAD": [(elf) => elf.segments = [other(4)], "SIGSEGV"],
  "p_align 2 MiB": [(elf) => elf.segments[0]!.align = 2n << 20n, RUNS],
  "p_align 2^46, which leads to address 0": [(elf) => elf.segments[0]!.align = 1n << 46n, RUNS],
  "p_align 2^63": [(elf) => elf.segments[0]!.align = 1n << 63n, RUNS],
  "p_align 2^46, and its entry below 0": [
    (elf) => {
      elf.segments = [load(0x3000n, { align: 1n << 46n })];
    },
    "SIGSEGV",
  ],
  "an interpreter whose addresses wrap": [(elf) => interpreter(elf, "/wrapped"), RUNS],
  "segments in descending order": [(elf) => elf.segments.unshift(load(0x100000n)), RUNS],
  "a second segment 2^34 bytes away": [(elf) => elf.segments.push(load(1n << 34n)), RUNS],
  "a second segment 2^47 bytes away": [(elf) => elf.segments.push(load(1n << 47n)), "SIGSEGV"],
};

for (const [type, name, rows] of [[2, "fixed", FIXED], [3, "movable", MOVABLE]] as const) {
  for (const [what, [change, expected]] of Object.entries(rows)) {
    Deno.test(`execve of a ${name} program with ${what}: ${said(expected)}`, () => {
      const elf = tinyElf(type);
      change(elf);
      assertEquals(outcome(encode(elf), putInterpreters), expected);
    });
  }
}

for (const [where, to] of [["not aligned", 0x2801], ["outside every PT_LOAD", 0x4000]] as const) {
  Deno.test(`execve of a program whose table of segments is ${where}: it runs`, () => {
    const elf = encode(tinyElf(2));
    const bytes = new Uint8Array(Math.max(elf.length, to + 56));
    bytes.set(elf);
    bytes.set(elf.subarray(64, 120), to);
    bytes.fill(0xff, 64, 120);
    new DataView(bytes.buffer).setBigUint64(32, BigInt(to), true);
    assertEquals(outcome(bytes), RUNS);
  });
}

/** Fixed programs of a user who may not map address 0. */
const UNPRIVILEGED: Readonly<Record<string, readonly [Change, string]>> = {
  "p_vaddr 0": [(elf) => move(elf, 0n), "SIGSEGV"],
  "p_vaddr 0x1000": [(elf) => move(elf, 0x1000n), RUNS],
  "zeros alone at address 0": [
    (elf) => add(elf, { vaddr: 0n, memsz: 0x1000n, flags: 6 }),
    "SIGSEGV",
  ],
};

for (const [what, [change, expected]] of Object.entries(UNPRIVILEGED)) {
  Deno.test(`execve of a user's program with ${what}: ${said(expected)}`, () => {
    const elf = tinyElf(2);
    change(elf);
    assertEquals(outcome(encode(elf), putInterpreters, 1000), expected);
  });
}

for (
  const [what, flags, executable] of [["no PT_GNU_STACK", 0, 0], ["one with X", 7, 4]] as const
) {
  Deno.test(`the stack of a program with ${what} ${executable ? "can" : "cannot"} be executed`, () => {
    const machine = new TestLinux({ memoryBytes: 48 << 20 });
    const elf = tinyElf(2);
    if (flags !== 0) stack(elf, flags);
    machine.put("/program", encode(elf));
    const group = machine.start({ path: "/program" });
    if (typeof group === "number") throw new Error(errnoName(group));
    const run = group.mm.vmas.all.find(({ growsDown }) => growsDown)!;
    assertEquals(run.prot & Access.EXECUTE, executable);
  });
}

Deno.test("text that is no script answers ENOEXEC", () => {
  assertEquals(outcome(new TextEncoder().encode("echo hello\n".repeat(20))), "ENOEXEC");
});

function said(expected: string): string {
  if (expected === RUNS) return "it runs";
  return expected.startsWith("SIG") ? `it ends by ${expected}` : `answers ${expected}`;
}

function putInterpreters(machine: TestLinux): void {
  const text = new TextEncoder();
  machine.put("/plain", encode(tinyElf(3)), 0o644);
  machine.put("/nothing", new Uint8Array());
  machine.put("/short", text.encode("hello world\n"));
  machine.put("/text", text.encode("just text\n".repeat(20)));
  const variants: Readonly<Record<string, Change>> = {
    x86: (elf) => elf.header.machine = 62,
    rel: (elf) => elf.header.type = 1,
    odd: (elf) => elf.header.phentsize = 55,
    "none-of": (elf) => elf.header.phnum = 0,
    much: (elf) => elf.segments[0]!.memsz = 16n,
    empty: (elf) => elf.segments = [other(4)],
    good: () => {},
    nested: (elf) => interpreter(elf, "/none"),
    wrapped: (elf) => {
      elf.segments = [load(-0x1000n)];
      elf.header.entry = CODE_OFFSET - 0x1000n;
    },
  };
  for (const [name, change] of Object.entries(variants)) {
    const elf = tinyElf(3);
    change(elf);
    machine.put(`/${name}`, encode(elf));
  }
  machine.put("/fixed", encode(tinyElf(2)));
}

function pad(elf: TinyElf, count: number): void {
  while (elf.segments.length < count) elf.segments.push(other(0));
}

function add(elf: TinyElf, change: Partial<TinyElf["segments"][number]>): void {
  elf.segments.push(load(BASE + 0x100000n, { filesz: 0n, ...change }));
}

function move(elf: TinyElf, to: bigint): void {
  elf.segments = [load(to)];
  elf.header.entry = to + CODE_OFFSET;
}

/** Writable zeros that reach over the code, which comes after them in the table. */
function overlapped(elf: TinyElf): void {
  const before = load(BASE - 0x1000n, { filesz: 0x100n, memsz: 0x4000n, flags: 6 });
  elf.segments.unshift(before);
}

function unaligned(elf: TinyElf): void {
  const segment = elf.segments[0]!;
  segment.offset += 0x40n;
  segment.vaddr += 0x40n;
  segment.filesz -= 0x40n;
  segment.memsz -= 0x40n;
}

function behind(elf: TinyElf): void {
  elf.segments[0]!.offset = 0x10000n;
}

function stack(elf: TinyElf, flags: number): void {
  elf.segments.push(other(0x6474e551, { flags }));
}

const NAME_AT = 0x2000;

function interp(elf: TinyElf, text: string, filesz: bigint, offset = BigInt(NAME_AT)): void {
  elf.segments.push(other(3, { offset, filesz }));
  elf.strings[NAME_AT] = text;
}

function interpreter(elf: TinyElf, path: string): void {
  interp(elf, `${path}\0`, BigInt(path.length + 1));
}
