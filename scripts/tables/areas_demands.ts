/**
 * What libc-test's programs were seen to want of a kernel, and which of ours want the same.
 *
 * @module
 */
import type { Cover } from "./areas.ts";

/** What is wanted, in a few words. */
export const DEMANDS: Readonly<Record<string, Cover>> = {
  "futex WAIT, WAKE": {
    "threads_basic.c": "pthread_mutex_lock(",
    "futexes.c": "FUTEX_WAIT FUTEX_WAKE",
  },
  "futex REQUEUE": {
    "futexes.c": "FUTEX_CMP_REQUEUE",
    "threads_condition.c": "pthread_cond_wait(",
  },
  "futex LOCK_PI": { "priority_locks.c": "PTHREAD_PRIO_INHERIT" },
  "robust lists, walked at the end": { "robust_locks.c": "PTHREAD_MUTEX_ROBUST" },
  "the word of clear_child_tid": { "threads_basic.c": "pthread_join(" },
  "tkill and a frame that is changed": {
    "threads_cancel.c": "pthread_cancel(",
    "signal_nested.c": "uc_mcontext",
  },
  "record locks across fork": { "file_locks.c": "F_SETLK l_pid fork(" },
  "System V objects, their times and errors": {
    "ipc_messages.c": "IPC_STAT",
    "ipc_semaphores.c": "IPC_STAT IPC_RMID semop(",
    "ipc_shared_memory.c": "IPC_STAT",
  },
  "UDP and TCP over 127.0.0.1": { "internet.c": "INADDR_LOOPBACK" },
  "a shell": { "library_commands.c": "/bin/sh", "commands.c": "execv(", "shell.c": "pipeline(" },
  "link and a shared mapping in /dev/shm": { "semaphores.c": "sem_open( shm_open( MAP_SHARED" },
  "times of files": { "file_times.c": "futimens(", "library_corners.c": "utime(" },
  "offsets of 2^33": { "file_positions.c": "1L << 33", "file_times.c": "(off_t)5 << 30" },
  "RLIMIT_AS": { "memory_ends.c": "RLIMIT_AS", "memory_limits.c": "RLIMIT_AS" },
  "RLIMIT_NOFILE, and EMFILE": { "memory_limits.c": "RLIMIT_NOFILE", "daemons.c": "RLIMIT_NOFILE" },
  "RLIMIT_NPROC, and EAGAIN": {
    "threads_raise.c": "RLIMIT_NPROC",
    "exec_errors.c": "RLIMIT_NPROC",
  },
  "stacks of signals": { "signal_stack.c": "sigaltstack(", "daemons.c": "sigaltstack(" },
  "libraries at run time": { "plugins.c": "dlopen(", "plugins_local.c": "dlopen(" },
  "threads' variables of libraries": { "plugins_local.c": "own_values second_values" },
  membarrier: { "scheduling.c": "membarrier" },
};
