/**
 * What happens on the way back to a program: signals are delivered, interrupted calls go on.
 *
 * @module
 */
import { Register } from "../../abi/riscv64.ts";
import { Errno, Restart } from "../errno.ts";
import { isOrphaned } from "../orphaned.ts";
import { leaveSequence } from "../restartable.ts";
import type { Task } from "../task.ts";
import { enterHandler } from "./frame.ts";
import { Handler, HandlerFlag, SignalNumber } from "../abi/signal.ts";
import type { Action } from "./handlers.ts";
import { forceFatal, stopGroup } from "./send.ts";
import type { SigInfo } from "./siginfo.ts";
import { defaultAction } from "./signal.ts";

const { A0, A7 } = Register;
const RESTART_SYSCALL = 128;
const ECALL_LENGTH = 4;

/** Deliver what is to be delivered, and let an interrupted call end or go on. */
export function returnToUser(task: Task): void {
  while (task.signalled && task.thread.runnable) {
    const info = task.pending.take(task.blocked) ?? task.group.pending.take(task.blocked);
    task.recalculate();
    if (info) deliver(task, info);
  }
  if (!task.thread.runnable) return;
  goOnAfter(task);
  if (task.savedMask !== null) {
    const mask = task.savedMask;
    task.savedMask = null;
    task.setBlocked(mask);
    if (task.signalled) returnToUser(task);
  }
}

function deliver(task: Task, info: SigInfo): void {
  const { signal } = info;
  task.linux.tracer?.signal(task, info);
  const { handlers } = task.group;
  const action = handlers.get(signal);
  if (action.handler === Handler.IGN) return;
  if (action.handler === Handler.DFL) return deliverDefault(task, signal);
  interruptFor(task, action);
  if (task.rseq !== null) leaveSequence(task);
  if ((action.flags & HandlerFlag.RESETHAND) !== 0) handlers.reset(signal);
  if (!enterHandler(task, info, action)) forceFatal(task, SignalNumber.SIGSEGV);
}

function deliverDefault(task: Task, signal: number): void {
  const action = defaultAction(signal);
  if (action === "stop") {
    // Nobody could ever let it go on.
    if (signal !== SignalNumber.SIGSTOP && isOrphaned(task.group)) return;
    stopGroup(task.group, signal);
  } else if (action === "terminate" || action === "core") {
    task.group.killedBy(signal, action === "core" && task.group.limits.soft(4) > 0);
  }
}

/** A handler runs: the interrupted call ends, or begins again behind it. */
function interruptFor(task: Task, { flags }: Action): void {
  const { restart, context } = task;
  if (restart === 0) return;
  const again = restart === Restart.NOINTR ||
    (restart === Restart.SYS && (flags & HandlerFlag.RESTART) !== 0);
  task.restart = 0;
  if (again) context.pc -= ECALL_LENGTH;
  else context.set(A0, Errno.EINTR);
}

/** No handler runs: the interrupted call begins again. */
function goOnAfter(task: Task): void {
  const { restart, context } = task;
  if (restart === 0) return;
  task.restart = 0;
  context.pc -= ECALL_LENGTH;
  if (restart === Restart.BLOCK) context.set(A7, RESTART_SYSCALL);
}
