/**
 * Calls that lock and seal what is at addresses.
 *
 * @module
 */
import { PAGE_SIZE } from "../../ports.ts";
import { Lock, LockAll } from "../abi/memory.ts";
import type { Answer } from "../answer.ts";
import { Capability } from "../abi/capability.ts";
import { call, type LinuxCall } from "../call.ts";
import { Errno } from "../errno.ts";
import { pageUp, TASK_SIZE } from "../mm/layout.ts";
import { canDoMlock, lockedWithin, lockLimit, populate, setLocked } from "../mm/lock.ts";
import { isMapped } from "../mm/map.ts";
import { Fault } from "../mm/mm.ts";
import type { Locking } from "../mm/vma.ts";
import type { Task } from "../task.ts";

const LOCKS = LockAll.CURRENT | LockAll.FUTURE | LockAll.ONFAULT;
const ADDRESSES = 2 ** 64;

function mlock(task: Task, address: number, length: number, flags: number = 0): Answer {
  if (flags > Lock.ONFAULT) return Errno.EINVAL;
  if (!canDoMlock(task)) return Errno.EPERM;
  const { mm } = task;
  const start = address - address % PAGE_SIZE;
  const end = pageUp(address + length);
  const already = mm.vmas.lockedPages * PAGE_SIZE - lockedWithin(mm, start, end);
  const isTooMuch = already + end - start > lockLimit(task);
  if (isTooMuch && !task.may(Capability.IPC_LOCK)) return Errno.ENOMEM;
  if (end >= ADDRESSES) return Errno.EINVAL;
  const status = setLocked(mm, start, end, flags === Lock.ONFAULT ? "when touched" : "at once");
  if (status !== 0) return status;
  const fault = populate(mm, start, end);
  if (fault === 0) return 0;
  return fault === Fault.OOM ? Errno.EAGAIN : Errno.ENOMEM;
}

function munlock({ mm }: Task, address: number, length: number): Answer {
  return setLocked(mm, address - address % PAGE_SIZE, pageUp(address + length), "no");
}

function mlockall(task: Task, flags: number): Answer {
  if (flags === 0 || (flags & ~LOCKS) !== 0 || flags === LockAll.ONFAULT) return Errno.EINVAL;
  if (!canDoMlock(task)) return Errno.EPERM;
  const { mm } = task;
  const isOfNow = (flags & LockAll.CURRENT) !== 0;
  const isTooMuch = isOfNow && mm.vmas.pages * PAGE_SIZE > lockLimit(task);
  if (isTooMuch && !task.may(Capability.IPC_LOCK)) return Errno.ENOMEM;
  const locking = (flags & LockAll.ONFAULT) !== 0 ? "when touched" : "at once";
  mm.lockingFuture = (flags & LockAll.FUTURE) !== 0 ? locking : "no";
  if (!isOfNow) return 0;
  setAllLocked(task, locking);
  populate(mm, 0, TASK_SIZE);
  return 0;
}

function munlockall(task: Task): Answer {
  task.mm.lockingFuture = "no";
  setAllLocked(task, "no");
  return 0;
}

function setAllLocked({ mm }: Task, locking: Locking): void {
  for (const { start, end } of [...mm.vmas.all]) setLocked(mm, start, end, locking);
}

/** Let nobody change any more what is at addresses. */
function mseal({ mm }: Task, address: number, length: number, flags: number): Answer {
  const end = address + pageUp(length);
  if (flags !== 0 || address % PAGE_SIZE !== 0 || end >= ADDRESSES) return Errno.EINVAL;
  if (!isMapped(mm, address, end)) return Errno.ENOMEM;
  mm.vmas.change(address, end, { sealed: true });
  return 0;
}

const RANGE = { address: "pointer", length: "size" } as const;

/** Calls that lock and seal what is at addresses. */
export const MEMORY_LOCK_CALLS: readonly LinuxCall[] = [
  call(228, "mlock", RANGE, (task, address, length) => mlock(task, address, length)),
  call(229, "munlock", RANGE, munlock),
  call(230, "mlockall", { flags: "int" }, mlockall),
  call(231, "munlockall", {}, munlockall),
  call(284, "mlock2", { ...RANGE, flags: "uint" }, mlock),
  call(462, "mseal", { ...RANGE, flags: "size" }, mseal),
];
