/**
 * Somebody who is told of every call, as `strace` is.
 *
 * @module
 */
import type { LinuxCall } from "./call.ts";
import type { SigInfo } from "./signal/siginfo.ts";
import type { Task } from "./task.ts";

/** Somebody who is told of every call. */
export interface Tracer {
  /** A task makes a call. */
  entered(task: Task, row: LinuxCall): void;
  /** A call of a task was answered. */
  left(task: Task, answer: number): void;
  /** A task made a call that there is none of. */
  unknown(task: Task, number: number): void;
  /** A task gets a signal. */
  signal(task: Task, info: SigInfo): void;
}
