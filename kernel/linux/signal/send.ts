/**
 * Sending signals: to a process, to one task, or to the task that caused one itself.
 *
 * @module
 */
import { Resource } from "../abi/process.ts";
import { Handler, HandlerFlag, OwnCode, SignalNumber } from "../abi/signal.ts";
import type { Group } from "../group.ts";
import type { Task } from "../task.ts";
import type { Recipient } from "./queued_signals.ts";
import type { SigInfo } from "./siginfo.ts";
import { defaultAction, isIn, setOf, STOP_SET } from "./signal.ts";

/** Send a signal to a process; some task of it that does not block it will see it. */
export function sendToGroup(group: Group, info: SigInfo): boolean {
  if (!prepare(group, info)) return true;
  const tasks = [...group.tasks.values()];
  const wanting = tasks.filter((task) => !isIn(task.blocked, info.signal));
  if (wanting.length > 0 && isIgnored(group, info.signal)) {
    group.linux.tracer?.signal(wanting[0]!, info);
    return true;
  }
  if (!group.pending.add(info, recipientOf(group, group.leader))) return false;
  for (const task of tasks) task.recalculate();
  const main = wanting.find((task) => task.tid === group.pid) ?? wanting[0];
  main?.interrupt();
  wakeSignalReaders(group);
  return true;
}

/** Send a signal to one task. */
export function sendToTask(task: Task, info: SigInfo): boolean {
  const { group } = task;
  if (!prepare(group, info)) return true;
  const isBlocked = isIn(task.blocked, info.signal);
  if (!isBlocked && isIgnored(group, info.signal)) {
    group.linux.tracer?.signal(task, info);
    return true;
  }
  if (!task.pending.add(info, recipientOf(group, task))) return false;
  task.recalculate();
  if (!isBlocked) task.interrupt();
  wakeSignalReaders(group);
  return true;
}

/** Let a task see a signal that its own instruction caused, whether it blocks it or not. */
export function forceSignal(task: Task, info: SigInfo): void {
  const { handlers } = task.group;
  const { handler } = handlers.get(info.signal);
  const isBlocked = isIn(task.blocked, info.signal);
  if (isBlocked || handler === Handler.IGN) {
    handlers.reset(info.signal);
    if (isBlocked) task.setBlocked(task.blocked & ~setOf(info.signal));
  }
  task.pending.add(info, recipientOf(task.group, task));
  task.recalculate();
}

/** End a process by a signal that nothing can catch. */
export function forceFatal(task: Task, signal: number): void {
  const { group } = task;
  group.killedBy(signal, defaultAction(signal) === "core" && group.limits.soft(Resource.CORE) > 0);
}

/** For whom signals to a task of a process are counted. */
export function recipientOf(group: Group, task: Task | null): Recipient {
  const uid = task?.credentials.uid ?? group.uid;
  return { uid, limit: group.limits.soft(Resource.SIGPENDING) };
}

/** What happens at once; answers whether the signal is still to be delivered. */
function prepare(group: Group, { signal }: SigInfo): boolean {
  if (group.ended || signal === 0) return false;
  if (signal === SignalNumber.SIGKILL) {
    group.killedBy(signal, false);
    return false;
  }
  if (isIn(STOP_SET, signal)) discard(group, setOf(SignalNumber.SIGCONT));
  if (signal === SignalNumber.SIGCONT) {
    discard(group, STOP_SET);
    goOn(group);
  }
  return true;
}

/** Let a stopped process go on. */
function goOn(group: Group): void {
  if (group.stopped === 0) return;
  group.stopped = 0;
  for (const { thread } of group.tasks.values()) thread.unsuspend();
  tellParent(group, OwnCode.CLD.CONTINUED, SignalNumber.SIGCONT);
}

/** Stop a process. */
export function stopGroup(group: Group, signal: number): void {
  if (group.stopped !== 0) return;
  group.stopped = signal;
  for (const task of group.tasks.values()) {
    group.linux.tracer?.stopped(task, signal);
    task.thread.suspend();
  }
  tellParent(group, OwnCode.CLD.STOPPED, signal);
}

function tellParent(group: Group, code: number, status: number): void {
  const { parent, pid, uid } = group;
  const { ticks } = group.spent;
  group.change = { code, status };
  if (!parent) return;
  const wanted = (parent.handlers.get(SignalNumber.SIGCHLD).flags & HandlerFlag.NOCLDSTOP) === 0;
  if (wanted) sendToGroup(parent, { signal: SignalNumber.SIGCHLD, code, pid, uid, status, ticks });
  parent.childChanged.wake();
}

function isIgnored(group: Group, signal: number): boolean {
  const { handler } = group.handlers.get(signal);
  if (handler === Handler.IGN) return true;
  if (handler !== Handler.DFL) return false;
  const action = defaultAction(signal);
  return action === "ignore" || action === "continue";
}

function discard(group: Group, signals: bigint): void {
  group.pending.discard(signals);
  for (const task of group.tasks.values()) {
    task.pending.discard(signals);
    task.recalculate();
  }
}

/** Descriptors that read signals may have one now. */
function wakeSignalReaders(group: Group): void {
  group.signalArrived.wake();
}
