/**
 * Why a run ended.
 *
 * @module
 */

/** The reasons; there are no others. */
export const StopReason = {
  /** As many instructions were executed as were allowed. */
  BUDGET: 0,
  /** The guest made a system call, and the handler asked to stop; `pc` is behind the instruction. */
  SYSCALL: 1,
  /** A memory access is not allowed; `pc` is at the instruction, nothing of it is done. */
  FAULT: 2,
  /** A breakpoint instruction, or an address that a debugger marked; `pc` is at it. */
  BREAKPOINT: 3,
  /** No such instruction; `pc` is at it. */
  ILLEGAL: 4,
} as const;

/** One of the reasons. */
export type StopReason = typeof StopReason[keyof typeof StopReason];
