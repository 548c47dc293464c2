/**
 * `mmap` as the kernel does it for programs and for itself: what is asked for is checked, a place is
 * found, and the run of addresses is made.
 *
 * @module
 */
import { Access, PAGE_SIZE } from "../../ports.ts";
import { MapFlag } from "../abi/memory.ts";
import { Errno } from "../errno.ts";
import { internalFile } from "../fs/internal_file.ts";
import { Seal } from "../abi/file.ts";
import type { OpenFile } from "../fs/open_file.ts";
import { OpenRegular } from "../fs/open_regular.ts";
import type { FileSystem } from "../fs/file_system.ts";
import { pageUp, TASK_SIZE } from "./layout.ts";
import { mapAt } from "./map.ts";
import type { Mm } from "./mm.ts";
import { deniesMapping } from "./mm_flags.ts";
import { findRoom } from "./room.ts";

/** No offset is as large; the last page below it is no file's. */
const OFFSETS_END = 2 ** 63;
const LEGACY_FLAGS = 0x7c07f933;
const SEALED_WRITES = Seal.WRITE | Seal.FUTURE_WRITE;

/** What is to be mapped. */
export interface MmapRequest {
  /** Where, or a hint. */
  readonly address: number;
  /** How many bytes. */
  readonly length: number;
  /** What may be done there. */
  readonly prot: number;
  /** A mask of `MapFlag` bits. */
  readonly flags: number;
  /** What is shown; null for zeros. */
  readonly file: OpenFile | null;
  /** Where in the file it begins. */
  readonly offset: number;
  /** What it is called, where it has no file's name. */
  readonly name?: string;
  /** Where memory that processes share is kept. */
  readonly shared: FileSystem;
}

/** Map something; answers where it is, or why it is nowhere. */
export function mmap(mm: Mm, request: MmapRequest): number {
  const { address, flags, offset } = request;
  const length = pageUp(request.length);
  if (request.length === 0 || offset % PAGE_SIZE !== 0) return Errno.EINVAL;
  if (length > TASK_SIZE) return Errno.ENOMEM;
  if (offset < 0 || offset + length > OFFSETS_END) return Errno.EOVERFLOW;
  const start = place(mm, length, address, flags);
  if (start < 0) return start;
  const type = flags & MapFlag.TYPE;
  const shared = type === MapFlag.SHARED || (type === MapFlag.SHARED_VALIDATE && !!request.file);
  if (!shared && type !== MapFlag.PRIVATE) return Errno.EINVAL;
  if (type === MapFlag.SHARED_VALIDATE && (flags & ~LEGACY_FLAGS) !== 0) return Errno.EOPNOTSUPP;
  const status = checkFile(request);
  if (status !== 0) return status;
  if ((flags & MapFlag.GROWSDOWN) !== 0 && (shared || request.file)) return Errno.EINVAL;
  return make(mm, { ...request, length }, start, shared);
}

/** Where it goes, or why there is no such place. */
function place(mm: Mm, length: number, address: number, flags: number): number {
  const { FIXED, FIXED_NOREPLACE } = MapFlag;
  if ((flags & (FIXED | FIXED_NOREPLACE)) === 0) return findRoom(mm, length, address);
  if (address + length > TASK_SIZE) return Errno.ENOMEM;
  if (address % PAGE_SIZE !== 0) return Errno.EINVAL;
  if (address < mm.lowest) return Errno.EPERM;
  const isTaken = mm.vmas.within(address, address + length).length > 0;
  if ((flags & FIXED_NOREPLACE) !== 0 && isTaken) return Errno.EEXIST;
  return address;
}

function checkFile({ file, flags, prot, offset, length }: MmapRequest): number {
  if (file === null) return 0;
  const shared = (flags & MapFlag.TYPE) !== MapFlag.PRIVATE;
  if (!file.readable) return Errno.EACCES;
  if (shared && (prot & Access.WRITE) !== 0 && !file.writable) return Errno.EACCES;
  if (!(file instanceof OpenRegular)) return Errno.ENODEV;
  if (shared && (prot & Access.WRITE) !== 0 && (file.inode.seals & SEALED_WRITES) !== 0) {
    return Errno.EPERM;
  }
  if (file.inode.fs.noExec && (prot & Access.EXECUTE) !== 0) return Errno.EPERM;
  return offset + length > OFFSETS_END - PAGE_SIZE ? Errno.EOVERFLOW : 0;
}

function make(mm: Mm, request: MmapRequest, start: number, shared: boolean): number {
  const { length, prot, flags, file, offset, name = "" } = request;
  if (deniesMapping(mm, prot)) return Errno.EACCES;
  let shown = file as OpenRegular | null;
  if (shared && shown === null) {
    shown = internalFile(request.shared, "/dev/zero (deleted)", new Uint8Array());
    shown.inode.truncate(length);
  }
  const status = mapAt(mm, {
    start,
    end: start + length,
    prot,
    shared,
    growsDown: (flags & MapFlag.GROWSDOWN) !== 0,
    file: shown,
    offset: file ? offset : 0,
    name,
    locking: (flags & MapFlag.LOCKED) === 0 ? mm.lockingFuture : "at once",
    noReserve: (flags & MapFlag.NORESERVE) !== 0,
    mayWrite: !shared || shown === null || (shown.inode.seals & SEALED_WRITES) === 0,
  });
  return status < 0 ? status : start;
}

/** Map fresh zeros that can be written at exactly these addresses, as `vm_brk_flags` does. */
export function mapZeros(mm: Mm, start: number, length: number, executable: boolean): number {
  if (length === 0) return 0;
  const prot = Access.READ | Access.WRITE | (executable ? Access.EXECUTE : 0);
  return mapAt(mm, { start, end: start + length, prot });
}
