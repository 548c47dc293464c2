/**
 * Time at a terminal. Elsewhere idle time is skipped; where somebody types, waiting takes as long as it
 * says, so that a `read -t 5` can be answered.
 *
 * @module
 */
import type { Kernel, RunEnd } from "../../kernel/kernel.ts";

const NS_PER_MS = 1e6;

/** Lets a machine's idle time pass as the host's does. */
export class Pace {
  readonly #kernel: Kernel;
  readonly #clock: () => number;
  #asleepAt = 0;

  /** A pace by a clock of the host, in milliseconds. */
  constructor(kernel: Kernel, clock: () => number) {
    this.#kernel = kernel;
    this.#clock = clock;
  }

  /** Let it run; where nobody can go on before a deadline comes, it falls asleep. */
  run(stop: () => boolean): RunEnd {
    const end = this.#kernel.run({ stop, sleeps: true });
    this.#asleepAt = this.#clock();
    return end;
  }

  /** How many milliseconds it is still to sleep. */
  get left(): number {
    const { realm } = this.#kernel;
    return (realm.timeouts.next - realm.now) / NS_PER_MS;
  }

  /** It is awake, be it that the deadline has come or that something else has: so late it is now. */
  wake(): void {
    const { realm } = this.#kernel;
    const now = realm.now + (this.#clock() - this.#asleepAt) * NS_PER_MS;
    this.#kernel.run({ until: Math.min(now, realm.timeouts.next) });
  }
}
