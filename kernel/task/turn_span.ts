/**
 * How far a turn goes. A thread that is alone may have several turns at once, until it asks for
 * something, so that the processor need not be left where each of them would end; all else is as if
 * it had been.
 *
 * @module
 */
import type { Thread } from "./thread.ts";

/** How many turns a thread has at once while nobody else can run. */
const TURNS_ALONE = 64;

/** The turn that is running. */
export class TurnSpan {
  /** How many instructions it may be long. */
  quantum = 0;
  #end = 0;
  #runEnd = 0;
  /** The thread whose last turn passed without a reason to settle where it is. */
  #quiet: Thread | null = null;
  #isSettled = false;

  /** When the turn ends. */
  get end(): number {
    return this.#end;
  }

  /** When the processor comes back by itself: where the turn ends, or turns behind it. */
  get runEnd(): number {
    return this.#runEnd;
  }

  /** Whether the processor would go on where the turn ends. */
  get isProlonged(): boolean {
    return this.#runEnd > this.#end;
  }

  /** A turn begins, which ends at a time at the latest. */
  begin(now: number, quantum: number, latest: number): void {
    this.quantum = quantum;
    this.#end = Math.min(now + quantum, latest);
    this.#runEnd = this.#end;
    this.#isSettled = false;
  }

  /** Let the processor come back where the turn ends, or at a deadline that was set meanwhile. */
  limit(deadline: number): void {
    this.#runEnd = Math.min(this.#end, deadline);
  }

  /** Let the processor go on where the turn ends, and some more would end. */
  prolong(latest: number): void {
    this.#runEnd = Math.min(this.#end + (TURNS_ALONE - 1) * this.quantum, latest);
  }

  /** A thread's turn was as long as it could be. */
  passed(thread: Thread): void {
    this.#quiet = this.#isSettled ? null : thread;
  }

  /** Whether a thread had such a turn, and none that was cut short since: it may well ask for nothing. */
  isQuiet(thread: Thread): boolean {
    return this.#quiet === thread;
  }

  /** Find in which of several turns an instruction is that ends then; that turn is the last of them. */
  settle(instructionEnd: number): void {
    while (this.#end < instructionEnd) this.#end += this.quantum;
    this.#end = Math.min(this.#end, this.#runEnd);
    this.#quiet = null;
    this.#isSettled = true;
  }
}
