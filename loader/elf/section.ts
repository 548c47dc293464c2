/**
 * The section headers: what linkers, debuggers and people see in a file. No loader needs them, so
 * a file whose sections are nonsense still loads.
 *
 * @module
 */
import { SECTION_SIZE, SectionType } from "./format.ts";
import type { ElfHeader } from "./header.ts";
import { ElfReason } from "./reason.ts";
import { textAt, u64, viewOf, within } from "./view.ts";

/** One section. */
export interface ElfSection {
  /** Its name. */
  readonly name: string;
  /** What it holds: a `SectionType`, or something else. */
  readonly type: number;
  /** Its flags, as they are written. */
  readonly flags: number;
  /** Its address in memory; 0 where it is not loaded. */
  readonly address: number;
  /** Its first byte in the file. */
  readonly offset: number;
  /** How many bytes it has. */
  readonly size: number;
  /** Another section it goes with, such as a symbol table's strings. */
  readonly link: number;
  /** Something more that depends on the type. */
  readonly info: number;
  /** Bytes in one entry, where it is a table. */
  readonly entrySize: number;
}

const NAME_MAX = 256;

/** Read the sections of a whole file; none where it says to have none. */
export function readSections(file: Uint8Array, header: ElfHeader): ElfSection[] | ElfReason {
  const { offset, entrySize } = header.sections;
  if (offset === 0) return [];
  if (entrySize !== SECTION_SIZE) {
    return new ElfReason("e_shentsize", entrySize, "64, the size of a section header");
  }
  const count = countOf(file, header);
  if (!within(offset, count * SECTION_SIZE, file.length)) {
    return new ElfReason("e_shoff", offset, `a table of ${count} section headers inside the file`);
  }
  const view = viewOf(file);
  const bare: { section: ElfSection; nameAt: number }[] = [];
  for (let index = 0; index < count; index++) {
    const at = offset + index * SECTION_SIZE;
    bare.push({ section: readSection(view, at), nameAt: view.getUint32(at, true) });
  }
  const names = bytesOf(file, bare[header.sectionNames]?.section);
  return bare.map(({ section, nameAt }) => ({ ...section, name: textAt(names, nameAt, NAME_MAX) }));
}

/** The bytes that a section has in the file; none where they do not lie in it. */
export function sectionBytes(file: Uint8Array, section: ElfSection): Uint8Array {
  return bytesOf(file, section);
}

/** Where there are too many sections for the header's field, the first section says how many. */
function countOf(file: Uint8Array, header: ElfHeader): number {
  const { count, offset } = header.sections;
  if (count !== 0 || !within(offset, SECTION_SIZE, file.length)) return count;
  return u64(viewOf(file), offset + 32);
}

function readSection(view: DataView, at: number): ElfSection {
  return {
    name: "",
    type: view.getUint32(at + 4, true),
    flags: u64(view, at + 8),
    address: u64(view, at + 16),
    offset: u64(view, at + 24),
    size: u64(view, at + 32),
    link: view.getUint32(at + 40, true),
    info: view.getUint32(at + 44, true),
    entrySize: u64(view, at + 56),
  };
}

function bytesOf(file: Uint8Array, section: ElfSection | undefined): Uint8Array {
  const empty = new Uint8Array(0);
  if (!section || section.type === SectionType.NOBITS) return empty;
  if (!within(section.offset, section.size, file.length)) return empty;
  return file.subarray(section.offset, section.offset + section.size);
}
