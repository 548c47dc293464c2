/**
 * Calls that RT-Smart has and this kernel has not: a program that makes one is answered ENOSYS, as if
 * RT-Smart had been built without that part, and a trace and the manual say its name and why.
 *
 * @module
 */
import type { RtSmartCall } from "../call.ts";
import { Errno } from "../error.ts";

/** Why, and which: the first number, and the names from there on. */
const ABSENT: readonly (readonly [why: string, first: number, ...names: string[]])[] = [
  ["nobody can wait for several files at once", 9, "poll"],
  [
    "there are no devices but the console's",
    ...[59, "device_init", "device_register", "device_control", "device_find"] as const,
    ...["device_open", "device_close", "device_read", "device_write"],
  ],
  [
    "there is no network",
    ...[69, "accept", "bind", "shutdown", "getpeername", "getsockname", "getsockopt"] as const,
    ...["setsockopt", "connect", "listen", "recv", "recvfrom", "send", "sendto", "socket"],
    ...["closesocket", "getaddrinfo", "gethostbyname2_r", "sendmsg", "recvmsg"],
  ],
  ["nobody can wait for several files at once", 94, "select"],
  ["code that was written is seen at once", 107, "cacheflush"],
  ["a program's last error is its library's", 122, "get_errno"],
  ["threads get their storage from clone", 123, "set_thread_area"],
  ["futexes do the same", 132, "pmutex"],
  ["nothing is limited", 141, "getrlimit", "setrlimit"],
  ["there are no terminals to be in charge of", 143, "setsid"],
  ["there are no symbolic links", 145, "readlink"],
  [
    "there is one way of scheduling",
    ...[148, "sched_setparam", "sched_getparam", "sched_get_priority_max"] as const,
    ...["sched_get_priority_min", "sched_setscheduler", "sched_getscheduler"],
    ...["sched_setaffinity"],
  ],
  ["files are nowhere but in memory", 155, "fsync"],
  [
    "rt_timer_create and its kin do the same",
    ...[157, "timer_create", "timer_delete", "timer_settime", "timer_gettime"] as const,
    "timer_getoverrun",
  ],
  [
    "mq_create and its kin do the same",
    ...[162, "mq_open", "mq_unlink", "mq_timedsend", "mq_timedreceive", "mq_notify"] as const,
    ...["mq_getsetattr", "mq_close"],
  ],
  ["nothing is known of file systems", 171, "statfs", "statfs64", "fstatfs", "fstatfs64"],
  ["there is one file system", 176, "mount", "umount2"],
  ["a file has one name", 178, "link", "symlink"],
  ["there is one way of scheduling", 180, "sched_getaffinity"],
  ["nobody is told of the whole machine", 181, "sysinfo"],
  ["everybody may do everything with a file", 182, "chmod"],
  ["a scenario ends a machine", 183, "reboot"],
  ["nobody can wait for several files at once", 191, "eventfd2"],
  ["nobody can wait for several files at once", 192, "epoll_create1", "epoll_ctl", "epoll_pwait"],
  [
    "nobody can wait for several files at once",
    ...[196, "timerfd_create", "timerfd_settime", "timerfd_gettime", "signalfd"] as const,
  ],
  ["shmget and its kin do the same", 200, "memfd_create"],
  ["rt_timer_create and its kin do the same", 202, "setitimer"],
  ["files have no times", 203, "utimensat"],
  ["there is no network", 205, "socketpair"],
];

/** Calls that only say that they are not there. */
export const ABSENT_CALLS: readonly RtSmartCall[] = ABSENT.flatMap(([why, first, ...names]) =>
  names.map((name, at) => ({
    name,
    number: first + at,
    names: [],
    kinds: [],
    absence: why,
    run: () => Errno.ENOSYS,
  }))
);
