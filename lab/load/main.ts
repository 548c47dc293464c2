/**
 * Where a program's `main` is, and a copy of the program that stops there.
 *
 * @module
 */
import {
  type ElfHeader,
  type ElfSegment,
  readHeader,
  readSections,
  readSegments,
  readSymbols,
  refused,
  SEGMENT_SIZE,
  SegmentType,
} from "../../loader/elf.ts";

/** What `ebreak` is in two bytes. */
const EBREAK = [0x02, 0x90] as const;

/** A program with `ebreak` at the beginning of its `main`; null if it does not say where that is. */
export function stoppedAtMain(file: Uint8Array): Uint8Array | null {
  const header = readHeader(file);
  const main = mainAddress(file);
  if (refused(header) || main === null) return null;
  const offset = fileOffset(segmentsOf(file, header), main);
  if (offset === null || offset + EBREAK.length > file.length) return null;
  const copy = file.slice();
  copy.set(EBREAK, offset);
  return copy;
}

/** The address of `main` in a file; null if it does not say. */
export function mainAddress(file: Uint8Array): number | null {
  const header = readHeader(file);
  if (refused(header)) return null;
  const sections = readSections(file, header);
  if (refused(sections)) return null;
  const found = readSymbols(file, sections).find(({ name, section }) =>
    name === "main" && section !== 0
  );
  return found?.value ?? null;
}

/** The program headers of a file, whatever they say. */
function segmentsOf(file: Uint8Array, header: ElfHeader): ElfSegment[] {
  const { offset, count } = header.segments;
  return readSegments(file.subarray(offset, offset + count * SEGMENT_SIZE), header);
}

/** Where in the file the byte is that has this address in memory. */
function fileOffset(segments: readonly ElfSegment[], address: number): number | null {
  const found = segments.find(({ type, address: start, fileSize }) =>
    type === SegmentType.LOAD && address >= start && address < start + fileSize
  );
  return found ? found.offset + (address - found.address) : null;
}
