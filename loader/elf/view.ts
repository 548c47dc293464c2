/**
 * Reading little-endian numbers and strings out of bytes that nobody vouches for.
 *
 * @module
 */

/** The longest string that is read; what is longer ends here. */
export const TEXT_MAX = 4096;

const DECODER = new TextDecoder();

/** A view for reading numbers. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** An unsigned 64-bit number; beyond 2^53 the nearest that a double can hold. */
export function u64(view: DataView, at: number): number {
  return view.getUint32(at + 4, true) * 0x1_0000_0000 + view.getUint32(at, true);
}

/** A signed 64-bit number; beyond 2^53 the nearest that a double can hold. */
export function i64(view: DataView, at: number): number {
  return view.getInt32(at + 4, true) * 0x1_0000_0000 + view.getUint32(at, true);
}

/** Whether `size` bytes at `at` lie within the first `limit` bytes; right for any number. */
export function within(at: number, size: number, limit: number): boolean {
  return at >= 0 && size >= 0 && at <= limit && size <= limit - at;
}

/** The string that starts at `at` and ends before a NUL or the end; empty where there is none. */
export function textAt(bytes: Uint8Array, at: number, sizeMax: number = TEXT_MAX): string {
  if (!(at < bytes.length)) return "";
  const limit = Math.min(bytes.length, at + sizeMax);
  let end = at;
  while (end < limit && bytes[end] !== 0) end++;
  return DECODER.decode(bytes.subarray(at, end));
}
