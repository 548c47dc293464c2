/**
 * Changing what is at addresses: mapping, unmapping, protecting, and the heap.
 *
 * @module
 */
import { Access, PAGE_SIZE } from "../../ports.ts";
import { Errno } from "../errno.ts";
import { OpenFlag } from "../abi/open.ts";
import { Resource } from "../abi/process.ts";
import { mayExpandVm } from "./expand.ts";
import { MAP_COUNT_MAX, pageUp, STACK_GUARD_GAP, TASK_SIZE } from "./layout.ts";
import { logMapped, logUnmapped } from "./map_log.ts";
import type { Mm } from "./mm.ts";
import { deniesProtection } from "./mm_flags.ts";
import { Vma, type VmaOptions } from "./vma.ts";

/** Map something at exactly these addresses, in place of what was there; answers 0 or why not. */
export function mapAt(mm: Mm, options: VmaOptions): number {
  const { start, end } = options;
  if (start < mm.lowest) return Errno.EPERM;
  if (end > TASK_SIZE || start >= end) return Errno.ENOMEM;
  if (mm.vmas.size + 2 > MAP_COUNT_MAX) return Errno.ENOMEM;
  if (isSealed(mm, start, end)) return Errno.EPERM;
  const more = end - start - mm.vmas.pagesWithin(start, end) * PAGE_SIZE;
  if (!mayExpandVm(mm, more, options) || isTooMuch(mm, end - start, options)) return Errno.ENOMEM;
  unmap(mm, start, end);
  mm.vmas.insert(new Vma(mm, options));
  logMapped(mm, options);
  return 0;
}

/** Whether something is mapped everywhere in a range. */
export function isMapped(mm: Mm, start: number, end: number): boolean {
  return mm.vmas.pagesWithin(start, end) * PAGE_SIZE === end - start;
}

/** Whether something in a range must not be changed any more. */
export function isSealed(mm: Mm, start: number, end: number): boolean {
  return mm.vmas.within(start, end).some(({ sealed }) => sealed);
}

/** Take away whatever is at these addresses. */
export function unmap(mm: Mm, start: number, end: number): void {
  if (mm.vmas.within(start, end).length === 0) return;
  mm.vmas.carve(start, end);
  dropPages(mm, start, end);
  logUnmapped(mm, start, end);
}

/** Give back the pages at these addresses that are the process's own. */
export function dropPages(mm: Mm, start: number, end: number): void {
  mm.noteResident();
  mm.pages.clear(start / PAGE_SIZE, end / PAGE_SIZE);
  mm.forgetAddresses(start, end);
}

/** Allow something else at these addresses; answers 0 or why not, with what came before it done. */
export function protect(mm: Mm, start: number, end: number, prot: number): number {
  if (deniesProtection(mm, start, end, prot)) return Errno.EACCES;
  let at = start;
  for (const vma of mm.vmas.within(start, end)) {
    if (vma.start > at) return Errno.ENOMEM;
    const to = Math.min(end, vma.end);
    if (vma.sealed) return Errno.EPERM;
    if (!mayProtect(vma, prot)) return Errno.EACCES;
    if (vma.prot !== prot) {
      if (becomesTooMuchData(mm, vma, prot, to - at)) return Errno.ENOMEM;
      mm.vmas.change(at, to, { prot });
      mm.forgetAddresses(at, to);
    }
    at = to;
  }
  if (at < end) return Errno.ENOMEM;
  const { log } = mm.realm;
  if (log.listening) {
    log.emit("protect", { space: mm.identity, address: start, length: end - start, access: prot });
  }
  return 0;
}

/** Move the heap's end; answers where it is then. */
export function setBreak(mm: Mm, wanted: number): number {
  if (wanted < mm.brkStart || wanted > TASK_SIZE) return mm.brk;
  if (wanted - mm.brkStart + (mm.data.end - mm.data.start) > mm.limits.soft(Resource.DATA)) {
    return mm.brk;
  }
  const before = pageUp(mm.brk);
  const after = pageUp(wanted);
  if (after < before && isSealed(mm, after, before)) return mm.brk;
  if (after < before) unmap(mm, after, before);
  if (after > before) {
    const next = mm.vmas.after(before);
    if (next && (next.growsDown ? next.start - STACK_GUARD_GAP : next.start) < after + PAGE_SIZE) {
      return mm.brk;
    }
    const prot = Access.READ | Access.WRITE;
    const locking = mm.lockingFuture;
    if (mapAt(mm, { start: before, end: after, prot, locking }) < 0) return mm.brk;
  }
  return mm.brk = wanted;
}

/** Whether a file's mapping may be allowed that. */
function mayProtect(vma: Vma, prot: number): boolean {
  if (!vma.shared || vma.file === null || (prot & Access.WRITE) === 0) return true;
  return vma.mayWrite && (vma.file.flags & OpenFlag.ACCESS) === OpenFlag.RDWR;
}

/** Whether what was no data would be some, and more than there may be. */
function becomesTooMuchData(mm: Mm, vma: Vma, prot: number, length: number): boolean {
  const { shared, growsDown } = vma;
  return !mayExpandVm(mm, length, { prot, shared, growsDown }) && mayExpandVm(mm, length, vma);
}

/** Whether memory is set aside for all of it, and this machine could never give that. */
function isTooMuch(mm: Mm, length: number, { shared, file, prot, noReserve }: VmaOptions): boolean {
  const counted = !noReserve && (prot & Access.WRITE) !== 0 && (!file || !shared);
  return counted && length > mm.realm.memory.totalFrames * PAGE_SIZE;
}
