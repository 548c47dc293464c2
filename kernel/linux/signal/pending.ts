/**
 * Signals that were sent and not delivered yet.
 *
 * @module
 */
import { WAITING_SIGNALS_MAX } from "../bounds.ts";
import type { QueuedSignals, Recipient } from "./queued_signals.ts";
import type { SigInfo } from "./siginfo.ts";
import { SignalCode, SIGRTMIN } from "../abi/signal.ts";
import { isIn, setOf, type SignalSet, SYNCHRONOUS } from "./signal.ts";

/** A signal that waits, and the user that it counts for; null if that is nobody. */
interface Queued {
  readonly info: SigInfo;
  readonly uid: number | null;
}

/** Signals that wait to be delivered. */
export class Pending {
  readonly #counts: QueuedSignals;
  #queue: Queued[] = [];
  #set: SignalSet = 0n;

  /** No signals; those that come are counted. */
  constructor(counts: QueuedSignals) {
    this.#counts = counts;
  }

  /** Which signals wait. */
  get set(): SignalSet {
    return this.#set;
  }

  /**
   * Let a signal wait; one that is not queued waits once. Where there is no room for what comes with it,
   * it waits without that, or not at all if that is what it is sent for.
   */
  add(info: SigInfo, recipient: Recipient): boolean {
    const { signal, code } = info;
    const isQueued = signal >= SIGRTMIN;
    if (!isQueued && isIn(this.#set, signal)) return true;
    const isForced = !isQueued && code >= 0;
    const isFull = this.#queue.length >= WAITING_SIGNALS_MAX;
    // What a timer sends was counted when the timer was made.
    const uid = info.timer ? null : recipient.uid;
    if (!isFull && (uid === null || isForced || this.#counts.mayAdd(recipient))) {
      if (uid !== null) this.#counts.add(uid);
      this.#queue.push({ info, uid });
    } else if (isQueued && code !== SignalCode.USER) return false;
    this.#set |= setOf(signal);
    return true;
  }

  /** Whether this very signal waits. */
  holds(info: SigInfo): boolean {
    return this.#queue.some((queued) => queued.info === info);
  }

  /** Take the next one that is not in a set: those that an instruction caused first. */
  take(blocked: SignalSet): SigInfo | null {
    const ready = this.#set & ~blocked;
    if (ready === 0n) return null;
    const first = (ready & SYNCHRONOUS) !== 0n ? ready & SYNCHRONOUS : ready;
    let signal = 1;
    while (!isIn(first, signal)) signal++;
    const at = this.#queue.findIndex(({ info }) => info.signal === signal);
    const [found] = at < 0 ? [] : this.#queue.splice(at, 1);
    if (!this.#queue.some(({ info }) => info.signal === signal)) this.#set &= ~setOf(signal);
    if (!found) return { signal, code: SignalCode.USER };
    this.#counts.remove(found.uid);
    return found.info;
  }

  /** Forget all of some signals. */
  discard(signals: SignalSet): void {
    if ((this.#set & signals) === 0n) return;
    const isGone = ({ info }: Queued) => isIn(signals, info.signal);
    for (const { uid } of this.#queue.filter(isGone)) this.#counts.remove(uid);
    this.#queue = this.#queue.filter((queued) => !isGone(queued));
    this.#set &= ~signals;
  }

  /** Forget all. */
  clear(): void {
    this.discard(this.#set);
  }
}
