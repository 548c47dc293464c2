/**
 * ELF files from a description: the opposite of `loader/elf.ts`, for tests and scenarios that make
 * programs, good ones and deliberately bad ones, without any toolchain.
 *
 * @module
 */
import {
  ELF_PAGE,
  FileType,
  HEADER_SIZE,
  Machine,
  SECTION_SIZE,
  SectionType,
  SEGMENT_SIZE,
  SegmentType,
  SYMBOL_SIZE,
  SymbolBinding,
} from "../loader/elf.ts";
import { ByteWriter } from "./byte_writer.ts";

/** One program header, with the bytes it brings along. */
export interface ElfPart {
  /** A `SegmentType`; LOAD unless told. */
  readonly type?: number;
  /** A mask of `SegmentFlag` bits. */
  readonly flags: number;
  /** Its first address. */
  readonly address: number;
  /** Its bytes; a part that is not LOAD and has none lies inside the LOAD part at its address. */
  readonly bytes?: Uint8Array;
  /** Bytes of memory; as many as there are in the file unless told. */
  readonly memorySize?: number;
  /** What offset and address are equal modulo; a page for LOAD and 8 for others unless told. */
  readonly align?: number;
  /** Whether the file's headers come first in this part, so that they are in memory too. */
  readonly headers?: boolean;
  /** The name of its section, for people. */
  readonly name?: string;
}

/** A name for an address. */
export interface ElfName {
  /** The name. */
  readonly name: string;
  /** The address. */
  readonly value: number;
  /** How many bytes it names. */
  readonly size?: number;
  /** A `SymbolType`. */
  readonly type?: number;
  /** A `SymbolBinding`; GLOBAL unless told. */
  readonly binding?: number;
}

/** A section, for linkers and people: a name for a run of bytes that some part brings along. */
export interface ElfRange {
  /** Its name. */
  readonly name: string;
  /** A `SectionType`. */
  readonly type: number;
  /** Its flags, as they are written. */
  readonly flags: number;
  /** Its first address. */
  readonly address: number;
  /** How many bytes it has. */
  readonly size: number;
  /** The name of the section that it goes with. */
  readonly link?: string;
  /** Something more that depends on the type. */
  readonly info?: number;
  /** Bytes in one entry, where it is a table. */
  readonly entrySize?: number;
}

/** A whole file. */
export interface ElfDescription {
  /** A `FileType`; DYN unless told. */
  readonly type?: number;
  /** A `Machine`; RISC-V unless told. */
  readonly machine?: number;
  /** The machine's own flags; for RISC-V, compressed instructions and double floats unless told. */
  readonly flags?: number;
  /** Where execution starts. */
  readonly entry?: number;
  /** The program headers, in order. */
  readonly parts: readonly ElfPart[];
  /** Names for people and debuggers; with any there is a section for each named part. */
  readonly symbols?: readonly ElfName[];
  /** Sections besides. */
  readonly sections?: readonly ElfRange[];
}

/** Compressed instructions, and doubles in floating-point registers. */
const RISCV_FLAGS = 5;

/** Bytes of headers in front of a file with this many parts. */
export function headersSize(parts: number): number {
  return HEADER_SIZE + parts * SEGMENT_SIZE;
}

/** Write a file. */
export function writeElf(description: ElfDescription): Uint8Array {
  const { parts, symbols = [] } = description;
  const out = new ByteWriter();
  out.zeros(headersSize(parts.length));
  const placed = placeParts(out, parts);
  const hasSections = symbols.length > 0 || description.sections !== undefined;
  const sections = hasSections ? writeSections(out, description, placed) : undefined;
  writeHeader(out, description, sections);
  placed.forEach((place, index) => writePart(out, parts[index]!, place, index));
  return out.bytes();
}

/** Where a part came to lie in the file. */
interface Place {
  readonly offset: number;
  readonly fileSize: number;
  readonly address: number;
}

function placeParts(out: ByteWriter, parts: readonly ElfPart[]): Place[] {
  const places: (Place | undefined)[] = parts.map((part) => {
    const isLoad = (part.type ?? SegmentType.LOAD) === SegmentType.LOAD;
    if (!isLoad && !part.bytes) return undefined;
    if (part.headers) {
      const offset = 0;
      if (out.size !== headersSize(parts.length)) throw new Error("headers go with the first part");
      out.append(part.bytes ?? new Uint8Array(0));
      return { offset, fileSize: out.size, address: part.address };
    }
    const bytes = part.bytes ?? new Uint8Array(0);
    if (isLoad) out.alignTo(ELF_PAGE, part.address);
    else out.alignTo(8);
    const offset = out.size;
    out.append(bytes);
    return { offset, fileSize: bytes.length, address: part.address };
  });
  const found = places.filter((place) => place !== undefined);
  return places.map((place, index) => place ?? placeInside(parts[index]!, found));
}

/** A part without bytes of its own is a view of a part that has them. */
function placeInside(part: ElfPart, places: readonly Place[]): Place {
  const size = part.memorySize ?? 0;
  const home = places.find((place) =>
    place.address <= part.address && part.address + size <= place.address + place.fileSize
  );
  if (!home) return { offset: 0, fileSize: 0, address: part.address };
  return {
    offset: home.offset + part.address - home.address,
    fileSize: size,
    address: part.address,
  };
}

function writeHeader(
  out: ByteWriter,
  description: ElfDescription,
  sections: { offset: number; count: number } | undefined,
): void {
  const machine = description.machine ?? Machine.RISCV;
  const ident = new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  ident.forEach((byte, at) => out.setU8(at, byte));
  out.setU16(16, description.type ?? FileType.DYN);
  out.setU16(18, machine);
  out.setU32(20, 1);
  out.setU64(24, description.entry ?? 0);
  out.setU64(32, HEADER_SIZE);
  out.setU64(40, sections?.offset ?? 0);
  out.setU32(48, description.flags ?? (machine === Machine.RISCV ? RISCV_FLAGS : 0));
  out.setU16(52, HEADER_SIZE);
  out.setU16(54, SEGMENT_SIZE);
  out.setU16(56, description.parts.length);
  out.setU16(58, SECTION_SIZE);
  out.setU16(60, sections?.count ?? 0);
  out.setU16(62, sections ? sections.count - 1 : 0);
}

function writePart(out: ByteWriter, part: ElfPart, place: Place, index: number): void {
  const at = HEADER_SIZE + index * SEGMENT_SIZE;
  const type = part.type ?? SegmentType.LOAD;
  out.setU32(at, type);
  out.setU32(at + 4, part.flags);
  out.setU64(at + 8, place.offset);
  out.setU64(at + 16, part.address);
  out.setU64(at + 24, part.address);
  out.setU64(at + 32, place.fileSize);
  out.setU64(at + 40, Math.max(part.memorySize ?? 0, place.fileSize));
  out.setU64(at + 48, part.align ?? (type === SegmentType.LOAD ? ELF_PAGE : 8));
}

/** A section for each named part and range, then the symbols, their strings and the names. */
function writeSections(
  out: ByteWriter,
  { parts, symbols = [], sections = [] }: ElfDescription,
  places: readonly Place[],
): { offset: number; count: number } {
  const named = parts.map((part, index) => ({ part, place: places[index]! }))
    .filter(({ part }) => part.name !== undefined);
  const names = new StringTable();
  const rows = named.map(({ part, place }) => partSection(part, place, names));
  const first = rows.length + 1;
  for (const range of sections) {
    const link = sections.findIndex(({ name }) => name === range.link);
    rows.push({
      ...range,
      name: names.offset(range.name),
      offset: placeInside({ ...range, memorySize: range.size }, places).offset,
      link: link === -1 ? 0 : first + link,
    });
  }
  const add = (name: string, type: number, bytes: Uint8Array, more: Partial<Row>) => {
    out.alignTo(8);
    rows.push({ name: names.offset(name), type, offset: out.size, size: bytes.length, ...more });
    out.append(bytes);
  };
  if (symbols.length > 0) {
    const { table, strings, locals } = symbolTable(symbols, named);
    const link = rows.length + 2;
    const more = { link, info: locals + 1, entrySize: SYMBOL_SIZE };
    add(".symtab", SectionType.SYMTAB, table.bytes(), more);
    add(".strtab", SectionType.STRTAB, strings.bytes(), {});
  }
  names.offset(".shstrtab");
  add(".shstrtab", SectionType.STRTAB, names.bytes(), {});
  out.alignTo(8);
  const offset = out.size;
  out.zeros(SECTION_SIZE);
  rows.forEach((row) => writeRow(out, row));
  return { offset, count: rows.length + 1 };
}

/** The local symbols come first, as linkers demand. */
function symbolTable(
  symbols: readonly ElfName[],
  named: readonly { readonly part: ElfPart; readonly place: Place }[],
): { table: ByteWriter; strings: StringTable; locals: number } {
  const strings = new StringTable();
  const table = new ByteWriter();
  const locals = symbols.filter(({ binding }) => binding === SymbolBinding.LOCAL);
  table.zeros(SYMBOL_SIZE);
  for (const symbol of [...locals, ...symbols.filter((one) => !locals.includes(one))]) {
    const section = named.findIndex(({ part, place }) => holds(part, place, symbol.value)) + 1;
    // 0xfff1 is for symbols that are in no section and stay where they are.
    writeSymbol(table, symbol, strings.offset(symbol.name), section || 0xfff1);
  }
  return { table, strings, locals: locals.length };
}

/** One section header. */
interface Row {
  readonly name: number;
  readonly type: number;
  readonly flags?: number;
  readonly address?: number;
  readonly offset: number;
  readonly size: number;
  readonly link?: number;
  readonly info?: number;
  readonly entrySize?: number;
}

function holds(part: ElfPart, place: Place, address: number): boolean {
  const size = Math.max(part.memorySize ?? 0, place.fileSize);
  return address >= part.address && address < part.address + size;
}

function partSection(part: ElfPart, place: Place, names: StringTable): Row {
  const { flags } = part;
  return {
    name: names.offset(part.name ?? ""),
    type: place.fileSize > 0 ? SectionType.PROGBITS : SectionType.NOBITS,
    // SHF_WRITE 1, SHF_ALLOC 2, SHF_EXECINSTR 4, from the segment's flags.
    flags: 2 | (flags & 2 ? 1 : 0) | (flags & 1 ? 4 : 0),
    address: part.address,
    offset: place.offset,
    size: place.fileSize || (part.memorySize ?? 0),
  };
}

function writeSymbol(out: ByteWriter, symbol: ElfName, name: number, section: number): void {
  out.u32(name);
  out.u8(((symbol.binding ?? SymbolBinding.GLOBAL) << 4) | (symbol.type ?? 0));
  out.u8(0);
  out.u16(section);
  out.u64(symbol.value);
  out.u64(symbol.size ?? 0);
}

function writeRow(out: ByteWriter, row: Row): void {
  out.u32(row.name);
  out.u32(row.type);
  out.u64(row.flags ?? 0);
  out.u64(row.address ?? 0);
  out.u64(row.offset);
  out.u64(row.size);
  out.u32(row.link ?? 0);
  out.u32(row.info ?? 0);
  out.u64(8);
  out.u64(row.entrySize ?? 0);
}

/** Strings one behind the other, each ended by NUL, the first one empty. */
export class StringTable {
  #writer = new ByteWriter();
  #offsets = new Map<string, number>([["", 0]]);

  /** Make a table with only the empty string. */
  constructor() {
    this.#writer.u8(0);
  }

  /** Where a string is; it is added if it is new. */
  offset(text: string): number {
    const known = this.#offsets.get(text);
    if (known !== undefined) return known;
    const at = this.#writer.size;
    this.#offsets.set(text, at);
    this.#writer.append(new TextEncoder().encode(`${text}\0`));
    return at;
  }

  /** The table's bytes. */
  bytes(): Uint8Array {
    return this.#writer.bytes();
  }
}
