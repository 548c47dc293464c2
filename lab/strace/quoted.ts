/**
 * Bytes as a trace writes them: in quotes, what is no plain letter by its number, and cut.
 *
 * @module
 */

/** So many bytes are shown; a path is shown whole. */
export const TEXT_MAX = 32;

const ESCAPES: Readonly<Record<number, string>> = {
  9: "\\t",
  10: "\\n",
  11: "\\v",
  12: "\\f",
  13: "\\r",
  34: '\\"',
  92: "\\\\",
};

/** Bytes in quotes; dots behind them where there are more. */
export function quoted(bytes: Uint8Array, isCut = false): string {
  let text = "";
  bytes.forEach((byte, at) => text += letter(byte, bytes[at + 1]));
  return `"${text}"${isCut ? "..." : ""}`;
}

/** Bytes in quotes, each by its number to the base 16. */
export function quotedHex(bytes: Uint8Array, isCut = false): string {
  const text = [...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
  return `"${text}"${isCut ? "..." : ""}`;
}

function letter(byte: number, next: number | undefined): string {
  const escape = ESCAPES[byte];
  if (escape !== undefined) return escape;
  if (byte >= 32 && byte < 127) return String.fromCharCode(byte);
  // A digit that follows must not be taken for one of the number's.
  const isDigitNext = next !== undefined && next >= 48 && next <= 57;
  return `\\${byte.toString(8).padStart(isDigitNext ? 3 : 1, "0")}`;
}
