/**
 * Numbers about jobs, processes, threads and their exceptions.
 *
 * @module
 */

/** Return codes of tasks that did not end by themselves. */
export const TaskReturnCode = {
  SYSCALL_KILL: -1024,
  OOM_KILL: -1025,
  POLICY_KILL: -1026,
  VDSO_KILL: -1027,
  EXCEPTION_KILL: -1028,
  CRITICAL_PROCESS_KILL: -1029,
} as const;

/** What a thread is doing, as `ZX_INFO_THREAD` reports it. */
export const ThreadState = {
  NEW: 0,
  RUNNING: 1,
  SUSPENDED: 2,
  BLOCKED: 3,
  DYING: 4,
  DEAD: 5,
  BLOCKED_EXCEPTION: 0x103,
  BLOCKED_SLEEPING: 0x203,
  BLOCKED_FUTEX: 0x303,
  BLOCKED_PORT: 0x403,
  BLOCKED_CHANNEL: 0x503,
  BLOCKED_WAIT_ONE: 0x603,
  BLOCKED_WAIT_MANY: 0x703,
  BLOCKED_INTERRUPT: 0x803,
  BLOCKED_PAGER: 0x903,
} as const;

/** One of the thread states. */
export type ThreadState = typeof ThreadState[keyof typeof ThreadState];

/** What kind of exception a thread has met. */
export const ExceptionType = {
  GENERAL: 0x008,
  FATAL_PAGE_FAULT: 0x108,
  UNDEFINED_INSTRUCTION: 0x208,
  SW_BREAKPOINT: 0x308,
  HW_BREAKPOINT: 0x408,
  UNALIGNED_ACCESS: 0x508,
  THREAD_STARTING: 0x8008,
  THREAD_EXITING: 0x8108,
  POLICY_ERROR: 0x8208,
  PROCESS_STARTING: 0x8308,
  USER: 0x8309,
} as const;

/** One of the exception types. */
export type ExceptionType = typeof ExceptionType[keyof typeof ExceptionType];

/** Which exception channel a thread waits for an answer from. */
export const ExceptionChannelType = {
  NONE: 0,
  DEBUGGER: 1,
  THREAD: 2,
  PROCESS: 3,
  JOB: 4,
  JOB_DEBUGGER: 5,
} as const;

/** One of the exception channel types. */
export type ExceptionChannelType = typeof ExceptionChannelType[keyof typeof ExceptionChannelType];

/** What a handler says of an exception, and when it wants to see it. */
export const ExceptionState = { TRY_NEXT: 0, HANDLED: 1, THREAD_EXIT: 2 } as const;
/** Whether a debugger sees an exception once or twice. */
export const ExceptionStrategy = { FIRST_CHANCE: 0, SECOND_CHANCE: 1 } as const;
/** Option of `zx_task_create_exception_channel`. */
export const EXCEPTION_CHANNEL_DEBUGGER = 1;

/** Which registers `zx_thread_read_state` answers. */
export const ThreadStateKind = {
  GENERAL_REGS: 0,
  FP_REGS: 1,
  VECTOR_REGS: 2,
  DEBUG_REGS: 4,
  SINGLE_STEP: 5,
} as const;

/** Options of `zx_process_create` and of `zx_job_set_critical`. */
export const TaskOption = { PROCESS_SHARED: 1, JOB_CRITICAL_RETCODE_NONZERO: 1 } as const;
