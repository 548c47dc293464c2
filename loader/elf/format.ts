/**
 * The numbers of the ELF format that this project understands, by name.
 *
 * @module
 */

/** Bytes in a file header. */
export const HEADER_SIZE = 64;
/** Bytes in a program header. */
export const SEGMENT_SIZE = 56;
/** Bytes in a section header. */
export const SECTION_SIZE = 64;
/** Bytes in a symbol. */
export const SYMBOL_SIZE = 24;
/** The page that segments are cut into. */
export const ELF_PAGE = 4096;

/** What a file is (`e_type`). */
export const FileType = {
  /** An object file, for a linker. */
  REL: 1,
  /** A program that must be at its own addresses. */
  EXEC: 2,
  /** A shared library, or a program that can be anywhere. */
  DYN: 3,
  /** A memory dump. */
  CORE: 4,
} as const;

/** Whose instructions a file holds (`e_machine`). */
export const Machine = {
  /** x86-64. */
  X86_64: 62,
  /** RISC-V, 64 bits wide as the file's class says. */
  RISCV: 243,
} as const;

/** What a program header describes (`p_type`). */
export const SegmentType = {
  /** Nothing; the header is not used. */
  NULL: 0,
  /** Bytes to be in memory. */
  LOAD: 1,
  /** Where the dynamic section is. */
  DYNAMIC: 2,
  /** The name of the dynamic linker. */
  INTERP: 3,
  /** Notes from whoever made the file. */
  NOTE: 4,
  /** The table of program headers itself. */
  PHDR: 6,
  /** What each thread's own memory starts as. */
  TLS: 7,
  /** Where the tables for unwinding are. */
  GNU_EH_FRAME: 0x6474e550,
  /** What the stack shall be. */
  GNU_STACK: 0x6474e551,
  /** What becomes read-only after relocation. */
  GNU_RELRO: 0x6474e552,
  /** What the machine's program properties are. */
  GNU_PROPERTY: 0x6474e553,
  /** RISC-V's list of extensions. */
  RISCV_ATTRIBUTES: 0x70000003,
} as const;

/** What may be done with a segment's bytes (`p_flags`), as bits. */
export const SegmentFlag = {
  /** Instructions may be fetched. */
  EXECUTE: 1,
  /** Bytes may be written. */
  WRITE: 2,
  /** Bytes may be read. */
  READ: 4,
} as const;

/** What a section holds (`sh_type`). */
export const SectionType = {
  /** Nothing. */
  NULL: 0,
  /** The program's own bytes. */
  PROGBITS: 1,
  /** Every symbol. */
  SYMTAB: 2,
  /** Strings. */
  STRTAB: 3,
  /** Relocations with addends. */
  RELA: 4,
  /** The symbol hash table. */
  HASH: 5,
  /** The dynamic section. */
  DYNAMIC: 6,
  /** Notes. */
  NOTE: 7,
  /** Zeroes that take no room in the file. */
  NOBITS: 8,
  /** The symbols that other files see. */
  DYNSYM: 11,
} as const;

/** What an entry of the dynamic section says (`d_tag`). */
export const DynamicTag = {
  /** The end. */
  NULL: 0,
  /** A library this file wants: an offset in the strings. */
  NEEDED: 1,
  /** Bytes of relocations for the procedure linkage table. */
  PLTRELSZ: 2,
  /** The global offset table's part for procedures. */
  PLTGOT: 3,
  /** The symbol hash table. */
  HASH: 4,
  /** The string table. */
  STRTAB: 5,
  /** The symbol table. */
  SYMTAB: 6,
  /** Relocations with addends. */
  RELA: 7,
  /** Their bytes. */
  RELASZ: 8,
  /** Bytes in one. */
  RELAENT: 9,
  /** Bytes of strings. */
  STRSZ: 10,
  /** Bytes in a symbol. */
  SYMENT: 11,
  /** A function to call at the start. */
  INIT: 12,
  /** A function to call at the end. */
  FINI: 13,
  /** The library's own name: an offset in the strings. */
  SONAME: 14,
  /** Which kind of relocations the procedure linkage table has. */
  PLTREL: 20,
  /** For debuggers. */
  DEBUG: 21,
  /** Relocations of the procedure linkage table. */
  JMPREL: 23,
  /** Relocate everything before starting. */
  BIND_NOW: 24,
  /** Functions to call at the start. */
  INIT_ARRAY: 25,
  /** Functions to call at the end. */
  FINI_ARRAY: 26,
  /** Bytes of the first array. */
  INIT_ARRAYSZ: 27,
  /** Bytes of the second array. */
  FINI_ARRAYSZ: 28,
  /** Flags. */
  FLAGS: 30,
  /** Bytes of packed relative relocations. */
  RELRSZ: 35,
  /** Packed relative relocations. */
  RELR: 36,
  /** Bytes in one. */
  RELRENT: 37,
  /** GNU's symbol hash table. */
  GNU_HASH: 0x6ffffef5,
  /** More flags. */
  FLAGS_1: 0x6ffffffb,
} as const;

/** How far a symbol is seen (`st_info`, high half). */
export const SymbolBinding = {
  /** In its own file. */
  LOCAL: 0,
  /** Everywhere. */
  GLOBAL: 1,
  /** Everywhere, unless a global one of the same name is there. */
  WEAK: 2,
} as const;

/** What a symbol names (`st_info`, low half). */
export const SymbolType = {
  /** Nothing said. */
  NOTYPE: 0,
  /** Data. */
  OBJECT: 1,
  /** A function. */
  FUNC: 2,
  /** A section. */
  SECTION: 3,
  /** A source file. */
  FILE: 4,
  /** An offset in each thread's own memory. */
  TLS: 6,
} as const;

/** A machine number as people say it. */
export function machineName(machine: number): string {
  const known: Record<number, string> = { 3: "i386", 40: "Arm", 62: "x86-64", 183: "AArch64" };
  known[Machine.RISCV] = "RISC-V";
  return known[machine] ? `${machine} (${known[machine]})` : `${machine}`;
}

/** A file type as people say it. */
export function fileTypeName(type: number): string {
  const name = ["ET_NONE", "ET_REL", "ET_EXEC", "ET_DYN", "ET_CORE"][type];
  return name ? `${type} (${name})` : `${type}`;
}
