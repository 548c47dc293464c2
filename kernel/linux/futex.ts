/**
 * Futexes: waiting for a word of memory to change.
 *
 * @module
 */
import { MATCH_ANY } from "./abi/futex.ts";
import type { Answer } from "./answer.ts";
import { Errno, Restart } from "./errno.ts";
import type { Task } from "./task.ts";
import { type Waiter, WaitQueue } from "./wait_queue.ts";

const OWNER_DIED = 0x40000000;

/** That somebody waits for a lock, beside its owner. */
export const FUTEX_WAITERS = 0x80000000;

const TID_MASK = 0x3fffffff;
const ROBUST_MAX = 2048;

/** Somebody who waits at a word. */
class Sleeper implements Waiter {
  key: string;
  readonly bits: number;
  /** The lock that it wants, which inherits priority: that of the word, or another; null for none. */
  readonly lock: string | null;
  readonly queue = new WaitQueue();
  woken = false;

  constructor(key: string, bits: number, lock: string | null = null) {
    this.key = key;
    this.bits = bits;
    this.lock = lock;
  }

  wake(): void {
    this.woken = true;
    this.queue.wake();
  }
}

/** Everybody who waits at words of memory. */
export class Futexes {
  readonly #sleepers = new Map<string, Set<Sleeper>>();

  /** Wait at a word. */
  add(sleeper: Sleeper): void {
    let there = this.#sleepers.get(sleeper.key);
    if (!there) this.#sleepers.set(sleeper.key, there = new Set());
    there.add(sleeper);
  }

  /** Wait there no longer. */
  remove(sleeper: Sleeper): void {
    const there = this.#sleepers.get(sleeper.key);
    if (there?.delete(sleeper) && there.size === 0) this.#sleepers.delete(sleeper.key);
  }

  /** Wake so many whose bits match; answers how many there were, or EINVAL if one wants a lock. */
  wake(key: string, count: number, bits: number): number {
    let woken = 0;
    for (const sleeper of [...this.#sleepers.get(key) ?? []]) {
      if (woken >= count) break;
      if (sleeper.lock !== null) return Errno.EINVAL;
      if ((sleeper.bits & bits) === 0) continue;
      this.remove(sleeper);
      sleeper.wake();
      woken++;
    }
    return woken;
  }

  /** Let so many wait at another word; answers how many there were, or EINVAL if one wants a lock. */
  requeue(from: string, to: string, count: number): number {
    let moved = 0;
    for (const sleeper of [...this.#sleepers.get(from) ?? []]) {
      if (moved >= count) break;
      if (sleeper.lock !== null) return Errno.EINVAL;
      this.remove(sleeper);
      sleeper.key = to;
      this.add(sleeper);
      moved++;
    }
    return moved;
  }

  /** Send so many on to the lock that all have to want; answers how many there were, or EINVAL. */
  sendOn(from: string, lock: string, count: number): number {
    let sent = 0;
    for (const sleeper of [...this.#sleepers.get(from) ?? []]) {
      if (sent >= count) break;
      if (sleeper.lock !== lock) return Errno.EINVAL;
      this.remove(sleeper);
      sleeper.wake();
      sent++;
    }
    return sent;
  }

  /** Wake the first one who stands in line for a lock; answers whether there was one. */
  wakeNext(lock: string): boolean {
    const there = [...this.#sleepers.get(lock) ?? []];
    const next = there.find((sleeper) => sleeper.lock === lock);
    if (!next) return false;
    this.remove(next);
    next.wake();
    return true;
  }
}

/** A word of memory. */
export interface Word {
  /** Its address. */
  readonly address: number;
  /** Whether nobody outside the process is meant. */
  readonly isPrivate: boolean;
}

/** What names a word of memory: where it is for one process, or in a file for all. */
export function futexKey(task: Task, { address, isPrivate }: Word): string {
  if (isPrivate) return `${task.mm.identity}:${address}`;
  const vma = task.mm.vmas.at(address);
  // Who means everybody does not meet who means nobody else, where nobody else can be.
  if (!vma?.shared || !vma.file) return `all:${task.mm.identity}:${address}`;
  const { inode } = vma.file;
  return `f${inode.fs.device}.${inode.ino}:${vma.offset + (address - vma.start)}`;
}

/** Wake so many who wait at a word. */
export function wakeFutex(task: Task, word: Word, count: number, bits = MATCH_ANY): number {
  return task.linux.futexes.wake(futexKey(task, word), count, bits);
}

/** Wait until somebody wakes those at a word, if the word is still what the caller thinks. */
export function waitFutex(
  task: Task,
  word: Word,
  options: { expected: number; deadline: number; bits: number; restart: () => number },
): Answer {
  const { futexes } = task.linux;
  const value = task.mm.memory.readU32(word.address);
  if (value < 0) return Errno.EFAULT;
  if (value !== options.expected) return Errno.EAGAIN;
  const sleeper = new Sleeper(futexKey(task, word), options.bits);
  futexes.add(sleeper);
  return task.block({
    site: "futex_wait_queue",
    queues: [sleeper.queue],
    attempt: () => sleeper.woken ? 0 : null,
    deadline: options.deadline,
    timedOut: () => Errno.ETIMEDOUT,
    interrupted: options.deadline < Infinity ? options.restart : () => Restart.SYS,
    over: () => futexes.remove(sleeper),
  });
}

/** Take a lock that inherits priority if it is free; otherwise, stand in line: null. */
function takePi(task: Task, address: number, sleeper: Sleeper, only = false): number | null {
  const { memory } = task.mm;
  const word = memory.readU32(address);
  if (word < 0) return Errno.EFAULT;
  const owner = word & TID_MASK;
  if (owner === task.tid) return Errno.EDEADLK;
  if (owner === 0) {
    const flags = (word & OWNER_DIED) | (sleeper.woken ? FUTEX_WAITERS : 0);
    return memory.writeU32(address, (task.tid | flags) >>> 0) === 0 ? 0 : Errno.EFAULT;
  }
  if (only) return Errno.EAGAIN;
  if (!task.linux.tasks.has(owner)) return Errno.ESRCH;
  memory.writeU32(address, (word | FUTEX_WAITERS) >>> 0);
  sleeper.woken = false;
  task.linux.futexes.add(sleeper);
  return null;
}

/** Wait at a word until somebody sends the task on to a lock, and take that. */
export function waitForLockPi(
  task: Task,
  word: Word,
  lock: Word,
  options: { expected: number; deadline: number },
): Answer {
  const { futexes } = task.linux;
  const value = task.mm.memory.readU32(word.address);
  if (value < 0) return Errno.EFAULT;
  if (word.address === lock.address) return Errno.EINVAL;
  if (value !== options.expected) return Errno.EAGAIN;
  const wanted = futexKey(task, lock);
  const first = new Sleeper(futexKey(task, word), MATCH_ANY, wanted);
  const second = new Sleeper(wanted, MATCH_ANY, wanted);
  futexes.add(first);
  return task.block({
    site: "futex_wait_queue",
    queues: [first.queue, second.queue],
    attempt: () => first.woken ? takePi(task, lock.address, second) : null,
    deadline: options.deadline,
    timedOut: () => Errno.ETIMEDOUT,
    interrupted: () => first.woken ? Restart.NOINTR : Errno.EAGAIN,
    over: () => {
      futexes.remove(first);
      futexes.remove(second);
    },
  });
}

/** A word to wait at, and what it has to be. */
export interface Awaited extends Word {
  /** What it has to be. */
  readonly expected: number;
}

/** Wait until somebody wakes those at any of some words; answers which. */
export function waitForAny(task: Task, words: readonly Awaited[], deadline: number): Answer {
  const { futexes } = task.linux;
  for (const { address, expected } of words) {
    const value = task.mm.memory.readU32(address);
    if (value < 0) return Errno.EFAULT;
    if (value !== expected) return Errno.EAGAIN;
  }
  const sleepers = words.map((word) => new Sleeper(futexKey(task, word), MATCH_ANY));
  for (const sleeper of sleepers) futexes.add(sleeper);
  return task.block({
    site: "futex_wait_multiple",
    queues: sleepers.map(({ queue }) => queue),
    attempt: () => {
      const at = sleepers.findIndex(({ woken }) => woken);
      return at < 0 ? null : at;
    },
    deadline,
    timedOut: () => Errno.ETIMEDOUT,
    over: () => sleepers.forEach((sleeper) => futexes.remove(sleeper)),
  });
}

/** Take a lock that inherits priority: the word is its owner, or 0. */
export function lockPi(task: Task, word: Word, deadline: number, only = false): Answer {
  const { futexes } = task.linux;
  const key = futexKey(task, word);
  const sleeper = new Sleeper(key, MATCH_ANY, key);
  return task.block({
    site: "rt_mutex_schedule",
    queues: [sleeper.queue],
    attempt: () => takePi(task, word.address, sleeper, only),
    deadline,
    timedOut: () => Errno.ETIMEDOUT,
    interrupted: () => Restart.NOINTR,
    over: () => futexes.remove(sleeper),
  });
}

/** Give such a lock back, and let the next one have it. */
export function unlockPi(task: Task, word: Word): number {
  const { memory } = task.mm;
  const value = memory.readU32(word.address);
  if (value < 0) return Errno.EFAULT;
  if ((value & TID_MASK) !== task.tid) return Errno.EPERM;
  memory.writeU32(word.address, 0);
  task.linux.futexes.wakeNext(futexKey(task, word));
  return 0;
}

/** Tell those who wait for locks of a task that it died holding them. */
export function leaveRobustFutexes(task: Task): void {
  const { memory } = task.mm;
  const head = task.robustList;
  const words = memory.bytes(head + 8, 8);
  const pending = memory.readU64(head + 16);
  let entry = memory.readU64(head);
  if (typeof words === "number" || pending < 0 || entry < 0) return;
  const offset = Number(new DataView(words.buffer, words.byteOffset).getBigInt64(0, true));
  for (let count = 0; withoutKind(entry) !== head && count < ROBUST_MAX; count++) {
    const at = withoutKind(entry);
    const next = memory.readU64(at);
    const isLeft = at === withoutKind(pending) || leaveRobust(task, at + offset, entry % 2 === 1);
    // Of a list that leads nowhere the rest is not believed, nor what was under way.
    if (!isLeft || next < 0) return;
    entry = next;
  }
  if (withoutKind(pending) === 0) return;
  const place = withoutKind(pending) + offset;
  const isPi = pending % 2 === 1;
  const isFree = !isPi && (memory.readU32(place) & TID_MASK) === 0;
  if (!isFree) leaveRobust(task, place, isPi);
  else if (place % 4 === 0) wakeFutex(task, { address: place, isPrivate: false }, 1);
}

/** Where an entry is, whose last bit says that its lock inherits priority. */
function withoutKind(entry: number): number {
  return entry - entry % 2;
}

/** Leave a lock that a task may hold; answers whether there is one. */
function leaveRobust(task: Task, address: number, isPi: boolean): boolean {
  const { memory } = task.mm;
  const word = memory.readU32(address);
  if (address % 4 !== 0 || word < 0) return false;
  if ((word & TID_MASK) !== task.tid) return true;
  if (memory.writeU32(address, ((word & FUTEX_WAITERS) | OWNER_DIED) >>> 0) !== 0) return false;
  const { futexes } = task.linux;
  if (!isPi) wakeFutex(task, { address, isPrivate: false }, 1);
  // Those who stand in line for a lock that inherits priority may have meant nobody else.
  else if (!futexes.wakeNext(futexKey(task, { address, isPrivate: false }))) {
    futexes.wakeNext(futexKey(task, { address, isPrivate: true }));
  }
  return true;
}
