/**
 * `zx_futex_*`: waiting on a word of the process's own memory.
 *
 * @module
 */
import { type Failure, Right, Status, ThreadState, USER_TOP } from "../abi.ts";
import { outNumber } from "../syscall/buffer.ts";
import { type Call, PARKED } from "../syscall/call.ts";
import { deadline, handle, handleValue, u32, u32Or, u64 } from "../syscall/kind.ts";
import { syscall } from "../syscall/row.ts";
import { FutexWaiter } from "../task/futex.ts";
import { Thread } from "../task/thread.ts";

const futexWait = syscall({
  name: "zx_futex_wait",
  about: "Wait on a word while it has a value; another thread may be said to hold it.",
  args: { address: u64, value: u32, owner: u32Or(0), deadline },
  errors: ["INVALID_ARGS", "BAD_STATE", "BAD_HANDLE", "WRONG_TYPE", "TIMED_OUT"],
  run({ address, value, owner: ownerValue, deadline }, call) {
    if (!isFutex(address)) return Status.INVALID_ARGS;
    const mismatch = compare(address, value, call);
    if (mismatch !== Status.OK) return mismatch;
    const owner = ownerOf(ownerValue, call);
    if (typeof owner === "number") return owner;
    const { futexes } = call.process;
    if (owner && (owner === call.thread || futexes.isWaiting(owner, address))) {
      return Status.INVALID_ARGS;
    }
    if (deadline <= call.realm.now) return Status.TIMED_OUT;
    return call.park({
      state: ThreadState.BLOCKED_FUTEX,
      deadline,
      begin(finish) {
        const waiter = new FutexWaiter(call.thread, () => finish(Status.OK));
        call.thread.waitsOn = waiter;
        futexes.wait(address, waiter, owner);
        return () => futexes.leave(waiter);
      },
      timedOut: () => Status.TIMED_OUT,
    });
  },
});

const futexWake = syscall({
  name: "zx_futex_wake",
  about: "Wake some of those who wait on a word.",
  args: { address: u64, count: u32 },
  errors: ["INVALID_ARGS"],
  run({ address, count }, call) {
    if (!isFutex(address)) return Status.INVALID_ARGS;
    call.process.futexes.wake(address, count);
    return Status.OK;
  },
});

const futexWakeSingleOwner = syscall({
  name: "zx_futex_wake_single_owner",
  about: "Wake one of those who wait on a word, and say that it holds the word now.",
  args: { address: u64 },
  errors: ["INVALID_ARGS"],
  run({ address }, call) {
    if (!isFutex(address)) return Status.INVALID_ARGS;
    call.process.futexes.wake(address, 1, true);
    return Status.OK;
  },
});

const futexRequeue = syscall({
  name: "zx_futex_requeue",
  about: "Wake some of those who wait on a word, and let others wait on another word.",
  args: {
    address: u64,
    wakeCount: u32,
    value: u32,
    toAddress: u64,
    requeueCount: u32,
    owner: u32Or(0),
  },
  errors: ["INVALID_ARGS", "BAD_STATE", "BAD_HANDLE", "WRONG_TYPE"],
  run({ wakeCount, ...words }, call) {
    return requeue({ ...words, wakeCount, handOver: false }, call);
  },
});

const futexRequeueSingleOwner = syscall({
  name: "zx_futex_requeue_single_owner",
  about: "The same, but wake one, and say that it holds the first word now.",
  args: {
    address: u64,
    value: u32,
    toAddress: u64,
    requeueCount: u32,
    owner: u32Or(0),
  },
  errors: ["INVALID_ARGS", "BAD_STATE", "BAD_HANDLE", "WRONG_TYPE"],
  run: (words, call) => requeue({ ...words, wakeCount: 1, handOver: true }, call),
});

const futexGetOwner = syscall({
  name: "zx_futex_get_owner",
  about: "Answer the identity of the thread that is said to hold a word, or 0.",
  args: { address: u64, koid: outNumber(8) },
  errors: ["INVALID_ARGS"],
  run({ address, koid }, call) {
    if (!isFutex(address)) return Status.INVALID_ARGS;
    return koid.set(call.process.futexes.ownerOf(address)?.koid ?? 0);
  },
});

const futexWakeHandleCloseThreadExit = syscall({
  name: "zx_futex_wake_handle_close_thread_exit",
  about: "Store a value, wake who waits on it, close a handle and end the calling thread.",
  args: { address: u64, count: u32, value: u32, handle: handleValue },
  errors: [],
  run({ address, count, value, handle }, call) {
    const { process, thread } = call;
    // What cannot be done is left out: there is nobody left to tell.
    if (isFutex(address)) {
      process.memory.writeU32(address, value);
      process.futexes.wake(address, count);
    }
    process.removeHandle(handle, "closed")?.close();
    thread.exit();
    return thread.ended ? Status.OK : PARKED;
  },
});

/** The calls of this file. */
export const FUTEX_ROWS = {
  futexWait,
  futexWake,
  futexWakeSingleOwner,
  futexRequeue,
  futexRequeueSingleOwner,
  futexGetOwner,
  futexWakeHandleCloseThreadExit,
};

interface Requeue {
  readonly address: number;
  readonly wakeCount: number;
  readonly value: number;
  readonly toAddress: number;
  readonly requeueCount: number;
  readonly owner: number;
  readonly handOver: boolean;
}

function requeue(words: Requeue, call: Call) {
  const { address, toAddress } = words;
  if (!isFutex(address) || !isFutex(toAddress) || address === toAddress) {
    return Status.INVALID_ARGS;
  }
  const mismatch = compare(address, words.value, call);
  if (mismatch !== Status.OK) return mismatch;
  const owner = ownerOf(words.owner, call);
  if (typeof owner === "number") return owner;
  const { futexes } = call.process;
  if (owner && (futexes.isWaiting(owner, address) || futexes.isWaiting(owner, toAddress))) {
    return Status.INVALID_ARGS;
  }
  futexes.wake(address, words.wakeCount, words.handOver);
  futexes.requeue(address, toAddress, { count: words.requeueCount, owner });
  return Status.OK;
}

function isFutex(address: number): boolean {
  return address % 4 === 0 && address > 0 && address < USER_TOP;
}

function compare(address: number, value: number, call: Call) {
  const found = call.process.memory.readU32(address);
  if (found < 0) return Status.INVALID_ARGS;
  return found === value ? Status.OK : Status.BAD_STATE;
}

/** The thread of a process with these futexes, one that runs, that a handle names; null for no handle. */
function ownerOf(value: number, call: Call) {
  if (value === 0) return null;
  const thread = handle(Thread, Right.NONE).decode(value, call, "owner");
  if (typeof thread === "number") {
    return thread as Exclude<typeof thread, Failure & -30>;
  }
  const sameWords = thread.process.futexes === call.process.futexes;
  if (!sameWords || !thread.started) return Status.INVALID_ARGS;
  // Whoever is about to end holds nothing any more.
  return thread.dying ? null : thread;
}
