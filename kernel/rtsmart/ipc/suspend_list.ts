/**
 * Threads that wait for one thing (`rt_susp_list`): in the order they came, or the most urgent first.
 *
 * Whoever makes the thing happen hands it to the first in the list; that one's call goes on, with an
 * error number that says why it was woken, when its turn to run comes.
 *
 * @module
 */
import { ThreadState } from "../../abi.ts";
import type { Timeout } from "../../object/timeout.ts";
import type { Answer } from "../answer.ts";
import { RtError } from "../error.ts";
import type { LwpThread } from "../lwp_thread.ts";

/** One tick of the kernel's clock, in nanoseconds. */
export const TICK = 1_000_000;

/** The order of a list: as they came. */
export const FLAG_FIFO = 0;

/** The order of a list: the most urgent first. */
export const FLAG_PRIO = 1;

/** What a suspended call needs. */
export interface SuspendOptions {
  /** Where it waits; nowhere if only time is to pass. */
  readonly list?: SuspendList;
  /** For how many ticks at most; for ever if that is not above zero. */
  readonly ticks?: number;
  /** Until when, in nanoseconds of the machine, where ticks are too coarse. */
  readonly deadline?: number;
  /** How the call goes on, told why it was woken. */
  readonly then: (why: number) => Answer;
  /** The thread died before it could go on. */
  readonly abandoned?: () => void;
}

/** A call that waits. */
export class Suspension {
  /** Whose call it is. */
  readonly thread: LwpThread;
  /** Why it was woken; null while it was not. */
  why: number | null = null;
  readonly #options: SuspendOptions;
  #timeout: Timeout | null = null;
  #list: SuspendList | null;

  /** Let a thread wait. */
  constructor(thread: LwpThread, options: SuspendOptions) {
    this.thread = thread;
    this.#options = options;
    const { list, ticks = 0, deadline } = options;
    this.#list = list ?? null;
    list?.add(this);
    const { realm } = thread.thread;
    const until = deadline ?? (ticks > 0 ? deadlineOf(realm.now, ticks) : Infinity);
    if (until < Infinity) {
      this.#timeout = realm.timeouts.set(until, () => {
        this.#timeout = null;
        this.resume(RtError.ETIMEOUT);
      });
    }
    this.sleep();
  }

  /** Let the thread rest. */
  sleep(): void {
    this.thread.thread.wait({ state: ThreadState.BLOCKED, abort: () => this.#abort() });
  }

  /** Wake it, for the first reason that there is. */
  resume(why: number): void {
    if (this.why !== null) return;
    this.why = why;
    this.#leave();
    if (this.thread.thread.park !== null) this.thread.thread.resume();
  }

  /** Wait in another list from now on. */
  moveTo(list: SuspendList): void {
    this.#list?.remove(this);
    this.#list = list;
    list.add(this);
  }

  /** Go on with the call. */
  finish(): Answer {
    return this.#options.then(this.why!);
  }

  #abort(): void {
    this.#leave();
    this.#options.abandoned?.();
  }

  #leave(): void {
    this.#list?.remove(this);
    if (this.#timeout) this.thread.thread.realm.timeouts.cancel(this.#timeout);
    this.#timeout = null;
  }
}

/** When so many ticks are over: time is counted in whole ticks. */
export function deadlineOf(now: number, ticks: number): number {
  return (Math.floor(now / TICK) + ticks) * TICK;
}

/** Threads that wait for one thing. */
export class SuspendList {
  readonly #waiting: Suspension[] = [];
  readonly #isByPriority: boolean;

  /** An empty list of an order. */
  constructor(flag: number = FLAG_FIFO) {
    this.#isByPriority = flag === FLAG_PRIO;
  }

  /** How many wait. */
  get size(): number {
    return this.#waiting.length;
  }

  /** The one that is next. */
  get first(): Suspension | null {
    return this.#waiting[0] ?? null;
  }

  /** All that wait, the next one first. */
  get all(): readonly Suspension[] {
    return [...this.#waiting];
  }

  /** Put one in. */
  add(one: Suspension): void {
    const { priority } = one.thread;
    const at = this.#isByPriority
      ? this.#waiting.findIndex((other) => other.thread.priority > priority)
      : -1;
    if (at < 0) this.#waiting.push(one);
    else this.#waiting.splice(at, 0, one);
  }

  /** Take one out. */
  remove(one: Suspension): void {
    const at = this.#waiting.indexOf(one);
    if (at >= 0) this.#waiting.splice(at, 1);
  }

  /** Wake the next one; answers whether there was one. */
  resumeFirst(why: number = RtError.EOK): boolean {
    const [first] = this.#waiting;
    first?.resume(why);
    return first !== undefined;
  }

  /** Wake all. */
  resumeAll(why: number): void {
    for (const one of this.all) one.resume(why);
  }
}
