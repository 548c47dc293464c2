/**
 * /proc/sys: what can be asked of the kernel's settings, and the two that can be set.
 *
 * @module
 */
import { MAP_COUNT_MAX, MMAP_MIN_ADDR, MMAP_RANDOM_BITS } from "../mm/layout.ts";
import { MESSAGE_MAX, QUEUE_BYTES } from "../ipc/message_queue.ts";
import { CAPABILITY_LAST } from "../abi/capability.ts";
import { SeccompAction } from "../abi/seccomp.ts";
import {
  BACKLOG_MAX,
  DATAGRAMS_MAX,
  DESCRIPTORS_MAX,
  FreePort,
  GROUPS_MAX,
  HAPPENINGS_MAX,
  HOST_NAME_MAX,
  LEASE_BREAK_SECONDS,
  NOBODY,
  PID_MAX,
  PIPE_BYTES_MAX,
  PRIORITY_QUEUES_MAX,
  PRIVILEGED_PORTS,
  Semaphores,
  SharedObjects,
  SOCKET_BYTES,
  TASKS_MAX,
  TCP_RECEIVE_BYTES_MAX,
  USUAL_QUEUE,
} from "../bounds.ts";
import { Errno } from "../errno.ts";
import type { Linux } from "../linux.ts";
import { Release } from "../release.ts";
import type { Directory } from "./directory.ts";
import type { FileSystem } from "./file_system.ts";
import { directoryIn, SyntheticDirectory, SyntheticFile } from "./synthetic.ts";

/** What filters can do with calls, the strictest first. */
const SECCOMP_ACTIONS = Object.keys(SeccompAction).map((name) => name.toLowerCase());

const NAMESPACES_MAX = 15_000;
const { IN_SET, IN_ALL, IN_CALL } = Semaphores;

/** Not even who may do anything may write here. */
const FIXED = { take: () => Errno.EACCES, mode: 0o444 } as const;

type Values = Readonly<Record<string, (linux: Linux) => string | number>>;

/** The directory of the settings. */
export function settingsDirectory(linux: Linux, fs: FileSystem): Directory {
  const system = new SyntheticDirectory(fs);
  const all = { ...kernelSettings(linux), ...OTHERS };
  for (const [path, values] of Object.entries(all)) {
    const directory = directoryIn(system, path);
    for (const [name, value] of Object.entries(values)) {
      directory.put(name, new SyntheticFile(fs, () => `${value(linux)}\n`, FIXED));
    }
  }
  const kernel = directoryIn(system, "kernel");
  for (const name of ["hostname", "domainname"] as const) {
    const take = (bytes: Uint8Array) => {
      const text = String.fromCharCode(...bytes).replace(/[\n\0].*$/s, "");
      if (text.length > HOST_NAME_MAX) return Errno.EINVAL;
      linux[name] = text;
      return bytes.length;
    };
    kernel.put(name, new SyntheticFile(fs, () => `${linux[name]}\n`, { take }));
  }
  return system;
}

/** Settings whose values are this machine's. */
function kernelSettings(linux: Linux): Readonly<Record<string, Values>> {
  let boot = "";
  return {
    kernel: {
      ...KERNEL,
      randomize_va_space: () => linux.randomize ? 2 : 0,
      "threads-max": () => TASKS_MAX,
      ns_last_pid: () => linux.made,
    },
    "kernel/random": {
      boot_id: () => boot ||= uuidOf(linux),
      uuid: () => uuidOf(linux),
      entropy_avail: () => 256,
      poolsize: () => 256,
      urandom_min_reseed_secs: () => 60,
      write_wakeup_threshold: () => 256,
    },
    "kernel/seccomp": {
      actions_avail: () => SECCOMP_ACTIONS.join(" "),
      actions_logged: () => SECCOMP_ACTIONS.filter((name) => name !== "allow").join(" "),
    },
    "fs/mqueue": {
      msg_default: () => USUAL_QUEUE.messages,
      msg_max: () => USUAL_QUEUE.messages,
      msgsize_default: () => USUAL_QUEUE.bytes,
      msgsize_max: () => USUAL_QUEUE.bytes,
      queues_max: () => PRIORITY_QUEUES_MAX,
    },
    vm: { ...MEMORY, max_map_count: () => MAP_COUNT_MAX },
  };
}

/** What is the same on every machine. */
const KERNEL: Values = {
  arch: () => "riscv64",
  cad_pid: () => 1,
  cap_last_cap: () => CAPABILITY_LAST,
  core_pattern: () => "core",
  core_pipe_limit: () => 0,
  core_uses_pid: () => 0,
  dmesg_restrict: () => 0,
  kptr_restrict: () => 0,
  msgmax: () => MESSAGE_MAX,
  msgmnb: () => QUEUE_BYTES,
  msgmni: () => SharedObjects.QUEUES,
  ngroups_max: () => GROUPS_MAX,
  osrelease: () => Release.NAME,
  ostype: () => "Linux",
  overflowgid: () => NOBODY,
  overflowuid: () => NOBODY,
  panic: () => 0,
  panic_on_oops: () => 0,
  pid_max: () => PID_MAX,
  printk: () => "7\t4\t1\t7",
  sched_rr_timeslice_ms: () => 100,
  sched_rt_period_us: () => 1_000_000,
  sched_rt_runtime_us: () => 950_000,
  sem: () => [IN_SET, IN_ALL, IN_CALL, SharedObjects.SETS].join("\t"),
  shm_rmid_forced: () => 0,
  shmall: () => "18446744073692774399",
  shmmax: () => "18446744073692774399",
  shmmni: () => SharedObjects.MEMORIES,
  sysctl_writes_strict: () => 1,
  tainted: () => 0,
  version: () => Release.VERSION,
};

const MEMORY: Values = {
  admin_reserve_kbytes: () => 8192,
  dirty_background_ratio: () => 10,
  dirty_expire_centisecs: () => 3000,
  dirty_ratio: () => 20,
  dirty_writeback_centisecs: () => 500,
  min_free_kbytes: () => 4096,
  mmap_min_addr: () => MMAP_MIN_ADDR,
  mmap_rnd_bits: () => MMAP_RANDOM_BITS,
  oom_kill_allocating_task: () => 0,
  overcommit_kbytes: () => 0,
  overcommit_memory: () => 0,
  overcommit_ratio: () => 50,
  page_cluster: () => 3,
  panic_on_oom: () => 0,
  swappiness: () => 60,
  user_reserve_kbytes: () => 131072,
  vfs_cache_pressure: () => 100,
};

const OTHERS: Readonly<Record<string, Values>> = {
  fs: {
    "dir-notify-enable": () => 1,
    "file-max": ({ memory }) => memory.filesMax,
    "file-nr": ({ memory }) => `${memory.files}\t0\t${memory.filesMax}`,
    "inode-nr": () => "0\t0",
    "lease-break-time": () => LEASE_BREAK_SECONDS,
    "leases-enable": () => 1,
    "mount-max": () => 100000,
    nr_open: () => DESCRIPTORS_MAX,
    overflowgid: () => NOBODY,
    overflowuid: () => NOBODY,
    "pipe-max-size": () => PIPE_BYTES_MAX,
    "pipe-user-pages-hard": () => 0,
    "pipe-user-pages-soft": () => 16384,
    protected_fifos: () => 0,
    protected_hardlinks: () => 0,
    protected_regular: () => 0,
    protected_symlinks: () => 0,
    suid_dumpable: () => 0,
  },
  "fs/epoll": { max_user_watches: () => 225_000 },
  "fs/inotify": {
    max_queued_events: () => HAPPENINGS_MAX,
    max_user_instances: () => 128,
    max_user_watches: () => 65536,
  },
  "net/core": {
    optmem_max: () => 131072,
    rmem_default: () => SOCKET_BYTES,
    rmem_max: () => SOCKET_BYTES,
    somaxconn: () => BACKLOG_MAX,
    wmem_default: () => SOCKET_BYTES,
    wmem_max: () => SOCKET_BYTES,
  },
  "net/ipv4": {
    ip_default_ttl: () => 64,
    ip_forward: () => 0,
    ip_local_port_range: () => `${FreePort.FIRST}\t${FreePort.LAST}`,
    ip_unprivileged_port_start: () => PRIVILEGED_PORTS,
    tcp_fin_timeout: () => 60,
    tcp_keepalive_intvl: () => 75,
    tcp_keepalive_probes: () => 9,
    tcp_keepalive_time: () => 7200,
    tcp_max_syn_backlog: () => 128,
    tcp_rmem: () => `4096\t131072\t${TCP_RECEIVE_BYTES_MAX}`,
    tcp_syncookies: () => 1,
    tcp_wmem: () => "4096\t16384\t4194304",
  },
  "net/ipv6/conf/all": { disable_ipv6: () => 0 },
  "net/ipv6/conf/default": { disable_ipv6: () => 0 },
  "net/ipv6/conf/lo": { disable_ipv6: () => 0 },
  "net/unix": { max_dgram_qlen: () => DATAGRAMS_MAX },
  user: {
    max_cgroup_namespaces: () => NAMESPACES_MAX,
    max_ipc_namespaces: () => NAMESPACES_MAX,
    max_mnt_namespaces: () => NAMESPACES_MAX,
    max_net_namespaces: () => NAMESPACES_MAX,
    max_pid_namespaces: () => NAMESPACES_MAX,
    max_user_namespaces: () => NAMESPACES_MAX,
    max_uts_namespaces: () => NAMESPACES_MAX,
  },
};

/** A number that nobody else has, as text; chance makes it. */
function uuidOf(linux: Linux): string {
  const bytes = linux.randomBytes(16);
  bytes[6] = bytes[6]! & 0x0f | 0x40;
  bytes[8] = bytes[8]! & 0x3f | 0x80;
  const text = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return text.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
