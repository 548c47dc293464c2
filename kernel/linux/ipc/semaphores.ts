/**
 * Sets of counts that processes change together or not at all.
 *
 * @module
 */
import { Errno } from "../errno.ts";
import type { Group } from "../group.ts";
import type { Task } from "../task.ts";
import { WaitQueue } from "../wait_queue.ts";
import { IpcObject } from "./ipc_object.ts";

/** No count is larger. */
export const SEMAPHORE_MAX = 32767;

/** One count. */
export interface Semaphore {
  /** The count. */
  value: number;
  /** Who changed it last. */
  pid: number;
}

/** One change that is wanted. */
export interface Operation {
  /** Which count. */
  readonly at: number;
  /** What is added; for 0 it has to be zero. */
  readonly change: number;
  /** Whether the call fails rather than waits. */
  readonly isImpatient: boolean;
  /** Whether it is taken back when the process ends. */
  readonly isUndone: boolean;
}

/** Changes that wait until they can be made, all of them. */
export class PendingChange {
  /** Whose they are. */
  readonly group: Group;
  /** The changes. */
  readonly operations: readonly Operation[];
  /** Who waits for the answer. */
  readonly queue: WaitQueue = new WaitQueue();
  /** The answer; null while there is none. */
  answer: number | null = null;
  /** The change that cannot be made yet. */
  obstacle: Operation | null = null;

  /** Changes of a process. */
  constructor(group: Group, operations: readonly Operation[]) {
    this.group = group;
    this.operations = operations;
  }
}

/** A set of counts. */
export class SemaphoreSet extends IpcObject {
  /** The counts. */
  readonly all: readonly Semaphore[];
  /** When they were changed; 0 for never. */
  operatedAt = 0;
  readonly #pending = new Set<PendingChange>();
  readonly #undo = new Map<Group, number[]>();

  /** Counts that are all zero. */
  constructor(task: Task, key: number, mode: number, count: number) {
    super(task, key, mode);
    this.all = Array.from({ length: count }, () => ({ value: 0, pid: 0 }));
  }

  override get parts(): number {
    return this.all.length;
  }

  override removed(): void {
    for (const one of this.#pending) this.#finish(one, Errno.EIDRM);
  }

  /** How many wait for a count to grow, or to be zero. */
  waiting(at: number, forZero: boolean): number {
    let count = 0;
    for (const { obstacle } of this.#pending) {
      if (obstacle?.at === at && (obstacle.change === 0) === forZero) count++;
    }
    return count;
  }

  /** Make changes as soon as they can be made; whoever makes that possible makes them. */
  request(group: Group, operations: readonly Operation[]): PendingChange {
    const change = new PendingChange(group, operations);
    this.#pending.add(change);
    if (this.#attempt(change)) this.#settle();
    else if (change.obstacle!.isImpatient) this.#finish(change, Errno.EAGAIN);
    return change;
  }

  /** Nobody wants these changes any more. */
  forget(change: PendingChange): void {
    this.#pending.delete(change);
  }

  /** Set a count; nobody takes anything back from it any more. */
  set(at: number, value: number, pid: number): void {
    const one = this.all[at]!;
    one.value = value;
    one.pid = pid;
    for (const adjustments of this.#undo.values()) adjustments[at] = 0;
    this.#settle();
  }

  /** Whether a process wants something taken back when it ends. */
  undoes(group: Group): boolean {
    return this.#undo.has(group);
  }

  /** A process has ended: take back what it wanted taken back. */
  endedBy(group: Group): void {
    const adjustments = this.#undo.get(group);
    if (!adjustments) return;
    this.#undo.delete(group);
    adjustments.forEach((change, at) => {
      const one = this.all[at]!;
      if (change === 0) return;
      one.value = Math.min(SEMAPHORE_MAX, Math.max(0, one.value + change));
      one.pid = group.pid;
    });
    this.#settle();
  }

  /** Make what others wait for possible where it has become so, the first that came first. */
  #settle(): void {
    for (let again = true; again;) {
      again = false;
      for (const one of this.#pending) if (this.#attempt(one)) again = true;
    }
  }

  /** Make all of the changes or none; answers whether that is over. */
  #attempt(change: PendingChange): boolean {
    const values = this.all.map(({ value }) => value);
    for (const one of change.operations) {
      const value = values[one.at]!;
      if (one.change === 0 ? value !== 0 : value + one.change < 0) {
        change.obstacle = one;
        return false;
      }
      if (value + one.change > SEMAPHORE_MAX) return this.#finish(change, Errno.ERANGE);
      values[one.at] = value + one.change;
    }
    for (const { at, change: by, isUndone } of change.operations) {
      const one = this.all[at]!;
      one.value = values[at]!;
      one.pid = change.group.pid;
      if (isUndone) this.#adjustments(change.group)[at]! -= by;
    }
    this.operatedAt = change.group.linux.rootFs.now().seconds;
    return this.#finish(change, 0);
  }

  #finish(change: PendingChange, answer: number): true {
    change.answer = answer;
    this.#pending.delete(change);
    change.queue.wake();
    return true;
  }

  #adjustments(group: Group): number[] {
    let found = this.#undo.get(group);
    if (!found) this.#undo.set(group, found = this.all.map(() => 0));
    return found;
  }
}
