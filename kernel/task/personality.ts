/**
 * What a process takes the kernel for: a table of system calls and what a fault means.
 *
 * @module
 */
import type { StopReason } from "../ports.ts";
import type { Process } from "./process.ts";
import type { Request, Thread } from "./thread.ts";

/** A thread that is to stop after each instruction has done one. */
export const STEPPED = "stepped";

/** The ways a processor can stop that are neither a system call nor the end of a turn. */
export type Trap =
  | typeof STEPPED
  | typeof StopReason.FAULT
  | typeof StopReason.BREAKPOINT
  | typeof StopReason.ILLEGAL;

/** How one ABI answers its processes. */
export interface Personality {
  /** Such as `zircon`. */
  readonly name: string;
  /** A thread's machine code made a system call; its `pc` is behind the instruction. */
  onSyscall(thread: Thread): void;
  /** A thread's machine code cannot go on by itself; its `pc` is where it would. */
  onTrap(thread: Thread, trap: Trap): void;
  /** A thread's script asks for a system call; answers whether its reply is there already. */
  onRequest(thread: Thread, request: Request): boolean;
  /** A thread's machine code is about to run: finish what it waited for; answers whether it runs. */
  onTurn?(thread: Thread): boolean;
  /** A thread has ended. */
  threadEnded?(thread: Thread): void;
  /** A process has ended; its threads have, and its memory is still there. */
  processEnded?(process: Process): void;
}
