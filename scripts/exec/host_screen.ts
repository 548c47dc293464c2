/**
 * What a machine's terminal shows, as bytes for the host's terminal, which goes to the beginning of the
 * line with every newline.
 *
 * @module
 */

const NEWLINE = 10;
/** Goes down a line and nowhere else. */
const DOWN = 11;
const RETURN = 13;

/** The way to the host's terminal. */
export class HostScreen {
  #hasReturned = false;

  /** The bytes that have there the effect which these are to have. */
  translate(bytes: Uint8Array): Uint8Array {
    if (!bytes.includes(NEWLINE)) {
      this.#hasReturned = bytes.length === 0 ? this.#hasReturned : bytes.at(-1) === RETURN;
      return bytes;
    }
    const shown: number[] = [];
    bytes.forEach((byte, at) => {
      const isAdded = byte === RETURN && bytes[at + 1] === NEWLINE;
      if (byte === NEWLINE) shown.push(this.#hasReturned ? NEWLINE : DOWN);
      else if (!isAdded) shown.push(byte);
      this.#hasReturned = byte === RETURN;
    });
    return Uint8Array.from(shown);
  }
}
