/**
 * Calls that this kernel has as a Linux has them that was built without what they belong to, or in
 * which nobody may use it: each answers what such a Linux answers.
 *
 * @module
 */
import { call, type LinuxCall } from "../call.ts";
import { Errno } from "../errno.ts";

/** Parts of Linux that may be left out when it is built, with their calls. */
const LEFT_OUT: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  AIO: {
    io_setup: 0,
    io_destroy: 1,
    io_submit: 2,
    io_cancel: 3,
    io_getevents: 4,
    io_pgetevents: 292,
  },
  PROFILING: { lookup_dcookie: 18 },
  BSD_PROCESS_ACCT: { acct: 89 },
  QUOTA: { quotactl: 60, quotactl_fd: 443 },
  NFSD: { nfsservctl: 42 },
  MODULES: { init_module: 105, delete_module: 106, finit_module: 273 },
  KEXEC: { kexec_load: 104, kexec_file_load: 294 },
  KEYS: { add_key: 217, request_key: 218, keyctl: 219 },
  SWAP: { swapon: 224, swapoff: 225 },
  NUMA: {
    mbind: 235,
    get_mempolicy: 236,
    set_mempolicy: 237,
    migrate_pages: 238,
    move_pages: 239,
    set_mempolicy_home_node: 450,
  },
  PERF_EVENTS: { perf_event_open: 241 },
  FANOTIFY: { fanotify_init: 262, fanotify_mark: 263 },
  FHANDLE: { name_to_handle_at: 264, open_by_handle_at: 265 },
  BPF_SYSCALL: { bpf: 280 },
  USERFAULTFD: { userfaultfd: 282 },
  MEMORY_PROTECTION_KEYS: { pkey_mprotect: 288, pkey_alloc: 289, pkey_free: 290 },
  IO_URING: { io_uring_setup: 425, io_uring_enter: 426, io_uring_register: 427 },
  LANDLOCK: {
    landlock_create_ruleset: 444,
    landlock_add_rule: 445,
    landlock_restrict_self: 446,
  },
  SECRETMEM: { memfd_secret: 447 },
};

/** Calls that only somebody may make who has more rights than anybody has here. */
const FORBIDDEN: Readonly<Record<string, number>> = {
  pivot_root: 41,
  vhangup: 58,
  ptrace: 117,
  reboot: 142,
  open_tree: 428,
  move_mount: 429,
  fsopen: 430,
  fsconfig: 431,
  fsmount: 432,
  fspick: 433,
  mount_setattr: 442,
};

/** Calls that are there and answer an error to all. */
export const ABSENT_CALLS: readonly LinuxCall[] = [
  ...Object.entries(LEFT_OUT).flatMap(([part, calls]) =>
    Object.entries(calls).map(([name, number]) =>
      call(
        number,
        name,
        {},
        (task) => {
          task.linux.missing(task, number, name);
          return Errno.ENOSYS;
        },
        `ENOSYS, as a Linux without ${part} answers`,
      )
    )
  ),
  ...Object.entries(FORBIDDEN).map(([name, number]) =>
    call(number, name, {}, () => Errno.EPERM, "EPERM: nobody may use it")
  ),
];
