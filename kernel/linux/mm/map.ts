/**
 * Changing what is at addresses: mapping, unmapping, protecting, the heap, and finding room.
 *
 * @module
 */
import { Access, PAGE_SIZE } from "../../ports.ts";
import { Errno } from "../errno.ts";
import { OpenFlag } from "../abi/open.ts";
import { Resource } from "../abi/process.ts";
import {
  MAP_COUNT_MAX,
  MMAP_MIN_ADDR,
  pageUp,
  STACK_GUARD_GAP,
  TASK_SIZE,
  TASK_UNMAPPED_BASE,
} from "./layout.ts";
import { logMapped, logUnmapped } from "./map_log.ts";
import type { Mm } from "./mm.ts";
import { Vma, type VmaOptions } from "./vma.ts";

/** How many bytes of addresses a process has mapped. */
export function mappedBytes(mm: Mm): number {
  return mm.vmas.pages * PAGE_SIZE;
}

/** Map something at exactly these addresses, in place of what was there; answers 0 or why not. */
export function mapAt(mm: Mm, options: VmaOptions): number {
  const { start, end } = options;
  if (start < mm.lowest) return Errno.EPERM;
  if (end > TASK_SIZE || start >= end) return Errno.ENOMEM;
  if (mm.vmas.size + 2 > MAP_COUNT_MAX) return Errno.ENOMEM;
  if (!mayHave(mm, end - start, options)) return Errno.ENOMEM;
  unmap(mm, start, end);
  mm.vmas.insert(new Vma(mm, options));
  logMapped(mm, options);
  return 0;
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
  let at = start;
  for (const vma of mm.vmas.within(start, end)) {
    if (vma.start > at) return Errno.ENOMEM;
    const to = Math.min(end, vma.end);
    if (!mayProtect(vma, prot)) return Errno.EACCES;
    if (vma.prot !== prot) {
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
  if (after < before) unmap(mm, after, before);
  if (after > before) {
    const next = mm.vmas.after(before);
    if (next && (next.growsDown ? next.start - STACK_GUARD_GAP : next.start) < after + PAGE_SIZE) {
      return mm.brk;
    }
    const prot = Access.READ | Access.WRITE;
    if (mapAt(mm, { start: before, end: after, prot }) < 0) return mm.brk;
  }
  return mm.brk = wanted;
}

/** Addresses that are free, the highest below where mappings go, or ENOMEM. */
export function findRoom(mm: Mm, length: number, hint = 0, align = PAGE_SIZE): number {
  if (length > TASK_SIZE) return Errno.ENOMEM;
  const at = pageUp(hint);
  if (at >= MMAP_MIN_ADDR && at + length <= TASK_SIZE && isFree(mm, at, at + length)) return at;
  const found = highestRoom(mm, length, align);
  return found > 0 ? found : lowestRoom(mm, length, align);
}

/** Whether nothing is mapped there, and no stack would touch it. */
export function isFree(mm: Mm, start: number, end: number): boolean {
  const next = mm.vmas.after(start);
  return next === null || end <= lowEdge(next);
}

/** Whether a file's mapping may be allowed that. */
function mayProtect(vma: Vma, prot: number): boolean {
  if (!vma.shared || vma.file === null || (prot & Access.WRITE) === 0) return true;
  return vma.mayWrite && (vma.file.flags & OpenFlag.ACCESS) === OpenFlag.RDWR;
}

function highestRoom(mm: Mm, length: number, align: number): number {
  const vmas = mm.vmas.all;
  let high = mm.mmapBase;
  for (let at = vmas.length; at >= 0; at--) {
    const low = vmas[at - 1]?.end ?? MMAP_MIN_ADDR;
    const edge = vmas[at] ? Math.min(high, lowEdge(vmas[at]!)) : high;
    const start = edge - length - (edge - length) % align;
    if (start >= low) return start;
    high = Math.min(high, low);
  }
  return Errno.ENOMEM;
}

function lowestRoom(mm: Mm, length: number, align: number): number {
  let at = Math.ceil(TASK_UNMAPPED_BASE / align) * align;
  for (;;) {
    if (at + length > TASK_SIZE) return Errno.ENOMEM;
    const next = mm.vmas.after(at);
    if (next === null || at + length <= lowEdge(next)) return at;
    at = Math.ceil(next.end / align) * align;
  }
}

/** Where the room begins that a mapping needs for itself. */
function lowEdge(vma: Vma): number {
  return vma.growsDown ? vma.start - STACK_GUARD_GAP : vma.start;
}

/** Whether a process may have so much more: its own limits, and what this machine could ever give. */
function mayHave(mm: Mm, length: number, options: VmaOptions): boolean {
  const { prot, shared, file, noReserve = false } = options;
  const limit = mm.limits.soft(Resource.AS);
  if (limit < Infinity && mappedBytes(mm) + length > limit) return false;
  const counted = !noReserve && (prot & Access.WRITE) !== 0 && (!file || !shared);
  return !counted || length <= mm.realm.memory.totalFrames * PAGE_SIZE;
}
