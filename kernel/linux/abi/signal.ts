/**
 * The numbers of signals, and what is asked about them.
 *
 * @module
 */

/** The signals by name. */
export const SignalNumber = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGSEGV: 11,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
  SIGSTKFLT: 16,
  SIGCHLD: 17,
  SIGCONT: 18,
  SIGSTOP: 19,
  SIGTSTP: 20,
  SIGTTIN: 21,
  SIGTTOU: 22,
  SIGURG: 23,
  SIGXCPU: 24,
  SIGXFSZ: 25,
  SIGVTALRM: 26,
  SIGPROF: 27,
  SIGWINCH: 28,
  SIGIO: 29,
  SIGPWR: 30,
  SIGSYS: 31,
} as const;

/** The first of the signals that are queued one by one. */
export const SIGRTMIN = 32;

/** The last signal. */
export const SIGNALS = 64;

/** Handlers that are none. */
export const Handler = { DFL: 0, IGN: 1 } as const;

/** Flags of a handler. */
export const HandlerFlag = {
  RESTORER: 0x04000000,
  ONSTACK: 0x08000000,
  RESTART: 0x10000000,
  NODEFER: 0x40000000,
  RESETHAND: 0x80000000,
  EXPOSE_TAGBITS: 0x800,
  SIGINFO: 4,
  NOCLDSTOP: 1,
  NOCLDWAIT: 2,
} as const;

/** The flags of handlers that are kept: of others a program learns so that there are none. */
export const UAPI_SA_FLAGS: number = HandlerFlag.NOCLDSTOP | HandlerFlag.NOCLDWAIT |
  HandlerFlag.SIGINFO | HandlerFlag.EXPOSE_TAGBITS | HandlerFlag.ONSTACK | HandlerFlag.RESTART |
  HandlerFlag.NODEFER | HandlerFlag.RESETHAND;

/** What is done with a set of signals. */
export const MaskChange = { BLOCK: 0, UNBLOCK: 1, SETMASK: 2 } as const;

/** What a stack for handlers is like. */
export const StackFlag = { ONSTACK: 1, DISABLE: 2, AUTODISARM: 0x80000000 } as const;

/** Where a signal comes from, where it is not something of its own. */
export const SignalCode = {
  USER: 0,
  KERNEL: 0x80,
  QUEUE: -1,
  TIMER: -2,
  MESGQ: -3,
  ASYNCIO: -4,
  SIGIO: -5,
  TKILL: -6,
} as const;

/** Why a signal comes, for those that have reasons of their own. */
export const OwnCode = {
  SEGV: { MAPERR: 1, ACCERR: 2 },
  BUS: { ADRALN: 1, ADRERR: 2, OBJERR: 3 },
  ILL: { ILLOPC: 1, ILLOPN: 2, ILLADR: 3, ILLTRP: 4 },
  TRAP: { BRKPT: 1, TRACE: 2 },
  FPE: { INTDIV: 1, INTOVF: 2, FLTDIV: 3, FLTOVF: 4 },
  POLL: { IN: 1, OUT: 2, MSG: 3, ERR: 4, PRI: 5, HUP: 6 },
  SYS: { SECCOMP: 1, USER_DISPATCH: 2 },
  CLD: { EXITED: 1, KILLED: 2, DUMPED: 3, TRAPPED: 4, STOPPED: 5, CONTINUED: 6 },
} as const;

/** The bytes of a set of signals. */
export const SIGNAL_SET_SIZE = 8;

/** The bytes of a `siginfo_t`. */
export const SIGINFO_SIZE = 128;

/** The bytes of a `struct sigaction`. */
export const ACTION_SIZE = 24;

/** The bytes of a `stack_t`. */
export const STACK_SIZE = 24;
