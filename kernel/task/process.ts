/**
 * A process: handles, memory and threads that live and die together.
 *
 * @module
 */
import { ObjectType, Signal, Status, TaskReturnCode } from "../abi.ts";
import { invariant } from "../invariant.ts";
import { Handle } from "../object/handle.ts";
import { HandleTable } from "../object/handle_table.ts";
import type { KernelObject } from "../object/object.ts";
import { AddressSpace, type AddressSpaceOptions } from "../vm/address_space.ts";
import { UserMemory } from "../vm/user_memory.ts";
import type { UserSpace } from "../vm/user_space.ts";
import { CLOSED, Exceptionate } from "./exceptionate.ts";
import { Futexes } from "./futex.ts";
import type { Job } from "./job.ts";
import type { Personality } from "./personality.ts";
import type { Policy } from "./policy.ts";
import { SharedState } from "./shared_state.ts";
import type { System } from "./system.ts";
import { TaskGroup } from "./task.ts";
import type { Thread } from "./thread.ts";

/** A job that dies when a process does. */
export interface Critical {
  /** The job. */
  readonly job: Job;
  /** Whether it lives on if the process ends with 0. */
  readonly onlyIfFailed: boolean;
}

/** What a process costs the kernel until it has ended, besides its threads and its memory. */
const PROCESS_COST = 4096;

/** Whether a process shares: nothing, with others to come, or with those that are there. */
export type Sharing = "nothing" | "with others" | SharedState;

/** Handles, memory and threads under one name. */
export class Process extends TaskGroup {
  readonly type = ObjectType.PROCESS;
  /** The job it is in. */
  readonly job: Job;
  /** What its job's policy was when it was made. */
  readonly policy: Policy;
  /** What it can refer to. */
  readonly handleTable: HandleTable;
  /** What it has in common with other processes, if it was made for that. */
  readonly shared: SharedState | null;
  /** What answers its system calls. */
  personality: Personality;
  /** When it was started; -1 while it was not. */
  startTime = -1;
  /** What it ended with. */
  returnCode = 0;
  /** Where its dynamic linker says what it has loaded; the kernel only keeps it for debuggers. */
  debugAddress = 0;
  /** Whether its dynamic linker is to stop after loading something; kept for debuggers too. */
  breakOnLoad = 0;
  /** The job that dies with it. */
  critical: Critical | null = null;
  /** How often it is held still; new threads are too. */
  suspensions = 0;
  /** What its threads that have ended had run for, in nanoseconds. */
  pastRuntime = 0;
  /** What it sees of memory, once somebody asks: most scripts never do. */
  #space: AddressSpace | null = null;
  readonly #rootKoid: number;
  #memory: UserMemory | null = null;
  #view: UserSpace | null = null;
  #debugger: Exceptionate | null = null;
  #futexes: Futexes | null = null;
  /** Its only thread, where there never was another. */
  #thread: Thread | null = null;
  #threads: Set<Thread> | null = null;
  #startedThreads = 0;
  #state: "new" | "running" | "dying" | "dead" = "new";
  #began = false;

  private constructor(job: Job, name: string, sharing: Sharing) {
    super(job.realm, ObjectType.PROCESS);
    this.job = job;
    this.policy = job.policy;
    this.personality = job.system.personality;
    const { realm } = job;
    this.shared = sharing === "with others"
      ? new SharedState(this.#spaceOptions())
      : sharedIn(sharing);
    this.shared?.join(this);
    this.handleTable = this.shared?.handleTable ?? new HandleTable(realm.entropy, realm);
    const isLater = this.shared === null && !realm.log.listening;
    this.#rootKoid = isLater ? realm.born(ObjectType.VMAR) : 0;
    if (!isLater) this.#space = spaceOf(this.#spaceOptions(), sharing, this.shared);
    this.name = name;
    job.adopt(this);
  }

  /** A new process in a job, or why not. */
  static create(job: Job, name: string, sharing: Sharing = "nothing") {
    const status = job.canAdopt();
    if (status !== Status.OK) return status;
    return job.realm.keep(PROCESS_COST) ? new Process(job, name, sharing) : Status.NO_MEMORY;
  }

  override get relatedKoid(): number {
    return this.job.koid;
  }

  /** What it sees of memory. */
  get space(): AddressSpace {
    return this.#space ??= this.#state === "dead" ? this.#pastSpace() : this.#newSpace();
  }

  /** The bytes of what it sees. */
  get memory(): UserMemory {
    return this.#memory ??= new UserMemory(this.space);
  }

  /** What its machine code sees: its address space, unless its personality puts another one here. */
  get view(): UserSpace {
    return this.#view ?? this.space;
  }

  set view(view: UserSpace) {
    this.#view = view;
  }

  /** Whoever wants to see exceptions before its threads do. */
  get debugger(): Exceptionate {
    return this.#debugger ??= new Exceptionate(this.realm);
  }

  /** Whether anybody wants to. */
  get debugged(): boolean {
    return this.#debugger !== null && this.#debugger.listening;
  }

  /** What all tasks share. */
  get system(): System {
    return this.job.system;
  }

  /** The words of its memory that its threads wait on. */
  get futexes(): Futexes {
    return this.#futexes ??= this.shared?.futexes ?? new Futexes();
  }

  /** Its threads that have not ended. */
  get threads(): ReadonlySet<Thread> {
    return this.#threads ??= new Set(this.#thread ? [this.#thread] : []);
  }

  /** Where it is in its life. */
  get state(): "new" | "running" | "dying" | "dead" {
    return this.#state;
  }

  /** Whether it has ended, or is about to. */
  get ended(): boolean {
    return this.#state === "dying" || this.#state === "dead";
  }

  /** It has its first thread running. */
  begin(): void {
    invariant(this.#state === "new", "a process begins once");
    this.#state = "running";
    this.#began = true;
    this.startTime = this.realm.now;
    this.hold();
    if (this.realm.log.listening) {
      const { koid, name } = this;
      this.realm.log.emit("process-start", { process: koid, job: this.job.koid, name });
    }
  }

  /** Put a handle into its table; answers the value, or NO_MEMORY and the handle is closed. */
  addHandle(handle: Handle, how: string): number {
    if (this.realm.handles > this.realm.handlesMax || this.#state === "dead") {
      handle.close();
      return Status.NO_MEMORY;
    }
    this.#tableChanges();
    const value = this.handleTable.add(handle);
    if (value < 0) handle.close();
    else if (this.realm.log.listening) this.#log("handle-gain", value, handle, how);
    return value;
  }

  /** Take a handle out of its table; the caller owns it. */
  removeHandle(value: number, how: string): Handle | null {
    this.#tableChanges();
    const handle = this.handleTable.remove(value);
    if (handle && this.realm.log.listening) this.#log("handle-lose", value, handle, how);
    return handle;
  }

  /** A handle to an object that was just made, in its table. */
  giveHandle(object: KernelObject, rights: number, how: string): number {
    return this.addHandle(new Handle(object, rights), how);
  }

  /** A thread was made in it. */
  addThread(thread: Thread): void {
    if (this.#threads === null && this.#thread === null) this.#thread = thread;
    else (this.threads as Set<Thread>).add(thread);
  }

  /** A thread of it was started. */
  threadStarted(): void {
    this.#startedThreads++;
  }

  /** A thread of it has ended, which may never have been started. */
  threadEnded(thread: Thread, started: boolean): void {
    if (this.#threads === null) this.#thread = null;
    else this.#threads.delete(thread);
    this.#futexes?.disown(thread);
    this.pastRuntime += thread.runtime;
    if (!started) return;
    this.#startedThreads--;
    if (this.#state === "running" && this.#startedThreads === 0) this.#finish();
  }

  /** Let a job die when it does; the job is one that it is below. */
  makeCritical(critical: Critical) {
    if (this.#state === "dying" || this.#state === "dead") return Status.BAD_STATE;
    if (this.critical) return Status.ALREADY_BOUND;
    let above: Job | null = this.job;
    while (above && above !== critical.job) above = above.parent;
    if (!above) return Status.INVALID_ARGS;
    this.critical = critical;
    return Status.OK;
  }

  /** How long its threads have run, in nanoseconds. */
  get runtime(): number {
    let sum = this.pastRuntime;
    if (this.#threads === null) return sum + (this.#thread?.runtime ?? 0);
    for (const thread of this.#threads) sum += thread.runtime;
    return sum;
  }

  /** Hold all its threads still, those that come too, until `unsuspend` was called as often. */
  suspend(): void {
    // Its threads need to know that it is held, and not how often.
    if (this.suspensions++ > 0) return;
    for (const thread of this.threads) thread.suspend();
  }

  /** Undo one `suspend`. */
  unsuspend(): void {
    if (--this.suspensions > 0) return;
    for (const thread of this.threads) thread.unsuspend();
  }

  /** End it, from inside or outside; the first code counts. */
  kill(code: number = TaskReturnCode.SYSCALL_KILL): void {
    this.realm.witness?.changed(this);
    if (this.#state === "dying" || this.#state === "dead") return;
    this.returnCode = code;
    this.#finish();
  }

  protected override onZeroHandles(): void {
    if (this.#state === "new") this.#finish();
  }

  protected override onDeath(): void {
    if (this.#state !== "dead") this.#finish();
  }

  #finish(): void {
    if (this.#state === "dead" || this.#state === "dying") return;
    this.#state = "dying";
    this.realm.witness?.changed(this);
    this.#tableChanges();
    this.hold();
    if (this.#threads === null) this.#thread?.end();
    else for (const thread of [...this.#threads]) thread.end();
    this.#state = "dead";
    this.realm.letGo(PROCESS_COST);
    this.personality.processEnded?.(this);
    this.#endSpace();
    this.closeExceptions();
    if (this.#debugger) this.#debugger.close();
    else this.#debugger = CLOSED;
    if (this.shared) this.shared.leave(this);
    else this.handleTable.clear();
    if (this.realm.log.listening) {
      this.realm.log.emit("process-exit", { process: this.koid, code: this.returnCode });
    }
    this.updateSignals(0, Signal.TASK_TERMINATED);
    this.job.processGone(this);
    const { critical } = this;
    if (critical && !(critical.onlyIfFailed && this.returnCode === 0)) {
      critical.job.kill(TaskReturnCode.CRITICAL_PROCESS_KILL);
    }
    if (this.#began) this.drop();
    this.drop();
  }

  #spaceOptions(): AddressSpaceOptions {
    const { realm, koid } = this;
    const { processor } = this.system;
    return { realm, koid, createSpace: processor && (() => processor.createSpace()) };
  }

  /** The space, whose region has been in the census under its identity since the process was made. */
  #newSpace(): AddressSpace {
    this.realm.died(ObjectType.VMAR);
    return new AddressSpace({ ...this.#spaceOptions(), rootKoid: this.#rootKoid });
  }

  /** The space of a process that ended before anybody asked for one. */
  #pastSpace(): AddressSpace {
    return this.realm.log.silently(() => {
      const space = new AddressSpace({ ...this.#spaceOptions(), rootKoid: this.#rootKoid });
      space.destroy();
      return space;
    });
  }

  #endSpace(): void {
    const { realm, shared } = this;
    if (this.#space === null && !realm.log.listening) return realm.died(ObjectType.VMAR);
    const space = this.#space ??= this.#newSpace();
    if (shared?.space === space) space.forgetProcessor();
    else space.destroy();
  }

  #tableChanges(): void {
    const { witness } = this.realm;
    if (!witness) return;
    if (!this.shared) return witness.tableChanged(this);
    for (const process of this.shared.members) witness.tableChanged(process);
  }

  #log(kind: "handle-gain" | "handle-lose", value: number, handle: Handle, how: string): void {
    this.realm.log.emit(kind, {
      process: this.koid,
      handle: value,
      koid: handle.object.koid,
      type: handle.object.label,
      name: handle.object.name,
      rights: handle.rights,
      how,
    });
  }
}

function sharedIn(sharing: Sharing): SharedState | null {
  return sharing instanceof SharedState ? sharing : null;
}

/** Whoever begins to share has only what is shared; whoever comes later has addresses of its own. */
function spaceOf(
  made: AddressSpaceOptions,
  sharing: Sharing,
  shared: SharedState | null,
): AddressSpace {
  if (shared === null) return new AddressSpace(made);
  return sharing === shared ? new AddressSpace({ ...made, above: shared.space }) : shared.space;
}
