/**
 * How the first loader relocates a program that can be anywhere: with what was written for 32-bit ARM.
 *
 * Real programs for RISC-V have other relocations, in a section of another name, so nothing of theirs
 * is done here but that every word of `.got` is moved.
 *
 * @module
 */
import { Errno, RtError } from "../../kernel/rtsmart/error.ts";
import { textOf } from "../../kernel/rtsmart/text.ts";
import { type Shdr, SHDR_SIZE } from "./elf_file.ts";
import { type ElfLoadContext, isInFile, offset32 } from "./elf_load_context.ts";

const R_ARM_ABS32 = 2;
const R_ARM_RELATIVE = 23;
const REL_SIZE = 8;
const SYMBOL_SIZE = 24;
const SYMBOL_VALUE = 8;
const HEAP_MAX = 16 << 20;

/** Relocate a program; answers 0 or an error. */
export function relocate(context: ElfLoadContext): number {
  const { eheader, lwp } = context;
  lwp.step("load_elf: .shstrtab", `section ${eheader.shstrndx}`);
  const start = offset32(eheader.shoff);
  if (!isInFile(context, start)) return RtError.ERROR;
  const names = readNames(context, start + SHDR_SIZE * eheader.shstrndx);
  if (typeof names === "number") return names;
  const found = new Map<string, Shdr>();
  for (let one = 0; one < eheader.shnum; one++) {
    const section = context.file.shdr(start + one * SHDR_SIZE);
    if (section === null) return RtError.ERROR;
    found.set(names.slice(section.name).split("\0")[0]!, section);
  }
  const symbols = found.get(".dynsym");
  const table = symbols && symbols.size > 0 ? readSymbols(context, symbols) : null;
  if (typeof table === "number") return table;
  return archElfReloc(context, found, table);
}

function readNames({ file, ...rest }: ElfLoadContext, offset: number): string | number {
  const section = file.shdr(offset);
  if (section === null) return RtError.ERROR;
  if (section.size > HEAP_MAX) return Errno.ENOMEM;
  const inFile = isInFile({ file, ...rest }, section.offset);
  const bytes = inFile ? file.read(section.offset, section.size) : null;
  return bytes === null ? RtError.ERROR : textOf(bytes);
}

function readSymbols(context: ElfLoadContext, { offset, size }: Shdr): DataView | number {
  if (size > HEAP_MAX) return Errno.ENOMEM;
  const bytes = isInFile(context, offset) ? context.file.read(offset, size) : null;
  return bytes === null ? RtError.ERROR : new DataView(bytes.buffer);
}

function archElfReloc(
  context: ElfLoadContext,
  found: ReadonlyMap<string, Shdr>,
  symbols: DataView | null,
): number {
  const { lwp, loadOff } = context;
  const got = found.get(".got");
  const rel = found.get(".rel.dyn");
  lwp.step("arch_elf_reloc", `.rel.dyn ${rel?.size ?? 0}, .got ${got?.size ?? 0} bytes`);
  for (let at = 0; rel && at + REL_SIZE <= rel.size; at += REL_SIZE) {
    const place = word(context, rel.address + loadOff + at);
    const info = word(context, rel.address + loadOff + at + 4);
    if (place < 0 || info < 0) return RtError.ERROR;
    const value = relocated(context, { place, info, symbols });
    if (value !== null && !put(context, place + loadOff, value)) return RtError.ERROR;
  }
  for (let at = 0; got && at + 4 <= got.size; at += 4) {
    const value = word(context, got.address + loadOff + at);
    if (value < 0 || !put(context, got.address + loadOff + at, value + loadOff)) {
      return RtError.ERROR;
    }
  }
  return 0;
}

/** What a relocation writes; null for nothing. */
function relocated(
  context: ElfLoadContext,
  { place, info, symbols }: { place: number; info: number; symbols: DataView | null },
): number | null {
  const { loadOff } = context;
  const type = info & 0xff;
  if (type === R_ARM_RELATIVE) {
    const before = word(context, place + loadOff);
    return before < 0 ? null : before + loadOff;
  }
  const symbol = info >>> 8;
  if (type !== R_ARM_ABS32 || symbol === 0) return null;
  const at = symbol * SYMBOL_SIZE + SYMBOL_VALUE;
  if (symbols === null || at + 4 > symbols.byteLength) return null;
  return loadOff + symbols.getUint32(at, true);
}

/** A 32-bit word of the program, through its frame; the kernel's own fault if it has none. */
function word({ lwp }: ElfLoadContext, address: number): number {
  if (lwp.aspace.v2p(address) !== 0) return lwp.memory.readU32(address);
  lwp.rtsmart.panic(`arch_elf_reloc reads lwp_v2p(0x${address.toString(16)}), which is no address`);
  return -1;
}

function put({ lwp }: ElfLoadContext, address: number, value: number): boolean {
  if (lwp.aspace.v2p(address) !== 0) return lwp.memory.writeU32(address, value) === 0;
  lwp.rtsmart.panic(
    `arch_elf_reloc writes lwp_v2p(0x${address.toString(16)}), which is no address`,
  );
  return false;
}
