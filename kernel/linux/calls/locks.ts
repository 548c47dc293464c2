/**
 * Locks on ranges of files, as `fcntl` and `flock` have them.
 *
 * @module
 */
import { Fcntl, Flock, LOCK_SIZE, LockType } from "../abi/fcntl.ts";
import { Whence } from "../abi/file.ts";
import type { Answer } from "../answer.ts";
import { Errno } from "../errno.ts";
import type { OpenFile } from "../fs/open_file.ts";
import { OpenDirectory } from "../fs/open_regular.ts";
import type { Task } from "../task.ts";
import { readSigned64, writeBytes } from "./user_data.ts";
import type { FileLock } from "../file_locks.ts";

/** `F_GETLK`, `F_SETLK` and `F_SETLKW`. */
export function lockCommand(task: Task, file: OpenFile, command: number, address: number): Answer {
  const isFiles = command >= Fcntl.OFD_GETLK;
  const wanted = readLock(task, file, address, isFiles);
  if (typeof wanted === "number") return wanted;
  const { locks } = task.linux;
  const { inode } = file;
  if (isFiles) file.released = () => locks.released(file);
  if (command === Fcntl.GETLK || command === Fcntl.OFD_GETLK) {
    if (wanted.type === LockType.UNLCK) return Errno.EINVAL;
    return writeLock(task, address, locks.conflict(inode, wanted));
  }
  if (wanted.type === LockType.RDLCK && !file.readable) return Errno.EBADF;
  if (wanted.type === LockType.WRLCK && !file.writable) return Errno.EBADF;
  const attempt = () => {
    if (wanted.type !== LockType.UNLCK && locks.conflict(inode, wanted)) return null;
    locks.set(inode, wanted);
    return 0;
  };
  if (command !== Fcntl.SETLKW && command !== Fcntl.OFD_SETLKW) return attempt() ?? Errno.EAGAIN;
  return task.block({ site: "fcntl_setlk", queues: [locks.queue], attempt });
}

/** `flock`. */
export function flock(task: Task, fd: number, operation: number): Answer {
  const file = task.file(fd);
  if (!file) return Errno.EBADF;
  // An old kind of lock, which no longer locks anything.
  if ((operation & Flock.MAND) !== 0) return 0;
  const kind = operation & ~Flock.NB;
  const type = kind === Flock.SH
    ? LockType.RDLCK
    : kind === Flock.EX
    ? LockType.WRLCK
    : kind === Flock.UN
    ? LockType.UNLCK
    : -1;
  if (type < 0) return Errno.EINVAL;
  const { locks } = task.linux;
  const { pid } = task.group;
  const lock: FileLock = { owner: file, kind: "flock", pid, type, start: 0, end: Infinity };
  file.released = () => locks.released(file);
  const attempt = () => {
    if (type !== LockType.UNLCK && locks.conflict(file.inode, lock)) return null;
    locks.set(file.inode, lock);
    return 0;
  };
  if ((operation & Flock.NB) !== 0) return attempt() ?? Errno.EAGAIN;
  return task.block({ site: "locks_lock_inode_wait", queues: [locks.queue], attempt });
}

function readLock(
  task: Task,
  file: OpenFile,
  address: number,
  isFiles: boolean,
): FileLock | number {
  const bytes = task.mm.memory.bytes(address, 4);
  const pid = task.mm.memory.readU32(address + 24);
  const from = readSigned64(task, address + 8);
  const length = readSigned64(task, address + 16);
  if (typeof bytes === "number" || from === null || length === null) return Errno.EFAULT;
  const view = new DataView(bytes.buffer);
  const type = view.getInt16(0, true);
  const whence = view.getInt16(2, true);
  if (
    type < LockType.RDLCK || type > LockType.UNLCK || whence < Whence.SET || whence > Whence.END
  ) return Errno.EINVAL;
  if (file instanceof OpenDirectory) return Errno.EBADF;
  let start = from +
    (whence === Whence.CUR ? file.position : whence === Whence.END ? file.inode.size : 0);
  let end = length === 0 ? Infinity : start + length;
  if (length < 0) [start, end] = [start + length, start];
  if (start < 0) return Errno.EINVAL;
  if (isFiles && pid !== 0) return Errno.EINVAL;
  return isFiles
    ? { owner: file, kind: "fcntl", pid: -1, type, start, end }
    : { owner: task.files, kind: "fcntl", pid: task.group.pid, type, start, end };
}

function writeLock(task: Task, address: number, lock: FileLock | null): number {
  const bytes = new Uint8Array(LOCK_SIZE);
  const before = task.mm.memory.bytes(address, LOCK_SIZE);
  if (typeof before === "number") return Errno.EFAULT;
  bytes.set(before);
  const view = new DataView(bytes.buffer);
  view.setInt16(0, lock ? lock.type : LockType.UNLCK, true);
  if (lock) {
    view.setInt16(2, 0, true);
    view.setBigInt64(8, BigInt(lock.start), true);
    view.setBigInt64(16, BigInt(lock.end === Infinity ? 0 : lock.end - lock.start), true);
    view.setInt32(24, lock.pid, true);
  }
  return writeBytes(task, address, bytes);
}
