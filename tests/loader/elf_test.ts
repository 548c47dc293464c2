/**
 * What `loader/elf.ts` says of good files and of files that are wrong in one place.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { withField, withFields } from "../../guests/elf_field.ts";
import { writeElf } from "../../guests/elf_writer.ts";
import {
  biasOf,
  buildId,
  checkHeader,
  checkSegments,
  type ElfImage,
  ElfReason,
  FileType,
  HEADER_SIZE,
  Machine,
  parseElf,
  planLoad,
  readHeader,
  readSections,
  readSegments,
  readSymbols,
  refused,
  SEGMENT_SIZE,
  symbolAt,
} from "../../loader/elf.ts";
import { PART, sampleElf } from "../support/elf_sample.ts";

const RULES = { machine: Machine.RISCV, types: [FileType.EXEC, FileType.DYN] };
const BIG = 2n ** 63n;
const sample = sampleElf();

function imageOf(file: Uint8Array): ElfImage {
  const image = parseElf(file, RULES);
  assert(!refused(image), refused(image) ? image.text : "");
  return image;
}

function reasonOf(file: Uint8Array): string {
  const image = parseElf(file, RULES);
  return image instanceof ElfReason ? image.text : "no reason";
}

Deno.test("a good file parses to its interpreter, libraries, thread memory, stack and notes", () => {
  const image = imageOf(sample);
  assertEquals(image.interpreter, "ld.so.1");
  assertEquals(image.dynamic?.needed, ["libc.so", "libzircon.so"]);
  assertEquals(image.dynamic?.soname, "sample.so");
  assertEquals(image.tls?.memorySize, 8);
  assertEquals(image.stack?.memorySize, 0x10000);
  assertEquals(image.relro?.memorySize, 0x100);
  assertEquals(buildId(image.notes), "cafef00d");
});

Deno.test("sections and symbols are there for people, and an address finds its symbol", () => {
  const { header } = imageOf(sample);
  const sections = readSections(sample, header);
  assert(!refused(sections));
  assertEquals(sections.map(({ name }) => name), [
    "",
    ".text",
    ".data",
    ".symtab",
    ".strtab",
    ".shstrtab",
  ]);
  const symbols = readSymbols(sample, sections);
  assertEquals(symbols.map(({ name }) => name), ["hidden", "_start", "table"]);
  const found = symbolAt(symbols, header.entry + 4);
  assertEquals([found?.symbol.name, found?.offset], ["_start", 4]);
  assertEquals(symbolAt(symbols, header.entry - 4), undefined);
});

Deno.test("a file loads whatever its section headers say", () => {
  for (const field of ["e_shoff", "e_shentsize", "e_shnum", "e_shstrndx"]) {
    const spoilt = withField(sample, field, 0xffff);
    assertEquals(imageOf(spoilt).plan, imageOf(sample).plan);
  }
  const sections = readSections(withField(sample, "e_shoff", BIG), imageOf(sample).header);
  assert(!refused(sections));
  assert(refused(readSections(sample.subarray(0, 2000), imageOf(sample).header)));
});

Deno.test("a loader with a keyhole reads the header, then the table, and plans the same", () => {
  const header = readHeader(sample.subarray(0, HEADER_SIZE));
  assert(!refused(header));
  assertEquals(checkHeader(header, { ...RULES, fileSize: sample.length }), undefined);
  const { offset, count } = header.segments;
  const segments = readSegments(sample.slice(offset, offset + count * SEGMENT_SIZE), header);
  assertEquals(checkSegments(segments, { fileSize: sample.length }), undefined);
  assertEquals(planLoad(segments), imageOf(sample).plan);
});

Deno.test("the plan shares what nobody writes, zeroes the file's last page and adds fresh pages", () => {
  const { plan } = imageOf(sample);
  const [text, data] = plan.pieces;
  assert(text && data);
  assertEquals([plan.low, plan.span, biasOf(plan, 0x10000)], [0, 0x5000, 0x10000]);
  assertEquals([text.shared, text.execute, text.fileBytes, text.freshBytes], [true, true, 4096, 0]);
  assertEquals([data.shared, data.write, data.fileBytes, data.fileOffset], [
    false,
    true,
    4096,
    4096,
  ]);
  assertEquals([data.zeroAddress, data.zeroBytes], [0x2060, 0x1000 - 0x60]);
  assertEquals([data.freshAddress, data.freshBytes], [0x3000, 0x2000]);
});

Deno.test("a segment that starts inside a page is planned from the page's start", () => {
  const file = writeElf({
    parts: [{ flags: 6, address: 0x1_0234, bytes: new Uint8Array(0x10), memorySize: 0x2000 }],
  });
  const piece = imageOf(file).plan.pieces[0];
  assert(piece);
  assertEquals([piece.address, piece.fileBytes, piece.fileOffset], [0x10000, 4096, 0]);
  assertEquals([piece.zeroAddress, piece.zeroBytes], [0x10244, 4096 - 0x244]);
  assertEquals([piece.freshAddress, piece.freshBytes], [0x11000, 0x2000]);
});

Deno.test("a segment with no bytes in the file is fresh pages only", () => {
  const file = writeElf({ parts: [{ flags: 6, address: 0x5010, memorySize: 0x20 }] });
  const piece = imageOf(file).plan.pieces[0];
  assert(piece);
  assertEquals([piece.fileBytes, piece.zeroBytes, piece.shared], [0, 0, false]);
  assertEquals([piece.freshAddress, piece.freshBytes], [0x5000, 0x1000]);
});

Deno.test("a file for x86-64 parses where that machine is wanted", () => {
  const file = withField(sample, "e_machine", Machine.X86_64);
  assert(!refused(parseElf(file, { ...RULES, machine: Machine.X86_64 })));
});

Deno.test("what cuts a file short is refused by size or by the table that is not there", () => {
  assertEquals(
    reasonOf(new Uint8Array(0)),
    "the file's size is 0; expected at least 64, the size of a file header",
  );
  assertEquals(reasonOf(sample.subarray(0, 63)).startsWith("the file's size is 63;"), true);
  assertEquals(reasonOf(sample.subarray(0, 100)).startsWith("e_phoff is 64;"), true);
  assertEquals(
    reasonOf(sample.subarray(0, 4100)),
    "segment 1 p_filesz is 96; expected bytes inside the file's 4100",
  );
});

/** Each field that is spoilt, what is put there, and how the reason begins. */
const MALFORMED: readonly (readonly [field: string, value: number | bigint, reason: string])[] = [
  ["e_ident[EI_MAG]", 0, "e_ident[EI_MAG] is 00 00 00 00; expected 7f 45 4c 46"],
  ["e_ident[EI_CLASS]", 1, "e_ident[EI_CLASS] is 1; expected 2"],
  ["e_ident[EI_DATA]", 2, "e_ident[EI_DATA] is 2; expected 1"],
  ["e_ident[EI_VERSION]", 0, "e_ident[EI_VERSION] is 0; expected 1"],
  ["e_version", 0, "e_version is 0; expected 1"],
  ["e_type", 1, "e_type is 1 (ET_REL); expected 2 (ET_EXEC) or 3 (ET_DYN)"],
  ["e_type", 0xfe00, "e_type is 65024; expected"],
  ["e_machine", 62, "e_machine is 62 (x86-64); expected 243 (RISC-V)"],
  ["e_phentsize", 32, "e_phentsize is 32; expected 56"],
  ["e_phnum", 0, "e_phnum is 0; expected 1 to 1170"],
  ["e_phnum", 0xffff, "e_phnum is 0xffff; expected 1 to 1170"],
  ["e_phoff", BIG, "e_phoff is about 0x8000000000000000; expected a table"],
  [
    "segment 0 p_type",
    0x70000003,
    "DT_STRTAB is 540; expected 32 bytes (DT_STRSZ) inside a PT_LOAD",
  ],
  ["segment 0 p_filesz", 0x9000, "segment 0 p_filesz is 0x9000; expected at most p_memsz"],
  ["segment 1 p_memsz", 0, "segment 1 p_memsz is 0; expected at least 1"],
  ["segment 1 p_memsz", 2n ** 47n, "segment 1 p_memsz is 0x800000000000; expected at most"],
  ["segment 1 p_memsz", -1n, "segment 1 p_memsz is about 0x1"],
  ["segment 1 p_vaddr", 2n ** 47n, "segment 1 p_vaddr is 0x800000000000; expected below"],
  ["segment 1 p_vaddr", -4096n, "segment 1 p_vaddr is about 0xf"],
  ["segment 1 p_vaddr", 0x2008, "segment 1 p_offset is 0x1000; expected equal to p_vaddr"],
  ["segment 1 p_vaddr", 0, "segment 1 p_vaddr is 0; expected at least 0x1000"],
  ["segment 1 p_offset", BIG, "segment 1 p_offset is about 0x8000000000000000; expected bytes"],
  ["segment 1 p_offset", -4096n, "segment 1 p_offset is about"],
  ["segment 1 p_align", 3, "segment 1 p_align is 3; expected 0, or a power of two"],
  ["segment 1 p_align", 2n ** 46n, "segment 1 p_align is 0x400000000000; expected"],
  ["segment 1 p_flags", 7, "segment 1 p_flags is 7; expected writable or executable, not both"],
  ["segment 2 p_filesz", 1, "segment 2 p_filesz is 1; expected 2 to 4096 for PT_INTERP"],
  ["segment 2 p_filesz", 4097, "segment 2 p_filesz is 0x1001; expected 2 to 4096"],
  ["segment 2 p_filesz", 4, "PT_INTERP is without a NUL"],
  ["segment 2 p_offset", BIG, "segment 2 p_offset is about"],
  ["segment 2 p_offset", 1000, "PT_INTERP is"],
  ["segment 3 p_filesz", 32, "PT_DYNAMIC is 2 entries without an end; expected a DT_NULL"],
  ["segment 3 p_vaddr", 0x9000, "segment 3 p_vaddr is 0x9000; expected memory inside a PT_LOAD"],
  ["segment 4 p_filesz", 99, "segment 4 p_filesz is 99; expected at most p_memsz (0x8)"],
  ["segment 4 p_align", 5, "segment 4 p_align is 5; expected"],
  ["segment 4 p_type", 3, "the number of PT_INTERP segments is 2; expected at most 1"],
  ["segment 5 p_type", 2, "the number of PT_DYNAMIC segments is 2"],
  ["segment 6 p_vaddr", 0x5000, "segment 6 p_vaddr is 0x5000; expected memory inside a PT_LOAD"],
  ["segment 7 p_filesz", 0x9000, "segment 7 p_filesz is 0x9000; expected bytes inside the file"],
];

for (const [field, value, reason] of MALFORMED) {
  Deno.test(`a file whose ${field} is ${value} is refused: ${reason}`, () => {
    const found = reasonOf(withField(sample, field, value));
    assert(found.startsWith(reason), found);
  });
}

Deno.test("a file with no PT_LOAD segment is refused", () => {
  const none = withFields(sample, {
    [`segment ${PART.TEXT} p_type`]: 0,
    [`segment ${PART.DATA} p_type`]: 0,
  });
  assertEquals(reasonOf(none), "the number of PT_LOAD segments is 0; expected at least 1");
});

Deno.test("a library name outside the strings is refused", () => {
  const data = imageOf(sample).plan.pieces[1]!.fileOffset;
  const spoilt = sample.slice();
  spoilt[data + 9] = 0xff;
  assert(reasonOf(spoilt).startsWith("DT_NEEDED is 0xff01; expected an offset below DT_STRSZ"));
});

Deno.test("a writable and executable segment loads where the rules allow it", () => {
  const file = withField(sample, "segment 1 p_flags", 7);
  assert(!refused(parseElf(file, { ...RULES, writeExecute: true })));
});
