/**
 * The RT-Smart personality: how processes call, and what a fault means to them.
 *
 * @module
 */
import { Register } from "../abi/riscv64.ts";
import { Status } from "../abi.ts";
import { Access, StopReason } from "../ports.ts";
import type { Personality, Trap } from "../task/personality.ts";
import type { Process } from "../task/process.ts";
import type { Body, Thread } from "../task/thread.ts";
import { type Answer, PARKED, SILENT } from "./answer.ts";
import { perform, type RtSmartCall } from "./call.ts";
import { Errno } from "./error.ts";
import type { Lwp } from "./lwp.ts";
import type { LwpThread } from "./lwp_thread.ts";
import { catchSignals } from "./signal.ts";

const { A0, A7 } = Register;

/** Answers the threads of one process as RT-Smart does. */
export class RtSmartPersonality implements Personality {
  readonly name = "rtsmart";
  readonly #lwp: Lwp;

  /** The personality of a process. */
  constructor(lwp: Lwp) {
    this.#lwp = lwp;
  }

  onSyscall(thread: Thread): void {
    const one = this.#lwp.threadOf(thread)!;
    const { rtsmart, context } = one;
    const number = context.get(A7);
    // The kernel takes no call for the sign that its registers are lost.
    if (number === 0) return rtsmart.panic("syscall id = 0!");
    const row = rtsmart.calls[number];
    if (row === undefined) {
      rtsmart.tracer?.unknown(one, number);
      this.#finish(one, Errno.ENOSYS);
    } else if (rtsmart.watched) this.#watched(one, row);
    else this.#finish(one, perform(row, one));
    if (one.wait === null) this.#back(one);
  }

  onTurn(thread: Thread): boolean {
    const one = this.#lwp.threadOf(thread)!;
    const { wait, rtsmart } = one;
    if (wait === null) {
      this.#back(one);
      return thread.runnable;
    }
    if (wait.why === null) {
      wait.sleep();
      return false;
    }
    one.wait = null;
    const answer = wait.finish();
    const { context } = one;
    if (answer === Errno.EINTR) {
      one.interrupted = { number: context.get(A7), argument: context.getBig(A0) };
    }
    if (typeof answer === "number") rtsmart.answered(one, answer);
    this.#finish(one, answer);
    if (one.wait === null) this.#back(one);
    one.interrupted = null;
    return thread.runnable;
  }

  onTrap(thread: Thread, trap: Trap): void {
    const one = this.#lwp.threadOf(thread)!;
    const { pc } = one.context;
    const { processor, realm } = thread.process.system;
    const address = trap === StopReason.FAULT ? processor!.faultAddress : pc;
    const why = whyOf(trap, processor!.faultAccess);
    if (realm.log.listening) {
      realm.log.emit("exception", {
        process: thread.process.koid,
        thread: thread.koid,
        type: trap === "stepped" ? 0 : trap,
        channel: "handle_user",
        pc,
        address,
      });
    }
    one.rtsmart.tracer?.faulted(
      one,
      `${why} at 0x${address.toString(16)}, pc 0x${pc.toString(16)}`,
    );
    this.#killed(one);
  }

  onRequest(thread: Thread): boolean {
    (thread.body as Body & { readonly kind: "script" }).reply = Status.BAD_SYSCALL;
    return true;
  }

  threadEnded(thread: Thread): void {
    this.#lwp.threadEnded(thread);
  }

  processEnded(_process: Process): void {
    this.#lwp.processEnded();
  }

  /** "User Fault, killing thread": in the first years no more than the thread. */
  #killed(one: LwpThread): void {
    if (one.rtsmart.loader.generation === "A") this.#lwp.exitThread(one, -1);
    else this.#lwp.exitGroup(-1);
  }

  /** On the way back to its program a thread meets the signals that wait for it. */
  #back(one: LwpThread): void {
    if (one.pending.isEmpty && this.#lwp.pending.isEmpty) return;
    catchSignals(one);
  }

  #finish(one: LwpThread, answer: Answer): void {
    if (answer === PARKED || answer === SILENT || one.thread.ended) return;
    one.context.set(A0, answer);
    one.context.set(A7, 0);
  }

  /** The same with somebody who listens. */
  #watched(one: LwpThread, row: RtSmartCall): void {
    const { rtsmart } = one;
    rtsmart.asked(one, row);
    const answer = perform(row, one);
    if (answer !== PARKED) rtsmart.answered(one, answer === SILENT ? 0 : answer);
    this.#finish(one, answer);
  }
}

function whyOf(trap: Trap, access: number): string {
  if (trap === StopReason.ILLEGAL) return "illegal instruction";
  if (trap === StopReason.BREAKPOINT) return "breakpoint";
  if ((access & Access.MISALIGNED) !== 0) return "misaligned access";
  if ((access & Access.EXECUTE) !== 0) return "instruction page fault";
  return (access & Access.WRITE) !== 0 ? "store page fault" : "load page fault";
}
