/**
 * A scheduler that follows a script, for those who explore every order: at each choice between
 * threads it takes the one that the script says, and writes down how many there were.
 *
 * @module
 */
import type { Scheduler } from "./scheduler.ts";
import type { Thread } from "./thread.ts";

/** One choice that was made: which, of how many. */
export interface Choice {
  /** Which of the threads, in the order of their identities. */
  readonly taken: number;
  /** How many there were. */
  readonly among: number;
}

/** Threads in the order of a script; beyond its end, the first each time. */
export class ScriptedScheduler implements Scheduler {
  /** The choices that were made; where there was only one thread there was none. */
  readonly choices: Choice[] = [];
  readonly #script: readonly number[];
  readonly #ready: Thread[] = [];

  /** Follow these choices. */
  constructor(script: readonly number[]) {
    this.#script = script;
  }

  ready(thread: Thread): void {
    thread.turn.queue = this;
    const behind = this.#ready.findIndex(({ koid }) => koid > thread.koid);
    if (behind < 0) this.#ready.push(thread);
    else this.#ready.splice(behind, 0, thread);
  }

  unready(thread: Thread): void {
    const at = this.#ready.indexOf(thread);
    if (at < 0) return;
    thread.turn.queue = null;
    this.#ready.splice(at, 1);
  }

  next(): Thread | null {
    const among = this.#ready.length;
    if (among === 0) return null;
    let taken = 0;
    if (among > 1) {
      taken = Math.min(this.#script[this.choices.length] ?? 0, among - 1);
      this.choices.push({ taken, among });
    }
    const thread = this.#ready[taken]!;
    this.unready(thread);
    return thread;
  }

  /** Every system call is a place where another thread may be chosen. */
  quantum(_thread: Thread): number {
    return Infinity;
  }

  preempts(_thread: Thread): boolean {
    return this.#ready.length > 0;
  }
}
