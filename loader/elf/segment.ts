/**
 * The program headers: which bytes of the file shall be in memory, where, and what else there is
 * for a loader to know.
 *
 * @module
 */
import { ELF_PAGE, SEGMENT_SIZE, SegmentFlag, SegmentType } from "./format.ts";
import type { ElfHeader } from "./header.ts";
import { ElfReason, hex } from "./reason.ts";
import { textAt, u64, viewOf, within } from "./view.ts";

/** One program header, as it is written. */
export interface ElfSegment {
  /** What it describes: a `SegmentType`, or something else. */
  readonly type: number;
  /** What may be done with its bytes: a mask of `SegmentFlag` bits. */
  readonly flags: number;
  /** Its first byte in the file. */
  readonly offset: number;
  /** Its first address, before the image is moved to where it is loaded. */
  readonly address: number;
  /** How many bytes of the file it has. */
  readonly fileSize: number;
  /** How many bytes of memory it has; those beyond the file's are zero. */
  readonly memorySize: number;
  /** What offset and address are equal modulo. */
  readonly align: number;
}

/** What a loader wants of the program headers. */
export interface SegmentRules {
  /** How many bytes the whole file has. */
  readonly fileSize: number;
  /** The first address that is no user's; 2^47 unless told. */
  readonly addressLimit?: number;
  /** Whether a segment may be both writable and executable; not unless told. */
  readonly writeExecute?: boolean;
  /** The longest name of a dynamic linker, with its NUL; 4096 unless told. */
  readonly interpreterMax?: number;
}

const ADDRESS_LIMIT = 2 ** 47;
const ALIGN_MAX = 2 ** 40;
const INTERPRETER_MAX = 4096;

const AT_MOST_ONE: readonly (readonly [type: number, name: string])[] = [
  [SegmentType.INTERP, "PT_INTERP"],
  [SegmentType.DYNAMIC, "PT_DYNAMIC"],
  [SegmentType.TLS, "PT_TLS"],
  [SegmentType.GNU_STACK, "PT_GNU_STACK"],
  [SegmentType.GNU_RELRO, "PT_GNU_RELRO"],
];

/** Read the program headers from their table's bytes: as many whole ones as are there and said. */
export function readSegments(table: Uint8Array, header: ElfHeader): ElfSegment[] {
  const view = viewOf(table);
  const count = Math.min(header.segments.count, Math.floor(table.length / SEGMENT_SIZE));
  const segments: ElfSegment[] = [];
  for (let index = 0; index < count; index++) segments.push(readSegment(view, index));
  return segments;
}

/** Why a loader with these rules cannot use the program headers, if it cannot. */
export function checkSegments(
  segments: readonly ElfSegment[],
  rules: SegmentRules,
): ElfReason | undefined {
  let end = 0;
  let loads = 0;
  for (const [index, segment] of segments.entries()) {
    const reason = checkSegment(segment, index, rules);
    if (reason) return reason;
    if (segment.type !== SegmentType.LOAD) continue;
    if (segment.address < end) {
      const wanted = `at least ${hex(end)}: segments ascend and share no page`;
      return new ElfReason(`segment ${index} p_vaddr`, segment.address, wanted);
    }
    end = pageEnd(segment.address + segment.memorySize);
    loads++;
  }
  if (loads === 0) return new ElfReason("the number of PT_LOAD segments", 0, "at least 1");
  return checkSingles(segments) ?? checkInside(segments);
}

/** The name that a PT_INTERP segment's bytes hold. */
export function readInterpreter(bytes: Uint8Array): string | ElfReason {
  const end = bytes.indexOf(0);
  if (end === -1) return new ElfReason("PT_INTERP", "without a NUL", "a name that ends with NUL");
  if (end === 0) return new ElfReason("PT_INTERP", "an empty name", "the dynamic linker's name");
  return textAt(bytes, 0, bytes.length);
}

/** The first segment of a type. */
export function segmentOf(segments: readonly ElfSegment[], type: number): ElfSegment | undefined {
  return segments.find((segment) => segment.type === type);
}

/** The start of the page that an address is in. */
export function pageStart(address: number): number {
  return address - address % ELF_PAGE;
}

/** The first page's start at or behind an address. */
export function pageEnd(address: number): number {
  return Math.ceil(address / ELF_PAGE) * ELF_PAGE;
}

function readSegment(view: DataView, index: number): ElfSegment {
  const at = index * SEGMENT_SIZE;
  return {
    type: view.getUint32(at, true),
    flags: view.getUint32(at + 4, true),
    offset: u64(view, at + 8),
    address: u64(view, at + 16),
    fileSize: u64(view, at + 32),
    memorySize: u64(view, at + 40),
    align: u64(view, at + 48),
  };
}

function checkSegment(
  segment: ElfSegment,
  index: number,
  rules: SegmentRules,
): ElfReason | undefined {
  const field = (name: string) => `segment ${index} ${name}`;
  if (segment.type === SegmentType.LOAD) return checkLoad(segment, field, rules);
  if (segment.type === SegmentType.INTERP) {
    const max = rules.interpreterMax ?? INTERPRETER_MAX;
    if (segment.fileSize < 2 || segment.fileSize > max) {
      return new ElfReason(field("p_filesz"), segment.fileSize, `2 to ${max} for PT_INTERP`);
    }
    return checkInFile(segment, field, rules);
  }
  if (segment.type === SegmentType.TLS) {
    return checkSizes(segment, field) ?? checkAlign(segment, field) ??
      checkInFile(segment, field, rules);
  }
  if (segment.type === SegmentType.NOTE || segment.type === SegmentType.DYNAMIC) {
    return checkInFile(segment, field, rules);
  }
  return undefined;
}

function checkLoad(
  segment: ElfSegment,
  field: (name: string) => string,
  rules: SegmentRules,
): ElfReason | undefined {
  const { address, offset, fileSize, memorySize, flags } = segment;
  const limit = rules.addressLimit ?? ADDRESS_LIMIT;
  if (memorySize === 0) return new ElfReason(field("p_memsz"), 0, "at least 1 for PT_LOAD");
  if (address >= limit) return new ElfReason(field("p_vaddr"), address, `below ${hex(limit)}`);
  if (!within(address, memorySize, limit)) {
    return new ElfReason(field("p_memsz"), memorySize, `at most ${hex(limit - address)}`);
  }
  const reason = checkSizes(segment, field) ?? checkInFile(segment, field, rules) ??
    checkAlign(segment, field);
  if (reason) return reason;
  if (fileSize > 0 && offset % ELF_PAGE !== address % ELF_PAGE) {
    const wanted = `equal to p_vaddr (${hex(address)}) modulo 4096`;
    return new ElfReason(field("p_offset"), offset, wanted);
  }
  const both = SegmentFlag.WRITE | SegmentFlag.EXECUTE;
  if ((flags & both) === both && !rules.writeExecute) {
    return new ElfReason(field("p_flags"), flags, "writable or executable, not both");
  }
  return undefined;
}

function checkSizes(segment: ElfSegment, field: (name: string) => string): ElfReason | undefined {
  if (segment.fileSize <= segment.memorySize) return undefined;
  const wanted = `at most p_memsz (${hex(segment.memorySize)})`;
  return new ElfReason(field("p_filesz"), segment.fileSize, wanted);
}

function checkInFile(
  segment: ElfSegment,
  field: (name: string) => string,
  rules: SegmentRules,
): ElfReason | undefined {
  if (segment.fileSize === 0) return undefined;
  if (within(segment.offset, segment.fileSize, rules.fileSize)) return undefined;
  const name = segment.offset > rules.fileSize ? "p_offset" : "p_filesz";
  const value = name === "p_offset" ? segment.offset : segment.fileSize;
  return new ElfReason(field(name), value, `bytes inside the file's ${rules.fileSize}`);
}

function checkAlign(segment: ElfSegment, field: (name: string) => string): ElfReason | undefined {
  const { align } = segment;
  if (align === 0 || (align <= ALIGN_MAX && Number.isInteger(Math.log2(align)))) return undefined;
  return new ElfReason(field("p_align"), align, `0, or a power of two up to ${hex(ALIGN_MAX)}`);
}

function checkSingles(segments: readonly ElfSegment[]): ElfReason | undefined {
  for (const [type, name] of AT_MOST_ONE) {
    const count = segments.filter((segment) => segment.type === type).length;
    if (count > 1) return new ElfReason(`the number of ${name} segments`, count, "at most 1");
  }
  return undefined;
}

/** What the dynamic linker reads in memory must be part of what is loaded. */
function checkInside(segments: readonly ElfSegment[]): ElfReason | undefined {
  const loads = segments.filter((segment) => segment.type === SegmentType.LOAD);
  for (const [index, segment] of segments.entries()) {
    const { type, address, memorySize } = segment;
    if (type !== SegmentType.DYNAMIC && type !== SegmentType.GNU_RELRO) continue;
    const inside = loads.some((load) =>
      address >= load.address &&
      within(address, memorySize, pageEnd(load.address + load.memorySize))
    );
    if (!inside) {
      return new ElfReason(`segment ${index} p_vaddr`, address, "memory inside a PT_LOAD segment");
    }
  }
  return undefined;
}
