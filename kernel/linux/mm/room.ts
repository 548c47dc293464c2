/**
 * Finding addresses where nothing is.
 *
 * @module
 */
import { PAGE_SIZE } from "../../ports.ts";
import { Errno } from "../errno.ts";
import { MMAP_MIN_ADDR, pageUp, STACK_GUARD_GAP, TASK_SIZE, TASK_UNMAPPED_BASE } from "./layout.ts";
import type { Mm } from "./mm.ts";
import type { Vma } from "./vma.ts";

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

/** The highest room below where mappings go; how far it had to look spares the next one the way. */
function highestRoom(mm: Mm, length: number, align: number): number {
  const { vmas, mmapBase } = mm;
  const { all, crowded } = vmas;
  const isTooLarge = length > crowded.largest && crowded.from < mmapBase;
  let high = isTooLarge ? crowded.from : mmapBase;
  let largest = isTooLarge ? crowded.largest : 0;
  for (let at = vmas.placeAfter(high); at >= 0; at--) {
    const low = all[at - 1]?.end ?? MMAP_MIN_ADDR;
    const edge = all[at] ? Math.min(high, lowEdge(all[at]!)) : high;
    const start = edge - length - (edge - length) % align;
    if (start >= low) {
      vmas.noteCrowded({ from: edge, largest });
      return start;
    }
    largest = Math.max(largest, edge - low);
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
