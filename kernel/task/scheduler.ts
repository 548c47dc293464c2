/**
 * Who runs next, and for how long: a strategy, so that a run can be repeated, shuffled or explored.
 *
 * @module
 */
import { Queue } from "../object/queue.ts";
import type { Thread, Turn } from "./thread.ts";

/** How long a thread runs before another of its priority may: 1 ms, in instructions. */
export const QUANTUM = 1_000_000;

/** The priorities there are; a larger number is more urgent. */
export const PRIORITIES = 32;

/** The priority of a thread that nobody gave one. */
export const PRIORITY_DEFAULT = 16;

/** Keeps the threads that could run. */
export interface Scheduler {
  /** A thread can run. */
  ready(thread: Thread): void;
  /** A thread that could run cannot any more. */
  unready(thread: Thread): void;
  /** Take the thread that is to run now, if any can. */
  next(): Thread | null;
  /** How many instructions it may run at most. */
  quantum(thread: Thread): number;
  /** Whether somebody more urgent than this running thread is waiting. */
  preempts(thread: Thread): boolean;
  /**
   * Whether nobody waits, so that a thread whose turn is over has the next one, too. Who wants to be
   * asked turn by turn does not say.
   */
  readonly isEmpty?: boolean;
}

/** Each priority's threads in turn, the most urgent priority first. */
export class RoundRobin implements Scheduler {
  readonly #queues = Array.from({ length: PRIORITIES }, () => new Queue<Turn>());
  readonly #quantum: number;
  /** The priorities that have a thread waiting, as bits. */
  #waiting = 0;

  /** Turns of so many instructions. */
  constructor(quantum: number = QUANTUM) {
    this.#quantum = quantum;
  }

  get isEmpty(): boolean {
    return this.#waiting === 0;
  }

  ready(thread: Thread): void {
    this.#queues[thread.priority]!.push(thread.turn);
    this.#waiting |= 1 << thread.priority;
  }

  unready(thread: Thread): void {
    const queue = this.#queues[thread.priority]!;
    if (queue.remove(thread.turn) && queue.size === 0) this.#waiting &= ~(1 << thread.priority);
  }

  next(): Thread | null {
    if (this.#waiting === 0) return null;
    const priority = 31 - Math.clz32(this.#waiting);
    const queue = this.#queues[priority]!;
    const { thread } = queue.shift()!;
    if (queue.size === 0) this.#waiting &= ~(1 << priority);
    return thread;
  }

  quantum(_thread: Thread): number {
    return this.#quantum;
  }

  preempts(thread: Thread): boolean {
    return this.#waiting !== 0 && 31 - Math.clz32(this.#waiting) > thread.priority;
  }
}
