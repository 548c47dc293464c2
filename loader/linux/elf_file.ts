/**
 * What the kernel reads of an ELF file: the header and the program headers, and only the fields that
 * Linux looks at.
 *
 * @module
 */
import type { RegularFile } from "../../kernel/linux/fs/regular_file.ts";
import { Errno } from "../../kernel/linux/errno.ts";

/** Types of files. */
export const ElfType = { EXEC: 2, DYN: 3 } as const;

/** Types of program headers. */
export const Pt = {
  LOAD: 1,
  INTERP: 3,
  GNU_STACK: 0x6474e551,
} as const;

/** Bits of a program header's flags. */
export const Pf = { X: 1, W: 2, R: 4 } as const;

/** Bytes of a header. */
export const EHDR_SIZE = 64;

/** Bytes of a program header. */
export const PHDR_SIZE = 56;

const EM_RISCV = 243;
const ELFCLASS64 = 2;
/** The table may be a page long. */
const PHDRS_MAX = 4096;

/** The fields of a header that Linux looks at. */
export interface Ehdr {
  /** What kind of file it is. */
  readonly type: number;
  /** Whether it is for this machine. */
  readonly isForThisMachine: boolean;
  /** Where it begins to run. */
  readonly entry: number;
  /** The same, exactly, however large it is. */
  readonly exactEntry: bigint;
  /** Where its program headers are. */
  readonly phoff: number;
  /** How large each is. */
  readonly phentsize: number;
  /** How many there are. */
  readonly phnum: number;
}

/** A number as the start of a page and the rest. */
export interface PagePlace {
  readonly start: number;
  readonly within: number;
}

/** A program header. */
export interface Phdr {
  /** What it is about. */
  readonly type: number;
  /** What may be done with its bytes. */
  readonly flags: number;
  /** Where they are in the file. */
  readonly offset: number;
  /** Where they are in memory. */
  readonly vaddr: number;
  /** The page that `offset` is in, and where it is there: exactly, however large it is. */
  readonly offsetPage: PagePlace;
  /** The same for `vaddr`. */
  readonly vaddrPage: PagePlace;
  /** How many there are in the file. */
  readonly filesz: number;
  /** How many there are in memory. */
  readonly memsz: number;
  /** What their address is to be a multiple of. */
  readonly align: number;
}

/** Read a header, or null if it does not begin as an ELF file does. */
export function readEhdr(bytes: Uint8Array): Ehdr | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < EHDR_SIZE || view.getUint32(0) !== 0x7f454c46) return null;
  return {
    type: view.getUint16(16, true),
    isForThisMachine: view.getUint16(18, true) === EM_RISCV && bytes[4] === ELFCLASS64,
    entry: u64(view, 24),
    exactEntry: view.getBigUint64(24, true),
    phoff: u64(view, 32),
    phentsize: view.getUint16(54, true),
    phnum: view.getUint16(56, true),
  };
}

/** Read the program headers, or null if they cannot be those of a program. */
export function loadElfPhdrs(file: RegularFile, header: Ehdr): Phdr[] | null {
  const { phentsize, phnum, phoff } = header;
  const size = phnum * PHDR_SIZE;
  if (phentsize !== PHDR_SIZE || phnum === 0 || size > PHDRS_MAX) return null;
  const bytes = elfRead(file, phoff, size);
  if (typeof bytes === "number") return null;
  const view = new DataView(bytes.buffer);
  return Array.from({ length: phnum }, (_, at) => readPhdr(view, at * PHDR_SIZE));
}

/** Bytes of a file, all of them, or why not. */
export function elfRead(file: RegularFile, offset: number, length: number): Uint8Array | number {
  if (offset + length >= 2 ** 63) return Errno.EINVAL;
  const { log } = file.fs.realm;
  if (log.listening) log.emit("file-read", { file: file.vmo.koid, offset, length });
  const bytes = file.readAt(offset, length);
  return bytes.length === length ? bytes : Errno.EIO;
}

/** Where a file begins to run that something was added to the addresses of: they wrap. */
export function entryOf({ exactEntry }: Ehdr, bias: number): number {
  return Number(BigInt.asUintN(64, exactEntry + BigInt(bias)));
}

/** How many bytes of addresses the segments reach over; 0 if there is none. */
export function totalMappingSize(phdrs: readonly Phdr[]): number {
  let low = Infinity;
  let high = 0;
  for (const { type, vaddr, memsz } of phdrs) {
    if (type !== Pt.LOAD) continue;
    low = Math.min(low, vaddr - vaddr % 4096);
    high = Math.max(high, vaddr + memsz);
  }
  return low === Infinity ? 0 : high - low;
}

/** The largest power of two that a segment wants its address to be a multiple of; 0 for none. */
export function maximumAlignment(phdrs: readonly Phdr[]): number {
  const wanted = phdrs.filter(({ type, align }) =>
    type === Pt.LOAD && align > 0 && Number.isInteger(Math.log2(align))
  );
  const align = Math.max(0, ...wanted.map((one) => one.align));
  return align === 0 ? 0 : Math.ceil(align / 4096) * 4096;
}

function readPhdr(view: DataView, at: number): Phdr {
  return {
    type: view.getUint32(at, true),
    flags: view.getUint32(at + 4, true),
    offset: u64(view, at + 8),
    vaddr: u64(view, at + 16),
    offsetPage: pagePlace(view, at + 8),
    vaddrPage: pagePlace(view, at + 16),
    filesz: u64(view, at + 32),
    memsz: u64(view, at + 40),
    align: u64(view, at + 48),
  };
}

function pagePlace(view: DataView, at: number): PagePlace {
  const low = view.getUint32(at, true);
  const within = low % 4096;
  return { start: view.getUint32(at + 4, true) * 2 ** 32 + (low - within), within };
}

function u64(view: DataView, at: number): number {
  return view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
}
