/**
 * Calls that wait for descriptors: `ppoll` and `pselect6`.
 *
 * @module
 */
import { SIGNAL_SET_SIZE } from "../abi/signal.ts";
import { Poll, POLL_SIZE } from "../abi/polling.ts";
import type { Answer } from "../answer.ts";
import { call, type LinuxCall } from "../call.ts";
import { Errno, Restart } from "../errno.ts";
import type { OpenFile } from "../fs/open_file.ts";
import { Resource } from "../abi/process.ts";
import type { Task } from "../task.ts";
import { readSignalSet, readTime, writeBytes, writeTime } from "./user_data.ts";

const READABLE = Poll.RDNORM | Poll.RDBAND | Poll.IN | Poll.HUP | Poll.ERR;
const WRITABLE = Poll.WRBAND | Poll.WRNORM | Poll.OUT | Poll.ERR;
const EXCEPTIONAL = Poll.PRI;

interface Wanted {
  readonly file: OpenFile;
  readonly events: number;
}

function ppoll(
  task: Task,
  address: number,
  count: number,
  timeout: number,
  mask: number,
  size: number,
): Answer {
  if (count > task.group.limits.soft(Resource.NOFILE)) return Errno.EINVAL;
  const bytes = task.mm.memory.bytes(address, count * POLL_SIZE);
  if (typeof bytes === "number") return Errno.EFAULT;
  const deadline = deadlineAt(task, timeout);
  if (deadline < 0) return deadline;
  const status = blockMeanwhile(task, mask, size);
  if (status !== 0) return status;
  const view = new DataView(bytes.buffer);
  const wanted: (Wanted | null)[] = [];
  for (let at = 0; at < count; at++) {
    const file = task.file(view.getInt32(at * POLL_SIZE, true));
    const events = view.getUint16(at * POLL_SIZE + 4, true) | Poll.ERR | Poll.HUP;
    wanted.push(file ? { file, events } : null);
  }
  const attempt = (): number | null => {
    let ready = 0;
    wanted.forEach((one, at) => {
      const fd = view.getInt32(at * POLL_SIZE, true);
      const found = fd < 0 ? 0 : one ? one.file.poll() & one.events : Poll.NVAL;
      view.setUint16(at * POLL_SIZE + 6, found, true);
      if (found !== 0) ready++;
    });
    if (ready === 0 && task.now < deadline) return null;
    return writeBytes(task, address, bytes) || ready;
  };
  return waitForAny(task, wanted, { attempt, deadline, timeout });
}

function pselect6(
  task: Task,
  count: number,
  readAt: number,
  writeAt: number,
  exceptAt: number,
  timeout: number,
  maskAt: number,
): Answer {
  if (count < 0) return Errno.EINVAL;
  const bits = Math.min(count, task.files.capacity);
  const sets = [readSet(task, readAt, bits), readSet(task, writeAt, bits)];
  sets.push(readSet(task, exceptAt, bits));
  if (sets.some((one) => typeof one === "number")) return Errno.EFAULT;
  const deadline = deadlineAt(task, timeout);
  if (deadline < 0) return deadline;
  const status = maskAt === 0 ? 0 : maskOf(task, maskAt);
  if (status !== 0) return status;
  const wanted = filesOf(task, sets as (Uint8Array | null)[], bits);
  if (typeof wanted === "number") return wanted;
  const addresses = [readAt, writeAt, exceptAt];
  const attempt = (): number | null => {
    const found = sets.map((one) => one ? new Uint8Array((one as Uint8Array).length) : null);
    let ready = 0;
    for (const [fd, { file, events }] of wanted) {
      const now = file.poll();
      [READABLE, WRITABLE, EXCEPTIONAL].forEach((mask, which) => {
        if ((events & (1 << which)) === 0 || (now & mask) === 0) return;
        found[which]![fd >> 3]! |= 1 << (fd & 7);
        ready++;
      });
    }
    if (ready === 0 && task.now < deadline) return null;
    for (const [which, one] of found.entries()) {
      if (one && writeBytes(task, addresses[which]!, one) !== 0) return Errno.EFAULT;
    }
    return ready;
  };
  return waitForAny(task, [...wanted.values()], { attempt, deadline, timeout });
}

function readSet(task: Task, address: number, bits: number): Uint8Array | null | number {
  if (address === 0) return null;
  return task.mm.memory.bytes(address, Math.ceil(bits / 64) * 8);
}

/** The files that are in some set; `events` says in which. */
function filesOf(
  task: Task,
  sets: readonly (Uint8Array | null)[],
  bits: number,
): Map<number, Wanted> | number {
  const wanted = new Map<number, Wanted>();
  for (let fd = 0; fd < bits; fd++) {
    let events = 0;
    sets.forEach((set, which) => {
      if (set && (set[fd >> 3]! & (1 << (fd & 7))) !== 0) events |= 1 << which;
    });
    if (events === 0) continue;
    const file = task.file(fd);
    if (!file) return Errno.EBADF;
    wanted.set(fd, { file, events });
  }
  return wanted;
}

function waitForAny(
  task: Task,
  wanted: readonly (Wanted | null)[],
  { attempt, deadline, timeout }: {
    attempt: () => number | null;
    deadline: number;
    timeout: number;
  },
): Answer {
  const files = wanted.flatMap((one) => one ? [one.file.hold()] : []);
  return task.block({
    site: "poll_schedule_timeout",
    queues: [...new Set(files.map(({ queue }) => queue))],
    attempt,
    deadline,
    timedOut: () => attempt() ?? 0,
    interrupted: () => Restart.NOHAND,
    over: () => {
      for (const file of files) file.drop();
      if (timeout !== 0 && deadline < Infinity && !task.thread.ended) {
        writeTime(task, timeout, Math.max(0, deadline - task.now));
      }
    },
  });
}

function deadlineAt(task: Task, timeout: number): number {
  if (timeout === 0) return Infinity;
  const nanos = readTime(task, timeout);
  return nanos < 0 ? nanos : task.now + nanos;
}

/** `pselect6` has its set of signals behind a pointer. */
function maskOf(task: Task, address: number): number {
  const pointer = task.mm.memory.readU64(address);
  const size = task.mm.memory.readU64(address + 8);
  if (pointer < 0 || size < 0) return Errno.EFAULT;
  return blockMeanwhile(task, pointer, size);
}

/** Block something else until the call is over. */
export function blockMeanwhile(task: Task, mask: number, size: number): number {
  if (mask === 0) return 0;
  if (size !== SIGNAL_SET_SIZE) return Errno.EINVAL;
  const set = readSignalSet(task, mask);
  if (typeof set === "number") return set;
  task.savedMask = task.blocked;
  task.setBlocked(set);
  return 0;
}

/** Calls that wait for descriptors. */
export const POLLING_CALLS: readonly LinuxCall[] = [
  call(
    72,
    "pselect6",
    {
      count: "int",
      read: "pointer",
      write: "pointer",
      except: "pointer",
      timeout: "pointer",
      mask: "pointer",
    },
    pselect6,
  ),
  call(
    73,
    "ppoll",
    { files: "pointer", count: "uint", timeout: "pointer", mask: "pointer", size: "size" },
    ppoll,
  ),
];
