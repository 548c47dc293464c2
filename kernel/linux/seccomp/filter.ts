/**
 * Filters of calls: each stands before the ones that were there, and tasks share them.
 *
 * @module
 */
import { SeccompAction, SeccompMode, SeccompPart } from "../abi/seccomp.ts";
import { FILTERED_CALLS_KNOWN_MAX, FILTERS_LENGTH_MAX } from "../bounds.ts";
import type { CallData } from "./call_data.ts";
import type { ClassicProgram } from "./classic_program.ts";
import type { Notifications } from "./notifications.ts";

/** What a filter costs on the way through several, beside its length. */
const STEP = 4;

/** How a task's calls are filtered. */
export interface Seccomp {
  /** A `SeccompMode`. */
  readonly mode: number;
  /** The filter that was added last; null in the strict mode. */
  readonly filter: SeccompFilter | null;
  /** How many filters there are. */
  readonly count: number;
}

/** The strict mode: no filter, and next to no calls. */
export const STRICT: Seccomp = { mode: SeccompMode.STRICT, filter: null, count: 0 };

/** What filters make of a call. */
export interface Verdict {
  /** What the one that decides answered. */
  readonly answer: number;
  /** Which one that is; null where nobody minds the call. */
  readonly filter: SeccompFilter | null;
}

/** Room for the instructions of all filters of a system. */
export class FilterSpace {
  #used = 0;

  /** Take so much; answers whether there is that much. */
  take(length: number): boolean {
    if (this.#used + length > FILTERS_LENGTH_MAX) return false;
    this.#used += length;
    return true;
  }

  /** Give so much back. */
  give(length: number): void {
    this.#used -= length;
  }
}

/** A filter. */
export class SeccompFilter {
  /** The one that was there before. */
  readonly before: SeccompFilter | null;
  /** Who decides about calls that it leaves to somebody; null where nobody does, or any more. */
  notifications: Notifications | null = null;
  /** How many instructions a call may meet, with what lies between them. */
  readonly pathLength: number;
  readonly #program: ClassicProgram;
  readonly #space: FilterSpace;
  readonly #known = new Map<number, Verdict>();
  #users = 1;

  /** A filter that a task is to have in place of the one that it had. */
  constructor(program: ClassicProgram, before: SeccompFilter | null, space: FilterSpace) {
    this.#program = program;
    this.before = before;
    this.pathLength = program.length + (before === null ? 0 : before.pathLength + STEP);
    this.#space = space;
    if (before !== null) before.#known.clear();
  }

  /** Take the room that it needs; answers whether there is that much. */
  settle(): boolean {
    return this.#space.take(this.#program.length);
  }

  /** How many tasks have it, and filters stand before it. */
  get users(): number {
    return this.#users;
  }

  /** One task more has it. */
  hold(): this {
    this.#users++;
    return this;
  }

  /** One task fewer has it: after the last nothing will be asked of who decides. */
  drop(): void {
    // Filters may stand behind each other by the thousand.
    for (const one of this.#chain()) {
      if (--one.#users > 0) return;
      one.#space.give(one.#program.length);
      one.notifications?.queue.wake();
    }
  }

  /** Whether another one is it, or stands behind it. */
  includes(other: SeccompFilter): boolean {
    for (const one of this.#chain()) if (one === other) return true;
    return false;
  }

  /** Whether it is there that somebody else decides, or behind it. */
  get hasListener(): boolean {
    for (const one of this.#chain()) if (one.notifications !== null) return true;
    return false;
  }

  /** What it and those behind it make of a call: the strictest counts, and of several the last. */
  judge(number: number, data: () => CallData): Verdict {
    const known = this.#known.get(number);
    if (known) return known;
    const call = data();
    let verdict: Verdict = { answer: SeccompAction.ALLOW, filter: null };
    for (const one of this.#chain()) {
      const answer = one.#program.run(call);
      if (actionOf(answer) < actionOf(verdict.answer)) verdict = { answer, filter: one };
    }
    // Where nobody looked at the arguments, they would not have changed anything.
    const isConstant = !call.isLookedInto && this.#known.size < FILTERED_CALLS_KNOWN_MAX;
    if (isConstant) this.#known.set(number, verdict);
    return verdict;
  }

  /** It and those behind it. */
  *#chain(): Generator<SeccompFilter> {
    yield this;
    for (let one = this.before; one !== null; one = one.before) yield one;
  }
}

/** What is to become of a call: less is stricter. */
export function actionOf(answer: number): number {
  return answer & SeccompPart.ACTION_FULL;
}
