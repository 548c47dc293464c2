/**
 * A thread: a body that executes, a state, and what it waits for.
 *
 * @module
 */
import { ObjectType, Signal, Status, ThreadState } from "../abi.ts";
import { invariant } from "../invariant.ts";
import { KernelObject } from "../object/object.ts";
import type { Context } from "../ports.ts";
import type { Denial } from "../events.ts";
import type { Process } from "./process.ts";
import { PRIORITY_DEFAULT } from "./scheduler.ts";

/** A system call that a script asks for, with its arguments by name. */
export interface Request {
  /** The call's name in its table, such as `channelRead`. */
  readonly call: string;
  /** Its arguments. */
  readonly args: Readonly<Record<string, unknown>>;
}

/** A program written as a generator: each `yield*` of a client call is one system call. */
export type Script = Generator<Request, void, unknown>;

/** What executes: machine code with registers, or a script. */
export type Body =
  | { readonly kind: "machine"; readonly context: Context }
  | { readonly kind: "script"; readonly script: Script; reply: unknown };

/** Why a thread does not go on, and how to make it stop waiting. */
export interface Park {
  /** What `ZX_INFO_THREAD` says. */
  readonly state: ThreadState;
  /** Stop waiting without an answer; the thread is about to die. */
  abort(): void;
}

/** One flow of execution of a process. */
export class Thread extends KernelObject {
  readonly type = ObjectType.THREAD;
  /** The process it belongs to. */
  readonly process: Process;
  /** How urgent it is. */
  priority: number = PRIORITY_DEFAULT;
  /** What executes, once it is started. */
  body: Body | null = null;
  /** What it waits for. */
  park: Park | null = null;
  /** Why its last refused call was refused. */
  denial: Denial | null = null;
  #queued = false;
  #suspensions = 0;
  #ended = false;

  private constructor(process: Process, name: string) {
    super(process.realm, ObjectType.THREAD);
    this.process = process;
    this.name = name;
    process.hold();
    process.addThread(this);
  }

  /** A thread that is not started, in a process that lives. */
  static create(process: Process, name: string) {
    if (process.state === "dying" || process.state === "dead") return Status.BAD_STATE;
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

  /** Whether somebody holds it still. */
  get suspended(): boolean {
    return this.#suspensions > 0;
  }

  /** Whether it could execute now. */
  get runnable(): boolean {
    return this.body !== null && !this.#ended && this.park === null && this.#suspensions === 0;
  }

  /** What it is doing, as `ZX_INFO_THREAD` reports it. */
  get state(): ThreadState {
    if (this.#ended) return ThreadState.DEAD;
    if (this.body === null) return ThreadState.NEW;
    if (this.park !== null) return this.park.state;
    return this.#suspensions > 0 ? ThreadState.SUSPENDED : ThreadState.RUNNING;
  }

  /** Begin to execute. */
  start(body: Body): void {
    invariant(this.body === null && !this.#ended, "a thread is started once");
    this.body = body;
    this.hold();
    this.updateSignals(0, Signal.THREAD_RUNNING);
    this.makeReady();
  }

  /** Enter the queue of those that could run, if it can. */
  makeReady(): void {
    if (this.#queued || !this.runnable || this.process.system.current === this) return;
    this.#queued = true;
    this.process.system.scheduler.ready(this);
  }

  /** It was taken from the queue, and runs. */
  taken(): void {
    this.#queued = false;
  }

  /** Wait; `park` says for what and how to stop. */
  wait(park: Park): void {
    invariant(this.park === null, "a thread waits for one thing");
    this.park = park;
  }

  /** What it waited for has come. */
  resume(): void {
    this.park = null;
    this.makeReady();
  }

  /** Hold it still until `release` was called as often. */
  suspend(): void {
    this.#suspensions++;
    this.#leaveQueue();
    if (this.#suspensions === 1) {
      this.updateSignals(Signal.THREAD_RUNNING, Signal.THREAD_SUSPENDED);
    }
  }

  /** Undo one `suspend`. */
  unsuspend(): void {
    invariant(this.#suspensions > 0, "a thread is let go as often as it was held");
    if (--this.#suspensions > 0 || this.#ended) return;
    this.updateSignals(Signal.THREAD_SUSPENDED, Signal.THREAD_RUNNING);
    this.makeReady();
  }

  /** End, wherever it is; the process ends with its last thread. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
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
    this.process.threadEnded(this);
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
      this.process.threadEnded(this);
    }
  }

  protected override onDeath(): void {
    this.process.drop();
  }

  #leaveQueue(): void {
    if (!this.#queued) return;
    this.#queued = false;
    this.process.system.scheduler.unready(this);
  }
}
