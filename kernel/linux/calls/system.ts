/**
 * Calls about the machine, and about what a process may have.
 *
 * @module
 */
import {
  LogAction,
  NAME_FIELD,
  NAME_FIELDS,
  RandomFlag,
  SYSTEM_FACTS_SIZE,
} from "../abi/system.ts";
import { HOST_NAME_MAX } from "../bounds.ts";
import { SECOND, TICK } from "../duration.ts";
import { Resource, UsageOf } from "../abi/process.ts";
import type { Answer } from "../answer.ts";
import { call, type LinuxCall } from "../call.ts";
import { Capability } from "../abi/capability.ts";
import { Errno } from "../errno.ts";
import { RESOURCES } from "../limits.ts";
import { bytesOf, nameOf } from "../name.ts";
import { Release } from "../release.ts";
import type { Task } from "../task.ts";
import { Usage } from "../usage.ts";
import { readSigned64, writeBytes, writeUsage, writeWords32, writeWords64 } from "./user_data.ts";

const RANDOM_MAX = 33554431;
const LOG_BYTES = 16384;
const PROBES_MAX = 1024;

/** What the processor has, by the key that asks: who made it, then base and extensions. */
const PROBES: Readonly<Record<number, number>> = { 0: 0, 1: 0, 2: 0, 3: 1, 4: 3, 5: 0 };

function uname(task: Task, address: number): Answer {
  const fields = ["Linux", task.linux.hostname, Release.NAME, Release.VERSION, "riscv64"];
  fields.push(task.linux.domainname);
  const bytes = new Uint8Array(NAME_FIELD * NAME_FIELDS);
  fields.forEach((field, at) => bytes.set(bytesOf(field), at * NAME_FIELD));
  return writeBytes(task, address, bytes);
}

function sethostname(task: Task, address: number, length: number): Answer {
  if (!task.may(Capability.SYS_ADMIN)) return Errno.EPERM;
  if (length < 0 || length > HOST_NAME_MAX) return Errno.EINVAL;
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
    if (hard > before[1] && !task.may(Capability.SYS_RESOURCE)) return Errno.EPERM;
    limits.set(resource, soft, hard);
    if (resource === Resource.CPU) group.limitProcessor();
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
  const { NONBLOCK, RANDOM, INSECURE } = RandomFlag;
  const isBoth = (flags & RANDOM) !== 0 && (flags & INSECURE) !== 0;
  if ((flags & ~(NONBLOCK | RANDOM | INSECURE)) !== 0 || isBoth) return Errno.EINVAL;
  const count = Math.min(length, RANDOM_MAX);
  const status = writeBytes(task, address, task.linux.randomBytes(count));
  return status < 0 ? status : count;
}

function sysinfo(task: Task, address: number): Answer {
  const { total, free } = task.linux.memory;
  const bytes = new Uint8Array(SYSTEM_FACTS_SIZE);
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
    const own = task.group.spent.ticks;
    const theirs = task.group.childUsage.ticks;
    const ticks = [own.user, own.system, theirs.user, theirs.system];
    if (!writeWords64(task, address, ticks)) return Errno.EFAULT;
  }
  return Math.floor(task.now / TICK);
}

function getrusage(task: Task, who: number, address: number): Answer {
  if (who < UsageOf.CHILDREN || who > UsageOf.THREAD) return Errno.EINVAL;
  const { group } = task;
  if (who === UsageOf.CHILDREN) {
    return writeUsage(task, address, group.childUsage) ? 0 : Errno.EFAULT;
  }
  const usage = group.used;
  // Memory is the process's even where the rest is one task's.
  const told = who === UsageOf.SELF ? usage : task.used.plus(new Usage());
  told.residentMost = usage.residentMost;
  return writeUsage(task, address, told) ? 0 : Errno.EFAULT;
}

function getcpu(task: Task, cpu: number, node: number): Answer {
  if (cpu !== 0 && !writeWords32(task, cpu, [0])) return Errno.EFAULT;
  return node !== 0 && !writeWords32(task, node, [0]) ? Errno.EFAULT : 0;
}

/** The kernel's log goes to who listens to events; here it is always empty. */
function syslog(task: Task, type: number, _buffer: number, length: number): Answer {
  const isReading = type === LogAction.READ || type === LogAction.READ_ALL ||
    type === LogAction.READ_CLEAR;
  if (type < 0 || type > LogAction.SIZE_BUFFER) return Errno.EINVAL;
  if (type === LogAction.SIZE_BUFFER) return LOG_BYTES;
  if (isReading && length < 0) return Errno.EINVAL;
  return type === LogAction.READ_ALL || task.may(Capability.SYS_ADMIN) ? 0 : Errno.EPERM;
}

function hwprobe(
  task: Task,
  pairs: number,
  count: number,
  _size: number,
  _set: number,
  flags: number,
): Answer {
  if (flags !== 0) return Errno.EINVAL;
  for (let at = 0; at < Math.min(count, PROBES_MAX); at++) {
    const key = readSigned64(task, pairs + at * 16);
    if (key === null) return Errno.EFAULT;
    const value = PROBES[key];
    const words = value === undefined ? [-1, 0] : [key, value];
    if (!writeWords64(task, pairs + at * 16, words)) return Errno.EFAULT;
  }
  return 0;
}

function setdomainname(task: Task, address: number, length: number): Answer {
  if (!task.may(Capability.SYS_ADMIN)) return Errno.EPERM;
  if (length < 0 || length > HOST_NAME_MAX) return Errno.EINVAL;
  const bytes = task.mm.memory.bytes(address, length);
  if (typeof bytes === "number") return Errno.EFAULT;
  task.linux.domainname = nameOf(bytes);
  return 0;
}

/** Calls about the machine. */
export const SYSTEM_CALLS: readonly LinuxCall[] = [
  call(116, "syslog", { type: "int", buffer: "pointer", length: "int" }, syslog),
  call(153, "times", { buffer: "pointer" }, times),
  call(160, "uname", { buffer: "pointer" }, uname),
  call(161, "sethostname", { name: "pointer", length: "int" }, sethostname),
  call(162, "setdomainname", { name: "pointer", length: "int" }, setdomainname),
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
  call(
    258,
    "riscv_hwprobe",
    { pairs: "pointer", count: "size", size: "size", set: "pointer", flags: "uint" },
    hwprobe,
  ),
  call(259, "riscv_flush_icache", { start: "pointer", end: "pointer", flags: "long" }, () => 0),
  call(
    261,
    "prlimit64",
    { pid: "pid", resource: "uint", next: "pointer", old: "pointer" },
    prlimit,
  ),
  call(278, "getrandom", { buffer: "pointer", count: "size", flags: "uint" }, getrandom),
];
