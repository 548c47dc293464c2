/**
 * How large the parts of a process's memory are, as /proc tells it.
 *
 * @module
 */
import { Access, PAGE_SIZE } from "../../ports.ts";
import { pageUp } from "./layout.ts";
import { residentIn } from "./maps_text.ts";
import type { Mm } from "./mm.ts";
import type { Vma } from "./vma.ts";

/** Pages that one page of a table has entries for. */
const TABLE_SPAN = 512;

/** Pages by what they are for. */
export interface MemorySizes {
  /** All that is mapped. */
  readonly total: number;
  /** The most that was. */
  readonly totalMost: number;
  /** What may be written and is nobody else's, but for the stack. */
  readonly data: number;
  /** The stack. */
  readonly stack: number;
  /** The program's own code. */
  readonly code: number;
  /** Code of libraries. */
  readonly libraries: number;
  /** Pages that are there and its own. */
  readonly own: number;
  /** Pages that are there and a file's. */
  readonly files: number;
  /** Pages that are there and shared with other processes. */
  readonly shared: number;
  /** All that are there. */
  readonly resident: number;
  /** The most that were, as far as anybody looked. */
  readonly residentMost: number;
  /** Tables of pages. */
  readonly tables: number;
}

/** How large the parts of a process's memory are, in pages. */
export function memorySizes(mm: Mm): MemorySizes {
  const { all } = mm.vmas;
  const there = all.map((vma) => ({ vma, ...residentIn(mm, vma) }));
  const own = sum(there.map((one) => one.own));
  const shared = sum(there.map((one) => one.vma.shared ? one.pages - one.own : 0));
  const resident = sum(there.map((one) => one.pages));
  const code = pages(mm.code.start - mm.code.start % PAGE_SIZE, pageUp(mm.code.end));
  const executable = mapped(
    all,
    ({ prot, growsDown }) =>
      (prot & Access.EXECUTE) !== 0 && (prot & Access.WRITE) === 0 && !growsDown,
  );
  const stack = mapped(all, ({ growsDown }) => growsDown);
  return {
    total: mm.vmas.pages,
    totalMost: mm.vmas.pagesMost,
    data: mm.vmas.dataPages,
    stack,
    code,
    libraries: Math.max(0, executable - code),
    own,
    files: resident - own - shared,
    shared,
    resident,
    residentMost: residentMost(mm),
    tables: tablesOf(all),
  };
}

/** The pages that were there at most, as far as anybody looked. */
export function residentMost(mm: Mm): number {
  const there = mm.vmas.all.map((vma) => residentIn(mm, vma));
  const files = sum(there.map(({ pages, own }) => pages - own));
  return mm.framesMost + files;
}

/** Tables that pages of these could need, and the two above them. */
function tablesOf(all: readonly Vma[]): number {
  const spans = new Set<number>();
  for (const { start, end } of all) {
    const last = Math.ceil(end / PAGE_SIZE / TABLE_SPAN);
    const first = Math.floor(start / PAGE_SIZE / TABLE_SPAN);
    // What is reserved and never touched has no tables.
    for (let span = first; span < Math.min(last, first + TABLE_SPAN); span++) spans.add(span);
  }
  return spans.size + 2;
}

function mapped(all: readonly Vma[], isMeant: (vma: Vma) => boolean): number {
  return sum(all.filter(isMeant).map((vma) => vma.pages));
}

function pages(start: number, end: number): number {
  return Math.max(0, (end - start) / PAGE_SIZE);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
