/**
 * Blobs by numbers that the kernel counts up, laid out in memory that others see: the next number and
 * where the blobs begin, then each blob's size and place; the blobs grow down from the end.
 *
 * @module
 */
import { Status } from "../abi.ts";
import type { Vmo } from "../vm/vmo.ts";

const HEADER = 8;
const ENTRY = 8;

/** Make memory ready: no blobs yet. */
export function prepareIdentities(vmo: Vmo) {
  return writeWords(vmo, 0, [0, vmo.size]);
}

/** Keep a blob; answers its number, or why it cannot be kept. */
export function allocateIdentity(vmo: Vmo, blob: Uint8Array) {
  const header = new Uint8Array(HEADER);
  if (vmo.read(0, header) !== Status.OK) return Status.NO_MEMORY;
  const view = new DataView(header.buffer);
  const [next, blobs] = [view.getUint32(0, true), view.getUint32(4, true)];
  const entries = HEADER + next * ENTRY;
  // Whoever maps the memory may have written anything there.
  if (blobs > vmo.size || entries > blobs) return Status.IO_DATA_INTEGRITY;
  const at = blobs - blob.length;
  if (at < entries + ENTRY) return Status.NO_MEMORY;
  const stored = vmo.write(at, blob) === Status.OK &&
    writeWords(vmo, entries, [blob.length, at]) === Status.OK &&
    writeWords(vmo, 0, [next + 1, at]) === Status.OK;
  return stored ? { id: next } : Status.NO_MEMORY;
}

function writeWords(vmo: Vmo, at: number, words: readonly number[]): number {
  return vmo.write(at, new Uint8Array(Uint32Array.from(words).buffer));
}
