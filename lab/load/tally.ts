/**
 * Counting what happens more than once: calls by who made them, bytes by what they were for.
 *
 * @module
 */
import { Access } from "../../kernel/ports.ts";
import type { CopiedBytes, FaultCount, KernelEntries } from "./report.ts";

/** Calls that were made, by who made them. */
export class CallTally {
  readonly #all: { who: string; name: string; count: number }[] = [];

  /** All, in the order of the first of each. */
  get all(): readonly KernelEntries[] {
    return this.#all.map((one) => ({ ...one }));
  }

  /** One more. */
  add(who: string, name: string): void {
    const found = this.#all.find((one) => one.who === who && one.name === name);
    if (found) found.count++;
    else this.#all.push({ who, name, count: 1 });
  }

  /** One fewer. */
  drop(who: string, name: string): void {
    const at = this.#all.findIndex((one) => one.who === who && one.name === name);
    if (at >= 0 && --this.#all[at]!.count === 0) this.#all.splice(at, 1);
  }
}

/** Bytes that were copied, by what they were for. */
export class CopyTally {
  readonly #all: { who: string; what: string; bytes: number }[] = [];

  /** All, in the order of the first of each. */
  get all(): readonly CopiedBytes[] {
    return this.#all.map((one) => ({ ...one }));
  }

  /** More of them. */
  add(who: string, what: string, bytes: number): void {
    const found = this.#all.find((one) => one.who === who && one.what === what);
    if (found) found.bytes += bytes;
    else this.#all.push({ who, what, bytes });
  }
}

const VERBS: Readonly<Record<number, string>> = {
  [Access.READ]: "read",
  [Access.WRITE]: "write",
  [Access.EXECUTE]: "execute",
};

/** Faults by kind. */
export class FaultTally {
  readonly #all = new Map<string, number>();

  /** All, in the order of the first of each. */
  get all(): readonly FaultCount[] {
    return [...this.#all].map(([kind, count]) => ({ kind, count }));
  }

  /** One more: what was tried, what was there, and what came of it. */
  add(access: number, there: string, result: string): void {
    const refused = result === "OK" ? "" : `, refused: ${result}`;
    const kind = `${VERBS[access] ?? "touch"}, ${there}${refused}`;
    this.#all.set(kind, (this.#all.get(kind) ?? 0) + 1);
  }
}

/** How many instructions a thread has done, as the switches between threads tell. */
export class Stopwatch {
  #thread = -1;
  #since = -1;
  #done = 0;
  #isCurrent = false;

  /** Watch a thread from now on; it may be running already. */
  start(thread: number, isRunning: boolean, time: number): void {
    this.#thread = thread;
    this.#done = 0;
    this.#since = isRunning ? time : -1;
    this.#isCurrent = isRunning;
  }

  /** A thread has the processor, the same as before or another. */
  turn(to: number, time: number): void {
    this.#stop(time);
    this.#isCurrent = to === this.#thread;
    if (this.#isCurrent) this.#since = time;
  }

  /** A thread makes a call: if it waits, time passes in which it does nothing. */
  called(thread: number, time: number): void {
    if (thread === this.#thread) this.#stop(time);
  }

  /** Its call was answered: it goes on, if it did not have to wait. */
  answered(thread: number, time: number): void {
    if (thread === this.#thread && this.#isCurrent && this.#since < 0) this.#since = time;
  }

  /** How many it has done. */
  at(time: number): number {
    return this.#done + (this.#since >= 0 ? time - this.#since : 0);
  }

  #stop(time: number): void {
    this.#done = this.at(time);
    this.#since = -1;
  }
}
