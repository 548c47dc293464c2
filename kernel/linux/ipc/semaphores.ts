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
  /** How many wait for it to grow. */
  growers: number;
  /** How many wait for it to be zero. */
  zeroers: number;
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

/** A set of counts. */
export class SemaphoreSet extends IpcObject {
  /** The counts. */
  readonly all: readonly Semaphore[];
  /** When they were changed; 0 for never. */
  operatedAt = 0;
  /** Who waits for a change. */
  readonly queue: WaitQueue = new WaitQueue();
  /** Whether there is no such set any more. */
  isRemoved = false;
  readonly #undo = new Map<Group, number[]>();

  /** Counts that are all zero. */
  constructor(task: Task, key: number, mode: number, count: number) {
    super(task, key, mode);
    this.all = Array.from({ length: count }, () => ({ value: 0, pid: 0, growers: 0, zeroers: 0 }));
  }

  override removed(): void {
    this.isRemoved = true;
    this.queue.wake();
  }

  /** Do all of it or nothing: 0, an error, or the operation that has to wait. */
  operate(group: Group, operations: readonly Operation[]): number | Operation {
    const values = this.all.map(({ value }) => value);
    for (const one of operations) {
      const value = values[one.at]!;
      if (one.change === 0 ? value !== 0 : value + one.change < 0) return one;
      if (value + one.change > SEMAPHORE_MAX) return Errno.ERANGE;
      values[one.at] = value + one.change;
    }
    for (const { at, change, isUndone } of operations) {
      const one = this.all[at]!;
      one.value = values[at]!;
      one.pid = group.pid;
      if (isUndone) this.#adjustments(group)[at]! -= change;
    }
    this.queue.wake();
    return 0;
  }

  /** Set a count; nobody takes anything back from it any more. */
  set(at: number, value: number, pid: number): void {
    const one = this.all[at]!;
    one.value = value;
    one.pid = pid;
    for (const adjustments of this.#undo.values()) adjustments[at] = 0;
    this.queue.wake();
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
    this.queue.wake();
  }

  #adjustments(group: Group): number[] {
    let found = this.#undo.get(group);
    if (!found) this.#undo.set(group, found = this.all.map(() => 0));
    return found;
  }
}
