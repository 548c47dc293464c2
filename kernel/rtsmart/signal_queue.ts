/**
 * Signals that were sent and wait (`lwp_sigqueue`).
 *
 * @module
 */
import { bitOf } from "./signal_action.ts";

/** A signal, and who sent it. */
export interface SignalInfo {
  /** Which. */
  readonly signal: number;
  /** How it was sent: 0 for `kill`, -6 for `tkill`, 1 for a child that has ended. */
  readonly code: number;
  /** The process that it is from. */
  readonly pid: number;
}

/** The first of the signals of which several may wait. */
const REAL_TIME = 32;

/** Signals that wait, the lowest number first. */
export class SignalQueue {
  #waiting: SignalInfo[] = [];

  /** Whether none waits. */
  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** Those that wait, as a set. */
  get set(): bigint {
    return this.#waiting.reduce((all, { signal }) => all | bitOf(signal), 0n);
  }

  /** One more; of the old signals one at most waits. */
  add(info: SignalInfo): void {
    if (info.signal < REAL_TIME && (this.set & bitOf(info.signal)) !== 0n) return;
    const at = this.#waiting.findIndex(({ signal }) => signal > info.signal);
    this.#waiting.splice(at < 0 ? this.#waiting.length : at, 0, info);
  }

  /** Take the first that is not in a set; null if there is none. */
  take(blocked: bigint): SignalInfo | null {
    const at = this.#waiting.findIndex(({ signal }) => (blocked & bitOf(signal)) === 0n);
    return at < 0 ? null : this.#waiting.splice(at, 1)[0]!;
  }

  /** Those of a number wait no longer. */
  discard(unwanted: number): void {
    this.#waiting = this.#waiting.filter(({ signal }) => signal !== unwanted);
  }

  /** None waits any more. */
  clear(): void {
    this.#waiting = [];
  }
}
