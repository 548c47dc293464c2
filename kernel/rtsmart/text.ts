/**
 * Texts as the kernel has them: bytes without a zero, here one character for each byte.
 *
 * @module
 */

const PIECE = 8192;

/** The text that bytes spell. */
export function textOf(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += PIECE) {
    text += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  }
  return text;
}

/** The bytes that spell a text. */
export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (one) => one.charCodeAt(0));
}

/** The same with a zero behind them. */
export function zeroEnded(text: string): Uint8Array {
  return bytesOf(`${text}\0`);
}

/** The last part of a path: behind the last slash or backslash. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}
