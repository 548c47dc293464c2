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
import { mlockFutureOk, populate } from "../mm/lock.ts";
import { isSealed, mapAt, unmap } from "../mm/map.ts";
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
  if (vma.sealed) return Errno.EPERM;
  const what = { address, from, want };
  if (isFixed && !mayBeAt(what, to)) return Errno.EINVAL;
  const isTaboo = isFixed && (to < task.lowestAddress || isSealed(mm, to, to + want));
  if (isTaboo) return Errno.EPERM;
  if (from >= want && !isFixed && !staysToo) return shrink(mm, what);
  if (from === 0 && !vma.shared) return Errno.EINVAL;
  if (from === 0 && !mayMove) return Errno.ENOMEM;
  if (address + Math.min(from, want) > vma.end) return Errno.EFAULT;
  if (want > from && vma.locked && !mlockFutureOk(task, want - from)) return Errno.EAGAIN;
  if (want > from && !mayExpandVm(mm, want - from, vma)) return Errno.ENOMEM;
  if (from === 0 || staysToo) return doubled(mm, what, isFixed ? to : null);
  const moved = isFixed ? remapTo(mm, what, to) : grown(mm, vma, what, mayMove);
  if (moved >= 0 && vma.locked) populate(mm, moved, moved + want);
  return moved;
}

/** Let it end earlier, whatever was where it ends no longer. */
function shrink(mm: Mm, { address, from, want }: Remapped): number {
  if (address + from > TASK_SIZE) return Errno.EINVAL;
  if (isSealed(mm, address + want, address + from)) return Errno.EPERM;
  unmap(mm, address + want, address + from);
  return address;
}

/** Let it end later, or be elsewhere if it may move. */
function grown(mm: Mm, vma: Vma, what: Remapped, mayMove: boolean): number {
  const { address, from, want } = what;
  if (address + from === vma.end && canGrow(mm, vma, want - from)) {
    return grow(mm, vma, address + want) < 0 ? Errno.ENOMEM : address;
  }
  if (!mayMove) return Errno.ENOMEM;
  const room = findRoom(mm, want);
  return room < 0 ? room : move(mm, what, room);
}

/** Whether there is such a place, and it is not where it is. */
function mayBeAt({ address, from, want }: Remapped, to: number): boolean {
  return to + want <= TASK_SIZE && !(to < address + from && address < to + want);
}

interface Remapped {
  readonly address: number;
  readonly from: number;
  readonly want: number;
}

/** Show the same elsewhere, too; the pages of a run that is not empty go there. */
function doubled(mm: Mm, { address, from, want }: Remapped, to: number | null): number {
  const start = to ?? findRoom(mm, want);
  if (start < 0) return start;
  const old = mm.vmas.at(address)!;
  const offset = old.file ? old.offset + (address - old.start) : 0;
  const status = mapAt(mm, { ...old, start, end: start + want, offset });
  if (status < 0) return status;
  movePages(mm, address, address + from, start);
  // Only what is there is locked.
  if (old.locked && from > 0) mm.vmas.change(address, address + from, { locking: "no" });
  return start;
}

function remapTo(mm: Mm, what: Remapped, to: number): number {
  const { address, from, want } = what;
  if (want < from && isSealed(mm, address + want, address + from)) return Errno.EPERM;
  unmap(mm, to, to + want);
  if (want < from) unmap(mm, address + want, address + from);
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
  const offset = vma.file ? vma.offset + (vma.end - vma.start) : 0;
  return mapAt(mm, { ...vma, start: vma.end, end, offset });
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
  const { file } = first;
  // It may be shown nowhere else, and is not to be gone before it is shown again.
  file.hold();
  const status = mapAt(mm, { ...first, start, end, offset: page * PAGE_SIZE });
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
