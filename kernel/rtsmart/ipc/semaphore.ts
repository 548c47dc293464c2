/**
 * Semaphores: so many may go on, the others wait.
 *
 * @module
 */
import type { Answer } from "../answer.ts";
import { RtError } from "../error.ts";
import type { LwpThread } from "../lwp_thread.ts";
import { type KernelHeap, RtObject } from "./rt_object.ts";
import { SuspendList } from "./suspend_list.ts";

/** A semaphore counts no further. */
export const SEMAPHORE_MAX = 0xffff;

/** A semaphore. */
export class Semaphore extends RtObject {
  readonly type = "semaphore";
  /** How many may go on. */
  value: number;
  readonly #waiting: SuspendList;

  /** A semaphore of a value; waiters in the order that a flag names. */
  constructor(heap: KernelHeap, name: string, { value, flag }: { value: number; flag: number }) {
    super(heap, name);
    this.value = value;
    this.#waiting = new SuspendList(flag);
  }

  /** Go on, or wait for so many ticks. */
  take(thread: LwpThread, ticks: number): Answer {
    if (this.value > 0) {
      this.value--;
      return RtError.EOK;
    }
    if (ticks === 0) return RtError.ETIMEOUT;
    return thread.suspend({ list: this.#waiting, ticks, then: (why) => why });
  }

  /** Let one more go on. */
  release(): number {
    if (this.#waiting.resumeFirst()) return RtError.EOK;
    if (this.value === SEMAPHORE_MAX) return RtError.EFULL;
    this.value++;
    return RtError.EOK;
  }

  protected override detached(): void {
    this.#waiting.resumeAll(RtError.ERROR);
  }
}
