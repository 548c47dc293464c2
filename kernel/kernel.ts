/**
 * The loop: choose a thread, let it run, answer what it asks, let time pass.
 *
 * @module
 */
import { Status, SystemEventKind, TaskReturnCode } from "./abi.ts";
import { KernelBug } from "./invariant.ts";
import type { BytePool } from "./object/byte_pool.ts";
import { Realm } from "./object/realm.ts";
import { type Console, type Entropy, type PhysicalMemory, StopReason } from "./ports.ts";
import type { Processor } from "./ports.ts";
import { Job } from "./task/job.ts";
import { type Personality, STEPPED } from "./task/personality.ts";
import { RoundRobin, type Scheduler } from "./task/scheduler.ts";
import { System } from "./task/system.ts";
import { killForMemory, shortageOf } from "./task/memory_shortage.ts";
import { waitForPage } from "./task/page_wait.ts";
import type { Body, Thread } from "./task/thread.ts";
import type { UserSpace } from "./vm/user_space.ts";

/** What one system call of a script costs in virtual time: as much as so many instructions. */
export const SCRIPT_STEP = 100;

/** So many failures of scripts are remembered; more only end the scripts. */
const FAILURES_KEPT = 1000;

/** What a kernel is made of. */
export interface KernelOptions {
  /** The frames that memory is made of. */
  readonly memory: PhysicalMemory;
  /** Where chance comes from. */
  readonly entropy: Entropy;
  /** Where text goes. */
  readonly console: Console;
  /** How processes are answered that are not told otherwise. */
  readonly personality: Personality;
  /** What executes machine code; without one, only scripts run. */
  readonly processor?: Processor | undefined;
  /** Who runs next; each in turn, unless told. */
  readonly scheduler?: Scheduler;
  /** Small arrays of bytes that another kernel has used; its own, unless told. */
  readonly pool?: BytePool | undefined;
  /** Where identities of objects come from; one after the other, unless told. */
  readonly identities?: () => number;
  /** What one system call of a script costs in virtual time; `SCRIPT_STEP` unless told. */
  readonly scriptStep?: number;
  /** What one instruction costs in virtual time, in nanoseconds: 1 unless told, or 0. */
  readonly instructionStep?: 0 | 1;
}

/** Why the loop came back. */
export type RunEnd =
  /** Every thread waits for something that nobody will ever do, or there is none. */
  | "idle"
  /** The time that was allowed is over. */
  | "time"
  /** Somebody asked for it. */
  | "stopped";

/** How far to run. */
export interface RunOptions {
  /** The time to stop at, in nanoseconds of the machine. */
  readonly until?: number;
  /** Asked between turns: whether to stop. */
  readonly stop?: () => boolean;
}

/** One kernel: its objects, its tasks, its time. */
export class Kernel {
  /** The ground that objects stand on. */
  readonly realm: Realm;
  /** What all tasks share. */
  readonly system: System;
  /** The job above all others. */
  readonly rootJob: Job;
  readonly #scriptStep: number;
  readonly #instructionStep: 0 | 1;
  #sliceEnd = 0;
  #sliceNow = 0;
  #sliceRetired = 0;
  /** What the running machine code sees; a call that puts another in its place ends the run. */
  #view: UserSpace | null = null;

  /** A kernel with a root job and nothing in it. */
  constructor(options: KernelOptions) {
    const { memory, entropy, console, personality, processor, scheduler, identities } = options;
    this.#scriptStep = options.scriptStep ?? SCRIPT_STEP;
    this.#instructionStep = options.instructionStep ?? 1;
    this.realm = new Realm({ memory, entropy, identities, pool: options.pool });
    this.system = new System({
      realm: this.realm,
      scheduler: scheduler ?? new RoundRobin(),
      processor: processor ?? null,
      console,
      personality,
    });
    this.rootJob = Job.root(this.system);
    this.rootJob.hold();
    if (processor) {
      processor.onSyscall = () => this.#onSyscall();
      processor.onFault = (address, access) => this.#onFault(address, access);
      processor.onTime = () => BigInt(this.#now());
    }
  }

  /**
   * Memory has run out: say so, and kill the deepest job that asked to be killed first; answers
   * whether there was one.
   */
  outOfMemory(): boolean {
    this.system.events.level = SystemEventKind.OUT_OF_MEMORY;
    const victim = deepestVictim(this.rootJob);
    victim?.kill(TaskReturnCode.OOM_KILL);
    return victim !== null;
  }

  /** Run until nothing can, or the time is over, or somebody asks to stop. */
  run({ until = Infinity, stop }: RunOptions = {}): RunEnd {
    const { realm, system } = this;
    for (;;) {
      if (stop?.()) return "stopped";
      realm.timeouts.fireDue(realm.now);
      if (realm.now >= until) return "time";
      if (realm.frames.wanting || system.listenedTo) this.#watchMemory();
      const thread = system.scheduler.next();
      if (thread) {
        this.#turn(thread, until);
        continue;
      }
      const next = realm.timeouts.next;
      if (next === Infinity) return "idle";
      const then = Math.min(next, until);
      system.idleTime += then - realm.now;
      realm.now = then;
      if (next > until) return "time";
    }
  }

  #turn(thread: Thread, until: number): void {
    const { realm, system } = this;
    const body = thread.body;
    if (!body) throw new KernelBug("a thread in the queue has something to execute");
    if (realm.log.listening) realm.log.emit("switch", { to: thread.koid });
    system.current = thread;
    const quantum = system.scheduler.quantum(thread);
    this.#sliceEnd = Math.min(realm.now + quantum, realm.timeouts.next, until);
    if (body.kind === "machine") this.#runMachine(thread, body, quantum);
    else this.#runScript(thread, body);
    system.current = null;
    realm.log.cause = 0;
    if (thread.ended) thread.putAwayBody();
    else thread.makeReady();
  }

  #runMachine(
    thread: Thread,
    body: Body & { readonly kind: "machine" },
    quantum: number,
  ): void {
    const { realm, system } = this;
    const processor = system.processor;
    if (!processor) throw new KernelBug("machine code needs a processor");
    if (thread.process.personality.onTurn?.(thread) === false) return;
    this.#sliceNow = realm.now;
    this.#sliceRetired = processor.retired;
    const { singleStep } = thread;
    const left = this.#instructionStep === 0 ? quantum : Math.ceil(this.#sliceEnd - realm.now);
    const budget = singleStep ? 1 : Math.max(1, left);
    const view = thread.process.view;
    const space = view.forProcessor();
    if (!space) throw new KernelBug("a process that runs has an address space");
    this.#view = view;
    const reason = processor.run(body.context, space, budget);
    realm.now = this.#now();
    thread.runtime += realm.now - this.#sliceNow;
    // At a page that a pager has still to supply it waits, to do the same instruction again.
    if (reason === StopReason.FAULT && (thread.park !== null || thread.ended)) return;
    const over = reason === StopReason.BUDGET || reason === StopReason.SYSCALL;
    if (!over) thread.process.personality.onTrap(thread, reason);
    else if (singleStep && thread.runnable) thread.process.personality.onTrap(thread, STEPPED);
  }

  #runScript(thread: Thread, body: Body & { readonly kind: "script" }): void {
    const { realm, system } = this;
    do {
      try {
        const step = body.script.next(body.reply);
        if (step.done) return thread.exit();
        realm.now = later(realm.now, this.#scriptStep);
        thread.runtime += this.#scriptStep;
        if (!thread.process.personality.onRequest(thread, step.value)) return;
      } catch (error) {
        if (error instanceof KernelBug) throw error;
        const { koid, name } = thread.process;
        if (system.failures.length < FAILURES_KEPT) {
          system.failures.push({ process: koid, name, error });
        }
        thread.process.kill(TaskReturnCode.EXCEPTION_KILL);
        return;
      }
    } while (thread.runnable && !this.#turnIsOver(thread));
  }

  /** The time now, while machine code runs. */
  #now(): number {
    const processor = this.system.processor;
    if (!processor || !this.system.current) return this.realm.now;
    return this.#sliceNow + (processor.retired - this.#sliceRetired) * this.#instructionStep;
  }

  #turnIsOver(thread: Thread): boolean {
    const { realm, system } = this;
    if (thread.yields) {
      thread.yields = false;
      return true;
    }
    return realm.now >= this.#sliceEnd || realm.timeouts.next < this.#sliceEnd ||
      system.scheduler.preempts(thread);
  }

  /** Somebody was refused a frame, or somebody wants to know before it comes to that. */
  #watchMemory(): void {
    const { realm, system } = this;
    const { frames, memory } = realm;
    const { wanting } = frames;
    frames.wanting = false;
    if (system.listenedTo) {
      system.events.level = wanting ? SystemEventKind.OUT_OF_MEMORY : shortageOf(memory);
    }
    if (wanting) killForMemory(this.rootJob);
  }

  #onSyscall(): boolean {
    const thread = this.system.current!;
    this.realm.now = this.#now();
    thread.process.personality.onSyscall(thread);
    const { view } = thread.process;
    return thread.runnable && view === this.#view && !thread.singleStep &&
      !this.#turnIsOver(thread);
  }

  #onFault(address: number, access: number): boolean {
    this.realm.now = this.#now();
    const thread = this.system.current!;
    const { view } = thread.process;
    let status = view.fault(thread.koid, address, access);
    if (status === Status.NO_MEMORY && killForMemory(this.rootJob) && !thread.ended) {
      status = view.fault(thread.koid, address, access);
    }
    if (status === Status.OK) return true;
    if (thread.ended) return false;
    const need = status === Status.SHOULD_WAIT ? view.need?.(address, 1, access) : null;
    if (need) waitForPage(thread, need);
    return false;
  }
}

/** The time a step after another, which is later even where steps are too small to tell. */
function later(now: number, step: number): number {
  const then = now + step;
  if (then > now || step === 0) return then;
  return now + 2 ** (Math.floor(Math.log2(now)) - 52);
}

/** The job furthest from the root that is to be killed for memory. */
function deepestVictim(job: Job): Job | null {
  let deepest = job.killOnOom ? job : null;
  for (const below of job.jobs) {
    const found = deepestVictim(below);
    if (found && (!deepest || found.height < deepest.height)) deepest = found;
  }
  return deepest;
}
