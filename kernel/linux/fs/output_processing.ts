/**
 * What a terminal does with bytes on their way out, and in which column of its line it is by that.
 *
 * @module
 */
import { TerminalOutput } from "../abi/terminal.ts";
import { isContinuation, isUnseen } from "./letters.ts";

const BACKSPACE = 8;
const TAB = 9;
const NEWLINE = 10;
const RETURN = 13;
const SPACE = 32;
const TAB_WIDTH = 8;
const SMALL_A = 97;
const SMALL_Z = 122;

/** The way out of a terminal. */
export class OutputProcessing {
  /** Where the next byte will be seen. */
  column = 0;

  /** Bytes as they are shown under some settings. */
  process(bytes: Uint8Array, flags: number, isUtf8: boolean): Uint8Array {
    if ((flags & TerminalOutput.OPOST) === 0) return bytes;
    const shown: number[] = [];
    for (const byte of bytes) this.#put(shown, byte, { flags, isUtf8 });
    return Uint8Array.from(shown);
  }

  #put(
    shown: number[],
    byte: number,
    { flags, isUtf8 }: { readonly flags: number; readonly isUtf8: boolean },
  ): void {
    const has = (flag: number) => (flags & flag) === flag;
    switch (byte) {
      case NEWLINE:
        if (has(TerminalOutput.ONLCR)) shown.push(RETURN);
        if (has(TerminalOutput.ONLCR) || has(TerminalOutput.ONLRET)) this.column = 0;
        shown.push(NEWLINE);
        return;
      case RETURN:
        if (has(TerminalOutput.ONOCR) && this.column === 0) return;
        if (has(TerminalOutput.OCRNL)) {
          if (has(TerminalOutput.ONLRET)) this.column = 0;
          shown.push(NEWLINE);
          return;
        }
        this.column = 0;
        shown.push(RETURN);
        return;
      case TAB: {
        const blanks = TAB_WIDTH - this.column % TAB_WIDTH;
        this.column += blanks;
        if (has(TerminalOutput.XTABS)) { for (let one = 0; one < blanks; one++) shown.push(SPACE); }
        else shown.push(TAB);
        return;
      }
      case BACKSPACE:
        if (this.column > 0) this.column--;
        shown.push(BACKSPACE);
        return;
      default:
        if (!isUnseen(byte) && !isContinuation(byte, isUtf8)) this.column++;
        shown.push(has(TerminalOutput.OLCUC) && isSmall(byte) ? byte - SPACE : byte);
    }
  }
}

function isSmall(byte: number): boolean {
  return byte >= SMALL_A && byte <= SMALL_Z;
}
