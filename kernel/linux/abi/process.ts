/**
 * What is asked about processes and threads.
 *
 * @module
 */

/** What a new task shares, and what else is wanted of `clone`. */
export const CloneFlag = {
  NEWTIME: 0x80,
  VM: 0x100,
  FS: 0x200,
  FILES: 0x400,
  SIGHAND: 0x800,
  PIDFD: 0x1000,
  PTRACE: 0x2000,
  VFORK: 0x4000,
  PARENT: 0x8000,
  THREAD: 0x10000,
  NEWNS: 0x20000,
  SYSVSEM: 0x40000,
  SETTLS: 0x80000,
  PARENT_SETTID: 0x100000,
  CHILD_CLEARTID: 0x200000,
  DETACHED: 0x400000,
  UNTRACED: 0x800000,
  CHILD_SETTID: 0x1000000,
  NEWCGROUP: 0x2000000,
  NEWUTS: 0x4000000,
  NEWIPC: 0x8000000,
  NEWUSER: 0x10000000,
  NEWPID: 0x20000000,
  NEWNET: 0x40000000,
  IO: 0x80000000,
} as const;

/** What only `clone3` can be asked for. */
export const CloneWideFlag = { CLEAR_SIGHAND: 0x100000000n, INTO_CGROUP: 0x200000000n } as const;

/** All that `clone3` can be asked for. */
export const CLONE_FLAGS_KNOWN: bigint = Object.values(CloneFlag)
  .filter((flag) => flag !== CloneFlag.DETACHED)
  .reduce(
    (all, flag) => all | BigInt(flag),
    CloneWideFlag.CLEAR_SIGHAND | CloneWideFlag.INTO_CGROUP,
  );

/** So many spaces of numbers there can be inside each other. */
export const MAX_PID_NS_LEVEL = 32;

/** Where in the flags of `clone` the signal is that ends the new process. */
export const CLONE_SIGNAL = 0xff;

/** Which changes of a child are waited for, and how. */
export const Wait = {
  NOHANG: 1,
  STOPPED: 2,
  EXITED: 4,
  CONTINUED: 8,
  NOWAIT: 0x1000000,
} as const;

/** Which children are waited for. */
export const WaitWhom = { NOTHREAD: 0x20000000, ALL: 0x40000000, CLONE: 0x80000000 } as const;

/** What the number of whoever is waited for means. */
export const IdType = { ALL: 0, PID: 1, PGID: 2, PIDFD: 3 } as const;

/** Whose use is asked for. */
export const UsageOf = { SELF: 0, CHILDREN: -1, THREAD: 1 } as const;

/** Whose priority is meant. */
export const PriorityOf = { PROCESS: 0, PGRP: 1, USER: 2 } as const;

/** What of two tasks is compared. */
export const Compare = {
  FILE: 0,
  VM: 1,
  FILES: 2,
  FS: 3,
  SIGHAND: 4,
  IO: 5,
  SYSVSEM: 6,
} as const;

/** The things that are limited. */
export const Resource = {
  CPU: 0,
  FSIZE: 1,
  DATA: 2,
  STACK: 3,
  CORE: 4,
  RSS: 5,
  NPROC: 6,
  NOFILE: 7,
  MEMLOCK: 8,
  AS: 9,
  LOCKS: 10,
  SIGPENDING: 11,
  MSGQUEUE: 12,
  NICE: 13,
  RTPRIO: 14,
  RTTIME: 15,
} as const;

/** How an area of sequences that begin again is told of. */
export const SequenceFlag = { UNREGISTER: 1 } as const;

/** Wishes that programs have of the kernel. */
export const Persona = {
  /** Addresses are not left to chance. */
  ADDR_NO_RANDOMIZE: 0x40000,
  /** The first page can be read and executed, as in old systems. */
  MMAP_PAGE_ZERO: 0x100000,
  ADDR_COMPAT_LAYOUT: 0x200000,
  READ_IMPLIES_EXEC: 0x400000,
} as const;

/** What of a persona is its kind, and not a wish; that of Linux is 0. */
export const PERSONA_KIND = 0xff;

/** The bytes of what `clone3` is asked, at least. */
export const CLONE_REQUEST_SIZE = 64;

/** The bytes of all that is known of it. */
export const CLONE_ARGUMENTS_SIZE = 88;

/** The bytes of a `struct rusage`. */
export const USAGE_SIZE = 144;

/** The bytes of a limit: what holds, and what it may be raised to. */
export const LIMIT_SIZE = 16;
