/**
 * One system call while it lasts: who makes it, its raw arguments, and where its results go.
 *
 * @module
 */
import type { Denial } from "../events.ts";
import { invariant } from "../invariant.ts";
import type { Handle } from "../object/handle.ts";
import type { Context } from "../ports.ts";
import type { Realm } from "../object/realm.ts";
import type { Timeout } from "../object/timeout.ts";
import { rightsText, Status, type ThreadState } from "../abi.ts";
import type { Process } from "../task/process.ts";
import type { Thread } from "../task/thread.ts";
import { explainRefusal } from "./refusal.ts";
import type { Row } from "./row.ts";

/** What a row answers when the call cannot finish yet; `Call.park` makes it. */
export const PARKED = "parked";

/** The call will be answered later. */
export type Parked = typeof PARKED;

/** What a call ends with: a status, or for the calls that count something, how many. */
export type Answer = number;

/** How a call waits. */
export interface ParkOptions {
  /** What `ZX_INFO_THREAD` says of the thread meanwhile. */
  readonly state: ThreadState;
  /** When to stop waiting; infinity for never. */
  readonly deadline: number;
  /** Begin to wait; `finish` ends the call. Answers how to stop waiting. */
  readonly begin: (finish: (answer: Answer) => void) => () => void;
  /** What the call answers when the deadline has come. */
  readonly timedOut: () => Answer;
}

const NO_REGISTERS: readonly number[] = [];

/** One system call of one thread. */
export class Call {
  /** Who makes it. */
  thread!: Thread;
  /** Which call it is. */
  row!: Row;
  /** Where its arguments still are, if they are still in registers. */
  context: Context | null = null;
  /** The numbers of the registers that may hold arguments. */
  readonly args: readonly number[];
  /** Its arguments as they came: numbers from registers, values from a script. */
  readonly raws: unknown[] = [];
  /** Where a script's results are collected; null for machine code, whose results go to memory. */
  outs: Record<string, unknown> | null = null;
  /** Its number in the log. */
  event = 0;
  /** The argument that was not taken, by its place; -1 while all were. */
  refused = -1;
  /** Whether somebody has said why it is refused. */
  denied = false;
  /** The next of the calls that are over, once it is over itself. */
  spare: Call | null = null;
  readonly #complete: (call: Call, answer: Answer) => void;
  readonly #taken: Handle[] = [];

  /**
   * A call; `complete` hands its answer over when it was parked. Where machine code makes it, `args` are
   * the registers that may hold arguments.
   */
  constructor(complete: (call: Call, answer: Answer) => void, args = NO_REGISTERS) {
    this.#complete = complete;
    this.args = args;
  }

  /** It is this call of this thread; it may have been another one, which is over. */
  begin(thread: Thread, row: Row): void {
    this.thread = thread;
    this.row = row;
    this.context = null;
    this.refused = -1;
    this.denied = false;
  }

  /** The process that makes it. */
  get process(): Process {
    return this.thread.process;
  }

  /** The ground that objects stand on. */
  get realm(): Realm {
    return this.thread.realm;
  }

  /** An argument as it came, by name. */
  rawOf(name: string): unknown {
    return this.raws[this.row.names.indexOf(name)];
  }

  /** A handle was taken from the caller for this call: it is closed unless somebody keeps it. */
  took(handle: Handle): void {
    this.#taken.push(handle);
  }

  /** A handle that was taken for this call has found a place. */
  keep(handle: Handle): void {
    const at = this.#taken.indexOf(handle);
    invariant(at >= 0, "a handle that is kept was taken");
    this.#taken.splice(at, 1);
  }

  /** Close what was taken and not kept. */
  closeTaken(): void {
    while (this.#taken.length > 0) this.#taken.pop()!.close();
  }

  /** Remember why the call is refused. */
  deny(denial: Omit<Denial, "syscall">): void {
    const whole: Denial = { syscall: this.row.name, ...denial };
    this.thread.denial = whole;
    this.denied = true;
    if (this.realm.log.listening) {
      const { process, thread } = this;
      this.realm.log.emit("denial", { process: process.koid, thread: thread.koid, denial: whole });
    }
  }

  /** Refuse because a handle has not all of these rights. */
  lacks(argument: string, { object, rights }: Handle, wanted: number): void {
    this.deny({
      status: Status.ACCESS_DENIED,
      argument,
      koid: object.koid,
      type: object.label,
      wanted: rightsText(wanted),
      held: rightsText(rights),
      rule: `${this.row.name} needs ${rightsText(wanted)} on ${argument}`,
      grant: rightsText(wanted & ~rights),
    });
  }

  /** Answer a call that was parked by other means than `park`. */
  finish(answer: Answer): void {
    this.#end(answer);
  }

  /** Do not answer yet. */
  park({ state, deadline, begin, timedOut }: ParkOptions): Parked {
    const { thread, realm } = this;
    let over = false;
    let timeout: Timeout | null = null;
    let stop = (): void => {};
    const finish = (answer: Answer): void => {
      if (over) return;
      over = true;
      if (timeout) realm.timeouts.cancel(timeout);
      this.#end(answer);
    };
    thread.wait({
      state,
      abort: () => {
        over = true;
        if (timeout) realm.timeouts.cancel(timeout);
        stop();
      },
    });
    if (deadline < Infinity) {
      timeout = realm.timeouts.set(deadline, () => {
        stop();
        finish(timedOut());
      });
    }
    stop = begin(finish);
    return PARKED;
  }

  #end(answer: Answer): void {
    if (answer < 0) explainRefusal(this, answer);
    this.#complete(this, answer);
  }
}
