/**
 * How tasks ask for other tasks: by arguments, or by a `struct clone_args` that can grow.
 *
 * @module
 */
import {
  CLONE_ARGUMENTS_SIZE,
  CLONE_FLAGS_KNOWN,
  CLONE_REQUEST_SIZE,
  CLONE_SIGNAL,
  CloneFlag,
  CloneWideFlag,
  MAX_PID_NS_LEVEL,
} from "../abi/process.ts";
import { SIGNALS } from "../abi/signal.ts";
import { PAGE_SIZE } from "../../ports.ts";
import type { Answer } from "../answer.ts";
import { clone, type CloneRequest } from "../clone.ts";
import { Errno } from "../errno.ts";
import type { Task } from "../task.ts";

/** A task by arguments. */
export function cloneCall(
  task: Task,
  flags: number,
  stack: number,
  parentTid: number,
  tls: number,
  childTid: number,
): Answer {
  const { PIDFD, DETACHED } = CloneFlag;
  if ((flags & PIDFD) !== 0 && (flags & DETACHED) !== 0) return Errno.EINVAL;
  const exitSignal = flags & CLONE_SIGNAL;
  const places = { parentTid, childTid, pidFile: parentTid };
  return clone(task, { flags: flags & ~CLONE_SIGNAL, exitSignal, stack, tls, ...places });
}

/** A task by a `struct clone_args`. */
export function clone3(task: Task, address: number, size: number): Answer {
  const args = copyCloneArgs(task, address, size);
  if (typeof args === "number") return args;
  const tid = copyTid(task, args);
  if (tid < 0) return tid;
  if (!isValid(args)) return Errno.EINVAL;
  const { pidFile, childTid, parentTid, stack, stackSize, exitSignal, tls } = args;
  const flags = Number(BigInt.asIntN(32, args.flags));
  const clears = (args.flags & CloneWideFlag.CLEAR_SIGHAND) !== 0n;
  const top = stack === 0 ? 0 : stack + stackSize;
  const request: CloneRequest = {
    flags,
    exitSignal,
    stack: top,
    tls,
    parentTid,
    childTid,
    pidFile,
    tid,
    clearsHandlers: clears,
  };
  // There are no groups for control, so no descriptor is one of them.
  const isIntoGroup = (args.flags & CloneWideFlag.INTO_CGROUP) !== 0n;
  return isIntoGroup ? Errno.EBADF : clone(task, request);
}

/** A `struct clone_args`. */
interface CloneArgs {
  readonly flags: bigint;
  readonly pidFile: number;
  readonly childTid: number;
  readonly parentTid: number;
  readonly exitSignal: number;
  readonly stack: number;
  readonly stackSize: number;
  readonly tls: number;
  readonly tids: number;
  readonly tidsCount: number;
}

/** The arguments at an address, with those that are not given as 0, or what is wrong with them. */
function copyCloneArgs(task: Task, address: number, size: number): CloneArgs | number {
  if (size > PAGE_SIZE) return Errno.E2BIG;
  if (size < CLONE_REQUEST_SIZE) return Errno.EINVAL;
  const bytes = task.mm.memory.bytes(address, size);
  if (typeof bytes === "number") return Errno.EFAULT;
  if (bytes.subarray(CLONE_ARGUMENTS_SIZE).some((byte) => byte !== 0)) return Errno.E2BIG;
  const whole = new Uint8Array(CLONE_ARGUMENTS_SIZE);
  whole.set(bytes.subarray(0, CLONE_ARGUMENTS_SIZE));
  const view = new DataView(whole.buffer);
  const word = (at: number) => Number(view.getBigUint64(at, true));
  const args = {
    flags: view.getBigUint64(0, true),
    pidFile: word(8),
    childTid: word(16),
    parentTid: word(24),
    exitSignal: word(32),
    stack: word(40),
    stackSize: word(48),
    tls: word(56),
    tids: word(64),
    tidsCount: word(72),
  };
  if (args.tidsCount > MAX_PID_NS_LEVEL) return Errno.EINVAL;
  if ((args.tids === 0) !== (args.tidsCount === 0)) return Errno.EINVAL;
  if (args.exitSignal > SIGNALS) return Errno.EINVAL;
  const isIntoGroup = (args.flags & CloneWideFlag.INTO_CGROUP) !== 0n;
  const isGroup = size >= CLONE_ARGUMENTS_SIZE && word(80) <= 0x7fffffff;
  return isIntoGroup && !isGroup ? Errno.EINVAL : args;
}

/** The number that the new task is to have; 0 for any. */
function copyTid(task: Task, { tids, tidsCount }: CloneArgs): number {
  if (tidsCount === 0) return 0;
  const bytes = task.mm.memory.bytes(tids, tidsCount * 4);
  if (typeof bytes === "number") return Errno.EFAULT;
  // A number for each space of numbers that the task is in, of which there is one.
  const tid = new DataView(bytes.buffer, bytes.byteOffset).getInt32(0, true);
  return tidsCount === 1 && tid > 0 ? tid : Errno.EINVAL;
}

function isValid({ flags, exitSignal, stack, stackSize }: CloneArgs): boolean {
  const { THREAD, PARENT, SIGHAND } = CloneFlag;
  const { CLEAR_SIGHAND } = CloneWideFlag;
  if ((flags & ~CLONE_FLAGS_KNOWN) !== 0n) return false;
  if ((flags & CLEAR_SIGHAND) !== 0n && (flags & BigInt(SIGHAND)) !== 0n) return false;
  if ((flags & BigInt(THREAD | PARENT)) !== 0n && exitSignal !== 0) return false;
  return (stack === 0) === (stackSize === 0);
}
