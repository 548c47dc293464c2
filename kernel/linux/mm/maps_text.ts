/**
 * The texts of `/proc/PID/maps` and `/proc/PID/smaps`.
 *
 * @module
 */
import { Access, PAGE_SIZE } from "../../ports.ts";
import type { Directory } from "../fs/directory.ts";
import type { Mm } from "./mm.ts";
import type { Vma } from "./vma.ts";

const NAME_COLUMN = 73;

/** The text of `maps`. */
export function mapsText(mm: Mm, root: Directory): string {
  return mm.vmas.all.map((vma) => `${lineOf(mm, vma, root)}\n`).join("");
}

/** The text of `smaps`: each line with what of it is there. */
export function smapsText(mm: Mm, root: Directory): string {
  return mm.vmas.all.map((vma) => `${lineOf(mm, vma, root)}\n${detailsOf(mm, vma)}`).join("");
}

/** How many pages the processor sees of what is a process's own or a file's. */
export function residentPages(mm: Mm): number {
  return mm.vmas.all.reduce((sum, vma) => sum + residentIn(mm, vma).pages, 0);
}

function lineOf(mm: Mm, vma: Vma, root: Directory): string {
  const { start, end, prot, shared, offset, file, name } = vma;
  const letters = ((prot & Access.READ) !== 0 ? "r" : "-") +
    ((prot & Access.WRITE) !== 0 ? "w" : "-") + ((prot & Access.EXECUTE) !== 0 ? "x" : "-") +
    (shared ? "s" : "p");
  const isNamed = name !== "";
  const inode = file && !isNamed ? file.inode : null;
  const device = inode?.fs.device ?? 0;
  const where = `${hex(start, 8)}-${hex(end, 8)} ${letters} ${hex(isNamed ? 0 : offset, 8)}`;
  const text = `${where} ${hex(device >> 8, 2)}:${hex(device & 0xff, 2)} ${inode?.ino ?? 0} `;
  const label = isNamed ? name : file ? file.path(root) : labelOf(mm, vma);
  return label === "" ? text : `${text.padEnd(NAME_COLUMN)}${label}`;
}

/** What a run of addresses without a file is. */
function labelOf(mm: Mm, { start, end }: Vma): string {
  if (start <= mm.brk && end >= mm.brkStart && mm.brk > mm.brkStart) return "[heap]";
  return start <= mm.stackStart && end >= mm.stackStart ? "[stack]" : "";
}

function residentIn(mm: Mm, vma: Vma): { pages: number; own: number } {
  const first = vma.start / PAGE_SIZE;
  const end = vma.end / PAGE_SIZE;
  let own = 0;
  mm.pages.pages.forEach(first, end, (_page, frame) => {
    if (frame > 0) own++;
  });
  let files = 0;
  if (vma.file) {
    const { processor } = mm;
    for (let page = first; page < end; page++) {
      if (mm.pages.pages.get(page) <= 0 && (processor?.lookup(page) ?? 0) !== 0) files++;
    }
  }
  return { pages: own + files, own };
}

function detailsOf(mm: Mm, vma: Vma): string {
  const { pages, own } = residentIn(mm, vma);
  const line = (name: string, count: number) =>
    `${`${name}:`.padEnd(16)}${String(count * 4).padStart(8)} kB\n`;
  return line("Size", vma.pages) + line("KernelPageSize", 1) + line("MMUPageSize", 1) +
    line("Rss", pages) + line("Pss", pages) + line("Shared_Clean", pages - own) +
    line("Shared_Dirty", 0) + line("Private_Clean", 0) + line("Private_Dirty", own) +
    line("Referenced", pages) + line("Anonymous", own);
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}
