/**
 * Symbols: names for addresses, for people, debuggers and dynamic linkers.
 *
 * @module
 */
import { SectionType, SYMBOL_SIZE, SymbolType } from "./format.ts";
import { type ElfSection, sectionBytes } from "./section.ts";
import { textAt, u64, viewOf } from "./view.ts";

/** One symbol. */
export interface ElfSymbol {
  /** Its name. */
  readonly name: string;
  /** Its address, before the image is moved to where it is loaded. */
  readonly value: number;
  /** How many bytes it names. */
  readonly size: number;
  /** What it names: a `SymbolType`, or something else. */
  readonly type: number;
  /** How far it is seen: a `SymbolBinding`, or something else. */
  readonly binding: number;
  /** The section it is in; 0 where another file has to define it. */
  readonly section: number;
}

/** The symbols of a whole file: every one where it has them, otherwise those other files see. */
export function readSymbols(file: Uint8Array, sections: readonly ElfSection[]): ElfSymbol[] {
  const table = sections.find(({ type }) => type === SectionType.SYMTAB) ??
    sections.find(({ type }) => type === SectionType.DYNSYM);
  if (!table) return [];
  const names = sections[table.link];
  const strings = names ? sectionBytes(file, names) : new Uint8Array(0);
  return readSymbolTable(sectionBytes(file, table), strings);
}

/** Read a symbol table from its bytes and those of its strings. */
export function readSymbolTable(table: Uint8Array, strings: Uint8Array): ElfSymbol[] {
  const view = viewOf(table);
  const symbols: ElfSymbol[] = [];
  for (let at = SYMBOL_SIZE; at + SYMBOL_SIZE <= table.length; at += SYMBOL_SIZE) {
    const info = table[at + 4]!;
    const nameAt = view.getUint32(at, true);
    symbols.push({
      // Decoded when asked for: a small file can hold very many names of the same long string.
      get name() {
        return textAt(strings, nameAt);
      },
      value: u64(view, at + 8),
      size: u64(view, at + 16),
      type: info & 15,
      binding: info >> 4,
      section: view.getUint16(at + 6, true),
    });
  }
  return symbols;
}

/** The symbol that an address belongs to, and how far behind its start; the nearest one below. */
export function symbolAt(
  symbols: readonly ElfSymbol[],
  address: number,
): { readonly symbol: ElfSymbol; readonly offset: number } | undefined {
  let best: ElfSymbol | undefined;
  for (const symbol of symbols) {
    if (!symbol.name || symbol.section === 0 || symbol.value > address) continue;
    if (symbol.type > SymbolType.FUNC) continue;
    if (symbol.size !== 0 && address >= symbol.value + symbol.size) continue;
    if (!best || symbol.value > best.value) best = symbol;
  }
  return best && { symbol: best, offset: address - best.value };
}
