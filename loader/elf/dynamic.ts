/**
 * The dynamic section: which libraries a file wants, what it is called, and where its tables are.
 *
 * @module
 */
import { DynamicTag, SegmentType } from "./format.ts";
import { ElfReason } from "./reason.ts";
import { type ElfSegment, segmentOf } from "./segment.ts";
import { i64, textAt, u64, viewOf, within } from "./view.ts";

/** One entry of the dynamic section. */
export interface DynamicEntry {
  /** What it says: a `DynamicTag`, or something else. */
  readonly tag: number;
  /** Its number or address. */
  readonly value: number;
}

/** What a dynamic section says. */
export interface ElfDynamic {
  /** Its entries in order, without the one that ends them. */
  readonly entries: readonly DynamicEntry[];
  /** The libraries that are wanted, in order. */
  readonly needed: readonly string[];
  /** The file's own name as a library; empty where it has none. */
  readonly soname: string;
}

const ENTRY_SIZE = 16;
// So that a small file cannot ask for very many copies of one long name.
const NEEDED_MAX = 1024;

/** Read the dynamic section of a whole file; undefined where the file has none. */
export function readDynamic(
  file: Uint8Array,
  segments: readonly ElfSegment[],
): ElfDynamic | undefined | ElfReason {
  const segment = segmentOf(segments, SegmentType.DYNAMIC);
  if (!segment) return undefined;
  if (!within(segment.offset, segment.fileSize, file.length)) {
    return new ElfReason("PT_DYNAMIC p_offset", segment.offset, "bytes inside the file");
  }
  const bytes = file.subarray(segment.offset, segment.offset + segment.fileSize);
  const entries = readDynamicEntries(bytes);
  if (entries instanceof ElfReason) return entries;
  const strings = stringsOf(file, segments, entries);
  if (strings instanceof ElfReason) return strings;
  const names = entries.filter(({ tag }) => tag === DynamicTag.NEEDED || tag === DynamicTag.SONAME);
  const stray = names.find(({ value }) => value >= strings.length);
  if (stray) {
    const tag = stray.tag === DynamicTag.NEEDED ? "DT_NEEDED" : "DT_SONAME";
    return new ElfReason(tag, stray.value, `an offset below DT_STRSZ (${strings.length})`);
  }
  const needed = names.filter(({ tag }) => tag === DynamicTag.NEEDED);
  if (needed.length > NEEDED_MAX) {
    return new ElfReason("the number of DT_NEEDED", needed.length, `at most ${NEEDED_MAX}`);
  }
  const soname = dynamicValue(entries, DynamicTag.SONAME);
  return {
    entries,
    needed: needed.map(({ value }) => textAt(strings, value)),
    soname: soname === undefined ? "" : textAt(strings, soname),
  };
}

/** Read the entries that a PT_DYNAMIC segment's bytes hold. */
export function readDynamicEntries(bytes: Uint8Array): DynamicEntry[] | ElfReason {
  const view = viewOf(bytes);
  const entries: DynamicEntry[] = [];
  for (let at = 0; at + ENTRY_SIZE <= bytes.length; at += ENTRY_SIZE) {
    const tag = i64(view, at);
    if (tag === DynamicTag.NULL) return entries;
    entries.push({ tag, value: u64(view, at + 8) });
  }
  return new ElfReason("PT_DYNAMIC", `${entries.length} entries without an end`, "a DT_NULL entry");
}

/** The value of the first entry with a tag. */
export function dynamicValue(
  entries: readonly DynamicEntry[],
  tag: number,
): number | undefined {
  return entries.find((entry) => entry.tag === tag)?.value;
}

/** Where the bytes at an address are in the file; undefined where the file does not hold them. */
export function fileOffset(
  segments: readonly ElfSegment[],
  address: number,
  size: number,
): number | undefined {
  for (const load of segments) {
    if (load.type !== SegmentType.LOAD || address < load.address) continue;
    const inside = address - load.address;
    if (within(inside, size, load.fileSize)) return load.offset + inside;
  }
  return undefined;
}

function stringsOf(
  file: Uint8Array,
  segments: readonly ElfSegment[],
  entries: readonly DynamicEntry[],
): Uint8Array | ElfReason {
  const address = dynamicValue(entries, DynamicTag.STRTAB);
  if (address === undefined) return new Uint8Array(0);
  const size = dynamicValue(entries, DynamicTag.STRSZ) ?? 0;
  const offset = fileOffset(segments, address, size);
  if (offset === undefined || !within(offset, size, file.length)) {
    const wanted = `${size} bytes (DT_STRSZ) inside a PT_LOAD segment's part of the file`;
    return new ElfReason("DT_STRTAB", address, wanted);
  }
  return file.subarray(offset, offset + size);
}
