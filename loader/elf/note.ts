/**
 * Notes: small records that whoever made the file left in it, such as a build's identity.
 *
 * @module
 */
import { textAt, viewOf, within } from "./view.ts";

/** One note. */
export interface ElfNote {
  /** Who defined it, such as `GNU`. */
  readonly owner: string;
  /** Which of the owner's notes it is. */
  readonly type: number;
  /** What it says. */
  readonly data: Uint8Array;
}

const NOTE_HEADER = 12;

/** Read the notes in a PT_NOTE segment's bytes, up to the first that does not fit in them. */
export function readNotes(bytes: Uint8Array, align: number): ElfNote[] {
  const step = align === 8 ? 8 : 4;
  const view = viewOf(bytes);
  const notes: ElfNote[] = [];
  let at = 0;
  while (within(at, NOTE_HEADER, bytes.length)) {
    const nameSize = view.getUint32(at, true);
    const dataSize = view.getUint32(at + 4, true);
    const data = roundUp(at + NOTE_HEADER + nameSize, step);
    if (!within(data, dataSize, bytes.length)) break;
    notes.push({
      owner: textAt(bytes.subarray(0, at + NOTE_HEADER + nameSize), at + NOTE_HEADER),
      type: view.getUint32(at + 8, true),
      data: bytes.subarray(data, data + dataSize),
    });
    at = roundUp(data + dataSize, step);
  }
  return notes;
}

/** The build's identity in hexadecimal, where a note says it. */
export function buildId(notes: readonly ElfNote[]): string | undefined {
  const note = notes.find(({ owner, type }) => owner === "GNU" && type === 3);
  return note && [...note.data].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}
