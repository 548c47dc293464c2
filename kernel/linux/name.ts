/**
 * Names as Linux has them: bytes without a zero, here one character for each byte.
 *
 * @module
 */

/** The longest name of one file. */
export const NAME_MAX = 255;

/** The longest path, with the zero that ends it. */
export const PATH_MAX = 4096;

const PIECE = 8192;

/** The name that bytes spell. */
export function nameOf(bytes: Uint8Array): string {
  if (bytes.length <= PIECE) return String.fromCharCode(...bytes);
  let name = "";
  for (let at = 0; at < bytes.length; at += PIECE) {
    name += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  }
  return name;
}

/** The bytes that spell a name. */
export function bytesOf(name: string): Uint8Array {
  const bytes = new Uint8Array(name.length);
  for (let at = 0; at < name.length; at++) bytes[at] = name.charCodeAt(at);
  return bytes;
}

/** The same with a zero behind them. */
export function zeroEnded(name: string): Uint8Array {
  const bytes = new Uint8Array(name.length + 1);
  bytes.set(bytesOf(name));
  return bytes;
}

/** The name of text: its UTF-8 bytes. */
export function nameOfText(text: string): string {
  return nameOf(new TextEncoder().encode(text));
}

/** The text of a name that is UTF-8. */
export function textOfName(name: string): string {
  return new TextDecoder().decode(bytesOf(name));
}
