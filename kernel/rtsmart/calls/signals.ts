/**
 * Calls about signals: what is done about them, which are held back, and the way back from a handler.
 *
 * @module
 */
import { type Answer, SILENT } from "../answer.ts";
import { call, type RtSmartCall } from "../call.ts";
import { Errno, RtError } from "../error.ts";
import type { LwpThread } from "../lwp_thread.ts";
import { isUserAccessible } from "../mm/user_mm.ts";
import { isSignal, leaveHandler, sendToThread, UNTOUCHABLE } from "../signal.ts";
import { bitOf, Handler } from "../signal_action.ts";
import { readWord, SECOND, writeWords } from "../user_data.ts";

const How = { BLOCK: 0, UNBLOCK: 1, SETMASK: 2 } as const;
const SET = 8;
const ACTION = 32;
const INFO = 128;
const TKILL = -6;
const TIMESPEC = 16;

function sigaction(thread: LwpThread, signal = 0, act = 0, old = 0, size = 0): Answer {
  const { lwp } = thread;
  if (size === 0 || (act === 0 && old === 0)) return Errno.EINVAL;
  for (const address of [old, act]) {
    if (address !== 0 && !isUserAccessible(lwp, address, ACTION)) return Errno.EFAULT;
  }
  if (!isSignal(signal)) return Errno.EINVAL;
  const before = lwp.actions.get(signal);
  const words = act === 0 ? [] : [0, 8, 16].map((at) => readWord(thread, act + at) ?? 0);
  const mask = act === 0 ? 0n : readSet(thread, act + 24);
  if (old !== 0) {
    writeWords(thread, old, [before.handler, before.flags, before.restorer, before.mask]);
  }
  if (act === 0) return 0;
  const [handler = 0, flags = 0, restorer = 0] = words;
  if ((UNTOUCHABLE & bitOf(signal)) !== 0n && handler !== Handler.DEFAULT) return Errno.EINVAL;
  lwp.actions.set(signal, { handler, flags, restorer, mask });
  if (handler === Handler.IGNORE) {
    for (const queue of [lwp.pending, ...lwp.threads.map(({ pending }) => pending)]) {
      queue.discard(signal);
    }
  }
  return 0;
}

function sigprocmask(thread: LwpThread, how = 0, set = 0, old = 0, size = 0): Answer {
  const { lwp } = thread;
  if (size === 0 || (set === 0 && old === 0)) return Errno.EINVAL;
  for (const address of [old, set]) {
    if (address !== 0 && !isUserAccessible(lwp, address, SET)) return Errno.EFAULT;
  }
  const before = thread.blocked;
  const given = set === 0 ? 0n : readSet(thread, set);
  if (set !== 0) {
    if (how === How.BLOCK) thread.blocked |= given;
    else if (how === How.UNBLOCK) thread.blocked &= ~given;
    else if (how === How.SETMASK) thread.blocked = given;
    else return Errno.EINVAL;
    thread.blocked &= ~UNTOUCHABLE;
  }
  return old === 0 ? 0 : writeWords(thread, old, [before]);
}

function tkill(thread: LwpThread, tid = 0, signal = 0): Answer {
  const target = thread.rtsmart.threads.get(tid);
  if (!target) return Errno.ESRCH;
  if (!isSignal(signal)) return signal === 0 ? 0 : Errno.EINVAL;
  sendToThread(target, { signal, code: TKILL, pid: thread.lwp.pid });
  return 0;
}

function sigpending(thread: LwpThread, set = 0, size = 0): Answer {
  if (size === 0 || size > SET) return Errno.EINVAL;
  if (!isUserAccessible(thread.lwp, set, SET)) return Errno.EFAULT;
  const waiting = thread.pending.set | thread.lwp.pending.set;
  return writeWords(thread, set, [waiting & thread.blocked]);
}

/** Take a signal of a set that waits, or wait for one: no handler runs. */
function sigtimedwait(thread: LwpThread, set = 0, info = 0, timeout = 0, size = 0): Answer {
  const { lwp } = thread;
  if (size === 0 || size > SET) return Errno.EINVAL;
  if (!isUserAccessible(lwp, set, SET)) return Errno.EFAULT;
  if (info !== 0 && !isUserAccessible(lwp, info, INFO)) return Errno.EFAULT;
  if (timeout !== 0 && !isUserAccessible(lwp, timeout, TIMESPEC)) return Errno.EFAULT;
  const wanted = readSet(thread, set) & ~UNTOUCHABLE;
  const take = (why: number): Answer => {
    thread.awaited = 0n;
    const found = thread.pending.take(~wanted) ?? lwp.pending.take(~wanted);
    if (found === null) return why === RtError.ETIMEOUT ? Errno.EAGAIN : why;
    // In each word there are two numbers of 32 bits: signal and error, code, and the process.
    const words = [found.signal, BigInt.asUintN(32, BigInt(found.code)), found.pid];
    return (info === 0 ? 0 : writeWords(thread, info, words)) || found.signal;
  };
  const nanos = timeout === 0 ? Infinity : nanosAt(thread, timeout);
  const answer = take(RtError.ETIMEOUT);
  if (answer !== Errno.EAGAIN || nanos <= 0) return answer;
  thread.awaited = wanted;
  const deadline = thread.thread.realm.now + nanos;
  return thread.suspend({ deadline, then: take, abandoned: () => void (thread.awaited = 0n) });
}

function nanosAt(thread: LwpThread, address: number): number {
  return (readWord(thread, address) ?? 0) * SECOND + (readWord(thread, address + 8) ?? 0);
}

function readSet({ lwp }: LwpThread, address: number): bigint {
  const bytes = lwp.memory.bytes(address, SET);
  if (typeof bytes === "number") return 0n;
  return new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
}

function sigreturn(thread: LwpThread): Answer {
  leaveHandler(thread);
  return SILENT;
}

const MASK_ARGS = { how: "int", set: "pointer", old: "pointer", size: "size" } as const;

/** Calls about signals. */
export const SIGNAL_CALLS: readonly RtSmartCall[] = [
  call(
    103,
    "sigaction",
    { signal: "int", action: "pointer", old: "pointer", size: "size" },
    sigaction,
  ),
  call(104, "sigprocmask", MASK_ARGS, sigprocmask),
  call(105, "tkill", { tid: "int", signal: "int" }, tkill),
  call(106, "thread_sigprocmask", MASK_ARGS, sigprocmask),
  call(187, "sigpending", { set: "pointer", size: "size" }, sigpending),
  call(
    188,
    "sigtimedwait",
    { set: "pointer", info: "pointer", timeout: "pointer", size: "size" },
    sigtimedwait,
  ),
  call(0xfe, "sigreturn", {}, sigreturn),
];
