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
import type { AddressSpace, Processor } from "./ports.ts";
import { Job } from "./task/job.ts";
import { type Personality, STEPPED } from "./task/personality.ts";
import { RoundRobin, type Scheduler } from "./task/scheduler.ts";
import { System } from "./task/system.ts";
import { killForMemory, shortageOf } from "./task/memory_shortage.ts";
import { TurnSpan } from "./task/turn_span.ts";
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
  /** Nobody can go on before a deadline comes, and that is not to be skipped. */
  | "asleep"
  /** The time that was allowed is over. */
  | "time"
  /** Somebody asked for it. */
  | "stopped";

/** How far to run. */
export interface RunOptions {
  /** The time to stop at, in nanoseconds of the machine. */
  readonly until?: number;
  /** Asked between turns, of which a thread that is alone may have several at once: whether to stop. */
  readonly stop?: () => boolean;
  /** Come back where time would pass with nobody running, rather than let it pass at once. */
  readonly sleeps?: boolean;
}

type MachineBody = Body & { readonly kind: "machine" };

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
  readonly #turn = new TurnSpan();
  #sliceNow = 0;
  #sliceRetired = 0;
  /** Whether an access is to be made again, behind what it led to. */
  #again = false;
  /** Whether one instruction is run, and no more. */
  #steps = false;
  /** What `run` was told. */
  #until = Infinity;
  #stop: (() => boolean) | undefined;
  #sleeps = false;
  /** What the loop is to go on with, chosen within the last turn. */
  #next: Thread | RunEnd | null = null;
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

  /** How long a thread has run up to now, in nanoseconds: its turn, if it is in one, included. */
  runtimeOf(thread: Thread): number {
    const isRunning = thread === this.system.current && thread.body?.kind === "machine";
    return thread.runtime + (isRunning ? this.realm.now - this.#sliceNow : 0);
  }

  /** Run until nothing can, or the time is over, or somebody asks to stop. */
  run({ until = Infinity, stop, sleeps = false }: RunOptions = {}): RunEnd {
    const { system } = this;
    this.#until = until;
    this.#stop = stop;
    this.#sleeps = sleeps;
    this.#next = null;
    for (;;) {
      const next = this.#next ?? this.#choose();
      this.#next = null;
      if (typeof next === "string") return next;
      this.#begin(next);
      const body = next.body!;
      if (body.kind === "script") this.#runScript(next, body);
      else if (this.#turns(next)) this.#runMachine();
      // Machine code may have handed over to other threads meanwhile.
      if (system.current) this.#end(system.current);
    }
  }

  /** Take the thread that is to run next, when all that is due has happened; or why there is none. */
  #choose(): Thread | RunEnd {
    const { realm, system } = this;
    for (;;) {
      if (this.#stop?.()) return "stopped";
      realm.timeouts.fireDue(realm.now);
      if (realm.now >= this.#until) return "time";
      if (realm.frames.wanting || system.listenedTo) this.#watchMemory();
      const thread = system.scheduler.next();
      if (thread) return thread;
      const next = realm.timeouts.next;
      if (next === Infinity) return "idle";
      if (this.#sleeps) return "asleep";
      const then = Math.min(next, this.#until);
      system.idleTime += then - realm.now;
      realm.now = then;
      if (next > this.#until) return "time";
    }
  }

  /** A thread's turn begins. */
  #begin(thread: Thread): void {
    const { realm, system } = this;
    if (!thread.body) throw new KernelBug("a thread in the queue has something to execute");
    if (realm.log.listening) realm.log.emit("switch", { to: thread.koid });
    system.current = thread;
    const latest = Math.min(realm.timeouts.next, this.#until);
    this.#turn.begin(realm.now, system.scheduler.quantum(thread), latest);
    this.#mark();
  }

  /** A thread's turn is over. */
  #end(thread: Thread): void {
    this.system.current = null;
    this.realm.log.cause = 0;
    if (thread.ended) thread.putAwayBody();
    else thread.makeReady();
  }

  /** Whether a thread's machine code is to run, now that its turn has begun. */
  #turns(thread: Thread): boolean {
    return thread.process.personality.onTurn?.(thread) !== false;
  }

  /** How many instructions a thread may execute, whose machine code runs from now on. */
  #allot(thread: Thread): number {
    this.#mark();
    this.#view = thread.process.view;
    this.#steps = thread.singleStep;
    const turn = this.#turn;
    const deadline = this.realm.timeouts.next;
    // What its turn began with may have set a deadline.
    turn.limit(deadline);
    if (this.#steps) return 1;
    if (this.#instructionStep === 0) return Math.max(1, Math.ceil(turn.quantum));
    if (this.#isAlone(thread)) turn.prolong(Math.min(deadline, this.#until));
    return Math.max(1, Math.ceil(turn.runEnd - this.#sliceNow));
  }

  /** Whether the turns behind this one would be the same thread's, with nothing in between. */
  #isAlone(thread: Thread): boolean {
    const { realm, system } = this;
    if (!this.#turn.isQuiet(thread) || system.scheduler.isEmpty !== true) return false;
    return !realm.log.listening && !system.listenedTo;
  }

  /** The machine code of the thread whose turn it is has stopped, so its time is known. */
  #account(thread: Thread): void {
    this.realm.now = this.#now();
    thread.runtime += this.realm.now - this.#sliceNow;
    this.#mark();
  }

  /** Count the running thread's time from now on. */
  #mark(): void {
    this.#sliceNow = this.realm.now;
    this.#sliceRetired = this.system.processor?.retired ?? 0;
  }

  #runMachine(): void {
    const { system } = this;
    const processor = system.processor;
    if (!processor) throw new KernelBug("machine code needs a processor");
    const reason = this.#execute(processor);
    // It, or whoever it handed over to; nobody where a script is next, or nobody can be.
    const thread = system.current;
    if (!thread) return;
    this.#account(thread);
    if (reason === StopReason.BUDGET) this.#turn.passed(thread);
    // At a page that a pager has still to supply it waits, to do the same instruction again.
    if (reason === StopReason.FAULT && (thread.park !== null || thread.ended)) return;
    const over = reason === StopReason.BUDGET || reason === StopReason.SYSCALL;
    if (!over) thread.process.personality.onTrap(thread, reason);
    else if (this.#steps && thread.runnable) thread.process.personality.onTrap(thread, STEPPED);
  }

  /** Let the processor execute the running thread's code, and accesses that are to be made again. */
  #execute(processor: Processor): StopReason {
    const { system } = this;
    for (;;) {
      const thread = system.current!;
      const { context } = thread.body as MachineBody;
      const reason = processor.run(context, spaceOf(thread), this.#allot(thread));
      if (!this.#again) return reason;
      this.#again = false;
      this.#account(system.current!);
      this.#turn.settle(this.realm.now + 1);
    }
  }

  /** Within a call: let the processor execute a thread's code from now on. */
  #giveTo(thread: Thread): true {
    const { context } = thread.body as MachineBody;
    this.system.processor!.handOver(context, spaceOf(thread), this.#allot(thread));
    return true;
  }

  /**
   * The turn of a thread is over in the middle of its call: do at once what the loop would do, so that
   * the processor need not be left; answers whether another thread's machine code goes on.
   */
  #handOver(thread: Thread): boolean {
    this.#account(thread);
    this.#end(thread);
    for (;;) {
      const next = this.#choose();
      if (typeof next === "string" || next.body?.kind !== "machine") {
        this.#next = next;
        return false;
      }
      this.#begin(next);
      if (this.#turns(next)) return this.#giveTo(next);
      this.#end(next);
    }
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
    const { end } = this.#turn;
    return realm.now >= end || realm.timeouts.next < end || system.scheduler.preempts(thread);
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
    const isLong = this.#turn.isProlonged;
    if (isLong) this.#turn.settle(this.realm.now);
    thread.process.personality.onSyscall(thread);
    const { view } = thread.process;
    const isAlone = thread.singleStep || this.#steps;
    const goesOn = thread.runnable && view === this.#view && !thread.singleStep &&
      !this.#turnIsOver(thread);
    if (!goesOn) return !isAlone && this.#handOver(thread);
    if (!isLong) return true;
    // The processor comes back where the turn ends now.
    this.#account(thread);
    return this.#giveTo(thread);
  }

  #onFault(address: number, access: number): boolean {
    this.realm.now = this.#now();
    const thread = this.system.current!;
    const { view } = thread.process;
    let status = view.fault(thread.koid, address, access);
    if (status === Status.NO_MEMORY && killForMemory(this.rootJob) && !thread.ended) {
      status = view.fault(thread.koid, address, access);
    }
    if (status === Status.OK) {
      // Memory had run out, and what was done about that may have given others something to do.
      this.#again = this.#turn.isProlonged && this.realm.frames.wanting;
      return !this.#again;
    }
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

/** What the machine code of a thread sees. */
function spaceOf({ process }: Thread): AddressSpace {
  const space = process.view.forProcessor();
  if (!space) throw new KernelBug("a process that runs has an address space");
  return space;
}
