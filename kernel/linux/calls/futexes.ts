/**
 * The `futex` call.
 *
 * @module
 */
import {
  Futex,
  FutexComparison,
  FutexDeed,
  FutexFlag,
  FutexWord,
  MATCH_ANY,
} from "../abi/futex.ts";
import type { Answer } from "../answer.ts";
import { call, type LinuxCall } from "../call.ts";
import { Errno, Restart } from "../errno.ts";
import {
  type Awaited,
  futexKey,
  lockPi,
  unlockPi,
  waitForAny,
  waitForLockPi,
  waitFutex,
  wakeFutex,
} from "../futex.ts";
import type { Task } from "../task.ts";
import { ClockId } from "../abi/time.ts";
import { deadlineOn } from "./time.ts";
import { readTime } from "./user_data.ts";

/** Those that can wait until a time of day. */
const BY_CALENDAR: readonly number[] = [Futex.WAIT_BITSET, Futex.WAIT_REQUEUE_PI, Futex.LOCK_PI2];

const { PRIVATE, CLOCK_REALTIME: REALTIME } = FutexFlag;
const WAITERS_MAX = 128;
const WAITER_SIZE = 24;

/** Whether a call says what time it goes by only if it goes by one, and shows a word that is there. */
function check(task: Task, address: number, operation: number): number {
  const command = operation & ~(PRIVATE | REALTIME);
  if ((operation & REALTIME) !== 0 && !BY_CALENDAR.includes(command)) return Errno.ENOSYS;
  if (address % 4 !== 0) return Errno.EINVAL;
  // What processes share is found by what is mapped there.
  const isFound = (operation & PRIVATE) === 0 && command === Futex.WAKE;
  return isFound && task.mm.memory.readU32(address) < 0 ? Errno.EFAULT : 0;
}

function futex(
  task: Task,
  address: number,
  operation: number,
  value: number,
  extra: number,
  other: number,
  bits: number,
): Answer {
  const command = operation & ~(PRIVATE | REALTIME);
  const goesByCalendar = (operation & REALTIME) !== 0;
  const status = check(task, address, operation);
  if (status !== 0) return status;
  switch (command) {
    case Futex.WAIT:
    case Futex.WAIT_BITSET:
      return wait(task, address, { operation, value, timeout: extra, bits });
    case Futex.WAKE:
    case Futex.WAKE_BITSET: {
      const mask = command === Futex.WAKE ? MATCH_ANY : bits;
      return mask === 0 ? Errno.EINVAL : wakeFutex(task, address, value, mask);
    }
    case Futex.REQUEUE:
      return requeue(task, [address, other], [value, extra], null);
    case Futex.CMP_REQUEUE:
      return requeue(task, [address, other], [value, extra], bits);
    case Futex.WAKE_OP:
      return wakeOp(task, [address, other], [value, extra], bits);
    case Futex.LOCK_PI:
    case Futex.LOCK_PI2: {
      const isCalendar = command === Futex.LOCK_PI || goesByCalendar;
      const deadline = absolute(task, extra, isCalendar);
      return deadline < 0 ? deadline : lockPi(task, address, deadline);
    }
    case Futex.TRYLOCK_PI:
      return lockPi(task, address, Infinity, true);
    case Futex.WAIT_REQUEUE_PI: {
      const deadline = absolute(task, extra, goesByCalendar);
      if (deadline < 0) return deadline;
      return waitForLockPi(task, address, other, { expected: value, deadline });
    }
    case Futex.CMP_REQUEUE_PI:
      return requeuePi(task, [address, other], [value, extra], bits);
    case Futex.UNLOCK_PI:
      return unlockPi(task, address);
    default:
      return Errno.ENOSYS;
  }
}

function wait(
  task: Task,
  address: number,
  { operation, value, timeout, bits }: {
    operation: number;
    value: number;
    timeout: number;
    bits: number;
  },
): Answer {
  const isBitset = (operation & 0x7f) === Futex.WAIT_BITSET;
  const mask = isBitset ? bits : MATCH_ANY;
  if (mask === 0) return Errno.EINVAL;
  let deadline = Infinity;
  if (timeout !== 0) {
    deadline = isBitset
      ? absolute(task, timeout, (operation & REALTIME) !== 0)
      : readTime(task, timeout);
    if (deadline < 0) return deadline;
    if (!isBitset) deadline += task.now;
  }
  const again = (): Answer =>
    waitFutex(task, address, { expected: value, deadline, bits: mask, restart });
  const restart = () => {
    task.restartBlock = again;
    return Restart.BLOCK;
  };
  return again();
}

/** A deadline in the machine's own time; never, where none is given. */
function absolute(task: Task, address: number, isCalendar: boolean): number {
  if (address === 0) return Infinity;
  const nanos = readTime(task, address);
  if (nanos < 0) return nanos;
  const clock = isCalendar ? ClockId.REALTIME : ClockId.MONOTONIC;
  return Math.max(0, deadlineOn(task, clock, nanos));
}

function requeue(
  task: Task,
  [from, to]: readonly [number, number],
  [wake, move]: readonly [number, number],
  expected: number | null,
): Answer {
  // What is read as a large number is a small one that is negative.
  if ((wake | 0) < 0 || (move | 0) < 0 || move >= 2 ** 63) return Errno.EINVAL;
  if (expected !== null) {
    const word = task.mm.memory.readU32(from);
    if (word < 0) return Errno.EFAULT;
    if (word !== expected) return Errno.EAGAIN;
  }
  const woken = wakeFutex(task, from, wake);
  const source = futexKey(task, from);
  const target = futexKey(task, to);
  const moved = task.linux.futexes.requeue(source, target, move);
  return expected === null ? woken : woken + moved;
}

/** Send those who wait at a word on to the lock that they want. */
function requeuePi(
  task: Task,
  [from, to]: readonly [number, number],
  [wake, move]: readonly [number, number],
  expected: number,
): Answer {
  if (from === to || wake !== 1) return Errno.EINVAL;
  const word = task.mm.memory.readU32(from);
  if (word < 0 || task.mm.memory.readU32(to) < 0) return Errno.EFAULT;
  return word === expected ? wakeFutex(task, from, wake + move) : Errno.EAGAIN;
}

function futexWaitv(
  task: Task,
  address: number,
  count: number,
  flags: number,
  timeout: number,
  clock: number,
): Answer {
  if (flags !== 0 || count < 1 || count > WAITERS_MAX) return Errno.EINVAL;
  if (timeout !== 0 && clock !== ClockId.REALTIME && clock !== ClockId.MONOTONIC) {
    return Errno.EINVAL;
  }
  const deadline = absolute(task, timeout, clock === ClockId.REALTIME);
  if (deadline < 0) return deadline;
  const bytes = task.mm.memory.bytes(address, count * WAITER_SIZE);
  if (typeof bytes === "number") return Errno.EFAULT;
  const view = new DataView(bytes.buffer);
  const words: Awaited[] = [];
  for (let at = 0; at < bytes.length; at += WAITER_SIZE) {
    const kind = view.getUint32(at + 16, true);
    const word = Number(view.getBigUint64(at + 8, true));
    if ((kind & ~PRIVATE) !== FutexWord["32"] || view.getUint32(at + 20, true) !== 0) {
      return Errno.EINVAL;
    }
    if (word % 4 !== 0) return Errno.EINVAL;
    words.push({ address: word, expected: view.getUint32(at, true) });
  }
  return waitForAny(task, words, deadline);
}

/** Change a word, wake those at another one, and those at the first if the word was so. */
function wakeOp(
  task: Task,
  [one, two]: readonly [number, number],
  [wakeOne, wakeTwo]: readonly [number, number],
  encoded: number,
): Answer {
  const { memory } = task.mm;
  const before = memory.readU32(two);
  if (before < 0) return Errno.EFAULT;
  let argument = (encoded << 8) >> 20;
  if ((encoded & 0x80000000) !== 0) argument = 1 << (argument & 31);
  const results: Readonly<Record<number, number>> = {
    [FutexDeed.SET]: argument,
    [FutexDeed.ADD]: before + argument,
    [FutexDeed.OR]: before | argument,
    [FutexDeed.ANDN]: before & ~argument,
    [FutexDeed.XOR]: before ^ argument,
  };
  const result = results[(encoded >>> 28) & 7];
  if (result === undefined) return Errno.ENOSYS;
  if (memory.writeU32(two, result >>> 0) !== 0) return Errno.EFAULT;
  const compared = (encoded << 20) >> 20;
  const was = before | 0;
  const tests: Readonly<Record<number, boolean>> = {
    [FutexComparison.EQ]: was === compared,
    [FutexComparison.NE]: was !== compared,
    [FutexComparison.LT]: was < compared,
    [FutexComparison.LE]: was <= compared,
    [FutexComparison.GT]: was > compared,
    [FutexComparison.GE]: was >= compared,
  };
  const isSo = tests[(encoded >>> 24) & 15];
  if (isSo === undefined) return Errno.ENOSYS;
  return wakeFutex(task, one, wakeOne) + (isSo ? wakeFutex(task, two, wakeTwo) : 0);
}

/** The `futex` call, and the one that waits at many words. */
export const FUTEX_CALLS: readonly LinuxCall[] = [
  call(
    98,
    "futex",
    {
      address: "pointer",
      operation: "flags:futex",
      value: "uint",
      timeout: "pointer",
      other: "pointer",
      bits: "uint",
    },
    futex,
  ),
  call(
    449,
    "futex_waitv",
    { waiters: "pointer", count: "uint", flags: "uint", timeout: "pointer", clock: "int" },
    futexWaitv,
  ),
];
