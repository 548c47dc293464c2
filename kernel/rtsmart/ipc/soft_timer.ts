/**
 * Timers (`rt_timer`): after so many ticks a semaphore is released, once or again and again.
 *
 * @module
 */
import type { Realm } from "../../object/realm.ts";
import type { Timeout } from "../../object/timeout.ts";
import { RtError } from "../error.ts";
import { type KernelHeap, RtObject } from "./rt_object.ts";
import { deadlineOf } from "./suspend_list.ts";

/** The flag of a timer that goes on. */
const PERIODIC = 2;

/** What `rt_timer_control` can be asked for. */
export const TimerCommand = { SET_TIME: 0, GET_TIME: 1, SET_ONESHOT: 2, SET_PERIODIC: 3 } as const;

/** What a timer begins with. */
export interface TimerOptions {
  /** The ground that time stands on. */
  readonly realm: Realm;
  /** After how many ticks. */
  readonly ticks: number;
  /** Whether again and again. */
  readonly flag: number;
  /** What happens then. */
  readonly fire: () => void;
}

/** A timer. */
export class SoftTimer extends RtObject {
  readonly type = "timer";
  /** After how many ticks it goes off. */
  ticks: number;
  /** Whether it goes on when it has gone off. */
  isPeriodic: boolean;
  readonly #options: TimerOptions;
  #timeout: Timeout | null = null;

  /** A timer that was not started. */
  constructor(heap: KernelHeap, name: string, options: TimerOptions) {
    super(heap, name);
    this.#options = options;
    this.ticks = options.ticks;
    this.isPeriodic = (options.flag & PERIODIC) !== 0;
  }

  /** Begin, or begin anew. */
  start(): number {
    this.#cancel();
    this.#set();
    return RtError.EOK;
  }

  /** Stop; one that does not run cannot be stopped. */
  stop(): number {
    if (this.#timeout === null) return RtError.ERROR;
    this.#cancel();
    return RtError.EOK;
  }

  protected override detached(): void {
    this.#cancel();
  }

  #set(): void {
    const { realm, fire } = this.#options;
    this.#timeout = realm.timeouts.set(deadlineOf(realm.now, Math.max(1, this.ticks)), () => {
      this.#timeout = null;
      if (this.isPeriodic) this.#set();
      fire();
    });
  }

  #cancel(): void {
    if (this.#timeout) this.#options.realm.timeouts.cancel(this.#timeout);
    this.#timeout = null;
  }
}
