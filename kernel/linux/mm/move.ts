/**
 * Moving what is at some addresses elsewhere, pages and all.
 *
 * @module
 */
import { PAGE_SIZE } from "../../ports.ts";
import { logMapped, logUnmapped } from "./map_log.ts";
import type { Mm } from "./mm.ts";
import type { Vma } from "./vma.ts";

/** Move a run of addresses so that it begins elsewhere, where nothing is. */
export function moveMapping(mm: Mm, vma: Vma, start: number): void {
  const { start: from, end } = vma;
  const moved = vma.part(from, end, { start, end: start + (end - from), offset: vma.offset });
  mm.vmas.carve(from, end);
  movePages(mm, from, end, start);
  mm.vmas.insert(moved);
  logUnmapped(mm, from, end);
  logMapped(mm, moved);
}

/** Move the pages that are a process's own to other addresses. */
export function movePages(mm: Mm, from: number, end: number, to: number): void {
  const { pages } = mm.pages;
  const distance = (to - from) / PAGE_SIZE;
  const found: [page: number, frame: number][] = [];
  pages.forEach(from / PAGE_SIZE, end / PAGE_SIZE, (page, frame) => {
    found.push([page, frame]);
  });
  mm.forgetAddresses(from, end);
  mm.forgetAddresses(to, to + (end - from));
  for (const [page] of found) pages.set(page, 0);
  for (const [page, frame] of found) pages.set(page + distance, frame);
}
