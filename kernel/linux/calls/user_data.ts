/**
 * Small pieces of data in a task's memory: words, times, names.
 *
 * @module
 */
import { USAGE_SIZE } from "../abi/process.ts";
import { SECOND, secondsAndMicros, secondsAndNanos } from "../duration.ts";
import { Errno } from "../errno.ts";
import { nameOf, PATH_MAX } from "../name.ts";
import type { SignalSet } from "../signal/signal.ts";
import type { Task } from "../task.ts";
import type { Usage } from "../usage.ts";

/** Put 32-bit words down; answers whether they could be. */
export function writeWords32(task: Task, address: number, words: readonly number[]): boolean {
  const bytes = new Uint8Array(words.length * 4);
  const view = new DataView(bytes.buffer);
  words.forEach((word, at) => view.setUint32(at * 4, word >>> 0, true));
  return task.mm.memory.write(address, bytes) === 0;
}

/** Put 64-bit words down; answers whether they could be. */
export function writeWords64(task: Task, address: number, words: readonly number[]): boolean {
  const bytes = new Uint8Array(words.length * 8);
  const view = new DataView(bytes.buffer);
  words.forEach((word, at) => {
    const whole = Math.trunc(word);
    view.setUint32(at * 8, whole >>> 0, true);
    view.setInt32(at * 8 + 4, Math.floor(whole / 2 ** 32), true);
  });
  return task.mm.memory.write(address, bytes) === 0;
}

/** A 64-bit number with a sign, or null. */
export function readSigned64(task: Task, address: number): number | null {
  const bytes = task.mm.memory.bytes(address, 8);
  if (typeof bytes === "number") return null;
  return Number(new DataView(bytes.buffer).getBigInt64(0, true));
}

/** A time of seconds and nanoseconds in nanoseconds, or an error. */
export function readTime(task: Task, address: number): number {
  const seconds = readSigned64(task, address);
  const nanos = readSigned64(task, address + 8);
  if (seconds === null || nanos === null) return Errno.EFAULT;
  if (seconds < 0 || nanos < 0 || nanos >= SECOND) return Errno.EINVAL;
  return seconds * SECOND + nanos;
}

/** Put a time down as seconds and nanoseconds; answers whether it could be. */
export function writeTime(task: Task, address: number, nanos: number): boolean {
  return writeWords64(task, address, secondsAndNanos(nanos));
}

/** How a timer is set. */
export interface TimerSetting {
  /** How long until it goes off; 0 if it does not. */
  readonly left: number;
  /** How often after that. */
  readonly interval: number;
}

/** Put down how a timer is set, as a `struct itimerspec`; answers whether it could be. */
export function writeSetting(
  task: Task,
  address: number,
  { left, interval }: TimerSetting,
): boolean {
  return writeWords64(task, address, [...secondsAndNanos(interval), ...secondsAndNanos(left)]);
}

/** A path, or why there is none. */
export function readPath(task: Task, address: number): string | number {
  const bytes = task.mm.memory.stringBytes(address, PATH_MAX);
  if (typeof bytes === "number") return Errno.EFAULT;
  return bytes.length === PATH_MAX ? Errno.ENAMETOOLONG : nameOf(bytes);
}

/** A set of signals, or an error. */
export function readSignalSet(task: Task, address: number): SignalSet | number {
  const bytes = task.mm.memory.bytes(address, 8);
  if (typeof bytes === "number") return Errno.EFAULT;
  return new DataView(bytes.buffer).getBigUint64(0, true);
}

/** Put a set of signals down; answers whether it could be. */
export function writeSignalSet(task: Task, address: number, set: SignalSet): boolean {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, set, true);
  return task.mm.memory.write(address, bytes) === 0;
}

/** Put bytes down; answers 0 or EFAULT. */
export function writeBytes(task: Task, address: number, bytes: Uint8Array): number {
  return task.mm.memory.write(address, bytes) === 0 ? 0 : Errno.EFAULT;
}

/** Write what somebody has used, as a `struct rusage`; answers whether that can be done. */
export function writeUsage(task: Task, address: number, usage: Usage): boolean {
  const words = new Array<number>(USAGE_SIZE / 8).fill(0);
  words.splice(0, 4, ...secondsAndMicros(usage.userTime), ...secondsAndMicros(usage.systemTime));
  words[4] = usage.residentMost * 4;
  words[8] = usage.faults;
  [words[16], words[17]] = [usage.waits, usage.preemptions];
  return writeWords64(task, address, words);
}
