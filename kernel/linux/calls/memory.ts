/**
 * Calls about what is at which address.
 *
 * @module
 */
import { Access, PAGE_SIZE } from "../../ports.ts";
import type { Answer } from "../answer.ts";
import { call, type LinuxCall } from "../call.ts";
import { Capability } from "../credentials.ts";
import { Errno } from "../errno.ts";
import { pageUp, TASK_SIZE } from "../mm/layout.ts";
import { dropPages, findRoom, mapAt, protect, setBreak, unmap } from "../mm/map.ts";
import { MapFlag, mmap } from "../mm/mmap.ts";
import type { Mm } from "../mm/mm.ts";
import { moveMapping } from "../mm/move.ts";
import type { OnFork, Vma } from "../mm/vma.ts";
import type { Task } from "../task.ts";
import { processOfFile } from "./pid_files.ts";
import { piecesAt } from "./transfer.ts";

const Advice = {
  NORMAL: 0,
  RANDOM: 1,
  SEQUENTIAL: 2,
  WILLNEED: 3,
  DONTNEED: 4,
  FREE: 8,
  REMOVE: 9,
  DONTFORK: 10,
  DOFORK: 11,
  MERGEABLE: 12,
  UNMERGEABLE: 13,
  HUGEPAGE: 14,
  NOHUGEPAGE: 15,
  DONTDUMP: 16,
  DODUMP: 17,
  WIPEONFORK: 18,
  KEEPONFORK: 19,
  COLD: 20,
  PAGEOUT: 21,
} as const;

const KNOWN_ADVICE: ReadonlySet<number> = new Set(Object.values(Advice));
const ON_FORK: Readonly<Record<number, OnFork>> = {
  [Advice.DONTFORK]: "skip",
  [Advice.DOFORK]: "copy",
  [Advice.WIPEONFORK]: "wipe",
  [Advice.KEEPONFORK]: "copy",
};
const REMOTE_ADVICE: ReadonlySet<number> = new Set([Advice.WILLNEED, Advice.COLD, Advice.PAGEOUT]);
const Remap = { MAYMOVE: 1, FIXED: 2 } as const;
const Sync = { ASYNC: 1, INVALIDATE: 2, SYNC: 4 } as const;
const PROT_BITS = Access.READ | Access.WRITE | Access.EXECUTE;

function brk(task: Task, address: number): Answer {
  return setBreak(task.mm, address);
}

function mmapCall(
  task: Task,
  address: number,
  length: number,
  prot: number,
  flags: number,
  fd: number,
  offset: number,
): Answer {
  if (offset % PAGE_SIZE !== 0) return Errno.EINVAL;
  const isAnonymous = (flags & MapFlag.ANONYMOUS) !== 0;
  const file = isAnonymous ? null : task.file(fd);
  if (!isAnonymous && !file) return Errno.EBADF;
  task.mm.lowest = task.lowestAddress;
  const start = mmap(task.mm, {
    address,
    length,
    prot: prot & PROT_BITS,
    flags,
    file,
    offset: isAnonymous ? 0 : offset,
    shared: task.linux.rootFs,
  });
  if (start >= 0 && (flags & (MapFlag.POPULATE | MapFlag.LOCKED)) !== 0) {
    populate(task.mm, start, start + pageUp(length), prot);
  }
  return start;
}

function munmap(task: Task, address: number, length: number): Answer {
  const end = address + pageUp(length);
  if (address % PAGE_SIZE !== 0 || length === 0 || end > TASK_SIZE) return Errno.EINVAL;
  unmap(task.mm, address, end);
  return 0;
}

function mprotect(task: Task, address: number, length: number, prot: number): Answer {
  if (address % PAGE_SIZE !== 0 || (prot & ~(PROT_BITS | 0x0f000000)) !== 0) return Errno.EINVAL;
  const end = address + pageUp(length);
  if (length === 0) return 0;
  if (end > TASK_SIZE) return Errno.ENOMEM;
  return protect(task.mm, address, end, prot & PROT_BITS);
}

function madvise(task: Task, address: number, length: number, advice: number): Answer {
  const end = address + pageUp(length);
  if (!KNOWN_ADVICE.has(advice) || address % PAGE_SIZE !== 0) return Errno.EINVAL;
  if (length === 0) return 0;
  const { mm } = task;
  const vmas = mm.vmas.within(address, end);
  const drops = advice === Advice.DONTNEED || advice === Advice.FREE;
  let at = address;
  let isWhole = true;
  for (const vma of vmas) {
    if (vma.start > at) isWhole = false;
    const from = Math.max(address, vma.start);
    at = Math.min(end, vma.end);
    const onFork = ON_FORK[advice];
    if (onFork && (onFork !== "wipe" || (!vma.shared && !vma.file))) {
      mm.vmas.change(from, at, { onFork });
    } else if (onFork === "wipe") return Errno.EINVAL;
    if (drops && !vma.shared) dropPages(mm, from, at);
    else if (drops) mm.forgetAddresses(from, at);
  }
  return isWhole && at >= end ? 0 : Errno.ENOMEM;
}

/** Advice for another process's memory, which changes nothing that could be seen. */
function processMadvise(
  task: Task,
  fd: number,
  vector: number,
  count: number,
  advice: number,
  flags: number,
): Answer {
  if (flags !== 0) return Errno.EINVAL;
  const pieces = piecesAt(task, vector, count);
  if (typeof pieces === "number") return pieces;
  const group = processOfFile(task, fd);
  if (typeof group === "number") return group;
  if (!REMOTE_ADVICE.has(advice)) return Errno.EINVAL;
  if (group !== task.group && !task.may(Capability.SYS_NICE)) return Errno.EPERM;
  return pieces.reduce((sum, { length }) => sum + length, 0);
}

function processMrelease(task: Task, fd: number, flags: number): Answer {
  if (flags !== 0) return Errno.EINVAL;
  const group = processOfFile(task, fd);
  if (typeof group === "number") return group;
  return group.ended ? Errno.ESRCH : Errno.EINVAL;
}

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
  if ((flags & ~3) !== 0 || address % PAGE_SIZE !== 0 || want === 0) return Errno.EINVAL;
  if (isFixed && ((flags & Remap.MAYMOVE) === 0 || to % PAGE_SIZE !== 0)) return Errno.EINVAL;
  const vma = mm.vmas.at(address);
  if (!vma) return Errno.EFAULT;
  if (from === 0) return Errno.EINVAL;
  if (address + from > vma.end) return Errno.EFAULT;
  if (isFixed) return remapTo(mm, { address, from, want }, to);
  if (want <= from) {
    if (want < from) unmap(mm, address + want, address + from);
    return address;
  }
  if (address + from === vma.end && canGrow(mm, vma, want - from)) {
    return grow(mm, vma, address + want) < 0 ? Errno.ENOMEM : address;
  }
  if ((flags & Remap.MAYMOVE) === 0) return Errno.ENOMEM;
  const room = findRoom(mm, want);
  return room < 0 ? room : move(mm, { address, from, want }, room);
}

interface Remapped {
  readonly address: number;
  readonly from: number;
  readonly want: number;
}

function remapTo(mm: Mm, what: Remapped, to: number): number {
  const { address, from, want } = what;
  if (to + want > TASK_SIZE || (to < address + from && address < to + want)) return Errno.EINVAL;
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
  const { prot, shared, file, name } = vma;
  const offset = file ? vma.offset + (vma.end - vma.start) : 0;
  return mapAt(mm, { start: vma.end, end, prot, shared, file, offset, name });
}

function msync(task: Task, address: number, length: number, flags: number): Answer {
  if (address % PAGE_SIZE !== 0 || (flags & ~7) !== 0) return Errno.EINVAL;
  if ((flags & Sync.ASYNC) !== 0 && (flags & Sync.SYNC) !== 0) return Errno.EINVAL;
  return isMapped(task.mm, address, address + pageUp(length)) ? 0 : Errno.ENOMEM;
}

function mincore(task: Task, address: number, length: number, vector: number): Answer {
  if (address % PAGE_SIZE !== 0) return Errno.EINVAL;
  const { mm } = task;
  if (!isMapped(mm, address, address + pageUp(length))) return Errno.ENOMEM;
  const pages = pageUp(length) / PAGE_SIZE;
  const resident = new Uint8Array(pages);
  for (let at = 0; at < pages; at++) {
    const page = address / PAGE_SIZE + at;
    const isFile = mm.vmas.at(page * PAGE_SIZE)!.file !== null;
    resident[at] = isFile || mm.pages.pages.get(page) > 0 ? 1 : 0;
  }
  return mm.memory.write(vector, resident) === 0 ? 0 : Errno.EFAULT;
}

function mlock(task: Task, address: number, length: number): Answer {
  const start = address - address % PAGE_SIZE;
  const end = pageUp(address + length);
  if (!isMapped(task.mm, start, end)) return Errno.ENOMEM;
  for (const { start: from, end: to, prot } of task.mm.vmas.within(start, end)) {
    populate(task.mm, Math.max(start, from), Math.min(end, to), prot);
  }
  return 0;
}

function isMapped(mm: Mm, start: number, end: number): boolean {
  let at = start;
  for (const vma of mm.vmas.within(start, end)) {
    if (vma.start > at) return false;
    at = vma.end;
  }
  return at >= end;
}

function populate(mm: Mm, start: number, end: number, prot: number): void {
  const access = (prot & Access.WRITE) !== 0 ? Access.WRITE : Access.READ;
  for (let at = start; at < end; at += PAGE_SIZE) if (mm.touch(at, access) < 0) return;
}

const RANGE = { address: "pointer", length: "size" } as const;

/** Calls about what is at which address. */
export const MEMORY_CALLS: readonly LinuxCall[] = [
  call(214, "brk", { address: "pointer" }, brk),
  call(215, "munmap", RANGE, munmap),
  call(
    216,
    "mremap",
    { address: "pointer", oldLength: "size", newLength: "size", flags: "uint", to: "pointer" },
    mremap,
  ),
  call(
    222,
    "mmap",
    {
      address: "pointer",
      length: "size",
      prot: "flags:prot",
      flags: "flags:map",
      fd: "fd",
      offset: "long",
    },
    mmapCall,
  ),
  call(226, "mprotect", { ...RANGE, prot: "flags:prot" }, mprotect),
  call(227, "msync", { ...RANGE, flags: "uint" }, msync),
  call(228, "mlock", RANGE, mlock),
  call(
    229,
    "munlock",
    RANGE,
    (task, address, length) =>
      isMapped(task.mm, address - address % PAGE_SIZE, pageUp(address + length)) ? 0 : Errno.ENOMEM,
  ),
  call(
    230,
    "mlockall",
    { flags: "int" },
    (_task, flags) => flags === 0 || (flags & ~7) !== 0 ? Errno.EINVAL : 0,
  ),
  call(231, "munlockall", {}, () => 0),
  call(232, "mincore", { ...RANGE, vector: "pointer" }, mincore),
  call(233, "madvise", { ...RANGE, advice: "flags:madvise" }, madvise),
  call(
    234,
    "remap_file_pages",
    { ...RANGE, prot: "uint", page: "size", flags: "uint" },
    () => Errno.EINVAL,
  ),
  call(
    440,
    "process_madvise",
    { process: "fd", vector: "pointer", count: "size", advice: "flags:madvise", flags: "uint" },
    processMadvise,
  ),
  call(448, "process_mrelease", { process: "fd", flags: "uint" }, processMrelease),
  call(284, "mlock2", { ...RANGE, flags: "uint" }, mlock),
];
