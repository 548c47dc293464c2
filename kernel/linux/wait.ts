/**
 * A call that cannot finish yet: what it waits for, how it tries again, and what ends it otherwise.
 *
 * Whoever changes something wakes those who wait; each tries again when its turn to run comes, so
 * nobody's call runs inside somebody else's.
 *
 * @module
 */
import { ThreadState } from "../abi.ts";
import type { Timeout } from "../object/timeout.ts";
import type { Park, Thread } from "../task/thread.ts";
import type { Answer } from "./answer.ts";
import { Restart } from "./errno.ts";
import type { WaitQueue } from "./wait_queue.ts";

/** How a call waits. */
export interface WaitOptions {
  /** The function of Linux's that sleeps here, as /proc names it. */
  readonly site: string;
  /** Where it is told that something changed. */
  readonly queues: readonly WaitQueue[];
  /** Try to finish: the answer, or null. */
  readonly attempt: () => number | null;
  /** When to stop waiting; never unless told. */
  readonly deadline?: number;
  /** The answer when the time is over. */
  readonly timedOut?: () => number;
  /**
   * The answer when a signal comes: one of `Restart`, or an error; null to wait on. Again if the
   * handler says so, unless told.
   */
  readonly interrupted?: () => number | null;
  /** Whether no signal but one that kills ends it. */
  readonly uninterruptible?: boolean;
  /** It is over, however it ended. */
  readonly over?: () => void;
  /** What the call goes on with once `attempt` has answered, in place of that; it may wait again. */
  readonly after?: () => Answer;
}

/** A call that waits. */
export class Wait implements Park {
  readonly state = ThreadState.BLOCKED;
  readonly #thread: Thread;
  readonly #options: WaitOptions;
  #timeout: Timeout | null = null;
  #isLate = false;
  #isOver = false;
  #isDone = false;

  /** A wait of a thread, which has to `start`. */
  constructor(thread: Thread, options: WaitOptions) {
    this.#thread = thread;
    this.#options = options;
  }

  /** The function of Linux's that sleeps here. */
  get site(): string {
    return this.#options.site;
  }

  /** Stand in the queues, and let the time run. */
  start(): void {
    const { deadline = Infinity, queues } = this.#options;
    for (const queue of queues) queue.add(this);
    if (deadline < Infinity) {
      this.#timeout = this.#thread.realm.timeouts.set(deadline, () => {
        this.#timeout = null;
        this.#isLate = true;
        this.wake();
      });
    }
    this.sleep();
  }

  /** Let the thread rest. */
  sleep(): void {
    this.#thread.wait(this);
  }

  abort(): void {
    this.stop();
  }

  /** Let the thread look again when its turn comes. */
  wake(): void {
    if (this.#thread.park !== null) this.#thread.resume();
  }

  /** Try again; answers null if there is nothing yet. */
  turn(signalled: boolean): number | null {
    const { attempt, timedOut, interrupted, uninterruptible = false } = this.#options;
    const answer = attempt();
    this.#isDone = answer !== null;
    if (answer !== null) return answer;
    if (this.#isLate) return timedOut?.() ?? 0;
    if (signalled && !uninterruptible) return interrupted ? interrupted() : Restart.SYS;
    return null;
  }

  /** What the call ends with whose wait, which is over, ended with this. */
  conclude(answer: number): Answer {
    const { after } = this.#options;
    return this.#isDone && after ? after() : answer;
  }

  /** Wait no longer. */
  stop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const queue of this.#options.queues) queue.remove(this);
    if (this.#timeout) this.#thread.realm.timeouts.cancel(this.#timeout);
    this.#timeout = null;
    this.#options.over?.();
  }
}
