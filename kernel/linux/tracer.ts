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
  /** The call of a task cannot finish yet. */
  waits(task: Task): void;
  /** A call of a task was answered. */
  left(task: Task, answer: number): void;
  /** A task made a call that there is none of. */
  unknown(task: Task, number: number): void;
  /** A task gets a signal, or would if it did not ignore it. */
  signal(task: Task, info: SigInfo): void;
  /** A task was stopped by a signal. */
  stopped(task: Task, signal: number): void;
  /** There is a new task. */
  began(task: Task): void;
  /** A task has ended; with its process, if the status is one. */
  ended(task: Task, status: number): void;
  /** A task has taken the number of its process. */
  renumbered(task: Task, before: number): void;
}
