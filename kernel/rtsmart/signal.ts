/**
 * Sending signals, and what becomes of them on the way back to a program
 * (`lwp_thread_signal_catch`): a handler runs, or the process is ended, held still, or goes on.
 *
 * @module
 */
import { Register } from "../abi/riscv64.ts";
import { Errno } from "./error.ts";
import type { Lwp } from "./lwp.ts";
import type { LwpThread } from "./lwp_thread.ts";
import { ActionFlag, bitOf, Handler, type SignalAction, SIGNALS } from "./signal_action.ts";
import { INFO_AT, restoreFrame, saveFrame } from "./signal_frame.ts";
import type { SignalInfo } from "./signal_queue.ts";

/** The signal for a process of which a child has ended. */
export const CHILD = 17;

const KILL = 9;
const CONTINUE = 18;
const STOP = 19;
const STOPS: readonly number[] = [STOP, 20, 21, 22];
const IGNORED: readonly number[] = [CHILD, 23, 28];
const EXIT_FAILURE = 1;

const { RA, SP, A0, A1, A7 } = Register;
const ECALL = 4;

/** The signals that nobody handles, ignores or holds back. */
export const UNTOUCHABLE: bigint = bitOf(KILL) | bitOf(STOP);

/** Whether a number is a signal's. */
export function isSignal(signal: number): boolean {
  return signal >= 1 && signal <= SIGNALS;
}

/** Send a signal to a process; what is no signal's number only asks whether that can be. */
export function sendSignal(lwp: Lwp, info: SignalInfo): void {
  if (!isSignal(info.signal) || lwp.ended || lwp.isProtected) return;
  if (isDone(lwp, info.signal)) return;
  const one = catcherOf(lwp, info.signal);
  lwp.pending.add(info);
  one?.wait?.resume(Errno.EINTR);
}

/** Send a signal to one of a process's threads. */
export function sendToThread(one: LwpThread, info: SignalInfo): void {
  const { lwp } = one;
  if (lwp.ended || lwp.isProtected || isDone(lwp, info.signal)) return;
  one.pending.add(info);
  if (takes(one, info.signal)) one.wait?.resume(Errno.EINTR);
}

/** Before a thread goes on with its program: if a signal waits for it, that comes first. */
export function catchSignals(one: LwpThread): void {
  const { lwp } = one;
  while (!lwp.ended && one.alive && !(one.pending.isEmpty && lwp.pending.isEmpty)) {
    const info = one.pending.take(one.blocked) ?? lwp.pending.take(one.blocked);
    if (info === null) return;
    const action = lwp.actions.get(info.signal);
    if (action.handler > Handler.IGNORE) return enter(one, info, action);
    if (action.handler === Handler.DEFAULT) byDefault(lwp, info.signal);
  }
}

/** A handler is over: what its frame says is put back. */
export function leaveHandler(one: LwpThread): void {
  const blocked = restoreFrame(one);
  if (blocked === null) one.lwp.exitGroup(EXIT_FAILURE);
  else one.blocked = blocked & ~UNTOUCHABLE;
}

/** What happens at once, whoever handles it; answers whether that is all. */
function isDone(lwp: Lwp, signal: number): boolean {
  if (signal === CONTINUE && lwp.process.suspensions > 0) lwp.process.unsuspend();
  const { handler } = lwp.actions.get(signal);
  if (signal === KILL || signal === STOP) byDefault(lwp, signal);
  else if (handler > Handler.IGNORE || isAwaited(lwp, signal)) return false;
  else if (handler === Handler.DEFAULT && !isHeldBack(lwp, signal)) byDefault(lwp, signal);
  else return handler === Handler.IGNORE;
  return true;
}

function byDefault(lwp: Lwp, signal: number): void {
  if (signal === CONTINUE || IGNORED.includes(signal)) return;
  if (!STOPS.includes(signal)) lwp.killedBy(signal);
  else if (lwp.process.suspensions === 0) lwp.process.suspend();
}

function isHeldBack(lwp: Lwp, signal: number): boolean {
  return lwp.threads.length > 0 && catcherOf(lwp, signal) === null;
}

function isAwaited(lwp: Lwp, signal: number): boolean {
  return lwp.threads.some(({ awaited }) => (awaited & bitOf(signal)) !== 0n);
}

/** Who gets a signal for all of a process: the thread that runs, if it may, or the oldest that may. */
function catcherOf(lwp: Lwp, signal: number): LwpThread | null {
  const { current } = lwp.rtsmart.kernel.system;
  const running = current && lwp.threadOf(current);
  if (running && takes(running, signal)) return running;
  return lwp.threads.findLast((one) => takes(one, signal)) ?? null;
}

function takes({ blocked, awaited }: LwpThread, signal: number): boolean {
  return ((blocked & ~awaited) & bitOf(signal)) === 0n;
}

function enter(one: LwpThread, info: SignalInfo, { handler, flags, mask }: SignalAction): void {
  const { context, lwp } = one;
  const { interrupted } = one;
  one.interrupted = null;
  if (interrupted && (flags & ActionFlag.RESTART) !== 0) {
    // After the handler the call is made once more.
    context.setBig(A0, interrupted.argument);
    context.set(A7, interrupted.number);
    context.pc -= ECALL;
  }
  const at = saveFrame(one, info, one.blocked);
  if (at === null) return lwp.exitGroup(EXIT_FAILURE);
  const own = (flags & ActionFlag.NODEFER) === 0 ? bitOf(info.signal) : 0n;
  one.blocked = (one.blocked | mask | own) & ~UNTOUCHABLE;
  context.set(RA, at);
  context.set(SP, at);
  context.set(A0, info.signal);
  context.set(A1, at + INFO_AT);
  context.pc = handler - handler % 2;
}
