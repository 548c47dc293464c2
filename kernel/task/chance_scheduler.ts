/**
 * A scheduler that throws dice: any thread that can run may be next, and may be stopped at any
 * system call. Each seed is another order, and the same order each time.
 *
 * @module
 */
import type { Entropy } from "../ports.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Thread } from "./thread.ts";

/** How the dice fall. */
export interface ChanceOptions {
  /** How many instructions a turn has at most. */
  readonly quantum?: number;
  /** Out of so many system calls, one ends a turn. */
  readonly oneIn?: number;
}

/** Threads in an order that chance makes. */
export class ChanceScheduler implements Scheduler {
  readonly #chance: Entropy;
  readonly #quantum: number;
  readonly #oneIn: number;
  readonly #ready: Thread[] = [];

  /** An order made by these numbers. */
  constructor(chance: Entropy, { quantum = 10_000, oneIn = 4 }: ChanceOptions = {}) {
    this.#chance = chance;
    this.#quantum = quantum;
    this.#oneIn = oneIn;
  }

  ready(thread: Thread): void {
    thread.turn.queue = this;
    this.#ready.push(thread);
  }

  unready(thread: Thread): void {
    const at = this.#ready.indexOf(thread);
    if (at >= 0) this.#take(at);
  }

  next(): Thread | null {
    const { length } = this.#ready;
    return length === 0 ? null : this.#take(this.#chance.next() % length);
  }

  quantum(_thread: Thread): number {
    return 1 + this.#chance.next() % this.#quantum;
  }

  preempts(_thread: Thread): boolean {
    return this.#ready.length > 0 && this.#chance.next() % this.#oneIn === 0;
  }

  /** Take one out; the last one takes its place. */
  #take(at: number): Thread {
    const thread = this.#ready[at]!;
    const last = this.#ready.pop()!;
    if (last !== thread) this.#ready[at] = last;
    thread.turn.queue = null;
    return thread;
  }
}
