/**
 * The way of one exception: from one who may handle it to the next, until somebody has.
 *
 * @module
 */
import { ExceptionChannelType, ExceptionState, ExceptionStrategy, ThreadState } from "../abi.ts";
import { Exception, type ExceptionReport } from "./exception.ts";
import type { Exceptionate } from "./exceptionate.ts";
import type { Job } from "./job.ts";
import type { Park, Thread } from "./thread.ts";

/** How it ends: somebody handled it, somebody wants the thread to end, or nobody did anything. */
export type Outcome = "handled" | "exit" | "unhandled";

/** Someone to offer an exception to. */
export interface Stop {
  /** Where. */
  readonly exceptionate: Exceptionate;
  /** What the place is called. */
  readonly channel: ExceptionChannelType;
}

/** Whom an exception is offered to, in order; asked for the next only when it is needed. */
export type Route = (exception: Exception) => Iterator<Stop>;

const CHANNEL_NAMES = ["none", "debugger", "thread", "process", "job", "job debugger"];

/** Debugger, thread, process, the debugger again if it wants, then the jobs up to the root. */
export function* everybody(exception: Exception): Generator<Stop> {
  const { thread } = exception;
  const { process } = thread;
  const debug = { exceptionate: process.debugger, channel: ExceptionChannelType.DEBUGGER };
  yield debug;
  yield { exceptionate: thread.exceptions, channel: ExceptionChannelType.THREAD };
  yield { exceptionate: process.exceptions, channel: ExceptionChannelType.PROCESS };
  if (exception.strategy === ExceptionStrategy.SECOND_CHANCE) yield debug;
  for (let job: Job | null = process.job; job; job = job.parent) {
    yield { exceptionate: job.exceptions, channel: ExceptionChannelType.JOB };
  }
}

/** The debugger of the process and nobody else. */
export function* debuggerOnly({ thread }: Exception): Generator<Stop> {
  yield { exceptionate: thread.process.debugger, channel: ExceptionChannelType.DEBUGGER };
}

/** The debuggers of the first job upwards that has any. */
export function* jobDebuggers({ thread }: Exception): Generator<Stop> {
  for (let job: Job | null = thread.process.job; job; job = job.parent) {
    for (const exceptionate of job.debuggers) {
      yield { exceptionate, channel: ExceptionChannelType.JOB_DEBUGGER };
    }
  }
}

/** What is to happen with one exception. */
export interface Plan {
  /** What happened. */
  readonly report: ExceptionReport;
  /** Whom it is offered to. */
  readonly route: Route;
  /** What the thread is doing meanwhile, as `ZX_INFO_THREAD` tells it. */
  readonly state?: ThreadState;
  /** What follows from the outcome; the thread no longer waits. */
  readonly then: (outcome: Outcome) => void;
}

/** A thread that waits for its exception to be handled. */
export class ExceptionHandling implements Park {
  readonly state: ThreadState;
  readonly #exception: Exception;
  readonly #stops: Iterator<Stop>;
  readonly #then: (outcome: Outcome) => void;

  /** Begin with the first who listens; `thread` waits until `plan.then` is called. */
  constructor(thread: Thread, { report, route, state, then }: Plan) {
    this.state = state ?? ThreadState.BLOCKED_EXCEPTION;
    this.#then = then;
    this.#exception = new Exception(thread, report, () => this.#answered());
    this.#exception.hold();
    this.#stops = route(this.#exception);
    thread.exception = this.#exception;
    thread.wait(this);
    this.#offer();
  }

  abort(): void {
    this.#end();
  }

  #offer(): void {
    for (;;) {
      const { done, value } = this.#stops.next();
      if (done) return this.#finish("unhandled");
      this.#exception.channel = value.channel;
      if (!value.exceptionate.offer(this.#exception)) continue;
      this.#log(CHANNEL_NAMES[value.channel]!);
      return;
    }
  }

  #answered(): void {
    const { state } = this.#exception;
    if (state === ExceptionState.HANDLED) this.#finish("handled");
    else if (state === ExceptionState.THREAD_EXIT) this.#finish("exit");
    else this.#offer();
  }

  #finish(outcome: Outcome): void {
    const { thread } = this.#exception;
    this.#log(outcome);
    this.#end();
    thread.unpark();
    this.#then(outcome);
  }

  #end(): void {
    this.#exception.settle();
    this.#exception.thread.exception = null;
    this.#exception.drop();
  }

  #log(channel: string): void {
    const { thread, report } = this.#exception;
    if (!thread.realm.log.listening) return;
    const { koid, process, body } = thread;
    const pc = body?.kind === "machine" ? body.context.pc : 0;
    const about = { process: process.koid, thread: koid, type: report.type, channel, pc };
    thread.realm.log.emit("exception", { ...about, address: report.value });
  }
}
