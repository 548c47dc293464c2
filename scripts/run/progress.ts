/**
 * How far an exploration is, in one line on a terminal that it writes over and clears again.
 *
 * @module
 */

/** Nothing is shown of what takes no longer than this, in milliseconds. */
const PATIENCE = 2000;
const EVERY = 200;
const CLEAR_LINE = "\r\x1b[K";

/** Where progress is shown, and by which clock. */
export interface ProgressScreen {
  /** Whether a person looks at it. */
  isTerminal(): boolean;
  /** Write to it. */
  writeSync(bytes: Uint8Array): number;
  /** Milliseconds that have passed since some moment. */
  now(): number;
}

const STANDARD_ERROR: ProgressScreen = {
  isTerminal: () => Deno.stderr.isTerminal(),
  writeSync: (bytes) => Deno.stderr.writeSync(bytes),
  now: () => performance.now(),
};

/** Shows progress on standard error, where that is a terminal. */
export class Progress {
  readonly #name: string;
  readonly #screen: ProgressScreen;
  readonly #isShown: boolean;
  readonly #start: number;
  #last = 0;

  /** Of something with a name. */
  constructor(name: string, screen: ProgressScreen = STANDARD_ERROR) {
    this.#name = name;
    this.#screen = screen;
    this.#isShown = screen.isTerminal();
    this.#start = screen.now();
  }

  /** So many schedules have been run. */
  show(schedules: number): void {
    const now = this.#screen.now();
    if (!this.#isShown || now - this.#start < PATIENCE || now - this.#last < EVERY) return;
    this.#last = now;
    const rate = Math.round(schedules / (now - this.#start) * 1000);
    this.#write(
      `${this.#name}: ${schedules} schedules, ${rate} a second; Ctrl-C ends with what was found`,
    );
  }

  /** Take the line away. */
  clear(): void {
    if (this.#last > 0) this.#write("");
  }

  #write(text: string): void {
    this.#screen.writeSync(new TextEncoder().encode(`${CLEAR_LINE}${text}`));
  }
}
