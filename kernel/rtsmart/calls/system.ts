/**
 * Calls about the system.
 *
 * @module
 */
import type { Answer } from "../answer.ts";
import { call, type RtSmartCall } from "../call.ts";
import { Errno } from "../error.ts";
import type { LwpThread } from "../lwp_thread.ts";
import { zeroEnded } from "../text.ts";
import { checkBuffer, readBytes, writeBytes } from "../user_data.ts";

/** The number of `sys_log`, which is in no table. */
const SYS_LOG = 0xff;

const NAME_SIZE = 65;
const NAMES = ["RT-Thread", "zandbox", "5.0.0", "RT-Thread Smart", "riscv64", ""] as const;

function uname(thread: LwpThread, buffer = 0): Answer {
  const status = checkBuffer(thread, buffer, NAME_SIZE * NAMES.length);
  if (status !== 0) return status;
  const bytes = new Uint8Array(NAME_SIZE * NAMES.length);
  NAMES.forEach((name, at) => bytes.set(zeroEnded(name), at * NAME_SIZE));
  return writeBytes(thread, buffer, bytes);
}

function getrandom(thread: LwpThread, buffer = 0, size = 0): Answer {
  const status = size === 0 ? 0 : checkBuffer(thread, buffer, size);
  if (status !== 0) return status;
  const { entropy } = thread.rtsmart.realm;
  const bytes = new Uint8Array(size).map(() => entropy.next() & 0xff);
  return writeBytes(thread, buffer, bytes) || size;
}

/** The kernel takes the text, and shows it only to those who listen. */
function log(thread: LwpThread, buffer = 0, size = 0): Answer {
  const bytes = readBytes(thread, buffer, size);
  if (typeof bytes === "number") return bytes;
  const { log } = thread.rtsmart.realm;
  const text = new TextDecoder().decode(bytes);
  if (log.listening) log.emit("debuglog", { process: thread.lwp.process.koid, text });
  return 0;
}

/** Calls about the system. */
export const SYSTEM_CALLS: readonly RtSmartCall[] = [
  call(144, "getrandom", { buffer: "pointer", size: "size", flags: "uint" }, getrandom),
  call(140, "prlimit64", { pid: "int", resource: "int" }, () => Errno.ENOSYS),
  call(170, "uname", { buffer: "pointer" }, uname),
  call(SYS_LOG, "sys_log", { text: "pointer", size: "size" }, log),
];
