/**
 * Who waits for something to change, in the order they came.
 *
 * @module
 */

/** All that `poll` tells of. */
const ANYTHING = 0xffff;

/** Somebody who waits in one or more queues. */
export interface Waiter {
  /** Something changed: look again. `ready` says what may have become ready, as `poll` says it. */
  wake(ready: number): void;
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

  /** Let everybody look again: at these of the things that `poll` tells of, or at all of them. */
  wake(ready: number = ANYTHING): void {
    // Nobody's call runs when somebody is woken, so nobody comes or goes meanwhile.
    for (const waiter of this.#waiters) waiter.wake(ready);
  }
}
