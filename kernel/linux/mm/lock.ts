/**
 * Locking what is at addresses, so that it is there before anybody touches it, and stays; the
 * functions that say how much may be locked bear Linux's names.
 *
 * @module
 */
import { Access, PAGE_SIZE } from "../../ports.ts";
import { Capability } from "../abi/capability.ts";
import { Resource } from "../abi/process.ts";
import { Errno } from "../errno.ts";
import type { Task } from "../task.ts";
import { Fault, type Mm } from "./mm.ts";
import type { Locking, Vma } from "./vma.ts";

/** Whether a task may lock anything. */
export function canDoMlock(task: Task): boolean {
  return task.group.limits.soft(Resource.MEMLOCK) > 0 || task.may(Capability.IPC_LOCK);
}

/** Whether a task may lock so many bytes, besides what is locked already. */
export function mlockFutureOk(task: Task, length: number): boolean {
  const locked = task.mm.vmas.lockedPages * PAGE_SIZE + length;
  return locked <= lockLimit(task) || task.may(Capability.IPC_LOCK);
}

/** The bytes of whole pages that a task may lock. */
export function lockLimit({ group }: Task): number {
  const limit = group.limits.soft(Resource.MEMLOCK);
  return limit === Infinity ? limit : limit - limit % PAGE_SIZE;
}

/** How many bytes of a range are locked. */
export function lockedWithin(mm: Mm, start: number, end: number): number {
  return mm.vmas.within(start, end).filter(({ locked }) => locked).reduce(
    (sum, vma) => sum + Math.min(end, vma.end) - Math.max(start, vma.start),
    0,
  );
}

/** Lock what is at addresses, or no longer; ENOMEM behind the first gap, with what is before it done. */
export function setLocked(mm: Mm, start: number, end: number, locking: Locking): number {
  let at = start;
  for (const vma of mm.vmas.within(start, end)) {
    if (vma.start > at) return Errno.ENOMEM;
    const to = Math.min(end, vma.end);
    if (vma.locking !== locking && !vma.special) mm.vmas.change(at, to, { locking });
    at = to;
  }
  return at < end ? Errno.ENOMEM : 0;
}

/** Bring the pages at some addresses that are not to come when touched; answers the first `Fault`, or 0. */
export function populate(mm: Mm, start: number, end: number): number {
  let status = 0;
  for (const vma of mm.vmas.within(start, end)) {
    if (vma.locking === "when touched") continue;
    const to = Math.min(end, vma.end);
    let answer = 0;
    for (let at = Math.max(start, vma.start); at < to && answer >= 0; at += PAGE_SIZE) {
      answer = mm.touch(at, accessOf(vma));
    }
    if (status === 0 && answer < 0) status = answer;
    if (answer === Fault.OOM) break;
  }
  return status;
}

/** What is done to pages to bring them: what is private and written is written to. */
function accessOf({ prot, shared }: Vma): number {
  if ((prot & Access.WRITE) !== 0 && !shared) return Access.WRITE;
  return (prot & (Access.READ | Access.WRITE)) !== 0 ? Access.READ : Access.EXECUTE;
}
