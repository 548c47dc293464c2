/**
 * The tables that dynamic linkers read: symbols, both kinds of hash table, strings, and the dynamic
 * section that says where they are.
 *
 * @module
 */
import { DynamicTag, SectionType, SYMBOL_SIZE, SymbolBinding } from "../loader/elf.ts";
import { ByteWriter } from "./byte_writer.ts";
import { type ElfName, type ElfRange, StringTable } from "./elf_writer.ts";

/** What a library says of itself. */
export interface DynamicDescription {
  /** Its own name. */
  readonly soname: string;
  /** What others may use of it; a LOCAL one is listed and not found. */
  readonly symbols: readonly ElfName[];
}

/** The tables, one behind the other. */
export interface DynamicTables {
  /** Their bytes. */
  readonly bytes: Uint8Array;
  /** The address of the dynamic section. */
  readonly dynamicAddress: number;
  /** Its bytes. */
  readonly dynamicSize: number;
  /** The tables as sections, for linkers. */
  readonly sections: readonly ElfRange[];
}

/** The section that all symbols are in. */
const CODE_SECTION = 1;
/** Sections that are in memory have this flag. */
const ALLOCATED = 2;
const BLOOM_SHIFT = 6;

/** Write the tables for an address that is a multiple of 8. */
export function dynamicTables(description: DynamicDescription, address: number): DynamicTables {
  const { buckets, symbols, hashedFrom } = order(description.symbols);
  const strings = new StringTable();
  const soname = strings.offset(description.soname);
  const out = new ByteWriter();
  const table = (write: () => void) => {
    out.alignTo(8);
    const at = address + out.size;
    write();
    return at;
  };
  const symtab = table(() => writeSymbols(out, symbols, strings));
  const gnuHash = table(() => writeGnuHash(out, symbols, hashedFrom, buckets));
  const hash = table(() => writeHash(out, symbols, hashedFrom));
  const strtab = table(() => out.append(strings.bytes()));
  const entries: readonly (readonly [tag: number, value: number])[] = [
    [DynamicTag.SONAME, soname],
    [DynamicTag.GNU_HASH, gnuHash],
    [DynamicTag.HASH, hash],
    [DynamicTag.SYMTAB, symtab],
    [DynamicTag.SYMENT, SYMBOL_SIZE],
    [DynamicTag.STRTAB, strtab],
    [DynamicTag.STRSZ, strings.bytes().length],
    [DynamicTag.NULL, 0],
  ];
  const dynamicAddress = table(() => {
    for (const [tag, value] of entries) {
      out.u64(tag);
      out.u64(value);
    }
  });
  const dynamicSize = entries.length * 16;
  const link = ".dynstr";
  const { DYNSYM, STRTAB, DYNAMIC } = SectionType;
  const section = (name: string, type: number, at: number, size: number) => {
    return { name, type, flags: ALLOCATED, address: at, size };
  };
  const sections: ElfRange[] = [
    {
      ...section(".dynsym", DYNSYM, symtab, (symbols.length + 1) * SYMBOL_SIZE),
      link,
      info: hashedFrom,
      entrySize: SYMBOL_SIZE,
    },
    section(".dynstr", STRTAB, strtab, strings.bytes().length),
    { ...section(".dynamic", DYNAMIC, dynamicAddress, dynamicSize), link, entrySize: 16 },
  ];
  return { bytes: out.bytes(), dynamicAddress, dynamicSize, sections };
}

/** GNU's hash table wants its symbols last and grouped by bucket. */
function order(all: readonly ElfName[]): {
  symbols: readonly ElfName[];
  hashedFrom: number;
  buckets: number;
} {
  const local = all.filter(({ binding }) => binding === SymbolBinding.LOCAL);
  const hashed = all.filter(({ binding }) => binding !== SymbolBinding.LOCAL);
  const buckets = Math.max(1, Math.ceil(hashed.length / 4));
  const bucketOf = ({ name }: ElfName) => gnuHashOf(name) % buckets;
  const sorted = hashed.toSorted((one, other) => bucketOf(one) - bucketOf(other));
  return { symbols: [...local, ...sorted], hashedFrom: local.length + 1, buckets };
}

function writeSymbols(
  out: ByteWriter,
  symbols: readonly ElfName[],
  strings: StringTable,
): void {
  out.zeros(SYMBOL_SIZE);
  for (const symbol of symbols) {
    out.u32(strings.offset(symbol.name));
    out.u8(((symbol.binding ?? SymbolBinding.GLOBAL) << 4) | (symbol.type ?? 0));
    out.u8(0);
    out.u16(CODE_SECTION);
    out.u64(symbol.value);
    out.u64(symbol.size ?? 0);
  }
}

function writeGnuHash(
  out: ByteWriter,
  symbols: readonly ElfName[],
  hashedFrom: number,
  buckets: number,
): void {
  const hashes = symbols.slice(hashedFrom - 1).map(({ name }) => gnuHashOf(name));
  const words = 2 ** Math.ceil(Math.log2(Math.max(1, hashes.length / 8)));
  const bloom = new BigUint64Array(words);
  for (const hash of hashes) {
    const bits = 1n << BigInt(hash % 64) | 1n << BigInt((hash >>> BLOOM_SHIFT) % 64);
    bloom[Math.floor(hash / 64) % words]! |= bits;
  }
  for (const value of [buckets, hashedFrom, words, BLOOM_SHIFT]) out.u32(value);
  for (const word of bloom) out.u64(word);
  for (let bucket = 0; bucket < buckets; bucket++) {
    const first = hashes.findIndex((hash) => hash % buckets === bucket);
    out.u32(first === -1 ? 0 : hashedFrom + first);
  }
  hashes.forEach((hash, index) => {
    const isLast = index + 1 === hashes.length || hashes[index + 1]! % buckets !== hash % buckets;
    out.u32(((hash & ~1) | (isLast ? 1 : 0)) >>> 0);
  });
}

function writeHash(out: ByteWriter, symbols: readonly ElfName[], hashedFrom: number): void {
  const count = symbols.length + 1;
  const buckets = new Uint32Array(Math.max(1, Math.ceil(symbols.length / 4)));
  const chains = new Uint32Array(count);
  for (let index = hashedFrom; index < count; index++) {
    const bucket = hashOf(symbols[index - 1]!.name) % buckets.length;
    chains[index] = buckets[bucket]!;
    buckets[bucket] = index;
  }
  for (const value of [buckets.length, count, ...buckets, ...chains]) out.u32(value);
}

/** GNU's hash of a name. */
function gnuHashOf(name: string): number {
  let hash = 5381;
  for (const byte of new TextEncoder().encode(name)) hash = (Math.imul(hash, 33) + byte) >>> 0;
  return hash;
}

/** The hash of a name that the ELF manual gives. */
function hashOf(name: string): number {
  let hash = 0;
  for (const byte of new TextEncoder().encode(name)) {
    hash = ((hash << 4) + byte) >>> 0;
    const top = hash & 0xf0000000;
    if (top !== 0) hash ^= top >>> 24;
    hash = (hash & ~top) >>> 0;
  }
  return hash;
}
