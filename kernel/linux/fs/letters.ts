/**
 * What kind of letter a byte is to a terminal.
 *
 * @module
 */

const SPACE = 32;
const DELETE = 127;
const UNDERSCORE = 95;
/** Where letters with accents begin, but for two signs between them. */
const ACCENTS = 192;
const SIGNS: readonly number[] = [215, 247];

/** Whether nobody would see it. */
export function isUnseen(byte: number): boolean {
  return byte < SPACE || byte === DELETE;
}

/** Whether it is a further byte of a letter that has several. */
export function isContinuation(byte: number, isUtf8: boolean): boolean {
  return isUtf8 && (byte & 0xc0) === 0x80;
}

/** Whether it can be a part of a word. */
export function isWordly(byte: number): boolean {
  if (byte >= ACCENTS) return !SIGNS.includes(byte);
  return byte === UNDERSCORE || /[0-9A-Za-z]/.test(String.fromCharCode(byte));
}

/** The same as a small letter. */
export function small(byte: number): number {
  return byte >= 65 && byte <= 90 ? byte + SPACE : byte;
}
