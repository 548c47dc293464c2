/**
 * How many signals wait for each user's processes, which `RLIMIT_SIGPENDING` bounds.
 *
 * @module
 */

/** For whom a signal is counted, and how many may be. */
export interface Recipient {
  /** The user. */
  readonly uid: number;
  /** So many signals may wait for his processes. */
  readonly limit: number;
}

/** How many signals wait for each user. */
export class QueuedSignals {
  readonly #counts = new Map<number, number>();

  /** How many wait for a user. */
  of(uid: number): number {
    return this.#counts.get(uid) ?? 0;
  }

  /** Whether another one may wait. */
  mayAdd({ uid, limit }: Recipient): boolean {
    return this.of(uid) < limit;
  }

  /** One more waits for a user. */
  add(uid: number): void {
    this.#counts.set(uid, this.of(uid) + 1);
  }

  /** One of a user's waits no longer; of nobody's, none does. */
  remove(uid: number | null): void {
    if (uid === null) return;
    const left = this.of(uid) - 1;
    if (left > 0) this.#counts.set(uid, left);
    else this.#counts.delete(uid);
  }
}
