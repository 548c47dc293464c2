/**
 * Small pieces of data in a program's memory: words, times, texts.
 *
 * @module
 */
import { Errno } from "./error.ts";
import type { LwpThread } from "./lwp_thread.ts";
import { isUserAccessible } from "./mm/user_mm.ts";
import { textOf } from "./text.ts";

/** Nanoseconds in a second. */
export const SECOND = 1_000_000_000;

/** The kernel has no more than this for what a call copies. */
export const KMEM_MAX = 16 << 20;

const TEXT_MAX = 65536;

/** A text, or null if it cannot be read. */
export function readText(thread: LwpThread, address: number): string | null {
  const bytes = thread.lwp.memory.stringBytes(address, TEXT_MAX);
  return typeof bytes === "number" || bytes.length === TEXT_MAX ? null : textOf(bytes);
}

/** Bytes of a program, through the kernel's heap; or why not. */
export function readBytes(thread: LwpThread, address: number, length: number): Uint8Array | number {
  if (!isUserAccessible(thread.lwp, address, length)) return Errno.EFAULT;
  if (length > KMEM_MAX) return Errno.ENOMEM;
  const bytes = thread.lwp.memory.bytes(address, length);
  return typeof bytes === "number" ? Errno.EFAULT : bytes;
}

/** Whether the kernel could copy so many bytes to a program: 0, or why not. */
export function checkBuffer(thread: LwpThread, address: number, length: number): number {
  if (!isUserAccessible(thread.lwp, address, length)) return Errno.EFAULT;
  return length > KMEM_MAX ? Errno.ENOMEM : 0;
}

/** Put bytes down; answers 0 or EFAULT. */
export function writeBytes(thread: LwpThread, address: number, bytes: Uint8Array): number {
  return thread.lwp.memory.write(address, bytes) === 0 ? 0 : Errno.EFAULT;
}

/** Put 64-bit words down; answers 0 or EFAULT. */
export function writeWords(
  thread: LwpThread,
  address: number,
  words: readonly (number | bigint)[],
): number {
  const bytes = new Uint8Array(words.length * 8);
  const view = new DataView(bytes.buffer);
  words.forEach((word, at) => view.setBigInt64(at * 8, BigInt.asIntN(64, BigInt(word)), true));
  return writeBytes(thread, address, bytes);
}

/** A 64-bit number with a sign, or null. */
export function readWord(thread: LwpThread, address: number): number | null {
  const bytes = thread.lwp.memory.bytes(address, 8);
  if (typeof bytes === "number") return null;
  return Number(new DataView(bytes.buffer).getBigInt64(0, true));
}

/** A 64-bit number that the kernel reads without a check; null if that was its own fault. */
export function rawWord(thread: LwpThread, address: number, where: string): number | null {
  const word = readWord(thread, address);
  if (word === null) thread.rtsmart.kernelFault(thread.lwp, address, where);
  return word;
}

/** A text that the kernel reads without a check; null if that was its own fault. */
export function rawText(thread: LwpThread, address: number, where: string): string | null {
  const text = readText(thread, address);
  if (text === null) thread.rtsmart.kernelFault(thread.lwp, address, where);
  return text;
}
