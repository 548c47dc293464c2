/**
 * Waiting on a word of memory.
 *
 * @module
 */
import { Queue, Queued } from "../object/queue.ts";
import type { Thread } from "./thread.ts";

/** A thread that waits on a word. */
export class FutexWaiter extends Queued {
  /** The thread. */
  readonly thread: Thread;
  /** What it waits on; another word after it was moved. */
  futex: Futex | null = null;
  readonly #wake: () => void;

  /** A thread that is not waiting yet; `wake` lets it go on. */
  constructor(thread: Thread, wake: () => void) {
    super();
    this.thread = thread;
    this.#wake = wake;
  }

  /** Let it go on; it no longer waits. */
  wake(): void {
    this.#wake();
  }
}

/** A word that threads wait on, and the thread that they wait for. */
export class Futex {
  /** Where it is. */
  readonly address: number;
  /** Who waits, the first first. */
  readonly waiters = new Queue<FutexWaiter>();
  /** Who is said to hold what they wait for. */
  owner: Thread | null = null;

  /** A word that nobody waits on yet. */
  constructor(address: number) {
    this.address = address;
  }
}

/** The words that threads of one process wait on. */
export class Futexes {
  readonly #byAddress = new Map<number, Futex>();
  /** What each thread is said to hold. */
  readonly #held = new Map<Thread, Set<Futex>>();

  /** How many words somebody waits on. */
  get size(): number {
    return this.#byAddress.size;
  }

  /** Let a thread wait on a word, which `owner` is said to hold. */
  wait(address: number, waiter: FutexWaiter, owner: Thread | null): void {
    const futex = this.#at(address);
    this.#own(futex, owner);
    this.#enter(futex, waiter);
  }

  /** Let a thread wait no longer. */
  leave(waiter: FutexWaiter): void {
    const futex = waiter.futex;
    if (futex === null) return;
    waiter.futex = null;
    futex.waiters.remove(waiter);
    this.#forgetIfIdle(futex);
  }

  /**
   * Wake at most so many of those who wait on a word. Whoever is said to hold it is nobody then, or,
   * if `handOver`, the one who was woken.
   */
  wake(address: number, count: number, handOver = false): void {
    const futex = this.#byAddress.get(address);
    if (!futex) return;
    this.#own(futex, null);
    for (let woken = 0; woken < count; woken++) {
      const waiter = futex.waiters.first;
      if (waiter === null) break;
      if (handOver) this.#own(futex, waiter.thread);
      this.leave(waiter);
      waiter.wake();
    }
  }

  /** Let at most so many of those who wait on one word wait on another, which `owner` holds. */
  requeue(
    from: number,
    to: number,
    { count, owner }: { count: number; owner: Thread | null },
  ): void {
    const target = this.#at(to);
    this.#own(target, owner);
    for (let moved = 0; moved < count; moved++) {
      const waiter = this.#byAddress.get(from)?.waiters.first;
      if (!waiter) break;
      this.leave(waiter);
      this.#enter(target, waiter);
    }
    this.#forgetIfIdle(target);
  }

  /** Who is said to hold a word; nobody where nobody waits. */
  ownerOf(address: number): Thread | null {
    return this.#byAddress.get(address)?.owner ?? null;
  }

  /** Whether a thread waits on a word. */
  isWaiting(thread: Thread, address: number): boolean {
    const { waitsOn } = thread;
    return waitsOn !== null && waitsOn.futex?.address === address;
  }

  /** A thread has ended: it holds nothing. */
  disown(thread: Thread): void {
    for (const futex of this.#held.get(thread) ?? []) futex.owner = null;
    this.#held.delete(thread);
  }

  /** A thread is said to hold a word now, or nobody is. */
  #own(futex: Futex, owner: Thread | null): void {
    const before = futex.owner;
    if (before === owner) return;
    futex.owner = owner;
    if (before !== null) {
      const held = this.#held.get(before)!;
      held.delete(futex);
      if (held.size === 0) this.#held.delete(before);
    }
    if (owner === null) return;
    const held = this.#held.get(owner);
    if (held) held.add(futex);
    else this.#held.set(owner, new Set([futex]));
  }

  #at(address: number): Futex {
    let futex = this.#byAddress.get(address);
    if (!futex) this.#byAddress.set(address, futex = new Futex(address));
    return futex;
  }

  #enter(futex: Futex, waiter: FutexWaiter): void {
    waiter.futex = futex;
    futex.waiters.push(waiter);
  }

  #forgetIfIdle(futex: Futex): void {
    if (futex.waiters.size > 0) return;
    if (this.#byAddress.get(futex.address) !== futex) return;
    this.#own(futex, null);
    this.#byAddress.delete(futex.address);
  }
}
