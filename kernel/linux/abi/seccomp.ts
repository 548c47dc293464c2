/**
 * How calls are filtered, and what whoever does that is asked.
 *
 * @module
 */

/** Whether a task's calls are filtered, and how. */
export const SeccompMode = { DISABLED: 0, STRICT: 1, FILTER: 2 } as const;

/** What `seccomp` does. */
export const SeccompOperation = {
  SET_MODE_STRICT: 0,
  SET_MODE_FILTER: 1,
  GET_ACTION_AVAIL: 2,
  GET_NOTIF_SIZES: 3,
} as const;

/** How a filter is put before the others. */
export const SeccompFlag = {
  TSYNC: 1,
  LOG: 2,
  SPEC_ALLOW: 4,
  NEW_LISTENER: 8,
  TSYNC_ESRCH: 16,
  WAIT_KILLABLE_RECV: 32,
} as const;

/** What becomes of a call: the upper half of what a filter answers. */
export const SeccompAction = {
  KILL_PROCESS: 0x80000000,
  KILL_THREAD: 0,
  TRAP: 0x30000,
  ERRNO: 0x50000,
  USER_NOTIF: 0x7fc00000,
  TRACE: 0x7ff00000,
  LOG: 0x7ffc0000,
  ALLOW: 0x7fff0000,
} as const;

/** Which part of that is the action, and which comes with it. */
export const SeccompPart = { ACTION_FULL: 0xffff0000, DATA: 0xffff } as const;

/** What is asked of the file through which somebody else decides about calls. */
export const SeccompRequest = {
  NOTIF_RECV: 0xc0502100,
  NOTIF_SEND: 0xc0182101,
  NOTIF_ID_VALID: 0x40082102,
  NOTIF_ID_VALID_WRONG_DIR: 0x80082102,
  NOTIF_ADDFD: 0x40182103,
  NOTIF_SET_FLAGS: 0x40082104,
} as const;

/** What can be answered beside a number. */
export const SeccompReply = { CONTINUE: 1 } as const;

/** How a descriptor is given to who waits. */
export const AddFdFlag = { SETFD: 1, SEND: 2 } as const;

/** That who waits is to run at once, on the same processor. */
export const SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP = 1;

/** The bytes of what a filter sees, of what tells of a call, and of an answer. */
export const SeccompSize = { DATA: 64, NOTIF: 80, NOTIF_RESP: 24 } as const;

/** The bytes of what says which descriptor somebody gets; it may have become longer, up to this. */
export const AddFdSize = { FIRST: 24, LAST: 4095 } as const;

/** What a filter is told that it runs on. */
export const AUDIT_ARCH_RISCV64 = 0xc00000f3;

/** The largest error that a call can answer. */
export const MAX_ERRNO = 4095;
