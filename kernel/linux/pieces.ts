/**
 * Pieces of memory, one behind the other.
 *
 * @module
 */

/** How long they are together. */
export function lengthOf(pieces: readonly { readonly length: number }[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}

/** All of their bytes. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(lengthOf(pieces));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Take bytes out of pieces, however many those are. */
export function takeBytes(pieces: Uint8Array[], count: number): Uint8Array {
  const bytes = new Uint8Array(Math.min(count, lengthOf(pieces)));
  for (let at = 0; at < bytes.length;) {
    const first = pieces[0]!;
    const part = first.subarray(0, bytes.length - at);
    bytes.set(part, at);
    at += part.length;
    if (part.length === first.length) pieces.shift();
    else pieces[0] = first.subarray(part.length);
  }
  return bytes;
}
