/**
 * Programs that are wrong in exactly one place: each is made from a good one.
 *
 * Those with a number are the shapes of files that end zCore's kernel.
 *
 * @module
 */
import { HEADER_SIZE, SEGMENT_SIZE, SegmentFlag, SegmentType } from "../loader/elf.ts";
import { withField, withFields } from "./elf_field.ts";

/** Where a program that is its own interpreter has to be. */
export const SELF_PATH = "/bin/program";

/** A way to spoil a program. */
export interface Malformation {
  /** What is wrong then. */
  readonly name: string;
  /** Which part of the file that is in. */
  readonly part: "header" | "program headers" | "segments" | "interpreter" | "sections" | "length";
  /** Which of the shapes it is that end zCore's kernel. */
  readonly zcore?: number;
  /** Spoil a copy of a program. */
  readonly spoil: (file: Uint8Array) => Uint8Array;
}

const PAGE = 4096;
const DYNSYM = 11;
const RELA = 4;

/** Every malformation. */
export const MALFORMATIONS: readonly Malformation[] = [
  header("bad magic", "e_ident[EI_MAG]", 0x464c457e),
  header("32 bits", "e_ident[EI_CLASS]", 1),
  header("the other order of bytes", "e_ident[EI_DATA]", 2),
  header("a relocatable object", "e_type", 1),
  header("a core dump", "e_type", 4),
  header("another machine", "e_machine", 62),
  header("no version", "e_ident[EI_VERSION]", 0),
  header("an entry where nothing is", "e_entry", 0x7000000),
  header("an entry above all addresses", "e_entry", 2n ** 62n),
  { name: "cut off in its header", part: "length", spoil: (file) => file.slice(0, 63) },
  { name: "cut off in its program headers", part: "length", spoil: (file) => file.slice(0, 100) },
  { name: "no bytes", part: "length", spoil: () => new Uint8Array(0) },
  table("program headers of another size", "e_phentsize", 32),
  table("65535 program headers", "e_phnum", 65535),
  table("program headers behind the end", "e_phoff", 2n ** 40n),
  { ...table("no program headers", "e_phnum", 0), zcore: 1 },
  { ...segment("no PT_LOAD", withoutLoads), zcore: 1 },
  { ...segment("an unknown p_type", (file) => spare(file, { p_type: 9 })), zcore: 4 },
  {
    ...segment(
      "bytes that are not in the file",
      (file) => last(file, { p_filesz: PAGE * 64, p_memsz: PAGE * 64 }),
    ),
    zcore: 5,
  },
  segment("more bytes in the file than in memory", (file) => code(file, { p_memsz: 1 })),
  segment("larger than all addresses", (file) => code(file, { p_memsz: 2n ** 62n })),
  segment("above all addresses", (file) => code(file, { p_vaddr: 2n ** 62n })),
  segment("a place in the file that does not fit the address", shifted),
  segment("code that may not be executed", (file) => code(file, { p_flags: SegmentFlag.READ })),
  segment("code that may be written", (file) => code(file, { p_flags: 7 })),
  segment("two at the same addresses", doubled),
  {
    name: "an interpreter without a name",
    part: "interpreter",
    zcore: 3,
    spoil: (file) => interpreter(file, ""),
  },
  {
    name: "an interpreter that is not there",
    part: "interpreter",
    spoil: (file) => interpreter(file, "/lib/none\0"),
  },
  {
    name: "an interpreter that is its own interpreter",
    part: "interpreter",
    zcore: 2,
    spoil: (file) => interpreter(file, `${SELF_PATH}\0`),
  },
  {
    name: "an interpreter's name without an end",
    part: "interpreter",
    zcore: 3,
    spoil: (file) => interpreter(file, "/lib/ld"),
  },
  {
    name: "section headers that are not in the file",
    part: "sections",
    zcore: 6,
    spoil: (file) => withField(withRelocation(file, 2, 1), "e_shoff", 2n ** 40n),
  },
  {
    name: "a relocation against a symbol that nobody defines",
    part: "sections",
    zcore: 7,
    spoil: (file) => withRelocation(file, 2, 1),
  },
  {
    name: "a relocation of an unknown kind",
    part: "sections",
    zcore: 8,
    spoil: (file) => withRelocation(file, 99, 1),
  },
];

function header(name: string, field: string, value: number | bigint): Malformation {
  return { name, part: "header", spoil: (file) => withField(file, field, value) };
}

function table(name: string, field: string, value: number | bigint): Malformation {
  return { ...header(name, field, value), part: "program headers" };
}

function segment(name: string, spoil: Malformation["spoil"]): Malformation {
  return { name: `a segment: ${name}`, part: "segments", spoil };
}

type Fields = Readonly<Record<string, number | bigint>>;

function change(file: Uint8Array, index: number, fields: Fields): Uint8Array {
  const named = Object.entries(fields).map(([name, value]) => [`segment ${index} ${name}`, value]);
  return withFields(file, Object.fromEntries(named));
}

/** The indexes of the segments that are loaded. */
function loads(file: Uint8Array): number[] {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const count = view.getUint16(56, true);
  return Array.from({ length: count }, (_, index) => index).filter((index) =>
    typeAt(file, index) === SegmentType.LOAD
  );
}

function typeAt(file: Uint8Array, index: number): number {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  return view.getUint32(HEADER_SIZE + index * SEGMENT_SIZE, true);
}

function code(file: Uint8Array, fields: Fields): Uint8Array {
  const isCode = (index: number) => (file[HEADER_SIZE + index * SEGMENT_SIZE + 4]! & 1) !== 0;
  return change(file, loads(file).find(isCode) ?? loads(file)[0]!, fields);
}

function last(file: Uint8Array, fields: Fields): Uint8Array {
  return change(file, loads(file).at(-1)!, fields);
}

/** The program header that says least: the last one. */
function spare(file: Uint8Array, fields: Fields): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  return change(file, view.getUint16(56, true) - 1, fields);
}

function withoutLoads(file: Uint8Array): Uint8Array {
  return loads(file).reduce((bytes, index) => change(bytes, index, { p_type: 0 }), file);
}

function shifted(file: Uint8Array): Uint8Array {
  const index = loads(file)[1] ?? loads(file)[0]!;
  const at = HEADER_SIZE + index * SEGMENT_SIZE + 8;
  const offset = new DataView(file.buffer, file.byteOffset).getBigUint64(at, true);
  return change(file, index, { p_offset: offset + 8n });
}

function doubled(file: Uint8Array): Uint8Array {
  const [first, second] = loads(file);
  const copy = file.slice();
  const from = HEADER_SIZE + first! * SEGMENT_SIZE;
  copy.copyWithin(HEADER_SIZE + (second ?? first!) * SEGMENT_SIZE, from, from + SEGMENT_SIZE);
  return copy;
}

/** A program that names an interpreter: the name goes behind its end. */
function interpreter(file: Uint8Array, name: string): Uint8Array {
  const text = new TextEncoder().encode(name);
  const longer = new Uint8Array(file.length + text.length);
  longer.set(file);
  longer.set(text, file.length);
  return spare(longer, {
    p_type: SegmentType.INTERP,
    p_offset: file.length,
    p_filesz: text.length,
    p_memsz: text.length,
  });
}

/** A program with one dynamic symbol that nobody defines, and one relocation, in sections. */
function withRelocation(file: Uint8Array, type: number, symbol: number): Uint8Array {
  const at = Math.ceil(file.length / 8) * 8;
  const longer = new Uint8Array(at + 48 + 24 + 3 * 64);
  longer.set(file);
  const view = new DataView(longer.buffer);
  view.setUint32(at + 48 + 8, type, true);
  view.setUint32(at + 48 + 12, symbol, true);
  const sections = at + 72;
  [[DYNSYM, at, 48], [RELA, at + 48, 24]].forEach(([kind, offset, size], index) => {
    const section = sections + (index + 1) * 64;
    view.setUint32(section + 4, kind!, true);
    view.setBigUint64(section + 24, BigInt(offset!), true);
    view.setBigUint64(section + 32, BigInt(size!), true);
  });
  return withFields(longer, { e_shoff: sections, e_shentsize: 64, e_shnum: 3, e_shstrndx: 0 });
}
