/**
 * A small assembler for RV64: programs from text, without any toolchain.
 *
 * It takes the instructions that the processor has, the usual pseudo-instructions (`li`, `la`,
 * `call`, `ret`, `j`, `mv`, `beqz`…), labels (named, and numeric ones as in `1b`), the sections
 * `.text`, `.rodata`, `.data` and `.bss`, and the usual directives for data. What comes out is an
 * ELF file whose bytes depend on nothing but the text.
 *
 * @module
 */
import {
  FileType,
  pageEnd,
  SegmentFlag,
  SegmentType,
  SymbolBinding,
  SymbolType,
} from "../loader/elf.ts";
import { AssemblyError } from "./assembler/error.ts";
import { type ObjectCode, readObject, type SectionName } from "./assembler/object.ts";
import { type Addresses, place, type Placed } from "./assembler/placement.ts";
import { type ElfName, type ElfPart, headersSize, writeElf } from "./elf_writer.ts";

export { AssemblyError };

/** What a program is to be, besides its text. */
export interface ProgramOptions {
  /** `DYN` for a program that can be anywhere (unless told), `EXEC` for one at its addresses. */
  readonly type?: number;
  /** The first address; 0 for DYN and 0x10000 for EXEC unless told. */
  readonly address?: number;
  /** The label where execution starts; `_start`, or the first instruction, unless told. */
  readonly entry?: string;
  /** The dynamic linker that it wants; none unless told. */
  readonly interpreter?: string;
  /** How many bytes of stack it wants; it does not say unless told. */
  readonly stackSize?: number;
  /** Whether names are kept for people and debuggers; they are unless told. */
  readonly symbols?: boolean;
}

/**
 * Assemble a program.
 *
 * @example
 * ```ts
 * import { assemble, FileType, Machine, parseElf, refused } from "@zandbox/zandbox";
 *
 * const file = assemble(`
 *   _start: la   a0, greeting       # where the text is
 *           li   a1, 6              # how long it is
 *           li   t1, 1000
 *   1:      addi t1, t1, -1
 *           bnez t1, 1b
 *           ebreak
 *           .rodata
 *   greeting: .ascii "hello\n"
 * `);
 * const image = parseElf(file, { machine: Machine.RISCV, types: [FileType.DYN] });
 * if (refused(image)) throw new Error(image.text);
 * if (image.plan.pieces.length !== 2) throw new Error("there is code, and constants");
 * ```
 */
export function assemble(text: string, options: ProgramOptions = {}): Uint8Array {
  const code = readObject(text);
  const type = options.type ?? FileType.DYN;
  const isFixed = type === FileType.EXEC;
  const base = options.address ?? (isFixed ? 0x10000 : 0);
  const extras = extraParts(options);
  const layout = layOut(code, base, extras);
  const placed = place(code, layout.addresses, { fixed: isFixed });
  const entry = entryOf(code, placed, options) ?? layout.addresses[".text"];
  return writeElf({
    type,
    entry,
    parts: [...loadParts(code, placed, layout, extras), ...extras.map((one) => one.part(layout))],
    symbols: options.symbols === false ? [] : namesOf(code, placed),
  });
}

/** Where everything goes: headers and what is read by loaders first, then code, then data. */
interface Layout {
  readonly base: number;
  readonly addresses: Addresses;
  readonly loads: readonly SectionName[];
  /** How many bytes of headers, names and padding come before the code. */
  readonly lead: number;
  readonly leadBytes: Uint8Array;
}

/** A program header besides PT_LOAD, and the bytes in front of the code that it names. */
interface Extra {
  readonly bytes: Uint8Array;
  part(layout: Layout): ElfPart;
}

function extraParts(options: ProgramOptions): Extra[] {
  const extras: Extra[] = [];
  if (options.interpreter !== undefined) {
    const bytes = new TextEncoder().encode(`${options.interpreter}\0`);
    const type = SegmentType.INTERP;
    extras.push({
      bytes,
      part: ({ base, lead, leadBytes }) => ({
        type,
        flags: SegmentFlag.READ,
        address: base + lead - leadBytes.length,
        memorySize: bytes.length,
        align: 1,
      }),
    });
  }
  if (options.stackSize !== undefined) {
    const flags = SegmentFlag.READ | SegmentFlag.WRITE;
    const memorySize = options.stackSize;
    const type = SegmentType.GNU_STACK;
    const part = () => ({ type, flags, address: 0, memorySize, align: 16 });
    extras.push({ bytes: new Uint8Array(0), part });
  }
  return extras;
}

function layOut(code: ObjectCode, base: number, extras: readonly Extra[]): Layout {
  const used = ([".rodata", ".data"] as const).filter((name) => code.sections[name].size > 0);
  const loads: SectionName[] = [".text", ...used];
  if (code.sections[".bss"].size > 0 && !used.includes(".data")) loads.push(".data");
  const headers = headersSize(loads.length + extras.length);
  const bytes = extras.flatMap((extra) => [...extra.bytes]);
  const lead = roundUp(headers + bytes.length, code.sections[".text"].align);
  const leadBytes = new Uint8Array(lead - headers);
  leadBytes.set(bytes);
  const text = base + lead;
  const rodata = pageEnd(text + code.sections[".text"].size);
  const data = pageEnd(rodata + code.sections[".rodata"].size);
  const { size, align } = code.sections[".bss"];
  const dataEnd = data + code.sections[".data"].size;
  const bss = size > 0 ? roundUp(dataEnd, align) : dataEnd;
  const addresses = { ".text": text, ".rodata": rodata, ".data": data, ".bss": bss };
  return { base, addresses, loads, lead, leadBytes };
}

function loadParts(
  code: ObjectCode,
  placed: Placed,
  layout: Layout,
  extras: readonly Extra[],
): ElfPart[] {
  const { READ, WRITE, EXECUTE } = SegmentFlag;
  const { addresses, base, leadBytes } = layout;
  const headers = headersSize(layout.loads.length + extras.length);
  if (base % 4096 !== 0) throw new Error(`the first address is ${base}; expected a page's start`);
  return layout.loads.map((name) => {
    const bytes = placed.bytes[name];
    if (name === ".text") {
      const all = new Uint8Array(layout.lead - headers + bytes.length);
      all.set(leadBytes);
      all.set(bytes, leadBytes.length);
      return { name, flags: READ | EXECUTE, address: base, bytes: all, headers: true };
    }
    if (name === ".rodata") return { name, flags: READ, address: addresses[name], bytes };
    const end = addresses[".bss"] + code.sections[".bss"].size;
    const memorySize = end - addresses[".data"];
    return { name, flags: READ | WRITE, address: addresses[".data"], bytes, memorySize };
  });
}

function entryOf(code: ObjectCode, placed: Placed, options: ProgramOptions): number | undefined {
  const name = options.entry ?? "_start";
  const label = placed.labels.get(name);
  if (!label && options.entry !== undefined) {
    const known = [...code.labels.keys()].filter((one) => !one.startsWith(".L"));
    throw new Error(`no label is called ${name}, the entry; there are ${known.join(", ")}`);
  }
  return label?.address;
}

/** Labels by address; each one's size goes up to the next label or the end of its section. */
function namesOf(code: ObjectCode, placed: Placed): ElfName[] {
  const named = [...placed.labels].filter(([name]) => !name.startsWith(".L"))
    .toSorted(([, one], [, other]) => one.address - other.address);
  return named.map(([name, { address, section }]) => {
    const next = named.find(([, other]) => other.section === section && other.address > address);
    const { size, items } = code.sections[section];
    const start = address - code.labels.get(name)!.offset;
    const isCode = section === ".text" && items.length > 0;
    return {
      name,
      value: address,
      size: (next ? next[1].address : start + size) - address,
      type: isCode ? SymbolType.FUNC : SymbolType.OBJECT,
      binding: code.globals.has(name) || name === "_start"
        ? SymbolBinding.GLOBAL
        : SymbolBinding.LOCAL,
    };
  });
}

function roundUp(value: number, align: number): number {
  return Math.ceil(value / align) * align;
}
