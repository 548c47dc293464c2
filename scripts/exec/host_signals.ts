/**
 * Signals that the host sends this command, for the program that runs in the machine.
 *
 * @module
 */

/** How long a program runs until somebody looks whether a signal came, in milliseconds of the host. */
const SLICE_MS = 50;

/**
 * Signals that are the program's to take: Ctrl-C, Ctrl-\, an end that others want, a resized window;
 * and that the command goes on after it was stopped.
 */
const NAMES = ["SIGINT", "SIGQUIT", "SIGTERM", "SIGHUP", "SIGWINCH", "SIGCONT"] as const;

/**
 * Signals of keys. Who has started this command may pass on what it has got itself, so that two come
 * for one; nobody presses a key so soon again.
 */
const KEYS: readonly HostSignal[] = ["SIGINT", "SIGQUIT", "SIGTSTP"];
const AGAIN_MS = 30;

/** A signal that is the program's to take. */
export type HostSignal = typeof NAMES[number] | "SIGTSTP";

/** Signals of the host: noted, for who asks for them between two slices of a program's time. */
export class HostSignals {
  readonly #listeners = NAMES.map((name) => ({ name, listener: () => this.#note(name) }));
  readonly #stopListener = () => this.#note("SIGTSTP");
  #heedsStop = false;
  #noted: HostSignal[] = [];
  /** When keys came last. */
  readonly #pressed = new Map<HostSignal, number>();
  #wake: () => void = () => {};
  #sliceEnd = 0;

  /** Listen from now on. */
  constructor() {
    for (const { name, listener } of this.#listeners) Deno.addSignalListener(name, listener);
  }

  /** Whether a Ctrl-Z is the program's from now on; otherwise it stops the whole command. */
  heedStop(heeds: boolean): void {
    if (heeds === this.#heedsStop) return;
    this.#heedsStop = heeds;
    if (heeds) Deno.addSignalListener("SIGTSTP", this.#stopListener);
    else Deno.removeSignalListener("SIGTSTP", this.#stopListener);
  }

  /** Whether it is time to look. */
  get isDue(): boolean {
    return performance.now() >= this.#sliceEnd;
  }

  /** Let the host say what has happened; answers which signals came. */
  async look(): Promise<readonly HostSignal[]> {
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#sliceEnd = performance.now() + SLICE_MS;
    const noted = this.#noted;
    this.#noted = [];
    return noted;
  }

  /** Wait for something, or for a signal: null for that. */
  async or<T>(something: Promise<T>): Promise<T | null> {
    if (this.#noted.length > 0) return null;
    const signalled = new Promise<null>((resolve) => this.#wake = () => resolve(null));
    return await Promise.race([something, signalled]);
  }

  /** Listen no longer. */
  stop(): void {
    this.heedStop(false);
    for (const { name, listener } of this.#listeners) Deno.removeSignalListener(name, listener);
  }

  #note(name: HostSignal): void {
    if (KEYS.includes(name)) {
      const now = performance.now();
      const before = this.#pressed.get(name) ?? -Infinity;
      this.#pressed.set(name, now);
      if (now - before < AGAIN_MS) return;
    }
    this.#noted.push(name);
    this.#wake();
  }
}
