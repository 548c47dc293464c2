/**
 * How a task wants to be told of something, as it writes it down: a `struct sigevent`.
 *
 * @module
 */
import { SIGEVENT_SIZE } from "../abi/time.ts";
import { Errno } from "../errno.ts";
import type { Task } from "../task.ts";

/** How a task wants to be told. */
export interface Sigevent {
  /** What comes with it. */
  readonly value: bigint;
  /** The signal, or a descriptor. */
  readonly signal: number;
  /** How: a `NoticeKind`. */
  readonly kind: number;
  /** Which task, where it is one alone. */
  readonly tid: number;
}

/** What is written down at an address. */
export function sigeventAt(task: Task, address: number): Sigevent | number {
  const bytes = task.mm.memory.bytes(address, SIGEVENT_SIZE);
  if (typeof bytes === "number") return Errno.EFAULT;
  const view = new DataView(bytes.buffer);
  return {
    value: view.getBigInt64(0, true),
    signal: view.getInt32(8, true),
    kind: view.getInt32(12, true),
    tid: view.getInt32(16, true),
  };
}
