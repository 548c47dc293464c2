/**
 * A thread: a body that executes, a state, and what it waits for.
 *
 * @module
 */
import { ExceptionType, ObjectType, Signal, Status, TaskReturnCode, ThreadState } from "../abi.ts";
import { invariant } from "../invariant.ts";
import { Queued } from "../object/queue.ts";
import type { Context } from "../ports.ts";
import type { Denial } from "../events.ts";
import { type Exception, type ExceptionReport, synthetic } from "./exception.ts";
import {
  debuggerOnly,
  everybody,
  ExceptionHandling,
  jobDebuggers,
  type Plan,
} from "./exception_handling.ts";
import type { FutexWaiter } from "./futex.ts";
import type { Process } from "./process.ts";
import { PRIORITY_DEFAULT } from "./scheduler.ts";
import { Task } from "./task.ts";

/** A system call that a script asks for, with its arguments by name. */
export interface Request {
  /** The call's name in its table, such as `channelRead`. */
  readonly call: string;
  /** Its arguments. */
  readonly args?: Readonly<Record<string, unknown>>;
  /** In place of them: registers, as machine code would have them, with addresses in its memory. */
  readonly registers?: readonly number[];
}

/** A program written as a generator: each `yield*` of a client call is one system call. */
export type Script = Generator<Request, void, unknown>;

/** A script as the kernel needs it: it goes on with a reply, and can be put away. */
export type RunningScript = Pick<Script, "next" | "return">;

/** What executes: machine code with registers, or a script. */
export type Body =
  | { readonly kind: "machine"; readonly context: Context }
  | { readonly kind: "script"; readonly script: RunningScript; reply: unknown };

/** Why a thread does not go on, and how to make it stop waiting. */
export interface Park {
  /** What `ZX_INFO_THREAD` says. */
  readonly state: ThreadState;
  /** Stop waiting without an answer; the thread is about to die. */
  abort(): void;
}

/** A thread's place in the queue of those that could run. */
export class Turn extends Queued {
  /** Whose place it is. */
  readonly thread: Thread;

  /** The place of a thread. */
  constructor(thread: Thread) {
    super();
    this.thread = thread;
  }
}

/**
 * What a thread costs the kernel while it has not ended, whoever still refers to it; so there are
 * fewer of them at a time than a processor has room for registers.
 */
const THREAD_COST = 8192;

/** One flow of execution of a process. */
export class Thread extends Task {
  readonly type = ObjectType.THREAD;
  /** The process it belongs to. */
  readonly process: Process;
  /** How urgent it is. */
  priority: number = PRIORITY_DEFAULT;
  /** What executes, once it is started. */
  body: Body | null = null;
  /** What it waits for. */
  park: Park | null = null;
  /** What it waited for last in a way that can be used again. */
  lastWait: Park | null = null;
  /** Why its last refused call was refused. */
  denial: Denial | null = null;
  /** The exception that it waits for an answer to. */
  exception: Exception | null = null;
  /** What its last system call gave offence with; raised as soon as the call is answered. */
  offence: ExceptionReport | null = null;
  /** Why the page that it waited for last cannot be had; OK once it can. */
  pageFailure: Status = Status.OK;
  /** Whether it stops with an exception after each instruction. */
  singleStep = false;
  /** The word that it last waited on. */
  waitsOn: FutexWaiter | null = null;
  /** Whether it wants others to run before it goes on. */
  yields = false;
  /** Its place among those that could run. */
  readonly turn = new Turn(this);
  /** How long it has run, in nanoseconds. */
  runtime = 0;
  #suspensions = 0;
  #showsSuspended = false;
  #exiting = false;
  #ended = false;

  private constructor(process: Process, name: string) {
    super(process.realm, ObjectType.THREAD);
    this.process = process;
    this.name = name;
    process.hold();
    process.addThread(this);
    if (process.suspensions > 0) this.suspend();
  }

  /** A thread that is not started, in a process that lives. */
  static create(process: Process, name: string) {
    if (process.state === "dying" || process.state === "dead") return Status.BAD_STATE;
    if (!process.realm.keep(THREAD_COST)) return Status.NO_MEMORY;
    return new Thread(process, name);
  }

  override get relatedKoid(): number {
    return this.process.koid;
  }

  /** Whether it has been started. */
  get started(): boolean {
    return this.body !== null || this.#ended;
  }

  /** Whether it has ended. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Whether it is about to end, or has. */
  get dying(): boolean {
    return this.#exiting || this.#ended;
  }

  /** Whether it is held still: it does nothing until everybody who holds it lets go. */
  get suspended(): boolean {
    return this.#suspensions > 0 && this.body !== null && this.exception === null && !this.#ended;
  }

  /** Whether it could execute now. */
  get runnable(): boolean {
    return this.body !== null && !this.#ended && this.park === null && this.#suspensions === 0;
  }

  /** What it is doing, as `ZX_INFO_THREAD` reports it. */
  get state(): ThreadState {
    if (this.#ended) return ThreadState.DEAD;
    if (this.body === null) return ThreadState.NEW;
    if (this.exception !== null && this.park !== null) return this.park.state;
    if (this.#suspensions > 0) return ThreadState.SUSPENDED;
    return this.park === null ? ThreadState.RUNNING : this.park.state;
  }

  /** Begin to execute; `first` if it is the one that its process begins with. */
  start(body: Body, first = false): void {
    invariant(this.body === null && !this.#ended, "a thread is started once");
    this.body = body;
    this.hold();
    this.process.threadStarted();
    this.updateSignals(0, Signal.THREAD_RUNNING);
    this.showSuspension();
    if (first) this.#tellJobDebuggers();
    else this.#tellDebugger();
  }

  /** Enter the queue of those that could run, if it can. */
  makeReady(): void {
    if (this.turn.queue !== null || !this.runnable) return;
    if (this.process.system.current !== this) this.process.system.scheduler.ready(this);
  }

  /** Wait; `park` says for what and how to stop. */
  wait(park: Park): void {
    invariant(this.park === null, "a thread waits for one thing");
    this.park = park;
  }

  /** It waits no longer, but something else may come before it goes on. */
  unpark(): void {
    this.park = null;
    this.showSuspension();
  }

  /** What it waited for has come, and its call is answered. */
  resume(): void {
    this.park = null;
    this.answered();
  }

  /** Its call is answered: go on, unless the call gave offence. */
  answered(): void {
    const { offence } = this;
    if (offence === null) return this.makeReady();
    this.offence = null;
    if (!this.dying) this.raise(offence);
  }

  /** Offer an exception to everybody who may handle it; if nobody does, the process is killed. */
  raise(report: ExceptionReport): void {
    this.handle({
      report,
      route: everybody,
      then: (outcome) => {
        if (outcome === "handled") this.makeReady();
        else if (outcome === "exit") this.end();
        else this.process.kill(TaskReturnCode.EXCEPTION_KILL);
      },
    });
  }

  /** Let an exception be handled. */
  handle(plan: Plan): void {
    this.#leaveQueue();
    new ExceptionHandling(this, plan);
  }

  /** Hold it still until `unsuspend` was called as often. */
  suspend(): void {
    this.#suspensions++;
    this.#leaveQueue();
    this.showSuspension();
  }

  /** Undo one `suspend`. */
  unsuspend(): void {
    invariant(this.#suspensions > 0, "a thread is let go as often as it was held");
    this.#suspensions--;
    this.showSuspension();
    this.makeReady();
  }

  /** Let the signals say whether it is held still. */
  showSuspension(): void {
    const { suspended } = this;
    if (suspended === this.#showsSuspended || this.#ended) return;
    this.#showsSuspended = suspended;
    if (suspended) this.updateSignals(Signal.THREAD_RUNNING, Signal.THREAD_SUSPENDED);
    else this.updateSignals(Signal.THREAD_SUSPENDED, Signal.THREAD_RUNNING);
  }

  /** Give it another urgency. */
  setPriority(priority: number): void {
    const queued = this.turn.queue !== null;
    this.#leaveQueue();
    this.priority = priority;
    if (queued) this.makeReady();
  }

  /** End by itself: its debugger may look at it once more. */
  exit(): void {
    if (this.dying) return;
    this.#exiting = true;
    if (!this.process.debugged) return this.end();
    const report = synthetic(ExceptionType.THREAD_EXITING);
    const state = ThreadState.DYING;
    this.handle({ report, route: debuggerOnly, state, then: () => this.end() });
  }

  /** End, wherever it is; the process ends with its last thread. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.realm.letGo(THREAD_COST);
    this.park?.abort();
    this.park = null;
    this.#leaveQueue();
    const started = this.body !== null;
    // A body that executes right now is put away by the loop, once it has come back from it.
    if (this.process.system.current !== this) this.putAwayBody();
    if (this.realm.log.listening) {
      this.realm.log.emit("thread-exit", { process: this.process.koid, thread: this.koid });
    }
    this.process.personality.threadEnded?.(this);
    this.updateSignals(Signal.THREAD_RUNNING | Signal.THREAD_SUSPENDED, Signal.TASK_TERMINATED);
    this.closeExceptions();
    this.process.threadEnded(this, started);
    if (started) this.drop();
  }

  /** Give back what its body holds; it has ended. */
  putAwayBody(): void {
    if (this.body?.kind === "machine") this.body.context.release();
    if (this.body?.kind === "script") this.body.script.return();
    this.body = null;
  }

  protected override onZeroHandles(): void {
    if (this.body === null && !this.#ended) {
      this.#ended = true;
      this.realm.letGo(THREAD_COST);
      this.updateSignals(0, Signal.TASK_TERMINATED);
      this.closeExceptions();
      this.process.threadEnded(this, false);
    }
  }

  protected override onDeath(): void {
    this.process.drop();
  }

  #tellJobDebuggers(): void {
    if (!this.process.job.watched) return this.#tellDebugger();
    const report = synthetic(ExceptionType.PROCESS_STARTING);
    this.handle({ report, route: jobDebuggers, then: () => this.#tellDebugger() });
  }

  #tellDebugger(): void {
    if (!this.process.debugged) return this.makeReady();
    const report = synthetic(ExceptionType.THREAD_STARTING);
    this.handle({ report, route: debuggerOnly, then: () => this.makeReady() });
  }

  #leaveQueue(): void {
    if (this.turn.queue !== null) this.process.system.scheduler.unready(this);
  }
}
