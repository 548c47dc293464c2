/**
 * Ctrl-C while something is explored: the schedule under way comes to its end, and then all does.
 *
 * @module
 */

/** Where the watching thread says that Ctrl-C was pressed. */
export const INTERRUPTED = 0;
/** Where this one says that it knows. */
export const HEARD = 1;

const FLAGS = 2;
/** How often to look, in milliseconds. */
const EVERY = 20;

/** Listens for Ctrl-C, with another thread that hears it where this one is kept. */
export class Interrupt implements Disposable {
  readonly #stop = new AbortController();
  readonly #worker: Worker;
  readonly #timer: ReturnType<typeof setInterval>;

  private constructor(worker: Worker, flags: Int32Array) {
    this.#worker = worker;
    this.#timer = setInterval(() => {
      if (Atomics.load(flags, INTERRUPTED) === 0) return;
      Atomics.store(flags, HEARD, 1);
      this.#stop.abort();
    }, EVERY);
  }

  /** Begin to listen. */
  static async listen(): Promise<Interrupt> {
    const worker = new Worker(new URL("./interrupt_watch.ts", import.meta.url), { type: "module" });
    const flags = new Int32Array(new SharedArrayBuffer(FLAGS * Int32Array.BYTES_PER_ELEMENT));
    await new Promise((ready) => {
      worker.onmessage = ready;
      worker.postMessage(flags);
    });
    return new Interrupt(worker, flags);
  }

  /** Aborted by Ctrl-C. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#worker.terminate();
  }
}
