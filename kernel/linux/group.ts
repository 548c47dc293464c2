/**
 * A process as Linux sees it: tasks that share memory, handlers and a number.
 *
 * @module
 */
import { Handler, HandlerFlag, OwnCode, SignalCode, SignalNumber } from "./abi/signal.ts";
import { codeOf, exited, isDumped, killed, signalOf } from "./exit_status.ts";
import { SECOND } from "./duration.ts";
import { TaskReturnCode } from "../abi.ts";
import type { Process } from "../task/process.ts";
import type { Thread } from "../task/thread.ts";
import type { Terminal } from "./fs/terminal.ts";
import type { Linux } from "./linux.ts";
import { type Alarm, alarmsOf, cpuClockOf, outOfTime } from "./alarms.ts";
import { CpuTimer } from "./cpu_timer.ts";
import { Resource } from "./abi/process.ts";
import type { Limits } from "./limits.ts";
import { residentMost } from "./mm/memory_sizes.ts";
import type { Mm } from "./mm/mm.ts";
import { wakeOrphans } from "./orphaned.ts";
import { PosixTimers } from "./posix_timer.ts";
import type { Handlers } from "./signal/handlers.ts";
import { Pending } from "./signal/pending.ts";
import { sendToGroup } from "./signal/send.ts";
import type { Task } from "./task.ts";
import { Usage } from "./usage.ts";
import { WaitQueue } from "./wait_queue.ts";
import { releaseTask } from "./task_exit.ts";

/** Memory without a file, and the heads of files. */
const CORE_FILTER = 0x33;

/** What a process begins with. */
export interface GroupOptions {
  /** The kernel's process. */
  readonly process: Process;
  /** Its number. */
  readonly pid: number;
  /** Who made it; null for the first. */
  readonly parent: Group | null;
  /** What it sees of memory. */
  readonly mm: Mm;
  /** What it does at signals. */
  readonly handlers: Handlers;
  /** How much it may have. */
  readonly limits: Limits;
  /** The signal that its parent gets when it ends. */
  readonly exitSignal: number;
}

/** How a child changed, for a parent that waits. */
export interface Change {
  /** Why: a `CLD_` code. */
  readonly code: number;
  /** The exit code or the signal. */
  readonly status: number;
}

/** Tasks that share memory, handlers and a number. */
export class Group {
  /** The system that it lives in. */
  readonly linux: Linux;
  /** The kernel's process. */
  readonly process: Process;
  /** Its number. */
  readonly pid: number;
  /** Who made it, or who took its place; null if that is nobody's child. */
  parent: Group | null;
  /** The processes that it made and that were not waited for. */
  readonly children: Set<Group> = new Set();
  /** Its tasks by their threads. */
  readonly tasks: Map<Thread, Task> = new Map();
  /** What it does at signals. */
  handlers: Handlers;
  /** How much it may have. */
  limits: Limits;
  /** Signals sent to all of it. */
  readonly pending: Pending;
  /** The signal that its parent gets when it ends. */
  exitSignal: number;
  /** The process group. */
  pgid: number;
  /** The session. */
  sid: number;
  /** The terminal that it can be reached from. */
  terminal: Terminal | null = null;
  /** Who waits for a child of it to change. */
  readonly childChanged: WaitQueue = new WaitQueue();
  /** Who waits for it to end. */
  readonly endAwaited: WaitQueue = new WaitQueue();
  /** Who waits for a signal to be pending. */
  readonly signalArrived: WaitQueue = new WaitQueue();
  /** Who waits for it to use memory of its own. */
  readonly ownMemory: WaitQueue = new WaitQueue();
  /** Whether it still runs in the memory of the parent that waits for it. */
  inParentsMemory = false;
  /** Whether it has executed a program since it was made. */
  hasExecuted = false;
  /** The user that it was, last. */
  uid = 0;
  /** What it ended with, as `wait4` says it; -1 while it lives. */
  exitStatus = -1;
  /** Whether the last change was not told yet: it stopped, or goes on. */
  change: Change | null = null;
  /** The signal that stopped it; 0 while it runs. */
  stopped = 0;
  /** Whether its parent-to-be reaps what is left of others' children. */
  isSubreaper = false;
  /** How readily it is ended where memory is short: from -1000 to 1000. */
  shortageScore: number;
  /** The least of that which it can ask for itself. */
  shortageLeast: number;
  /** What of its memory a core would hold, for those who ask: a set of bits. */
  coreFilter: number;
  /** What children have used that were waited for, and theirs. */
  childUsage: Usage = new Usage();
  /** Timers that go by the time that it uses, or one of its tasks. */
  readonly cpuTimers: Set<CpuTimer> = new Set();
  /** The timers of `setitimer`: of real time, of its own, and of its own with the system's. */
  readonly alarms: readonly Alarm[];
  /** Its timers. */
  readonly timers: PosixTimers = new PosixTimers();
  /** When it began, in nanoseconds since the machine did. */
  readonly startTime: number;
  #mm: Mm;
  #lastThread: Thread | null = null;
  #lastTask: Task | null = null;
  #past: Usage = new Usage();
  #processorLimit: CpuTimer | null = null;

  /** A process without tasks. */
  constructor(linux: Linux, options: GroupOptions) {
    this.linux = linux;
    this.process = options.process;
    this.pending = new Pending(linux.queuedSignals);
    this.pid = options.pid;
    this.parent = options.parent;
    this.#mm = options.mm;
    this.handlers = options.handlers;
    this.limits = options.limits;
    this.exitSignal = options.exitSignal;
    this.pgid = options.parent?.pgid ?? options.pid;
    this.sid = options.parent?.sid ?? options.pid;
    this.terminal = options.parent?.terminal ?? null;
    this.startTime = linux.realm.now;
    this.alarms = alarmsOf(this);
    this.process.view = this.#mm;
    this.#mm.limits = this.limits;
    this.limitProcessor();
    this.shortageScore = options.parent?.shortageScore ?? 0;
    this.shortageLeast = options.parent?.shortageLeast ?? 0;
    this.coreFilter = options.parent?.coreFilter ?? CORE_FILTER;
    options.parent?.children.add(this);
  }

  /** What it sees of memory. */
  get mm(): Mm {
    return this.#mm;
  }

  /** See other memory from now on. */
  setMm(mm: Mm): void {
    const before = this.#mm;
    mm.usage = before.usage;
    this.#past.residentMost = Math.max(this.#past.residentMost, residentMost(before));
    this.#mm = mm;
    mm.limits = this.limits;
    this.process.view = mm;
    const { log } = mm.realm;
    if (log.listening) log.emit("space", { process: this.process.koid, space: mm.identity });
    before.drop();
    this.leaveParentsMemory();
  }

  /** A parent that waits for its memory may go on. */
  leaveParentsMemory(): void {
    if (!this.inParentsMemory) return;
    this.inParentsMemory = false;
    this.ownMemory.wake();
  }

  /** The number of its parent as it sees it; 1 where there is none. */
  get ppid(): number {
    return this.parent?.pid ?? 1;
  }

  /** What it has used up to now, its tasks and those that have ended, save for memory. */
  get spent(): Usage {
    let sum = this.#past;
    for (const task of this.tasks.values()) sum = sum.plus(task.used);
    return sum;
  }

  /** All that it has used up to now. */
  get used(): Usage {
    const whole = this.spent.plus(new Usage());
    if (!this.ended) {
      whole.residentMost = Math.max(whole.residentMost, residentMost(this.#mm));
    }
    return whole;
  }

  /** See to it that it uses no more processor time than its limits let it. */
  limitProcessor(): void {
    const soft = this.limits.soft(Resource.CPU);
    if (soft === Infinity && this.#processorLimit === null) return;
    const timer = this.#processorLimit ??= new CpuTimer(cpuClockOf(this), () => outOfTime(this));
    const seconds = Math.min(soft, this.limits.hard(Resource.CPU));
    timer.set(seconds === Infinity ? 0 : Math.max(1, seconds * SECOND), 0);
  }

  /** Whether it has ended and waits to be waited for. */
  get ended(): boolean {
    return this.exitStatus >= 0;
  }

  /** The task whose number is the process's, or any. */
  get leader(): Task | null {
    let any: Task | null = null;
    for (const task of this.tasks.values()) {
      if (task.tid === this.pid) return task;
      any ??= task;
    }
    return any;
  }

  /** The task of a thread. */
  taskOf(thread: Thread): Task | null {
    if (thread === this.#lastThread) return this.#lastTask;
    const task = this.tasks.get(thread) ?? null;
    this.#lastThread = thread;
    this.#lastTask = task;
    return task;
  }

  /** End one task with a status; what the last one ends with is what all of it ended with. */
  endTask(task: Task, status: number): void {
    if (this.tasks.size === 1) this.#end(status);
    else task.thread.end();
  }

  /** End all of it with a code. */
  exit(code: number): void {
    this.#end(exited(code));
  }

  /** End all of it by a signal. */
  killedBy(signal: number, dumped: boolean): void {
    this.#end(killed(signal, dumped));
  }

  /** A thread of it has ended. */
  threadEnded(thread: Thread): void {
    const task = this.tasks.get(thread);
    if (!task) return;
    this.#lastThread = this.#lastTask = null;
    this.uid = task.credentials.uid;
    this.linux.tracer?.ended(task, this.exitStatus);
    this.#past = this.#past.plus(task.used);
    task.pending.clear();
    releaseTask(task);
    this.tasks.delete(thread);
    this.linux.tasks.delete(task.tid);
  }

  /** All of it has ended. */
  processEnded(): void {
    if (this.exitStatus < 0) this.exitStatus = SignalNumber.SIGKILL;
    for (const set of this.linux.semaphores.all()) set.endedBy(this);
    this.timers.clear(this.linux.queuedSignals);
    for (const alarm of this.alarms) alarm.timer.stop();
    this.#processorLimit?.stop();
    this.#past.residentMost = Math.max(this.#past.residentMost, residentMost(this.#mm));
    this.leaveParentsMemory();
    this.#mm.drop();
    this.#orphanChildren();
    this.linux.terminalLost(this);
    this.endAwaited.wake();
    if (this.parent) wakeOrphans(this.parent, this);
    const { parent } = this;
    if (parent === null || parent.ended) this.linux.forget(this);
    else this.#tellParent(parent);
  }

  /** What a waiting parent is told of its end. */
  get endOfLife(): Change {
    const { exitStatus } = this;
    const signal = signalOf(exitStatus);
    if (signal === 0) return { code: OwnCode.CLD.EXITED, status: codeOf(exitStatus) };
    return { code: isDumped(exitStatus) ? OwnCode.CLD.DUMPED : OwnCode.CLD.KILLED, status: signal };
  }

  #end(status: number): void {
    if (this.exitStatus >= 0) return;
    this.exitStatus = status;
    const code = signalOf(status) === 0 ? codeOf(status) : TaskReturnCode.EXCEPTION_KILL;
    this.process.kill(code);
  }

  #tellParent(parent: Group): void {
    const { code, status } = this.endOfLife;
    const reaped = parent.handlers.get(SignalNumber.SIGCHLD);
    const unwanted = this.exitSignal === SignalNumber.SIGCHLD &&
      (reaped.handler === Handler.IGN || (reaped.flags & HandlerFlag.NOCLDWAIT) !== 0);
    if (unwanted) {
      parent.children.delete(this);
      this.linux.forget(this);
    }
    if (this.exitSignal !== 0) {
      const { pid, uid } = this;
      const { ticks } = this.spent;
      sendToGroup(parent, { signal: this.exitSignal, code, pid, uid, status, ticks });
    }
    parent.childChanged.wake();
  }

  #orphanChildren(): void {
    for (const child of [...this.children]) {
      this.children.delete(child);
      const reaper = this.#reaper();
      child.parent = reaper;
      if (!child.ended) wakeOrphans(this, child);
      if (reaper) reaper.children.add(child);
      for (const task of child.tasks.values()) {
        if (task.parentDeathSignal) {
          sendToGroup(child, { signal: task.parentDeathSignal, code: SignalCode.USER });
        }
      }
      if (!child.ended) continue;
      if (reaper) child.#tellParent(reaper);
      else this.linux.forget(child);
    }
  }

  #reaper(): Group | null {
    for (let one = this.parent; one; one = one.parent) {
      if (one.isSubreaper && !one.ended) return one;
    }
    return null;
  }
}
