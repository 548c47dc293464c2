/**
 * Calls about the machine, and about what a process may have.
 *
 * @module
 */
import type { Answer } from "../answer.ts";
import { call, type LinuxCall } from "../call.ts";
import { Errno } from "../errno.ts";
import { RESOURCES } from "../limits.ts";
import { bytesOf, nameOf } from "../name.ts";
import type { Task } from "../task.ts";
import {
  readPath,
  SECOND,
  writeBytes,
  writeTime,
  writeWords32,
  writeWords64,
} from "./user_data.ts";

const UNAME_FIELD = 65;
const RELEASE = "6.12.0-zandbox";
const VERSION = "#1 SMP zandbox";
const HOSTNAME_MAX = 64;
const RANDOM_MAX = 33554431;
const MICROSECOND = 1000;
const TICK = SECOND / 100;

function uname(task: Task, address: number): Answer {
  const fields = ["Linux", task.linux.hostname, RELEASE, VERSION, "riscv64", "(none)"];
  const bytes = new Uint8Array(UNAME_FIELD * fields.length);
  fields.forEach((field, at) => bytes.set(bytesOf(field), at * UNAME_FIELD));
  return writeBytes(task, address, bytes);
}

function sethostname(task: Task, address: number, length: number): Answer {
  if (!task.capable) return Errno.EPERM;
  if (length < 0 || length > HOSTNAME_MAX) return Errno.EINVAL;
  const bytes = task.mm.memory.bytes(address, length);
  if (typeof bytes === "number") return Errno.EFAULT;
  task.linux.hostname = nameOf(bytes);
  return 0;
}

function prlimit(task: Task, pid: number, resource: number, next: number, old: number): Answer {
  if (resource < 0 || resource >= RESOURCES) return Errno.EINVAL;
  const group = pid === 0 ? task.group : task.linux.groups.get(pid);
  if (!group) return Errno.ESRCH;
  const { limits } = group;
  const before = [limits.soft(resource), limits.hard(resource)] as const;
  if (next !== 0) {
    const soft = limitAt(task, next);
    const hard = limitAt(task, next + 8);
    if (soft < 0 || hard < 0) return Errno.EFAULT;
    if (soft > hard) return Errno.EINVAL;
    if (hard > before[1] && !task.capable) return Errno.EPERM;
    limits.set(resource, soft, hard);
  }
  if (old === 0) return 0;
  return writeLimits(task, old, before) ? 0 : Errno.EFAULT;
}

function limitAt(task: Task, address: number): number {
  const bytes = task.mm.memory.bytes(address, 8);
  if (typeof bytes === "number") return -1;
  const value = new DataView(bytes.buffer).getBigUint64(0, true);
  return value > 0x7fffffffffffffffn ? Infinity : Number(value);
}

function writeLimits(task: Task, address: number, limits: readonly number[]): boolean {
  return writeWords64(task, address, limits.map((limit) => limit === Infinity ? -1 : limit));
}

function getrandom(task: Task, address: number, length: number, flags: number): Answer {
  if ((flags & ~7) !== 0 || (flags & 6) === 6) return Errno.EINVAL;
  const count = Math.min(length, RANDOM_MAX);
  const status = writeBytes(task, address, task.linux.randomBytes(count));
  return status < 0 ? status : count;
}

function sysinfo(task: Task, address: number): Answer {
  const { total, free } = task.linux.memory;
  const bytes = new Uint8Array(112);
  const view = new DataView(bytes.buffer);
  view.setBigInt64(0, BigInt(Math.floor(task.now / SECOND)), true);
  view.setBigUint64(32, BigInt(total), true);
  view.setBigUint64(40, BigInt(free), true);
  view.setUint16(80, task.linux.groups.size, true);
  view.setUint32(104, 1, true);
  return writeBytes(task, address, bytes);
}

function times(task: Task, address: number): Answer {
  if (address !== 0) {
    const own = Math.floor(cpuTime(task) / TICK);
    const children = Math.floor(task.group.childTime / TICK);
    if (!writeWords64(task, address, [own, 0, children, 0])) return Errno.EFAULT;
  }
  return Math.floor(task.now / TICK);
}

/** Time that a process has used: as long as it lives, where nobody counts it. */
export function cpuTime(task: Task): number {
  return task.now - task.group.startTime;
}

function getrusage(task: Task, who: number, address: number): Answer {
  if (who < -1 || who > 1) return Errno.EINVAL;
  const time = who === -1 ? task.group.childTime : cpuTime(task);
  const words = new Array<number>(18).fill(0);
  words[0] = Math.floor(time / SECOND);
  words[1] = Math.floor(time % SECOND / MICROSECOND);
  words[4] = Math.ceil(task.mm.pages.pages.frames * 4);
  return writeWords64(task, address, words) ? 0 : Errno.EFAULT;
}

function getpriority(task: Task, which: number, who: number): Answer {
  if (which < 0 || which > 2) return Errno.EINVAL;
  const found = who === 0 ? task : task.linux.tasks.get(who);
  return which === 0 && !found ? Errno.ESRCH : 20 - (found ?? task).nice;
}

function setpriority(task: Task, which: number, who: number, nice: number): Answer {
  if (which < 0 || which > 2) return Errno.EINVAL;
  const found = who === 0 ? task : task.linux.tasks.get(who);
  if (!found) return Errno.ESRCH;
  const wanted = Math.max(-20, Math.min(19, nice));
  if (wanted < found.nice && !task.capable) return Errno.EACCES;
  found.nice = wanted;
  return 0;
}

function getcpu(task: Task, cpu: number, node: number): Answer {
  if (cpu !== 0 && !writeWords32(task, cpu, [0])) return Errno.EFAULT;
  return node !== 0 && !writeWords32(task, node, [0]) ? Errno.EFAULT : 0;
}

function schedGetaffinity(task: Task, pid: number, length: number, address: number): Answer {
  if (pid !== 0 && !task.linux.tasks.has(pid)) return Errno.ESRCH;
  if (length < 8 || length % 8 !== 0) return Errno.EINVAL;
  return writeWords64(task, address, [1]) ? 8 : Errno.EFAULT;
}

function schedSetaffinity(task: Task, pid: number, length: number, address: number): Answer {
  if (pid !== 0 && !task.linux.tasks.has(pid)) return Errno.ESRCH;
  if (length === 0) return Errno.EINVAL;
  const bytes = task.mm.memory.bytes(address, Math.min(length, 128));
  if (typeof bytes === "number") return Errno.EFAULT;
  return (bytes[0]! & 1) !== 0 ? 0 : Errno.EINVAL;
}

function schedSetscheduler(task: Task, pid: number, policy: number, address: number): Answer {
  const found = pid === 0 ? task : task.linux.tasks.get(pid);
  if (!found) return Errno.ESRCH;
  const priority = task.mm.memory.readU32(address);
  if (priority < 0) return Errno.EFAULT;
  const isRealTime = policy === 1 || policy === 2;
  if (![0, 1, 2, 3, 5].includes(policy)) return Errno.EINVAL;
  if (isRealTime ? priority < 1 || priority > 99 : priority !== 0) return Errno.EINVAL;
  if (isRealTime && !task.capable) return Errno.EPERM;
  found.policy = { policy, priority };
  return 0;
}

function schedGetparam(task: Task, pid: number, address: number): Answer {
  const found = pid === 0 ? task : task.linux.tasks.get(pid);
  if (!found) return Errno.ESRCH;
  return writeWords32(task, address, [found.policy.priority]) ? 0 : Errno.EFAULT;
}

function schedRrGetInterval(task: Task, pid: number, address: number): Answer {
  if (pid !== 0 && !task.linux.tasks.has(pid)) return Errno.ESRCH;
  return writeTime(task, address, 4_000_000) ? 0 : Errno.EFAULT;
}

function setdomainname(task: Task, address: number): Answer {
  const name = readPath(task, address);
  if (typeof name === "number") return name;
  return task.capable ? 0 : Errno.EPERM;
}

/** Calls about the machine. */
export const SYSTEM_CALLS: readonly LinuxCall[] = [
  call(
    119,
    "sched_setscheduler",
    { pid: "pid", policy: "int", parameters: "pointer" },
    schedSetscheduler,
  ),
  call(
    120,
    "sched_getscheduler",
    { pid: "pid" },
    (task, pid) => (pid === 0 ? task : task.linux.tasks.get(pid))?.policy.policy ?? Errno.ESRCH,
  ),
  call(
    118,
    "sched_setparam",
    { pid: "pid", parameters: "pointer" },
    (task, pid, address) => schedSetscheduler(task, pid, task.policy.policy, address),
  ),
  call(121, "sched_getparam", { pid: "pid", parameters: "pointer" }, schedGetparam),
  call(
    122,
    "sched_setaffinity",
    { pid: "pid", length: "uint", mask: "pointer" },
    schedSetaffinity,
  ),
  call(
    123,
    "sched_getaffinity",
    { pid: "pid", length: "uint", mask: "pointer" },
    schedGetaffinity,
  ),
  call(
    125,
    "sched_get_priority_max",
    { policy: "int" },
    (_task, policy) =>
      policy === 1 || policy === 2 ? 99 : policy < 0 || policy > 6 ? Errno.EINVAL : 0,
  ),
  call(
    126,
    "sched_get_priority_min",
    { policy: "int" },
    (_task, policy) =>
      policy === 1 || policy === 2 ? 1 : policy < 0 || policy > 6 ? Errno.EINVAL : 0,
  ),
  call(127, "sched_rr_get_interval", { pid: "pid", time: "pointer" }, schedRrGetInterval),
  call(140, "setpriority", { which: "int", who: "int", nice: "int" }, setpriority),
  call(141, "getpriority", { which: "int", who: "int" }, getpriority),
  call(153, "times", { buffer: "pointer" }, times),
  call(160, "uname", { buffer: "pointer" }, uname),
  call(161, "sethostname", { name: "pointer", length: "int" }, sethostname),
  call(162, "setdomainname", { name: "path", length: "int" }, setdomainname),
  call(
    163,
    "getrlimit",
    { resource: "uint", limits: "pointer" },
    (task, resource, address) => prlimit(task, 0, resource, 0, address),
  ),
  call(
    164,
    "setrlimit",
    { resource: "uint", limits: "pointer" },
    (task, resource, address) => prlimit(task, 0, resource, address, 0),
  ),
  call(165, "getrusage", { who: "int", usage: "pointer" }, getrusage),
  call(168, "getcpu", { cpu: "pointer", node: "pointer" }, getcpu),
  call(179, "sysinfo", { info: "pointer" }, sysinfo),
  call(259, "riscv_flush_icache", { start: "pointer", end: "pointer", flags: "long" }, () => 0),
  call(
    261,
    "prlimit64",
    { pid: "pid", resource: "uint", next: "pointer", old: "pointer" },
    prlimit,
  ),
  call(278, "getrandom", { buffer: "pointer", count: "size", flags: "uint" }, getrandom),
  call(
    283,
    "membarrier",
    { command: "int", flags: "uint", cpu: "int" },
    (_task, command) => command === 0 ? 0x1ff : command < 0 || command > 256 ? Errno.EINVAL : 0,
  ),
];
