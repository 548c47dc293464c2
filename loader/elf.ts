/**
 * ELF files: bytes to an image, or a reason.
 *
 * Everything here is pure, checks every bound, and never allocates more than the bytes it was
 * given could fill. A loader that sees a file through a keyhole, such as one that reads a memory
 * object piece by piece, goes step by step: `readHeader` on the first 64 bytes, `checkHeader`,
 * `readSegments` on the table the header names, `checkSegments`, `planLoad`. Whoever has the whole
 * file calls `parseElf`, which does the same. Reading takes what is written; checking is what a
 * loader demands beyond that, and loaders with other demands can read without checking.
 *
 * @module
 */
import { type ElfDynamic, readDynamic } from "./elf/dynamic.ts";
import { SEGMENT_SIZE, SegmentType } from "./elf/format.ts";
import { checkHeader, type ElfHeader, type HeaderRules, readHeader } from "./elf/header.ts";
import { type ElfNote, readNotes } from "./elf/note.ts";
import { type LoadPlan, planLoad } from "./elf/plan.ts";
import { type ElfReason, refused } from "./elf/reason.ts";
import {
  checkSegments,
  type ElfSegment,
  readInterpreter,
  readSegments,
  segmentOf,
  type SegmentRules,
} from "./elf/segment.ts";

export * from "./elf/dynamic.ts";
export * from "./elf/format.ts";
export * from "./elf/header.ts";
export * from "./elf/note.ts";
export * from "./elf/plan.ts";
export * from "./elf/reason.ts";
export * from "./elf/section.ts";
export * from "./elf/segment.ts";
export * from "./elf/symbol.ts";
export { textAt } from "./elf/view.ts";

/** What a loader wants of a whole file; the file's size is taken from the file. */
export type ElfRules = Omit<HeaderRules, "fileSize"> & Omit<SegmentRules, "fileSize">;

/** A program or library that can be loaded. */
export interface ElfImage {
  /** The file header. */
  readonly header: ElfHeader;
  /** The program headers. */
  readonly segments: readonly ElfSegment[];
  /** Where its bytes go. */
  readonly plan: LoadPlan;
  /** The name of the dynamic linker it wants; undefined where it wants none. */
  readonly interpreter: string | undefined;
  /** Its dynamic section; undefined where it has none. */
  readonly dynamic: ElfDynamic | undefined;
  /** What each thread's own memory starts as; undefined where threads have none. */
  readonly tls: ElfSegment | undefined;
  /** What it says of the stack; undefined where it says nothing. */
  readonly stack: ElfSegment | undefined;
  /** What becomes read-only after relocation; undefined where nothing does. */
  readonly relro: ElfSegment | undefined;
  /** What its maker left in it. */
  readonly notes: readonly ElfNote[];
}

/**
 * Parse a whole file: the image, or why there is none.
 *
 * @example
 * ```ts
 * import { FileType, Machine, parseElf, refused } from "@zandbox/zandbox";
 *
 * const rules = { machine: Machine.RISCV, types: [FileType.DYN] };
 * const image = parseElf(new TextEncoder().encode("#!/bin/sh\n".repeat(9)), rules);
 * if (!refused(image)) throw new Error("a script is no ELF file");
 * if (image.text !== "e_ident[EI_MAG] is 23 21 2f 62; expected 7f 45 4c 46 (\\x7fELF)") {
 *   throw new Error(image.text);
 * }
 * ```
 */
export function parseElf(file: Uint8Array, rules: ElfRules): ElfImage | ElfReason {
  const all = { ...rules, fileSize: file.length };
  const header = readHeader(file);
  if (refused(header)) return header;
  const badHeader = checkHeader(header, all);
  if (badHeader) return badHeader;
  const { offset, count } = header.segments;
  const segments = readSegments(file.subarray(offset, offset + count * SEGMENT_SIZE), header);
  const badSegments = checkSegments(segments, all);
  if (badSegments) return badSegments;
  const bytesOf = (segment: ElfSegment) =>
    file.subarray(segment.offset, segment.offset + segment.fileSize);
  const interp = segmentOf(segments, SegmentType.INTERP);
  const interpreter = interp && readInterpreter(bytesOf(interp));
  if (refused(interpreter)) return interpreter;
  const dynamic = readDynamic(file, segments);
  if (refused(dynamic)) return dynamic;
  return {
    header,
    segments,
    plan: planLoad(segments),
    interpreter,
    dynamic,
    tls: segmentOf(segments, SegmentType.TLS),
    stack: segmentOf(segments, SegmentType.GNU_STACK),
    relro: segmentOf(segments, SegmentType.GNU_RELRO),
    notes: segments.filter(({ type }) => type === SegmentType.NOTE)
      .flatMap((segment) => readNotes(bytesOf(segment), segment.align)),
  };
}
