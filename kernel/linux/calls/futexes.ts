/**
 * The `futex` call.
 *
 * @module
 */
import {
  Futex,
  FUTEX_WORD_SIZE,
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
  FUTEX_WAITERS,
  futexKey,
  lockPi,
  unlockPi,
  waitForAny,
  waitForLockPi,
  waitFutex,
  wakeFutex,
  type Word,
} from "../futex.ts";
import type { Task } from "../task.ts";
import { ClockId } from "../abi/time.ts";
import { deadlineOn } from "./time.ts";
import { readTime } from "./user_data.ts";

/** Those that can wait until a time of day. */
const BY_CALENDAR: readonly number[] = [Futex.WAIT_BITSET, Futex.WAIT_REQUEUE_PI, Futex.LOCK_PI2];

const { PRIVATE, CLOCK_REALTIME: REALTIME } = FutexFlag;
const WAITERS_MAX = 128;

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
  const isPrivate = (operation & PRIVATE) !== 0;
  const word = { address, isPrivate };
  const second = { address: other, isPrivate };
  switch (command) {
    case Futex.WAIT:
    case Futex.WAIT_BITSET:
      return wait(task, word, { operation, value, timeout: extra, bits });
    case Futex.WAKE:
      return wakeFutex(task, word, atLeastOne(value));
    case Futex.WAKE_BITSET:
      return bits === 0 ? Errno.EINVAL : wakeFutex(task, word, atLeastOne(value), bits);
    case Futex.REQUEUE:
      return requeue(task, [word, second], [value, extra], null);
    case Futex.CMP_REQUEUE:
      return requeue(task, [word, second], [value, extra], bits);
    case Futex.WAKE_OP:
      return wakeOp(task, [word, second], [value, extra], bits);
    case Futex.LOCK_PI:
    case Futex.LOCK_PI2: {
      const deadline = absolute(task, extra, goesByCalendar || command === Futex.LOCK_PI);
      return deadline < 0 ? deadline : lockPi(task, word, deadline);
    }
    case Futex.TRYLOCK_PI:
      return lockPi(task, word, Infinity, true);
    case Futex.WAIT_REQUEUE_PI: {
      const deadline = absolute(task, extra, goesByCalendar);
      if (deadline < 0) return deadline;
      return waitForLockPi(task, word, second, { expected: value, deadline });
    }
    case Futex.CMP_REQUEUE_PI:
      return requeuePi(task, [word, second], [value, extra], bits);
    case Futex.UNLOCK_PI:
      return unlockPi(task, word);
    default:
      return Errno.ENOSYS;
  }
}

function wait(
  task: Task,
  word: Word,
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
    waitFutex(task, word, { expected: value, deadline, bits: mask, restart });
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
  [from, to]: readonly [Word, Word],
  [wake, move]: readonly [number, number],
  expected: number | null,
): Answer {
  // What is read as a large number is a small one that is negative.
  if ((wake | 0) < 0 || (move | 0) < 0 || move >= 2 ** 63) return Errno.EINVAL;
  if (expected !== null) {
    const word = task.mm.memory.readU32(from.address);
    if (word < 0) return Errno.EFAULT;
    if (word !== expected) return Errno.EAGAIN;
  }
  const woken = wakeFutex(task, from, wake);
  if (woken < 0) return woken;
  const source = futexKey(task, from);
  const target = futexKey(task, to);
  const moved = task.linux.futexes.requeue(source, target, move);
  return moved < 0 ? moved : woken + moved;
}

/** Send those who wait at a word on to the lock that they want. */
function requeuePi(
  task: Task,
  [from, to]: readonly [Word, Word],
  [wake, move]: readonly [number, number],
  expected: number,
): Answer {
  if (from.address === to.address || wake !== 1) return Errno.EINVAL;
  const { memory } = task.mm;
  const word = memory.readU32(from.address);
  const lock = memory.readU32(to.address);
  if (word < 0 || lock < 0) return Errno.EFAULT;
  if (word !== expected) return Errno.EAGAIN;
  const sent = task.linux.futexes.sendOn(futexKey(task, from), futexKey(task, to), wake + move);
  // Its owner has to know of them before they run.
  if (sent > 0 && lock !== 0) memory.writeU32(to.address, (lock | FUTEX_WAITERS) >>> 0);
  return sent;
}

/** So many who are woken: whoever wakes none, or fewer, wakes one. */
function atLeastOne(count: number): number {
  return Math.max(1, count | 0);
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
  if (address === 0) return Errno.EINVAL;
  const deadline = absolute(task, timeout, clock === ClockId.REALTIME);
  if (deadline < 0) return deadline;
  const words = wordsAt(task, address, count);
  return typeof words === "number" ? words : waitForAny(task, words, deadline);
}

/** A word, and how it was described. */
interface Described extends Awaited {
  readonly flags: number;
}

/** Words that are described one behind the other, or why they are not. */
function wordsAt(task: Task, address: number, count: number): readonly Described[] | number {
  const words: Described[] = [];
  for (let at = 0; at < count; at++) {
    const bytes = task.mm.memory.bytes(address + at * FUTEX_WORD_SIZE, FUTEX_WORD_SIZE);
    if (typeof bytes === "number") return Errno.EFAULT;
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const flags = view.getUint32(16, true);
    const isReserved = view.getUint32(20, true) !== 0 || view.getUint32(4, true) !== 0;
    if (!isWord(flags) || isReserved) return Errno.EINVAL;
    const where = Number(view.getBigUint64(8, true));
    const isPrivate = (flags & PRIVATE) !== 0;
    words.push({ address: where, isPrivate, expected: view.getUint32(0, true), flags });
  }
  return words.some((word) => word.address % 4 !== 0) ? Errno.EINVAL : words;
}

function isWord(flags: number): boolean {
  return (flags & ~PRIVATE) === FutexWord["32"];
}

/** Whether a word may be waited at that is so described, and has to be what it is asked to be. */
function checkWord(
  task: Task,
  { address, flags, mask }: { address: number; flags: number; mask: number },
): number {
  if (!isWord(flags) || mask > MATCH_ANY || mask === 0 || address % 4 !== 0) return Errno.EINVAL;
  const isFound = (flags & PRIVATE) === 0;
  return isFound && task.mm.memory.readU32(address) < 0 ? Errno.EFAULT : 0;
}

function futexWake(task: Task, address: number, mask: number, count: number, flags: number) {
  const status = checkWord(task, { address, flags, mask });
  if (status !== 0 || count === 0) return status;
  const word = { address, isPrivate: (flags & PRIVATE) !== 0 };
  return wakeFutex(task, word, atLeastOne(count), mask);
}

function futexWait(
  task: Task,
  address: number,
  value: number,
  mask: number,
  flags: number,
  timeout: number,
  clock: number,
): Answer {
  if (!isWord(flags) || value > MATCH_ANY || mask > MATCH_ANY) return Errno.EINVAL;
  const isCalendar = clock === ClockId.REALTIME;
  if (timeout !== 0 && !isCalendar && clock !== ClockId.MONOTONIC) return Errno.EINVAL;
  const deadline = absolute(task, timeout, isCalendar);
  if (deadline < 0) return deadline;
  if (mask === 0 || address % 4 !== 0) return Errno.EINVAL;
  const restart = () => Restart.SYS;
  const word = { address, isPrivate: (flags & PRIVATE) !== 0 };
  return waitFutex(task, word, { expected: value, deadline, bits: mask, restart });
}

function futexRequeue(task: Task, address: number, flags: number, wake: number, move: number) {
  if (flags !== 0 || address === 0) return Errno.EINVAL;
  const words = wordsAt(task, address, 2);
  if (typeof words === "number") return words;
  const [from, to] = [words[0]!, words[1]!];
  if (from.flags !== to.flags || wake < 0 || move < 0) return Errno.EINVAL;
  return requeue(task, [from, to], [wake, move], from.expected);
}

/** Change a word, wake those at another one, and those at the first if the word was so. */
function wakeOp(
  task: Task,
  [one, two]: readonly [Word, Word],
  [wakeOne, wakeTwo]: readonly [number, number],
  encoded: number,
): Answer {
  const { memory } = task.mm;
  const before = memory.readU32(two.address);
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
  if (memory.writeU32(two.address, result >>> 0) !== 0) return Errno.EFAULT;
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
  const woken = wakeFutex(task, one, atLeastOne(wakeOne));
  if (woken < 0 || !isSo) return woken;
  const others = wakeFutex(task, two, atLeastOne(wakeTwo));
  return others < 0 ? others : woken + others;
}

/** The `futex` call, and those that do one of the things it does. */
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
  call(
    454,
    "futex_wake",
    { address: "pointer", mask: "size", count: "int", flags: "uint" },
    futexWake,
  ),
  call(
    455,
    "futex_wait",
    {
      address: "pointer",
      value: "size",
      mask: "size",
      flags: "uint",
      timeout: "pointer",
      clock: "int",
    },
    futexWait,
  ),
  call(
    456,
    "futex_requeue",
    { waiters: "pointer", flags: "uint", wake: "int", move: "int" },
    futexRequeue,
  ),
];
