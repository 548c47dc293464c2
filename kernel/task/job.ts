/**
 * A job: a tree of processes under one policy.
 *
 * @module
 */
import { ObjectType, Signal, Status, TaskReturnCode, TimerSlack } from "../abi.ts";
import { invariant } from "../invariant.ts";
import { Exceptionate } from "./exceptionate.ts";
import { Policy, type PolicyEntry, type TimerSlackPolicy } from "./policy.ts";
import type { Process } from "./process.ts";
import type { System } from "./system.ts";
import { TaskGroup } from "./task.ts";

/** How many jobs may stand below each other. */
export const JOB_HEIGHT_MAX = 32;

/** How many debuggers may wait for the processes that a job starts. */
const DEBUGGERS_MAX = 32;

const CHILDLESS = Signal.JOB_NO_JOBS | Signal.JOB_NO_PROCESSES | Signal.JOB_NO_CHILDREN;

/** What most jobs have below them; nothing is ever put into it. */
const NO_JOBS = new Set<Job>();

/** Processes and jobs that live under one policy and can be killed together. */
export class Job extends TaskGroup {
  readonly type = ObjectType.JOB;
  /** What all tasks share. */
  readonly system: System;
  /** The job above; null for the root job. */
  readonly parent: Job | null;
  /** How many more jobs may stand below it. */
  readonly height: number;
  /** What its processes may do. */
  policy: Policy;
  /** How late timers of its processes may be. */
  timerSlack: TimerSlackPolicy;
  /** Whether it is to be killed when memory runs out. */
  killOnOom = false;
  /** Why it ended. */
  returnCode = 0;
  #pastRuntime = 0;
  #debuggers: Exceptionate[] = [];
  #jobs: Set<Job> = NO_JOBS;
  readonly #processes = new Set<Process>();
  #state: "alive" | "killing" | "dead" = "alive";

  private constructor(system: System, parent: Job | null) {
    super(system.realm, ObjectType.JOB, CHILDLESS);
    this.system = system;
    this.parent = parent;
    this.height = parent ? parent.height - 1 : JOB_HEIGHT_MAX;
    this.policy = parent ? parent.policy : Policy.allowAll;
    this.timerSlack = parent?.timerSlack ?? { minimum: 0, mode: TimerSlack.CENTER };
  }

  /** The job above all others. */
  static root(system: System): Job {
    const job = new Job(system, null);
    job.name = "root";
    return job;
  }

  override get relatedKoid(): number {
    return this.parent?.koid ?? 0;
  }

  /** Whether it has ended. */
  get ended(): boolean {
    return this.#state === "dead";
  }

  /** The jobs right below it. */
  get jobs(): ReadonlySet<Job> {
    return this.#jobs;
  }

  /** The processes right below it. */
  get processes(): ReadonlySet<Process> {
    return this.#processes;
  }

  /** Those who want to see processes start below it. */
  get debuggers(): readonly Exceptionate[] {
    return this.#debuggers;
  }

  /** Whether a debugger waits here or further up for processes to start. */
  get watched(): boolean {
    return this.#debuggers.length > 0 || (this.parent?.watched ?? false);
  }

  /** Let one more debugger wait for processes to start; answers its end of a channel. */
  addDebugger(rights: number) {
    if (this.#state !== "alive") return Status.BAD_STATE;
    this.#debuggers = this.#debuggers.filter((one) => one.listening);
    if (this.#debuggers.length === DEBUGGERS_MAX) return Status.ALREADY_BOUND;
    const exceptionate = new Exceptionate(this.realm);
    this.#debuggers.push(exceptionate);
    return exceptionate.listen(rights);
  }

  /** How long the threads of all processes in it have run, in nanoseconds. */
  get runtime(): number {
    let sum = this.#pastRuntime;
    for (const job of this.#jobs) sum += job.runtime;
    for (const process of this.#processes) sum += process.runtime;
    return sum;
  }

  /** A new job below this one. */
  createJob() {
    if (this.height === 0) return Status.OUT_OF_RANGE;
    if (this.#state !== "alive") return Status.BAD_STATE;
    const job = new Job(this.system, this);
    if (this.#jobs === NO_JOBS) this.#jobs = new Set();
    this.#jobs.add(job);
    this.hold();
    this.updateSignals(Signal.JOB_NO_JOBS | Signal.JOB_NO_CHILDREN, 0);
    return job;
  }

  /** Whether a process may be put into it. */
  canAdopt() {
    return this.#state === "alive" ? Status.OK : Status.BAD_STATE;
  }

  /** Take in a new process. */
  adopt(process: Process): void {
    invariant(this.#state === "alive", "only a living job takes in processes");
    this.#processes.add(process);
    this.hold();
    this.updateSignals(Signal.JOB_NO_PROCESSES | Signal.JOB_NO_CHILDREN, 0);
  }

  /** A process of it is gone. */
  processGone(process: Process): void {
    if (!this.#processes.delete(process)) return;
    this.#pastRuntime += process.runtime;
    if (this.#processes.size === 0) this.updateSignals(0, Signal.JOB_NO_PROCESSES);
    this.#childGone();
  }

  /** Put policy over what the job began with; only while nothing is in it. */
  setPolicy(mode: number, entries: readonly PolicyEntry[]) {
    if (this.#jobs.size + this.#processes.size > 0) return Status.BAD_STATE;
    const policy = this.policy.with(entries, mode, this.koid);
    if (typeof policy === "number") return policy;
    this.policy = policy;
    if (this.realm.log.listening) {
      for (const { condition, action } of entries) {
        this.realm.log.emit("policy", { job: this.koid, condition, action });
      }
    }
    return Status.OK;
  }

  /** Let timers be later than the jobs above say; only while nothing is in it. */
  setTimerSlack({ minimum, mode }: TimerSlackPolicy) {
    if (minimum < 0 || mode > TimerSlack.LATE) return Status.INVALID_ARGS;
    if (this.#jobs.size + this.#processes.size > 0) return Status.BAD_STATE;
    this.timerSlack = { minimum: Math.max(minimum, this.timerSlack.minimum), mode };
    return Status.OK;
  }

  /** Kill everything in it: the jobs below first, then its processes. */
  kill(code: number = TaskReturnCode.SYSCALL_KILL): void {
    if (this.#state !== "alive") return;
    this.#state = "killing";
    this.returnCode = code;
    for (const job of [...this.#jobs]) job.kill(code);
    for (const process of [...this.#processes]) process.kill(code);
    this.#endIfEmpty();
  }

  protected override onZeroHandles(): void {
    if (this.parent && this.#jobs.size + this.#processes.size === 0) this.#end();
  }

  protected override onDeath(): void {
    if (this.#state !== "dead") this.#end();
  }

  #jobGone(job: Job): void {
    if (!this.#jobs.delete(job)) return;
    this.#pastRuntime += job.runtime;
    if (this.#jobs.size === 0) this.updateSignals(0, Signal.JOB_NO_JOBS);
    this.#childGone();
  }

  #childGone(): void {
    if (this.#jobs.size + this.#processes.size === 0) this.updateSignals(0, Signal.JOB_NO_CHILDREN);
    this.#endIfEmpty();
    if (this.handles === 0 && this.parent && this.#jobs.size + this.#processes.size === 0) {
      this.#end();
    }
    this.drop();
  }

  #endIfEmpty(): void {
    if (this.#state === "killing" && this.#jobs.size + this.#processes.size === 0) this.#end();
  }

  #end(): void {
    if (this.#state === "dead") return;
    this.#state = "dead";
    if (this.realm.log.listening) {
      this.realm.log.emit("job-exit", { job: this.koid, code: this.returnCode });
    }
    this.closeExceptions();
    for (const one of this.#debuggers) one.close();
    this.updateSignals(0, Signal.TASK_TERMINATED);
    if (this.parent) this.parent.#jobGone(this);
  }
}
