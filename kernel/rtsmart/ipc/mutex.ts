/**
 * Mutexes: one thread at a time, which may take it again, and which is as urgent as whoever waits.
 *
 * @module
 */
import type { Answer } from "../answer.ts";
import { RtError } from "../error.ts";
import type { LwpThread } from "../lwp_thread.ts";
import { type KernelHeap, RtObject } from "./rt_object.ts";
import { FLAG_PRIO, SuspendList } from "./suspend_list.ts";

/** So often its owner can have taken it. */
const HOLD_MAX = 255;

/** A mutex. */
export class Mutex extends RtObject {
  readonly type = "mutex";
  readonly #waiting = new SuspendList(FLAG_PRIO);
  #owner: LwpThread | null = null;
  #ownPriority = 0;
  #hold = 0;

  /** A mutex that nobody has; its waiters come by their priority, whatever was asked for. */
  constructor(heap: KernelHeap, name: string) {
    super(heap, name);
  }

  /** Have it, or wait for so many ticks. */
  take(thread: LwpThread, ticks: number): Answer {
    if (this.#owner === thread) {
      if (this.#hold === HOLD_MAX) return RtError.EFULL;
      this.#hold++;
      return RtError.EOK;
    }
    if (this.#owner === null) return this.#give(thread);
    if (ticks === 0) return RtError.ETIMEOUT;
    if (thread.priority < this.#owner.priority) this.#owner.setPriority(thread.priority);
    return thread.suspend({ list: this.#waiting, ticks, then: (why) => why });
  }

  /** Have it no longer; only its owner can say so. */
  release(thread: LwpThread): number {
    if (this.#owner !== thread) return RtError.ERROR;
    if (--this.#hold === 0) this.#pass();
    return RtError.EOK;
  }

  /** A thread has ended: if it was the owner's, the next one has it. */
  leftBy(thread: LwpThread): void {
    if (this.#owner === thread) this.#pass();
  }

  protected override detached(): void {
    this.#owner?.mutexes.delete(this);
    this.#waiting.resumeAll(RtError.ERROR);
  }

  #give(thread: LwpThread): 0 {
    this.#owner = thread;
    this.#ownPriority = thread.priority;
    this.#hold = 1;
    thread.mutexes.add(this);
    return RtError.EOK;
  }

  #pass(): void {
    const owner = this.#owner!;
    owner.mutexes.delete(this);
    if (!owner.thread.ended && owner.priority !== this.#ownPriority) {
      owner.setPriority(this.#ownPriority);
    }
    this.#owner = null;
    const { first } = this.#waiting;
    if (first === null) return;
    this.#give(first.thread);
    first.resume(RtError.EOK);
  }
}
