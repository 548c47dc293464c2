/**
 * Ctrl-C on the host, for the program that runs in the machine.
 *
 * @module
 */

/** How long a program runs until somebody looks whether Ctrl-C was typed, in milliseconds of the host. */
const SLICE_MS = 50;

/** Ctrl-C on the host: noted, for who asks for it between two slices of a program's time. */
export class HostInterrupt {
  readonly #listener = () => {
    this.#count++;
    this.#wake();
  };
  #count = 0;
  #wake: () => void = () => {};
  #sliceEnd = 0;

  /** Listen from now on. */
  constructor() {
    Deno.addSignalListener("SIGINT", this.#listener);
  }

  /** Whether it is time to look. */
  get isDue(): boolean {
    return performance.now() >= this.#sliceEnd;
  }

  /** Let the host say what has happened; answers how often Ctrl-C was typed. */
  async look(): Promise<number> {
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#sliceEnd = performance.now() + SLICE_MS;
    return this.take();
  }

  /** How often Ctrl-C was typed since somebody asked. */
  take(): number {
    const count = this.#count;
    this.#count = 0;
    return count;
  }

  /** Wait for something, or for Ctrl-C: null for that. */
  async or<T>(something: Promise<T>): Promise<T | null> {
    if (this.#count > 0) return null;
    const interrupted = new Promise<null>((resolve) => this.#wake = () => resolve(null));
    return await Promise.race([something, interrupted]);
  }

  /** Listen no longer. */
  stop(): void {
    Deno.removeSignalListener("SIGINT", this.#listener);
  }
}
