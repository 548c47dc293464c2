/**
 * How far an exploration is, in one line on a terminal that it writes over and clears again.
 *
 * @module
 */

/** Nothing is shown of what takes no longer than this, in milliseconds. */
const PATIENCE = 2000;
const EVERY = 200;
const CLEAR_LINE = "\r\x1b[K";

/** Shows progress on standard error, where that is a terminal. */
export class Progress {
  readonly #name: string;
  readonly #isShown = Deno.stderr.isTerminal();
  readonly #start = performance.now();
  #last = 0;

  /** Of something with a name. */
  constructor(name: string) {
    this.#name = name;
  }

  /** So many schedules have been run. */
  show(schedules: number): void {
    const now = performance.now();
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
    Deno.stderr.writeSync(new TextEncoder().encode(`${CLEAR_LINE}${text}`));
  }
}
