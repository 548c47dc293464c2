/**
 * Calls about what is at which address.
 *
 * @module
 */
import { lengthOf } from "../pieces.ts";
import { Access, PAGE_SIZE } from "../../ports.ts";
import { Advice, MapFlag, Protection, Sync } from "../abi/memory.ts";
import type { Answer } from "../answer.ts";
import { call, type LinuxCall } from "../call.ts";
import { Capability } from "../abi/capability.ts";
import { Errno } from "../errno.ts";
import { pageUp, TASK_SIZE } from "../mm/layout.ts";
import { canDoMlock, lockedWithin, mlockFutureOk, populate } from "../mm/lock.ts";
import { dropPages, isMapped, isSealed, protect, setBreak, unmap } from "../mm/map.ts";
import { mmap } from "../mm/mmap.ts";
import { Fault, type Mm } from "../mm/mm.ts";
import { type Vma, type VmaOptions, VVAR_NAME } from "../mm/vma.ts";
import { isZeros } from "../fs/device.ts";
import type { Task } from "../task.ts";
import { processOfFile } from "./pid_files.ts";
import { piecesAt } from "./transfer.ts";

/** There are no large pages that small ones could become one of. */
const KNOWN_ADVICE: ReadonlySet<number> = new Set(
  Object.values(Advice).filter((one) => one !== Advice.COLLAPSE),
);
/** What advice changes of what a child gets. */
const IN_FORK: Readonly<Record<number, Partial<VmaOptions>>> = {
  [Advice.DONTFORK]: { skippedInFork: true },
  [Advice.DOFORK]: { skippedInFork: false },
  [Advice.WIPEONFORK]: { wipedInFork: true },
  [Advice.KEEPONFORK]: { wipedInFork: false },
};
/** What throws pages away, now or in a child. */
const DISCARDS: ReadonlySet<number> = new Set([
  Advice.DONTNEED,
  Advice.DONTNEED_LOCKED,
  Advice.FREE,
  Advice.REMOVE,
  Advice.DONTFORK,
  Advice.WIPEONFORK,
]);
/** What makes no sense for pages that stay where they are. */
const UNLOCKED_ADVICE: ReadonlySet<number> = new Set([
  Advice.DONTNEED,
  Advice.FREE,
  Advice.REMOVE,
  Advice.COLD,
  Advice.PAGEOUT,
]);
const REMOTE_ADVICE: ReadonlySet<number> = new Set([Advice.WILLNEED, Advice.COLD, Advice.PAGEOUT]);
const SYNCS = Sync.SYNC | Sync.ASYNC | Sync.INVALIDATE;
const GROWTHS = Protection.GROWSDOWN | Protection.GROWSUP;
const PROT_BITS = Access.READ | Access.WRITE | Access.EXECUTE;
const ADDRESSES = 2 ** 64;

function brk(task: Task, address: number): Answer {
  const { mm } = task;
  const before = mm.brk;
  const isLocked = mm.lockingFuture !== "no";
  if (isLocked && address > before && !mlockFutureOk(task, address - before)) return before;
  const now = setBreak(mm, address);
  if (isLocked && now > before) populate(mm, pageUp(before), pageUp(now));
  return now;
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
  const isNone = (flags & MapFlag.ANONYMOUS) !== 0;
  const found = isNone ? null : task.file(fd);
  if (!isNone && !found) return Errno.EBADF;
  // Zeros from their device are like zeros from nowhere.
  const isAnonymous = isNone || (isZeros(found!.inode) && found!.readable);
  const file = isAnonymous ? null : found;
  const { mm } = task;
  const isLocked = (flags & MapFlag.LOCKED) !== 0;
  if (isLocked && !canDoMlock(task)) return Errno.EPERM;
  const becomesLocked = isLocked || mm.lockingFuture !== "no";
  if (becomesLocked && !mlockFutureOk(task, pageUp(length))) return Errno.EAGAIN;
  mm.lowest = task.lowestAddress;
  const start = mmap(mm, {
    address,
    length,
    prot: prot & PROT_BITS,
    flags,
    file,
    offset: isAnonymous ? 0 : offset,
    shared: task.linux.rootFs,
  });
  const isWanted = isLocked || (flags & (MapFlag.POPULATE | MapFlag.NONBLOCK)) === MapFlag.POPULATE;
  if (start >= 0 && (isWanted || becomesLocked)) {
    populate(mm, start, start + pageUp(length));
  }
  return start;
}

function munmap(task: Task, address: number, length: number): Answer {
  const end = address + pageUp(length);
  if (address % PAGE_SIZE !== 0 || length === 0 || end > TASK_SIZE) return Errno.EINVAL;
  if (isSealed(task.mm, address, end)) return Errno.EPERM;
  unmap(task.mm, address, end);
  return 0;
}

function mprotect({ mm }: Task, address: number, length: number, prot: number): Answer {
  const growth = prot & GROWTHS;
  if (growth === GROWTHS || address % PAGE_SIZE !== 0) return Errno.EINVAL;
  const end = address + pageUp(length);
  if (length === 0) return 0;
  if (end >= ADDRESSES) return Errno.ENOMEM;
  if ((prot & ~(PROT_BITS | Protection.SEM | GROWTHS)) !== 0) return Errno.EINVAL;
  if (growth === 0) return protect(mm, address, end, prot & PROT_BITS);
  const first = mm.vmas.after(address);
  if (!first || first.start >= end) return Errno.ENOMEM;
  if (growth === Protection.GROWSUP || !first.growsDown) return Errno.EINVAL;
  return protect(mm, first.start, end, prot & PROT_BITS);
}

function madvise(task: Task, address: number, length: number, advice: number): Answer {
  const end = address + pageUp(length);
  if (!KNOWN_ADVICE.has(advice) || address % PAGE_SIZE !== 0 || end >= ADDRESSES) {
    return Errno.EINVAL;
  }
  if (length === 0) return 0;
  const { mm } = task;
  const vmas = mm.vmas.within(address, end);
  let at = address;
  let isWhole = true;
  for (const vma of vmas) {
    if (vma.start > at) isWhole = false;
    const from = Math.max(address, vma.start);
    at = Math.min(end, vma.end);
    const status = advise(mm, vma, { from, to: at, advice });
    if (status !== 0) return status;
  }
  return isWhole && at >= end ? 0 : Errno.ENOMEM;
}

/** Heed advice for a part of a run of addresses; answers 0 or why not. */
function advise(mm: Mm, vma: Vma, { from, to, advice }: Advised): number {
  const isAnonymous = !vma.shared && vma.file === null;
  const inFork = IN_FORK[advice];
  if (vma.sealed && isAnonymous && !vma.allows(Access.WRITE) && DISCARDS.has(advice)) {
    return Errno.EPERM;
  }
  if (UNLOCKED_ADVICE.has(advice) && (vma.locked || vma.name === VVAR_NAME)) return Errno.EINVAL;
  switch (advice) {
    case Advice.DONTNEED:
    case Advice.DONTNEED_LOCKED:
    case Advice.FREE:
      if (advice === Advice.FREE && !isAnonymous) return Errno.EINVAL;
      if (vma.shared) mm.forgetAddresses(from, to);
      else dropPages(mm, from, to);
      return 0;
    case Advice.REMOVE:
      return remove(vma, from, to);
    case Advice.POPULATE_READ:
    case Advice.POPULATE_WRITE:
      return prefault(mm, vma, { from, to, advice });
  }
  if (inFork === undefined) return 0;
  if (advice === Advice.WIPEONFORK && !isAnonymous) return Errno.EINVAL;
  mm.vmas.change(from, to, inFork);
  return 0;
}

interface Advised {
  readonly from: number;
  readonly to: number;
  readonly advice: number;
}

/** Make a hole in the file that is shown there. */
function remove({ file, shared, mayWrite, start, offset }: Vma, from: number, to: number): number {
  if (file === null) return Errno.EINVAL;
  if (!shared || !mayWrite || !file.writable) return Errno.EACCES;
  return file.inode.punch(offset + (from - start), to - from);
}

/** Bring pages now that are advised to be there. */
function prefault(mm: Mm, vma: Vma, { from, to, advice }: Advised): number {
  const access = advice === Advice.POPULATE_WRITE ? Access.WRITE : Access.READ;
  if (!vma.allows(access)) return Errno.EINVAL;
  for (let at = from; at < to; at += PAGE_SIZE) {
    const frame = mm.touch(at, access);
    if (frame < 0) return frame === Fault.OOM ? Errno.ENOMEM : Errno.EFAULT;
  }
  return 0;
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
  return lengthOf(pieces);
}

function processMrelease(task: Task, fd: number, flags: number): Answer {
  if (flags !== 0) return Errno.EINVAL;
  const group = processOfFile(task, fd);
  if (typeof group === "number") return group;
  return group.ended ? Errno.ESRCH : Errno.EINVAL;
}

function msync(task: Task, address: number, length: number, flags: number): Answer {
  if (address % PAGE_SIZE !== 0 || (flags & ~SYNCS) !== 0) return Errno.EINVAL;
  if ((flags & Sync.ASYNC) !== 0 && (flags & Sync.SYNC) !== 0) return Errno.EINVAL;
  const { mm } = task;
  const end = address + pageUp(length);
  if ((flags & Sync.INVALIDATE) !== 0 && lockedWithin(mm, address, end) > 0) return Errno.EBUSY;
  return isMapped(mm, address, end) ? 0 : Errno.ENOMEM;
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

const RANGE = { address: "pointer", length: "size" } as const;

/** Calls about what is at which address. */
export const MEMORY_CALLS: readonly LinuxCall[] = [
  call(214, "brk", { address: "pointer" }, brk),
  call(215, "munmap", RANGE, munmap),
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
  call(232, "mincore", { ...RANGE, vector: "pointer" }, mincore),
  call(233, "madvise", { ...RANGE, advice: "flags:madvise" }, madvise),
  call(
    440,
    "process_madvise",
    { process: "fd", vector: "pointer", count: "size", advice: "flags:madvise", flags: "uint" },
    processMadvise,
  ),
  call(448, "process_mrelease", { process: "fd", flags: "uint" }, processMrelease),
];
