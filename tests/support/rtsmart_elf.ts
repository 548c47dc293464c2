/**
 * A small program as both of RT-Smart's loaders want it, as fields that a test can spoil: code and
 * data on pages of their own, the entry first, with program headers and section headers.
 *
 * @module
 */
import { assemble } from "../../guests/assembler.ts";
import { FileType, Machine, parseElf, refused } from "../../loader/elf.ts";

/** Where programs are loaded. */
export const LOAD = 0x2_0000_0000n;

const PAGE = 0x1000;
const PHDR = 56;
const SHDR = 64;

/** A program header, as numbers that need not make sense. */
export interface Segment {
  type: number;
  flags: number;
  offset: bigint;
  vaddr: bigint;
  filesz: bigint;
  memsz: bigint;
}

/** A section header, as numbers that need not make sense. */
export interface Section {
  name: string;
  type: number;
  flags: number;
  address: bigint;
  offset: bigint;
  size: bigint;
}

/** A file's fields. */
export interface RtElf {
  magic: number;
  class: number;
  data: number;
  version: number;
  type: number;
  machine: number;
  entry: bigint;
  phoff: bigint;
  phentsize: number;
  /** How many program headers the header names; as many as there are if negative. */
  phnum: number;
  /** How many section headers the header names; as many as there are if negative. */
  shnum: number;
  segments: Segment[];
  sections: Section[];
  code: Uint8Array;
  text: string;
  /** Where `text` is put in the file. */
  textAt: number;
  /** How long the file is; as long as it takes if 0. */
  length: number;
}

/** Machine code that can be anywhere, from assembly; all of it in `.text`. */
export function code(source: string): Uint8Array {
  const file = assemble(`_start:\n${source}`, { type: FileType.DYN });
  const image = parseElf(file, { machine: Machine.RISCV, types: [FileType.DYN] });
  if (refused(image)) throw new Error(image.text);
  return file.slice(image.header.entry);
}

/** A program that ends with 42. */
export const EXIT_42 = "li a0, 42\nli a7, 98\necall\n";

/** A program of one page of code and one of zeros. */
export function rtElf(source = EXIT_42): RtElf {
  const bytes = code(source);
  const size = BigInt(bytes.length);
  const data = LOAD + 0x10000n;
  return {
    magic: 0x7f454c46,
    class: 2,
    data: 1,
    version: 1,
    type: 2,
    machine: 243,
    entry: LOAD,
    phoff: 64n,
    phentsize: PHDR,
    phnum: -1,
    shnum: -1,
    segments: [
      { type: 1, flags: 5, offset: 0x1000n, vaddr: LOAD, filesz: size, memsz: size },
      { type: 1, flags: 6, offset: 0x3000n, vaddr: data, filesz: 8n, memsz: 24n },
    ],
    sections: [
      { name: "", type: 0, flags: 0, address: 0n, offset: 0n, size: 0n },
      { name: ".text", type: 1, flags: 6, address: LOAD, offset: 0x1000n, size },
      { name: ".data", type: 1, flags: 3, address: data, offset: 0x3000n, size: 8n },
      { name: ".bss", type: 8, flags: 3, address: data + 8n, offset: 0x3008n, size: 16n },
    ],
    code: bytes,
    text: "",
    textAt: 0x3800,
    length: 0,
  };
}

/** The bytes of a file: headers, code at 4096, data at 12288, sections at 16384. */
export function encode(elf: RtElf): Uint8Array {
  const bytes = new Uint8Array(0x6000);
  const view = new DataView(bytes.buffer);
  const names = ["", ...elf.sections.slice(1).map(({ name }) => name), ".shstrtab"];
  view.setUint32(0, elf.magic);
  bytes.set([elf.class, elf.data, elf.version], 4);
  view.setUint16(16, elf.type, true);
  view.setUint16(18, elf.machine, true);
  view.setBigUint64(24, elf.entry, true);
  view.setBigUint64(32, elf.phoff, true);
  view.setBigUint64(40, BigInt(4 * PAGE), true);
  view.setUint16(54, elf.phentsize, true);
  view.setUint16(56, elf.phnum < 0 ? elf.segments.length : elf.phnum, true);
  view.setUint16(60, elf.shnum < 0 ? elf.sections.length + 1 : elf.shnum, true);
  view.setUint16(62, elf.sections.length, true);
  elf.segments.forEach((one, at) => putSegment(view, 64 + at * PHDR, one));
  bytes.set(elf.code, PAGE);
  bytes.set(new TextEncoder().encode("DATADATA"), 3 * PAGE);
  bytes.set(new TextEncoder().encode(elf.text), elf.textAt);
  const table = names.join("\0") + "\0";
  bytes.set(new TextEncoder().encode(table), 5 * PAGE);
  const strings = {
    name: ".shstrtab",
    type: 3,
    flags: 0,
    address: 0n,
    offset: BigInt(5 * PAGE),
    size: BigInt(table.length),
  };
  [...elf.sections, strings].forEach((one, at) => {
    putSection(view, 4 * PAGE + at * SHDR, one, table.indexOf(`\0${one.name}\0`) + 1);
  });
  return bytes.slice(0, elf.length === 0 ? bytes.length : elf.length);
}

function putSegment(view: DataView, at: number, segment: Segment): void {
  const { type, flags, offset, vaddr, filesz, memsz } = segment;
  view.setUint32(at, type, true);
  view.setUint32(at + 4, flags, true);
  [offset, vaddr, 0n, filesz, memsz, 4096n].forEach((value, index) => {
    view.setBigUint64(at + 8 + index * 8, BigInt.asUintN(64, value), true);
  });
}

function putSection(view: DataView, at: number, section: Section, name: number): void {
  view.setUint32(at, section.name === "" ? 0 : name, true);
  view.setUint32(at + 4, section.type, true);
  [section.flags, section.address, section.offset, section.size].forEach((value, index) => {
    view.setBigUint64(at + 8 + index * 8, BigInt.asUintN(64, BigInt(value)), true);
  });
}
