/**
 * Calls about memory: the heap, mappings, and what is shared.
 *
 * @module
 */
import { PAGE_SIZE } from "../../ports.ts";
import type { Answer } from "../answer.ts";
import { call, type RtSmartCall } from "../call.ts";
import { Errno } from "../error.ts";
import { OpenRegular } from "../fs/regular_file.ts";
import type { LwpThread } from "../lwp_thread.ts";
import { pageUp } from "../mm/layout.ts";
import { brk, MapFlag, type MappedFile, mmap2 } from "../mm/user_mm.ts";

function mapping(
  thread: LwpThread,
  address = 0,
  length = 0,
  _prot = 0,
  flags = 0,
  fd = 0,
  page = 0,
): Answer {
  const within = address % PAGE_SIZE;
  // An address within a page is as good as its page, for those who do not insist.
  if (within !== 0 && (flags & MapFlag.FIXED) !== 0) return Errno.EINVAL;
  const isAnonymous = fd === -1 || (flags & MapFlag.ANONYMOUS) !== 0;
  const file = isAnonymous ? null : fileOf(thread, fd, page);
  if (typeof file === "number") return file;
  const at = mmap2(thread.lwp, address - within, length + within, { flags, file });
  return at < 0 ? at : at + within;
}

function fileOf(thread: LwpThread, fd: number, page: number): MappedFile | number {
  const open = thread.file(fd);
  if (!open) return Errno.EBADF;
  if (!thread.rtsmart.hasPageCache) return Errno.EPERM;
  if (!(open instanceof OpenRegular)) return Errno.EINVAL;
  return { file: open.file, path: open.path, offset: page * PAGE_SIZE };
}

function munmap({ lwp }: LwpThread, address = 0, length = 0): Answer {
  const end = address + pageUp(length);
  if (address % PAGE_SIZE !== 0 || length === 0) return Errno.EINVAL;
  if (address < lwp.aspace.layout.start || end > lwp.aspace.layout.top) return Errno.EINVAL;
  lwp.aspace.unmap(address, end);
  return 0;
}

function shmget(thread: LwpThread, key = 0, size = 0, create = 0): Answer {
  return thread.rtsmart.sharedMemory.get(key, size, create !== 0);
}

function shmrm(thread: LwpThread, id = 0): Answer {
  return thread.rtsmart.sharedMemory.remove(id);
}

function shmat(thread: LwpThread, id = 0, address = 0): Answer {
  const piece = thread.rtsmart.sharedMemory.piece(id);
  if (!piece || address % PAGE_SIZE !== 0) return 0;
  const at = thread.lwp.aspace.map({ address, ...piece, prefetch: true });
  return at < 0 ? 0 : at;
}

function shmdt({ lwp, rtsmart }: LwpThread, address = 0): Answer {
  const varea = lwp.aspace.at(address);
  if (!varea || varea.start !== address || !rtsmart.sharedMemory.isPiece(varea.object)) return -1;
  lwp.aspace.unmap(varea.start, varea.end);
  return 0;
}

/** Calls about memory. */
export const MEMORY_CALLS: readonly RtSmartCall[] = [
  call(52, "brk", { address: "pointer" }, (thread, address = 0) => brk(thread.lwp, address)),
  call(
    53,
    "mmap2",
    {
      address: "pointer",
      length: "size",
      prot: "int",
      flags: "uint",
      fd: "fd",
      page: "size",
    },
    mapping,
  ),
  call(54, "munmap", { address: "pointer", length: "size" }, munmap),
  call(55, "shmget", { key: "size", size: "size", create: "int" }, shmget),
  call(56, "shmrm", { id: "int" }, shmrm),
  call(57, "shmat", { id: "int", address: "pointer" }, shmat),
  call(58, "shmdt", { address: "pointer" }, shmdt),
  call(146, "mremap", { address: "pointer", length: "size" }, () => -1),
  call(147, "madvise", { address: "pointer", length: "size", advice: "int" }, () => Errno.ENOSYS),
];
