/**
 * A process: handles, memory and threads that live and die together.
 *
 * @module
 */
import { ObjectType, Signal, Status, TaskReturnCode } from "../abi.ts";
import { invariant } from "../invariant.ts";
import { Handle } from "../object/handle.ts";
import { HandleTable } from "../object/handle_table.ts";
import { KernelObject } from "../object/object.ts";
import { AddressSpace } from "../vm/address_space.ts";
import { UserMemory } from "../vm/user_memory.ts";
import type { UserSpace } from "../vm/user_space.ts";
import type { Job } from "./job.ts";
import type { Personality } from "./personality.ts";
import type { Policy } from "./policy.ts";
import type { System } from "./system.ts";
import type { Thread } from "./thread.ts";

/** Handles, memory and threads under one name. */
export class Process extends KernelObject {
  readonly type = ObjectType.PROCESS;
  /** The job it is in. */
  readonly job: Job;
  /** What its job's policy was when it was made. */
  readonly policy: Policy;
  /** What it can refer to. */
  readonly handleTable: HandleTable;
  /** What it sees of memory. */
  readonly space: AddressSpace;
  /** The bytes of what it sees. */
  readonly memory: UserMemory;
  /** What its machine code sees: its address space, unless its personality puts another one here. */
  view: UserSpace;
  /** What answers its system calls. */
  personality: Personality;
  /** When it was started. */
  startTime = 0;
  /** What it ended with. */
  returnCode = 0;
  readonly #threads = new Set<Thread>();
  #state: "new" | "running" | "dying" | "dead" = "new";
  #began = false;

  private constructor(job: Job, name: string) {
    super(job.realm, ObjectType.PROCESS);
    this.job = job;
    this.policy = job.policy;
    this.personality = job.system.personality;
    this.handleTable = new HandleTable(job.realm.entropy);
    const { realm, system } = job;
    const createSpace = system.processor ? () => system.processor!.createSpace() : null;
    this.space = new AddressSpace({ realm, createSpace, koid: this.koid });
    this.memory = new UserMemory(this.space);
    this.view = this.space;
    this.name = name;
    job.adopt(this);
  }

  /** A new process in a job, or why not. */
  static create(job: Job, name: string) {
    const status = job.canAdopt();
    return status === Status.OK ? new Process(job, name) : status;
  }

  override get relatedKoid(): number {
    return this.job.koid;
  }

  /** What all tasks share. */
  get system(): System {
    return this.job.system;
  }

  /** Its threads that have not ended. */
  get threads(): ReadonlySet<Thread> {
    return this.#threads;
  }

  /** Where it is in its life. */
  get state(): "new" | "running" | "dying" | "dead" {
    return this.#state;
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
    if (this.realm.handles > this.realm.handlesMax) {
      handle.close();
      return Status.NO_MEMORY;
    }
    const value = this.handleTable.add(handle);
    if (value < 0) handle.close();
    else if (this.realm.log.listening) this.#log("handle-gain", value, handle, how);
    return value;
  }

  /** Take a handle out of its table; the caller owns it. */
  removeHandle(value: number, how: string): Handle | null {
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
    this.#threads.add(thread);
  }

  /** A thread of it has ended. */
  threadEnded(thread: Thread): void {
    this.#threads.delete(thread);
    if (this.#state === "running" && ![...this.#threads].some((one) => one.started)) this.#finish();
  }

  /** End by itself. */
  exit(code: number): void {
    this.#kill(code);
  }

  /** End it from outside. */
  kill(code: number = TaskReturnCode.SYSCALL_KILL): void {
    this.#kill(code);
  }

  protected override onZeroHandles(): void {
    if (this.#state === "new") this.#finish();
  }

  protected override onDeath(): void {
    if (this.#state !== "dead") this.#finish();
  }

  #kill(code: number): void {
    if (this.#state === "dying" || this.#state === "dead") return;
    this.returnCode = code;
    this.#finish();
  }

  #finish(): void {
    if (this.#state === "dead" || this.#state === "dying") return;
    this.#state = "dying";
    this.hold();
    for (const thread of [...this.#threads]) thread.end();
    this.#state = "dead";
    this.personality.processEnded?.(this);
    this.space.destroy();
    this.handleTable.clear();
    if (this.realm.log.listening) {
      this.realm.log.emit("process-exit", { process: this.koid, code: this.returnCode });
    }
    this.updateSignals(0, Signal.TASK_TERMINATED);
    this.job.processGone(this);
    if (this.#began) this.drop();
    this.drop();
  }

  #log(kind: "handle-gain" | "handle-lose", value: number, handle: Handle, how: string): void {
    this.realm.log.emit(kind, {
      process: this.koid,
      handle: value,
      koid: handle.object.koid,
      rights: handle.rights,
      how,
    });
  }
}
