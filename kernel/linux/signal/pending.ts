/**
 * Signals that were sent and not delivered yet.
 *
 * @module
 */
import { WAITING_SIGNALS_MAX } from "../bounds.ts";
import type { SigInfo } from "./siginfo.ts";
import { SIGRTMIN } from "../abi/signal.ts";
import { isIn, setOf, type SignalSet, SYNCHRONOUS } from "./signal.ts";

/** Signals that wait to be delivered. */
export class Pending {
  #queue: SigInfo[] = [];
  #set: SignalSet = 0n;

  /** How many wait. */
  get length(): number {
    return this.#queue.length;
  }

  /** Which signals wait. */
  get set(): SignalSet {
    return this.#set;
  }

  /** Let a signal wait; one that is not queued waits once. */
  add(info: SigInfo): boolean {
    if (info.signal < SIGRTMIN && isIn(this.#set, info.signal)) return true;
    if (this.#queue.length >= WAITING_SIGNALS_MAX) return false;
    this.#queue.push(info);
    this.#set |= setOf(info.signal);
    return true;
  }

  /** Whether this very signal waits. */
  holds(info: SigInfo): boolean {
    return this.#queue.includes(info);
  }

  /** Take the next one that is not in a set: those that an instruction caused first. */
  take(blocked: SignalSet): SigInfo | null {
    const ready = this.#set & ~blocked;
    if (ready === 0n) return null;
    const first = (ready & SYNCHRONOUS) !== 0n ? ready & SYNCHRONOUS : ready;
    let signal = 1;
    while (!isIn(first, signal)) signal++;
    const at = this.#queue.findIndex((info) => info.signal === signal);
    const [info] = this.#queue.splice(at, 1);
    if (!this.#queue.some((other) => other.signal === signal)) this.#set &= ~setOf(signal);
    return info!;
  }

  /** Forget all of some signals. */
  discard(signals: SignalSet): void {
    if ((this.#set & signals) === 0n) return;
    this.#queue = this.#queue.filter(({ signal }) => !isIn(signals, signal));
    this.#set &= ~signals;
  }
}
