/**
 * Signals: their numbers, what they do to a process that does not say otherwise, and sets of them.
 *
 * @module
 */
import { SignalNumber, SIGRTMIN } from "../abi/signal.ts";

/** What a signal does to a process that has not said. */
export type DefaultAction = "terminate" | "core" | "ignore" | "stop" | "continue";

const S = SignalNumber;
const IGNORED: readonly number[] = [S.SIGCHLD, S.SIGURG, S.SIGWINCH];
const STOPPING: readonly number[] = [S.SIGSTOP, S.SIGTSTP, S.SIGTTIN, S.SIGTTOU];
const DUMPING: readonly number[] = [
  S.SIGQUIT,
  S.SIGILL,
  S.SIGTRAP,
  S.SIGABRT,
  S.SIGBUS,
  S.SIGFPE,
  S.SIGSEGV,
  S.SIGXCPU,
  S.SIGXFSZ,
  S.SIGSYS,
];

/** A set of signals, as bits: signal 1 is bit 0. */
export type SignalSet = bigint;

/** The set of one signal. */
export function setOf(...signals: readonly number[]): SignalSet {
  return signals.reduce((set, signal) => set | (1n << BigInt(signal - 1)), 0n);
}

/** Whether a signal is in a set. */
export function isIn(set: SignalSet, signal: number): boolean {
  return (set & (1n << BigInt(signal - 1))) !== 0n;
}

/** Signals that stop a process. */
export const STOP_SET: SignalSet = setOf(...STOPPING);

/** Signals that nobody can block, handle or ignore. */
export const UNBLOCKABLE: SignalSet = setOf(S.SIGKILL, S.SIGSTOP);

/** Signals that an instruction caused; they come before others. */
export const SYNCHRONOUS: SignalSet = setOf(
  S.SIGSEGV,
  S.SIGBUS,
  S.SIGILL,
  S.SIGTRAP,
  S.SIGFPE,
  S.SIGSYS,
);

/** What a signal does to a process that has not said. */
export function defaultAction(signal: number): DefaultAction {
  if (IGNORED.includes(signal)) return "ignore";
  if (signal === S.SIGCONT) return "continue";
  if (STOPPING.includes(signal)) return "stop";
  return DUMPING.includes(signal) ? "core" : "terminate";
}

const NAMES = new Map<number, string>(
  Object.entries(SignalNumber).map(([name, number]) => [number, name]),
);

/** What a signal is called. */
export function signalName(signal: number): string {
  return NAMES.get(signal) ?? (signal >= SIGRTMIN ? `SIGRT_${signal - SIGRTMIN}` : `${signal}`);
}
