/**
 * What the kernel reads of an ELF file, field by field, as the loaders do: with little distrust.
 *
 * @module
 */
import type { RegularFile } from "../../kernel/rtsmart/fs/regular_file.ts";
import type { Lwp } from "../../kernel/rtsmart/lwp.ts";

/** Types of files. */
export const ElfType = { EXEC: 2, DYN: 3 } as const;

/** Types of program headers. */
export const Pt = { LOAD: 1, DYNAMIC: 2, INTERP: 3 } as const;

/** The bit of a program header's flags that lets its bytes be written. */
export const PF_W = 2;

/** Types of sections. */
export const Sht = { PROGBITS: 1, NOBITS: 8 } as const;

/** Flags of sections. */
export const Shf = { WRITE: 1, ALLOC: 2 } as const;

/** Bytes of a header. */
export const EHDR_SIZE = 64;

/** Bytes of a program header. */
export const PHDR_SIZE = 56;

/** Bytes of a section header. */
export const SHDR_SIZE = 64;

/** The header. */
export interface Ehdr {
  /** The first four bytes, as a big-endian number. */
  readonly magic: number;
  /** `e_ident[EI_CLASS]`. */
  readonly elfClass: number;
  /** `e_ident[EI_VERSION]`. */
  readonly version: number;
  readonly type: number;
  readonly machine: number;
  readonly entry: number;
  readonly phoff: number;
  readonly shoff: number;
  readonly phentsize: number;
  readonly phnum: number;
  readonly shnum: number;
  readonly shstrndx: number;
}

/** A program header. */
export interface Phdr {
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly vaddr: number;
  readonly filesz: number;
  readonly memsz: number;
}

/** A section header. */
export interface Shdr {
  readonly name: number;
  readonly type: number;
  readonly flags: number;
  readonly address: number;
  readonly offset: number;
  readonly size: number;
}

/** What the magic number must be. */
export const ELF_MAGIC = 0x7f454c46;

/** A file as a loader reads it: each look at it is told to the log. */
export class ElfFile {
  /** The file. */
  readonly file: RegularFile;
  /** Its path. */
  readonly path: string;
  readonly #lwp: Lwp;

  /** A file that is read for a process. */
  constructor(lwp: Lwp, file: RegularFile, path: string) {
    this.#lwp = lwp;
    this.file = file;
    this.path = path;
    lwp.named(file, path);
  }

  /** How many bytes it has. */
  get length(): number {
    return this.file.size;
  }

  /** Bytes to understand; null if the file ends before. */
  read(offset: number, length: number): Uint8Array | null {
    const { log } = this.#lwp.rtsmart.realm;
    if (log.listening) log.emit("file-read", { file: this.file.vmo.koid, offset, length });
    const bytes = this.file.readAt(offset, length);
    return bytes.length === length ? bytes : null;
  }

  /** The header. */
  ehdr(): Ehdr | null {
    const bytes = this.read(0, EHDR_SIZE);
    if (bytes === null) return null;
    const view = new DataView(bytes.buffer);
    return {
      magic: view.getUint32(0),
      elfClass: bytes[4]!,
      version: bytes[6]!,
      type: view.getUint16(16, true),
      machine: view.getUint16(18, true),
      entry: u64(view, 24),
      phoff: u64(view, 32),
      shoff: u64(view, 40),
      phentsize: view.getUint16(54, true),
      phnum: view.getUint16(56, true),
      shnum: view.getUint16(60, true),
      shstrndx: view.getUint16(62, true),
    };
  }

  /** The program header at an offset. */
  phdr(offset: number): Phdr | null {
    const bytes = this.read(offset, PHDR_SIZE);
    return bytes === null ? null : readPhdr(new DataView(bytes.buffer), 0);
  }

  /** The section header at an offset. */
  shdr(offset: number): Shdr | null {
    const bytes = this.read(offset, SHDR_SIZE);
    if (bytes === null) return null;
    const view = new DataView(bytes.buffer);
    return {
      name: view.getUint32(0, true),
      type: view.getUint32(4, true),
      flags: view.getUint32(8, true),
      address: u64(view, 16),
      offset: u64(view, 24),
      size: u64(view, 32),
    };
  }
}

/** The program header at a place among bytes. */
export function readPhdr(view: DataView, at: number): Phdr {
  return {
    type: view.getUint32(at, true),
    flags: view.getUint32(at + 4, true),
    offset: u64(view, at + 8),
    vaddr: u64(view, at + 16),
    filesz: u64(view, at + 32),
    memsz: u64(view, at + 40),
  };
}

function u64(view: DataView, at: number): number {
  return view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
}
