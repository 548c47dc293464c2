/**
 * Calls that C libraries make threads with: `clone` and `futex`.
 *
 * @module
 */
import { Register, REGISTERS } from "../../abi/riscv64.ts";
import type { Answer } from "../answer.ts";
import { call, type RtSmartCall } from "../call.ts";
import { Errno } from "../error.ts";
import { TICK } from "../ipc/suspend_list.ts";
import type { LwpThread } from "../lwp_thread.ts";
import { isUserAccessible } from "../mm/user_mm.ts";
import { createThread } from "../threads.ts";
import { readWord, SECOND } from "../user_data.ts";

/** What must be shared: memory, files and all that threads of one process have together. */
const NEEDED = 0x100 | 0x200 | 0x400 | 0x10000 | 0x40000;
const SETTLS = 0x80000;
const PARENT_SETTID = 0x100000;
const CHILD_CLEARTID = 0x200000;

const Op = { WAIT: 0, WAKE: 1, REQUEUE: 3, CMP_REQUEUE: 4 } as const;
const PRIVATE = 128;
const OP_FLAGS = PRIVATE | 256;
const TIMESPEC = 16;

const { SP, TP, A0, A7 } = Register;

/** Another thread, which comes back from the same call with 0, on a stack of its own. */
function clone(thread: LwpThread, args = 0): Answer {
  const { lwp, rtsmart } = thread;
  if (!isUserAccessible(lwp, args, 5 * 8)) return Errno.EFAULT;
  const word = (at: number) => readWord(thread, args + 8 * at) ?? 0;
  const [flags, stack, newTid, tls, clearTid] = [word(0), word(1), word(2), word(3), word(4)];
  if ((flags & NEEDED) !== NEEDED) return Errno.EINVAL;
  const tellsParent = (flags & PARENT_SETTID) !== 0;
  if (tellsParent && !isUserAccessible(lwp, newTid, 4)) return Errno.EFAULT;
  if (stack === 0) return Errno.EINVAL;
  const one = createThread(lwp, { name: thread.label, priority: thread.priority });
  if (one === null) return Errno.ENOMEM;
  const context = rtsmart.kernel.system.processor!.createContext();
  for (let register = 1; register < REGISTERS; register++) {
    context.setBig(register, thread.context.getBig(register));
  }
  context.pc = thread.context.pc;
  context.set(SP, stack);
  context.set(A0, 0);
  context.set(A7, 0);
  if ((flags & SETTLS) !== 0) context.set(TP, tls);
  if (tellsParent) lwp.memory.writeU32(newTid, one.tid);
  if ((flags & CHILD_CLEARTID) !== 0) one.clearChildTid = clearTid;
  one.thread.start({ kind: "machine", context });
  return one.tid;
}

function futex(
  thread: LwpThread,
  address = 0,
  op = 0,
  value = 0,
  timeout = 0,
  other = 0,
  compared = 0,
): Answer {
  const { lwp } = thread;
  if (!isUserAccessible(lwp, address, 4)) return Errno.EFAULT;
  const { futexes } = thread.rtsmart;
  const isPrivate = (op & PRIVATE) !== 0;
  const place = futexes.placeOf(lwp, address, isPrivate);
  const kind = op & ~OP_FLAGS;
  if (kind === Op.WAIT) return wait(thread, { address, place, value, timeout });
  if (kind === Op.WAKE) return futexes.wake(place, value);
  if (kind !== Op.REQUEUE && kind !== Op.CMP_REQUEUE) return Errno.ENOSYS;
  if (!isUserAccessible(lwp, other, 4)) return Errno.EFAULT;
  const isOther = (lwp.memory.readU32(address) | 0) !== compared;
  if (kind === Op.CMP_REQUEUE && isOther) return Errno.EAGAIN;
  const woken = futexes.wake(place, value);
  // Where a time would be it is a number: how many are to wait elsewhere.
  return woken + futexes.requeue(place, futexes.placeOf(lwp, other, isPrivate), timeout);
}

function wait(
  thread: LwpThread,
  { address, place, value, timeout }: {
    readonly address: number;
    readonly place: string;
    readonly value: number;
    readonly timeout: number;
  },
): Answer {
  const { lwp, rtsmart: { futexes } } = thread;
  if (timeout !== 0 && !isUserAccessible(lwp, timeout, TIMESPEC)) return Errno.EINVAL;
  if ((lwp.memory.readU32(address) | 0) !== value) return Errno.EAGAIN;
  const ticks = timeout === 0 ? -1 : ticksOf(thread, timeout);
  if (ticks === 0) return Errno.ETIMEDOUT;
  const over = () => futexes.tidy(place);
  return thread.suspend({
    list: futexes.listOf(place),
    ticks,
    then: (why) => {
      over();
      return why;
    },
    abandoned: over,
  });
}

function ticksOf(thread: LwpThread, address: number): number {
  const [seconds, nanos] = [readWord(thread, address) ?? 0, readWord(thread, address + 8) ?? 0];
  return Math.max(0, Math.ceil((seconds * SECOND + nanos) / TICK));
}

function setTidAddress(thread: LwpThread, address = 0): Answer {
  thread.clearChildTid = address;
  return thread.tid;
}

/** Calls that C libraries make threads with. */
export const CLONE_CALLS: readonly RtSmartCall[] = [
  call(124, "set_tid_address", { address: "pointer" }, setTidAddress),
  call(130, "clone", { args: "pointer" }, clone),
  call(
    131,
    "futex",
    {
      address: "pointer",
      op: "int",
      value: "int",
      timeout: "pointer",
      other: "pointer",
      compared: "int",
    },
    futex,
  ),
];
