/**
 * A line that somebody types at a terminal, till it is complete: what the letters that erase, repeat
 * and quote do to it, and what he sees of that.
 *
 * @module
 */
import { SettingsAt, TerminalInput, TerminalLetter, TerminalLocal } from "../abi/terminal.ts";
import { isContinuation, isUnseen, isWordly } from "./letters.ts";

const BACKSPACE = 8;
const TAB = 9;
const NEWLINE = 10;
const SPACE = 32;
const SLASH = 47;
const CARET = 94;
const BACKSLASH = 92;
const MARK = 255;
const TAB_WIDTH = 8;
const RUBBED_OUT = [BACKSPACE, SPACE, BACKSPACE];
/** No line has more bytes, but for what ends it. */
const LINE_MAX = 4095;

/** What a line needs to know of its terminal, and tells it. */
export interface Screen {
  /** Settings, by where they are in a `struct termios`. */
  flags(at: number): number;
  /** A letter that means something, by its place; 0 while none does. */
  letter(which: number): number;
  /** Show bytes for what was typed. */
  show(bytes: readonly number[]): void;
  /** Where the next byte will be seen. */
  readonly column: number;
  /** The line is complete. */
  complete(line: Uint8Array): void;
}

/** How much is erased. */
type Extent = "letter" | "word" | "line";

/** The line that is being typed. */
export class LineEditor {
  /** Whether the next byte means nothing but itself. */
  isQuoting = false;
  readonly #screen: Screen;
  #line: number[] = [];
  /** Whether what is erased is being shown, as on paper. */
  #isErasing = false;
  /** The column in which the line began. */
  #first = 0;

  /** An empty line. */
  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** Whether nothing is on it. */
  get isEmpty(): boolean {
    return this.#line.length === 0;
  }

  /** Forget what is on it. */
  clear(): void {
    this.#line = [];
    this.#isErasing = false;
    this.isQuoting = false;
  }

  /** Let a program have what is on it. */
  complete(): void {
    const line = Uint8Array.from(this.#line);
    this.#line = [];
    this.#screen.complete(line);
  }

  /** A byte was typed. */
  type(byte: number): void {
    const { flags, letter } = this.#settings;
    const isExtended = flags(TerminalLocal.IEXTEN);
    const { VERASE, VKILL, VWERASE, VLNEXT, VREPRINT, VEOF, VEOL, VEOL2 } = TerminalLetter;
    if (byte === letter(VERASE)) return this.#erase("letter");
    if (byte === letter(VKILL)) return this.#eraseLine();
    if (byte === letter(VWERASE) && isExtended) return this.#erase("word");
    if (byte === letter(VLNEXT) && isExtended) return this.#quote();
    if (byte === letter(VREPRINT) && isExtended && flags(TerminalLocal.ECHO)) {
      return this.#reprint(byte);
    }
    if (byte === NEWLINE) {
      if (flags(TerminalLocal.ECHO) || flags(TerminalLocal.ECHONL)) this.#screen.show([NEWLINE]);
      this.#line.push(NEWLINE);
      return this.complete();
    }
    if (byte === letter(VEOF)) return this.complete();
    this.put(byte);
    if (byte === letter(VEOL) || (byte === letter(VEOL2) && isExtended)) this.complete();
  }

  /** A byte that means nothing but itself. */
  put(byte: number): void {
    this.isQuoting = false;
    if (this.#settings.flags(TerminalLocal.ECHO)) {
      this.#endErasing();
      if (this.isEmpty) this.#first = this.#screen.column;
      this.#screen.show(this.#shown(byte));
    }
    const isMarked = byte === MARK &&
      (this.#screen.flags(SettingsAt.INPUT) & TerminalInput.PARMRK) !== 0;
    const bytes = isMarked ? [MARK, MARK] : [byte];
    if (this.#line.length + bytes.length <= LINE_MAX) this.#line.push(...bytes);
  }

  get #settings() {
    const screen = this.#screen;
    const local = screen.flags(SettingsAt.LOCAL);
    return {
      flags: (flag: number) => (local & flag) !== 0,
      letter: (which: number) => screen.letter(which) || null,
    };
  }

  /** What is seen of a byte. */
  #shown(byte: number): readonly number[] {
    return shownOf(byte, this.#screen.flags(SettingsAt.LOCAL));
  }

  #quote(): void {
    const { flags } = this.#settings;
    this.isQuoting = true;
    if (!flags(TerminalLocal.ECHO)) return;
    this.#endErasing();
    if (flags(TerminalLocal.ECHOCTL)) this.#screen.show([CARET, BACKSPACE]);
  }

  #reprint(byte: number): void {
    this.#endErasing();
    this.#screen.show([...this.#shown(byte), NEWLINE]);
    this.#screen.show(this.#line.flatMap((one) => this.#shown(one)));
  }

  /** Erase all that is on it, if that can be seen. */
  #eraseLine(): void {
    if (this.isEmpty) return;
    const { flags, letter } = this.#settings;
    const { ECHO, ECHOE, ECHOK, ECHOKE } = TerminalLocal;
    if (flags(ECHO) && flags(ECHOE) && flags(ECHOK) && flags(ECHOKE)) return this.#erase("line");
    this.#line = [];
    if (!flags(ECHO)) return;
    this.#endErasing();
    this.#screen.show(this.#shown(letter(TerminalLetter.VKILL)!));
    if (flags(ECHOK)) this.#screen.show([NEWLINE]);
  }

  #erase(extent: Extent): void {
    const isUtf8 = (this.#screen.flags(SettingsAt.INPUT) & TerminalInput.IUTF8) !== 0;
    const line = this.#line;
    if (line.length === 0) return;
    let hasWord = false;
    while (line.length > 0) {
      let start = line.length - 1;
      while (start > 0 && isContinuation(line[start]!, isUtf8)) start--;
      const first = line[start]!;
      if (isContinuation(first, isUtf8)) break;
      if (extent === "word" && !isWordly(first) && hasWord) break;
      hasWord ||= isWordly(first);
      const erased = line.splice(start);
      if (this.#settings.flags(TerminalLocal.ECHO)) this.#showErased(erased, extent, isUtf8);
      if (extent === "letter") break;
    }
    if (line.length === 0 && this.#settings.flags(TerminalLocal.ECHO)) this.#endErasing();
  }

  /** Show that a letter is no more there. */
  #showErased(erased: readonly number[], extent: Extent, isUtf8: boolean): void {
    const { flags, letter } = this.#settings;
    const screen = this.#screen;
    const first = erased[0]!;
    if (flags(TerminalLocal.ECHOPRT)) {
      if (!this.#isErasing) screen.show([BACKSLASH]);
      this.#isErasing = true;
      screen.show([...this.#shown(first), ...erased.slice(1)]);
    } else if (extent === "letter" && !flags(TerminalLocal.ECHOE)) {
      screen.show(this.#shown(letter(TerminalLetter.VERASE)!));
    } else if (first === TAB) {
      screen.show(new Array<number>(this.#tabWidth(isUtf8)).fill(BACKSPACE));
    } else {
      const width = isUnseen(first) ? (flags(TerminalLocal.ECHOCTL) ? 2 : 0) : 1;
      for (let one = 0; one < width; one++) screen.show(RUBBED_OUT);
    }
  }

  /** How many columns a tab took that was behind what is on the line now. */
  #tabWidth(isUtf8: boolean): number {
    const isCaretSeen = this.#settings.flags(TerminalLocal.ECHOCTL);
    const behind = this.#line.slice(this.#line.lastIndexOf(TAB) + 1);
    let columns = this.#line.includes(TAB) ? 0 : this.#first;
    for (const byte of behind) {
      if (isUnseen(byte)) columns += isCaretSeen ? 2 : 0;
      else if (!isContinuation(byte, isUtf8)) columns++;
    }
    return TAB_WIDTH - columns % TAB_WIDTH;
  }

  /** What is erased is not shown any more. */
  #endErasing(): void {
    if (this.#isErasing) this.#screen.show([SLASH]);
    this.#isErasing = false;
  }
}

/** What is shown of a byte that was typed: of one that nobody would see, what is typed for it. */
export function shownOf(byte: number, local: number): readonly number[] {
  const isShown = isUnseen(byte) && byte !== TAB && (local & TerminalLocal.ECHOCTL) !== 0;
  return isShown ? [CARET, byte ^ 64] : [byte];
}
