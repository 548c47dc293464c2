/**
 * The texts of `/proc/PID/maps` and `/proc/PID/smaps`.
 *
 * @module
 */
import { majorOf, minorOf } from "../device_number.ts";
import { Access, PAGE_SIZE } from "../../ports.ts";
import type { Directory } from "../fs/directory.ts";
import type { Mm } from "./mm.ts";
import type { Vma } from "./vma.ts";

const NAME_COLUMN = 73;

/** Pages that are there. */
export interface Resident {
  /** How many. */
  readonly pages: number;
  /** How many of them are the process's own. */
  readonly own: number;
}

/** The text of `maps`. */
export function mapsText(mm: Mm, root: Directory): string {
  return mm.vmas.all.map((vma) => `${lineOf(mm, vma, root)}\n`).join("");
}

/** The text of `smaps`: each line with what of it is there. */
export function smapsText(mm: Mm, root: Directory): string {
  return mm.vmas.all.map((vma) => `${lineOf(mm, vma, root)}\n${detailsOf(mm, vma)}`).join("");
}

/** The text of `smaps_rollup`: all runs as one. */
export function rollupText(mm: Mm): string {
  const { all } = mm.vmas;
  const found = all.map((vma) => residentIn(mm, vma));
  const whole = found.reduce(
    (sum, one) => ({ pages: sum.pages + one.pages, own: sum.own + one.own }),
    { pages: 0, own: 0 },
  );
  const locked = found.reduce((sum, { pages }, at) => all[at]!.locked ? sum + pages : sum, 0);
  const where = `${hex(all[0]?.start ?? 0, 8)}-${
    hex(all.at(-1)?.end ?? 0, 8)
  } ---p 00000000 00:00 0`;
  return `${where.padEnd(NAME_COLUMN)}[rollup]\n${sizesText(whole, locked, null)}`;
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
  const text = `${where} ${hex(majorOf(device), 2)}:${hex(minorOf(device), 2)} ${inode?.ino ?? 0} `;
  const label = isNamed ? name : file ? file.path(root) : labelOf(mm, vma);
  return label === "" ? text : `${text.padEnd(NAME_COLUMN)}${label}`;
}

/** What a run of addresses without a file is. */
function labelOf(mm: Mm, { start, end }: Vma): string {
  if (start <= mm.brk && end >= mm.brkStart && mm.brk > mm.brkStart) return "[heap]";
  return start <= mm.stackStart && end >= mm.stackStart ? "[stack]" : "";
}

/** Pages of a run of addresses that are there, and how many of them are the process's own. */
export function residentIn(mm: Mm, vma: Vma): Resident {
  const first = vma.start / PAGE_SIZE;
  const end = vma.end / PAGE_SIZE;
  let own = 0;
  mm.pages.pages.forEach(first, end, (_page, frame) => {
    if (frame > 0) own++;
  });
  let files = 0;
  if (vma.file) {
    const { processor } = mm;
    // Behind the end of its file nothing is ever there.
    const last = Math.ceil(vma.file.inode.size / PAGE_SIZE) - vma.firstPage;
    for (let page = first; page < Math.min(end, first + last); page++) {
      if (mm.pages.pages.get(page) <= 0 && (processor?.lookup(page) ?? 0) !== 0) files++;
    }
  }
  return { pages: own + files, own };
}

function detailsOf(mm: Mm, vma: Vma): string {
  const there = residentIn(mm, vma);
  return sizesText(there, vma.locked ? there.pages : 0, vma.pages) +
    `${"THPeligible:".padEnd(16)}${"0".padStart(8)}\nVmFlags: ${flagsOf(vma)}\n`;
}

/** The sizes that `smaps` has for each run, and `smaps_rollup` for all: in kibibytes. */
function sizesText({ pages, own }: Resident, locked: number, size: number | null): string {
  const line = (name: string, count: number) =>
    `${`${name}:`.padEnd(16)}${String(count * 4).padStart(8)} kB\n`;
  const files = pages - own;
  const counts: readonly (readonly [string, number])[] = [
    ...(size === null ? [] : [["Size", size], ["KernelPageSize", 1], ["MMUPageSize", 1]] as const),
    ["Rss", pages],
    ["Pss", pages],
    ["Pss_Dirty", own],
    ...(size === null ? [["Pss_Anon", own], ["Pss_File", files], ["Pss_Shmem", 0]] as const : []),
    ["Shared_Clean", files],
    ["Shared_Dirty", 0],
    ["Private_Clean", 0],
    ["Private_Dirty", own],
    ["Referenced", pages],
    ["Anonymous", own],
    ...NEVER.map((name) => [name, 0] as const),
    ["Locked", locked],
  ];
  return counts.map(([name, count]) => line(name, count)).join("");
}

/** What pages are that there are none of here. */
const NEVER = [
  "KSM",
  "LazyFree",
  "AnonHugePages",
  "ShmemPmdMapped",
  "FilePmdMapped",
  "Shared_Hugetlb",
  "Private_Hugetlb",
  "Swap",
  "SwapPss",
];

/** What Linux notes of a run, in two letters each. */
function flagsOf(vma: Vma): string {
  const { prot, shared, growsDown, file } = vma;
  const isWritable = (prot & Access.WRITE) !== 0;
  const flags: readonly (readonly [string, boolean])[] = [
    ["rd", (prot & Access.READ) !== 0],
    ["wr", isWritable],
    ["ex", (prot & Access.EXECUTE) !== 0],
    ["sh", shared],
    ["mr", true],
    ["mw", true],
    ["me", true],
    ["ms", shared],
    ["gd", growsDown],
    ["lo", vma.locked],
    ["dc", vma.skippedInFork],
    ["ac", isWritable && !shared && !growsDown || (isWritable && file === null)],
    ["wf", vma.wipedInFork],
    ["sl", vma.sealed],
  ];
  return flags.filter(([, isSet]) => isSet).map(([name]) => `${name} `).join("");
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}
