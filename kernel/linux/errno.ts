/**
 * Why a call failed, as it answers: a small negative number.
 *
 * @module
 */
import { Errno } from "../abi/errno.ts";

export { Errno } from "../abi/errno.ts";

/** Answers that a program never sees: how a call goes on after a signal interrupted it. */
export const Restart = {
  /** Again if the handler says so, else EINTR. */
  SYS: -512,
  /** Again whatever the handler says. */
  NOINTR: -513,
  /** Again unless there is a handler. */
  NOHAND: -514,
  /** Again through `restart_syscall` unless there is a handler. */
  BLOCK: -516,
} as const;

const NAMES = new Map<number, string>([
  ...Object.entries(Errno).map(([name, value]) => [value, name] as const),
  [Restart.SYS, "ERESTARTSYS"],
  [Restart.NOINTR, "ERESTARTNOINTR"],
  [Restart.NOHAND, "ERESTARTNOHAND"],
  [Restart.BLOCK, "ERESTART_RESTARTBLOCK"],
]);

/** What an answer is called, such as `ENOENT`. */
export function errnoName(answer: number): string {
  return NAMES.get(answer) ?? `E${-answer}`;
}
