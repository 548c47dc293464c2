/**
 * Probabilistic concurrency testing: each thread gets a rank by chance, the highest runs until it
 * waits, and at a few system calls, chosen beforehand, the one that runs falls below all others.
 *
 * A bug that takes `d` orderings to show is found with a chance of at least 1 in `n · k^(d-1)` for `n`
 * threads and `k` calls, which no blind shuffling can promise.
 *
 * @module
 */
import type { Entropy } from "../ports.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Thread } from "./thread.ts";

/** What is looked for. */
export interface PriorityChangeOptions {
  /** How many orderings a bug may take; one less is how often a thread falls. */
  readonly depth: number;
  /** About how many system calls the run has. */
  readonly calls: number;
}

/** Threads by ranks that change at a few points. */
export class PriorityChangeScheduler implements Scheduler {
  readonly #chance: Entropy;
  readonly #falls: ReadonlySet<number>;
  readonly #ranks = new Map<Thread, number>();
  readonly #ready = new Set<Thread>();
  #calls = 0;
  #lowest = 0;

  /** Ranks and points made by these numbers. */
  constructor(chance: Entropy, { depth, calls }: PriorityChangeOptions) {
    this.#chance = chance;
    const falls = Array.from({ length: depth - 1 }, () => chance.next() % Math.max(1, calls));
    this.#falls = new Set(falls);
  }

  ready(thread: Thread): void {
    thread.turn.queue = this;
    if (!this.#ranks.has(thread)) this.#ranks.set(thread, 1 + this.#chance.next());
    this.#ready.add(thread);
  }

  unready(thread: Thread): void {
    thread.turn.queue = null;
    this.#ready.delete(thread);
  }

  next(): Thread | null {
    let best: Thread | null = null;
    for (const thread of this.#ready) {
      if (best === null || this.#rank(thread) > this.#rank(best)) best = thread;
    }
    if (best) this.unready(best);
    return best;
  }

  quantum(_thread: Thread): number {
    return Infinity;
  }

  preempts(thread: Thread): boolean {
    if (this.#falls.has(this.#calls++)) this.#ranks.set(thread, --this.#lowest);
    for (const other of this.#ready) if (this.#rank(other) > this.#rank(thread)) return true;
    return false;
  }

  #rank(thread: Thread): number {
    return this.#ranks.get(thread) ?? 0;
  }
}
