/**
 * The Linux personality: how processes call, what a fault means to them, and what happens on the way
 * back.
 *
 * @module
 */
import { Register } from "../abi/riscv64.ts";
import { Errno, Restart } from "./errno.ts";
import { OwnCode, SignalCode, SignalNumber } from "./abi/signal.ts";
import { Status } from "../abi.ts";
import { Access, type Processor, StopReason } from "../ports.ts";
import type { Personality, Trap } from "../task/personality.ts";
import type { Process } from "../task/process.ts";
import type { Body, Thread } from "../task/thread.ts";
import { type Answer, PARKED, SILENT } from "./answer.ts";
import { call, type LinuxCall, perform } from "./call.ts";
import type { Group } from "./group.ts";
import { Fault } from "./mm/mm.ts";
import { leaveSequence } from "./restartable.ts";
import { secureComputing } from "./seccomp/secure_computing.ts";
import { returnToUser } from "./signal/deliver.ts";
import { forceFatal, forceSignal } from "./signal/send.ts";
import type { SigInfo } from "./signal/siginfo.ts";
import type { Task } from "./task.ts";

const { A0, A7 } = Register;

/** Answers the threads of one process as Linux does. */
export class LinuxPersonality implements Personality {
  readonly name = "linux";
  readonly #group: Group;

  /** The personality of a process. */
  constructor(group: Group) {
    this.#group = group;
  }

  onSyscall(thread: Thread): void {
    const task = this.#group.taskOf(thread)!;
    const number = task.context.getLow(A7);
    const { linux } = task;
    task.usage.systemTime++;
    const row = linux.calls[number];
    if (task.seccomp !== null) {
      this.#filtered(task, number, row);
    } else if (row === undefined) {
      linux.unknownCall(task, number);
      task.context.set(A0, Errno.ENOSYS);
    } else if (linux.watched) {
      this.#watched(task, row, () => perform(row, task));
    } else {
      this.#finish(task, perform(row, task));
    }
    if ((task.signalled || task.restart !== 0 || task.savedMask !== null) && thread.runnable) {
      returnToUser(task);
    }
  }

  onTurn(thread: Thread): boolean {
    const task = this.#group.taskOf(thread)!;
    const isAfterOthers = this.#turn(task);
    const { wait } = task;
    if (wait !== null) {
      const answer = wait.turn(task.signalled);
      if (answer === null) {
        wait.sleep();
        task.linux.rests(task);
        return false;
      }
      wait.stop();
      task.wait = null;
      const end = thread.ended ? answer : wait.conclude(answer);
      if (end === PARKED) return false;
      this.#finish(task, end);
      task.linux.answered(task, end === SILENT ? silentAnswer(task) : end);
    }
    if (isAfterOthers && task.rseq !== null && thread.runnable) leaveSequence(task);
    if ((task.signalled || task.restart !== 0 || task.savedMask !== null) && thread.runnable) {
      returnToUser(task);
    }
    return thread.runnable;
  }

  onTrap(thread: Thread, trap: Trap): void {
    const task = this.#group.taskOf(thread)!;
    const info = trapInfo(task, thread.process.system.processor!, trap);
    if (info === null) return;
    if (info.signal === SignalNumber.SIGKILL) return forceFatal(task, info.signal);
    task.linux.faulted(task, info);
    forceSignal(task, info);
    returnToUser(task);
  }

  onRequest(thread: Thread): boolean {
    (thread.body as Body & { readonly kind: "script" }).reply = Status.BAD_SYSCALL;
    return true;
  }

  threadEnded(thread: Thread): void {
    this.#group.threadEnded(thread);
  }

  processEnded(_process: Process): void {
    this.#group.processEnded();
  }

  /** What it uses from now on is counted and limited as its own; answers whether others ran before. */
  #turn(task: Task): boolean {
    const { linux, group, usage } = task;
    group.mm.usage = usage;
    group.mm.limits = group.limits;
    if (group.cpuTimers.size > 0) { for (const timer of [...group.cpuTimers]) timer.begins(); }
    return linux.turns(task);
  }

  #finish(task: Task, answer: Answer): void {
    if (answer === PARKED || answer === SILENT || task.thread.ended) return;
    // Negative answers nearer to zero are errors.
    if (answer <= Restart.SYS && answer >= Restart.BLOCK) task.restart = answer;
    else task.context.set(A0, answer);
  }

  /** The same for a task that filters its calls. */
  #filtered(task: Task, number: number, row: LinuxCall | undefined): void {
    const seen = row ?? noCall(number);
    const goOn = () => perform(seen, task);
    const make = () => secureComputing(task, { seccomp: task.seccomp!, number, goOn });
    if (task.linux.watched) this.#watched(task, seen, make);
    else this.#finish(task, make());
  }

  /** The same with somebody who listens. */
  #watched(task: Task, row: LinuxCall, make: () => Answer): void {
    const { linux } = task;
    linux.asked(task, row);
    const answer = make();
    if (answer === PARKED) linux.tracer?.waits(task);
    else linux.answered(task, answer === SILENT ? silentAnswer(task) : answer);
    this.#finish(task, answer);
  }
}

/** A call that there is none of, for those who are told of calls before they are made. */
function noCall(number: number): LinuxCall {
  const answer = (task: Task) => {
    task.linux.missing(task, number, `${number}`);
    return Errno.ENOSYS;
  };
  return call(number, `syscall_0x${number.toString(16)}`, {}, answer, "ENOSYS");
}

/** What is in the register of the answer after a call that has filled all of them. */
function silentAnswer(task: Task): number {
  return task.thread.ended ? 0 : task.context.getSigned(A0);
}

/** The signal that an instruction caused; null if it can be done now. */
function trapInfo(task: Task, processor: Processor, trap: Trap): SigInfo | null {
  const { pc } = task.context;
  if (trap === StopReason.BREAKPOINT) {
    return { signal: SignalNumber.SIGTRAP, code: OwnCode.TRAP.BRKPT, address: pc };
  }
  if (trap === StopReason.ILLEGAL) {
    return { signal: SignalNumber.SIGILL, code: OwnCode.ILL.ILLOPC, address: pc };
  }
  const { faultAddress: address, faultAccess: access } = processor;
  // No page that could be brought would make such an access right.
  const isMisaligned = (access & Access.MISALIGNED) !== 0;
  const why = task.mm.touch(address, access & ~Access.MISALIGNED);
  if (why > 0) {
    if (!isMisaligned && (access !== Access.EXECUTE || address % 2 === 0)) return null;
    return { signal: SignalNumber.SIGBUS, code: OwnCode.BUS.ADRALN, address };
  }
  if (why === Fault.OOM) {
    task.linux.shortages++;
    return { signal: SignalNumber.SIGKILL, code: SignalCode.KERNEL };
  }
  if (why === Fault.BUS) {
    return { signal: SignalNumber.SIGBUS, code: OwnCode.BUS.ADRERR, address };
  }
  const code = why === Fault.ACCERR ? OwnCode.SEGV.ACCERR : OwnCode.SEGV.MAPERR;
  return { signal: SignalNumber.SIGSEGV, code, address };
}
