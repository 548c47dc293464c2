/**
 * The relocations that zCore's kernel applies by itself, and what of a file's sections ends it.
 *
 * @module
 */
import type { RegularFile } from "../../kernel/linux/fs/regular_file.ts";

const SHDR_SIZE = 64;
const SYM_SIZE = 24;
const RELA_SIZE = 24;
const SECTION_OFFSET_AT = 40;
const SECTION_COUNT_AT = 60;
const SectionType = { RELA: 4, DYNSYM: 11 } as const;
const Relocation = { ABSOLUTE: 2, RELATIVE: 3, JUMP_SLOT: 5 } as const;
const SECTIONS_MAX = 4096;

interface Section {
  readonly type: number;
  readonly offset: number;
  readonly size: number;
}

/** Why the kernel would end at a file's sections; null if it would not. */
export function relocationPanic(file: RegularFile): string | null {
  const header = viewAt(file, 0, SHDR_SIZE)!;
  const offset = Number(header.getBigUint64(SECTION_OFFSET_AT, true));
  const count = header.getUint16(SECTION_COUNT_AT, true);
  if (count === 0 || count > SECTIONS_MAX) return null;
  const table = viewAt(file, offset, count * SHDR_SIZE);
  if (!table) return "section.get_data().unwrap() on Err: the section headers are not in the file";
  const sections = Array.from({ length: count }, (_, at) => readSection(table, at * SHDR_SIZE));
  const symbols = sections.find(({ type }) => type === SectionType.DYNSYM);
  if (!symbols) return null;
  const names = viewAt(file, symbols.offset, symbols.size);
  if (!names) return "section.get_data().unwrap() on Err: the dynamic symbols are not in the file";
  for (const section of sections) {
    if (section.type !== SectionType.RELA) continue;
    const entries = viewAt(file, section.offset, section.size);
    if (!entries) return "section.get_data().unwrap() on Err: relocations are not in the file";
    const reason = entriesPanic(entries, names);
    if (reason) return reason;
  }
  return null;
}

function entriesPanic(entries: DataView, symbols: DataView): string | null {
  for (let at = 0; at + RELA_SIZE <= entries.byteLength; at += RELA_SIZE) {
    const type = entries.getUint32(at + 8, true);
    const symbol = entries.getUint32(at + 12, true);
    if (type === Relocation.RELATIVE) continue;
    if (type !== Relocation.ABSOLUTE && type !== Relocation.JUMP_SLOT) {
      return `not implemented: relocation type ${type}`;
    }
    if ((symbol + 1) * SYM_SIZE > symbols.byteLength) {
      return `index out of bounds: the index is ${symbol}`;
    }
    if (symbols.getUint16(symbol * SYM_SIZE + 6, true) === 0) return "need to find symbol";
  }
  return null;
}

function readSection(view: DataView, at: number): Section {
  return {
    type: view.getUint32(at + 4, true),
    offset: Number(view.getBigUint64(at + 24, true)),
    size: Number(view.getBigUint64(at + 32, true)),
  };
}

function viewAt(file: RegularFile, offset: number, length: number): DataView | null {
  const bytes = file.readAt(offset, length);
  return bytes.length === length ? new DataView(bytes.buffer) : null;
}
