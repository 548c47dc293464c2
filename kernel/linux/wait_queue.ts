/**
 * Who waits for something to change, in the order they came.
 *
 * @module
 */

/** Somebody who waits in one or more queues. */
export interface Waiter {
  /** Something changed: look again. */
  wake(): void;
}

/** Waiters of one thing. */
export class WaitQueue {
  readonly #waiters = new Set<Waiter>();

  /** How many wait. */
  get size(): number {
    return this.#waiters.size;
  }

  /** Wait here, behind those that came before. */
  add(waiter: Waiter): void {
    this.#waiters.add(waiter);
  }

  /** Wait here no longer. */
  remove(waiter: Waiter): void {
    this.#waiters.delete(waiter);
  }

  /** Let everybody look again. */
  wake(): void {
    // Nobody's call runs when somebody is woken, so nobody comes or goes meanwhile.
    for (const waiter of this.#waiters) waiter.wake();
  }
}
