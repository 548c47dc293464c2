/**
 * `mremap`: what is at some addresses grows, shrinks, or goes elsewhere; or shows other pages.
 *
 * @module
 */
import { PAGE_SIZE } from "../../ports.ts";
import { Remap } from "../abi/memory.ts";
import type { Answer } from "../answer.ts";
import { call, type LinuxCall } from "../call.ts";
import { Errno } from "../errno.ts";
import { pageUp, TASK_SIZE } from "../mm/layout.ts";
import { mayExpandVm } from "../mm/expand.ts";
import { mapAt, unmap } from "../mm/map.ts";
import type { Mm } from "../mm/mm.ts";
import { moveMapping, movePages } from "../mm/move.ts";
import { findRoom } from "../mm/room.ts";
import type { Vma } from "../mm/vma.ts";
import type { Task } from "../task.ts";

const FLAGS = Remap.MAYMOVE | Remap.FIXED | Remap.DONTUNMAP;

function mremap(
  task: Task,
  address: number,
  oldLength: number,
  newLength: number,
  flags: number,
  to: number,
): Answer {
  const { mm } = task;
  const from = pageUp(oldLength);
  const want = pageUp(newLength);
  const isFixed = (flags & Remap.FIXED) !== 0;
  const staysToo = (flags & Remap.DONTUNMAP) !== 0;
  const mayMove = (flags & Remap.MAYMOVE) !== 0;
  if ((flags & ~FLAGS) !== 0 || address % PAGE_SIZE !== 0 || want === 0) return Errno.EINVAL;
  if (isFixed && (!mayMove || to % PAGE_SIZE !== 0)) return Errno.EINVAL;
  if (staysToo && (!mayMove || from !== want)) return Errno.EINVAL;
  const vma = mm.vmas.at(address);
  if (!vma) return Errno.EFAULT;
  if (from === 0 && !vma.shared) return Errno.EINVAL;
  if (from === 0 && !mayMove) return Errno.ENOMEM;
  if (address + from > vma.end) return Errno.EFAULT;
  if (from === 0 || staysToo) return doubled(mm, { address, from, want }, isFixed ? to : null);
  if (isFixed) return remapTo(mm, { address, from, want }, to);
  if (want <= from) {
    if (want < from) unmap(mm, address + want, address + from);
    return address;
  }
  if (!mayExpandVm(mm, want - from, vma)) return Errno.ENOMEM;
  if (address + from === vma.end && canGrow(mm, vma, want - from)) {
    return grow(mm, vma, address + want) < 0 ? Errno.ENOMEM : address;
  }
  if (!mayMove) return Errno.ENOMEM;
  const room = findRoom(mm, want);
  return room < 0 ? room : move(mm, { address, from, want }, room);
}

interface Remapped {
  readonly address: number;
  readonly from: number;
  readonly want: number;
}

/** Show the same elsewhere, too; the pages of a run that is not empty go there. */
function doubled(mm: Mm, { address, from, want }: Remapped, to: number | null): number {
  if (to !== null && (to + want > TASK_SIZE || (to < address + from && address < to + want))) {
    return Errno.EINVAL;
  }
  const start = to ?? findRoom(mm, want);
  if (start < 0) return start;
  const { prot, shared, file, name, growsDown, onFork, mayWrite, ...old } = mm.vmas.at(address)!;
  const offset = file ? old.offset + (address - old.start) : 0;
  const end = start + want;
  const same = { prot, shared, file, name, growsDown, onFork, mayWrite };
  const status = mapAt(mm, { ...same, start, end, offset });
  if (status < 0) return status;
  movePages(mm, address, address + from, start);
  return start;
}

function remapTo(mm: Mm, what: Remapped, to: number): number {
  const { address, from, want } = what;
  if (to + want > TASK_SIZE || (to < address + from && address < to + want)) return Errno.EINVAL;
  unmap(mm, to, to + want);
  if (want < from) unmap(mm, address + want, address + from);
  const vma = mm.vmas.at(address);
  if (!vma || (want > from && !mayExpandVm(mm, want - from, vma))) return Errno.ENOMEM;
  return move(mm, { address, from: Math.min(from, want), want }, to);
}

function move(mm: Mm, { address, from, want }: Remapped, to: number): number {
  const old = mm.vmas.at(address)!;
  const part = old.part(address, address + from);
  mm.vmas.carve(address, address + from);
  mm.vmas.insert(part);
  const whole = mm.vmas.at(address)!;
  if (whole.start === address && whole.end === address + from) moveMapping(mm, whole, to);
  else movePart(mm, whole, { address, from }, to);
  const moved = mm.vmas.at(to)!;
  if (want > from && grow(mm, moved, to + want) < 0) return Errno.ENOMEM;
  return to;
}

/** The part was joined with its neighbours again: take it out of them. */
function movePart(mm: Mm, whole: Vma, { address, from }: Omit<Remapped, "want">, to: number): void {
  const part = whole.part(address, address + from);
  mm.vmas.carve(address, address + from);
  moveMapping(mm, part, to);
  part.close();
}

function canGrow(mm: Mm, vma: Vma, more: number): boolean {
  const next = mm.vmas.after(vma.end);
  return vma.end + more <= (next?.start ?? TASK_SIZE);
}

function grow(mm: Mm, vma: Vma, end: number): number {
  const { prot, shared, growsDown, file, name, onFork, mayWrite } = vma;
  const offset = file ? vma.offset + (vma.end - vma.start) : 0;
  const same = { prot, shared, growsDown, file, name, onFork, mayWrite };
  return mapAt(mm, { ...same, start: vma.end, end, offset });
}

/** Show other pages of a file that is shared, where some of it is shown. */
function remapFilePages(
  { mm }: Task,
  address: number,
  length: number,
  prot: number,
  page: number,
): Answer {
  const start = address - address % PAGE_SIZE;
  const end = start + length - length % PAGE_SIZE;
  if (prot !== 0 || end <= start || page + (end - start) / PAGE_SIZE >= 2 ** 64) {
    return Errno.EINVAL;
  }
  const first = mm.vmas.at(start);
  if (!first?.shared || !first.file || !isAlike(mm, first, end)) return Errno.EINVAL;
  const { shared, file, name, mayWrite, onFork } = first;
  const same = { shared, file, name, mayWrite, onFork, prot: first.prot };
  // It may be shown nowhere else, and is not to be gone before it is shown again.
  file.hold();
  const status = mapAt(mm, { ...same, start, end, offset: page * PAGE_SIZE });
  file.drop();
  return status;
}

/** Whether a file is shown without a gap, and for the same purpose, up to an address. */
function isAlike(mm: Mm, first: Vma, end: number): boolean {
  let reached = first.end;
  while (reached < end) {
    const next = mm.vmas.at(reached);
    if (!next?.shared || next.file !== first.file || next.prot !== first.prot) return false;
    reached = next.end;
  }
  return true;
}

/** Calls that move what is mapped. */
export const REMAPPING_CALLS: readonly LinuxCall[] = [
  call(
    216,
    "mremap",
    { address: "pointer", oldLength: "size", newLength: "size", flags: "uint", to: "pointer" },
    mremap,
  ),
  call(
    234,
    "remap_file_pages",
    { address: "pointer", length: "size", prot: "uint", page: "size", flags: "uint" },
    remapFilePages,
  ),
];
