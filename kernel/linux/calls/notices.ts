/**
 * `fcntl` about what is told of a file, to whom and how: that it became ready, that somebody else
 * wants to open it, or that something happened in a directory.
 *
 * @module
 */
import { Capability } from "../abi/capability.ts";
import { DirectoryEvent, Fcntl, LockType, OwnerKind } from "../abi/fcntl.ts";
import { SIGNALS } from "../abi/signal.ts";
import { Register } from "../../abi/riscv64.ts";
import { Errno } from "../errno.ts";
import { AsyncNotice } from "../fs/async_notice.ts";
import { Dnotify } from "../fs/dnotify.ts";
import type { OpenFile } from "../fs/open_file.ts";
import { OpenDirectory, OpenRegular } from "../fs/open_regular.ts";
import type { Task } from "../task.ts";
import { writeWords32 } from "./user_data.ts";

const INT_MIN = -(2 ** 31);

/** Do such a command; EINVAL where there is none. */
export function noticeCommand(
  task: Task,
  fd: number,
  command: number,
  argument: number,
): number {
  const file = task.file(fd);
  if (!file) return Errno.EBADF;
  // As a whole number it is an int; its upper half says nothing, and may not fit beside the lower.
  const whole = task.context.getLow(Register.A0 + 2) | 0;
  switch (command) {
    case Fcntl.GETOWN:
      return file.notice?.owner ?? 0;
    case Fcntl.SETOWN:
      return whole === INT_MIN ? Errno.EINVAL : setOwner(task, file, whole);
    case Fcntl.GETOWN_EX:
      return giveOwner(task, file.notice?.owner ?? 0, argument);
    case Fcntl.SETOWN_EX:
      return takeOwner(task, file, argument);
    case Fcntl.GETSIG:
      return file.notice?.signal ?? 0;
    case Fcntl.SETSIG:
      if (whole < 0 || whole > SIGNALS) return Errno.EINVAL;
      AsyncNotice.of(task.linux, file).signal = whole;
      return 0;
    case Fcntl.SETLEASE:
      return setLease(task, file, fd, whole);
    case Fcntl.NOTIFY:
      return askOfDirectory(task, file, fd, whole);
    case Fcntl.GETLEASE:
      return file instanceof OpenRegular
        ? task.linux.locks.leases.typeOf(task, file)
        : LockType.UNLCK;
    default:
      return Errno.EINVAL;
  }
}

/** Put an owner down with its kind: a process, or a process group. */
function giveOwner(task: Task, owner: number, address: number): number {
  const kind = owner < 0 ? OwnerKind.PGRP : OwnerKind.PID;
  return writeWords32(task, address, [kind, Math.abs(owner)]) ? 0 : Errno.EFAULT;
}

function takeOwner(task: Task, file: OpenFile, address: number): number {
  const kind = task.mm.memory.readU32(address);
  const id = task.mm.memory.readU32(address + 4);
  if (kind < 0 || id < 0) return Errno.EFAULT;
  if (kind > OwnerKind.PGRP) return Errno.EINVAL;
  return setOwner(task, file, kind === OwnerKind.PGRP ? -(id | 0) : id | 0);
}

/** Have a process told, or a process group as a negative number, or nobody. */
function setOwner(task: Task, file: OpenFile, owner: number): number {
  const { linux } = task;
  if (owner !== 0 && !linux.isNumberOf(Math.abs(owner))) return Errno.ESRCH;
  AsyncNotice.of(linux, file).own(task, owner);
  return 0;
}

/** `F_NOTIFY`: have the owner told of what happens in a directory, or no longer of anything. */
function askOfDirectory(task: Task, file: OpenFile, fd: number, events: number): number {
  if ((events & ~DirectoryEvent.MULTISHOT) === 0) {
    file.leftBy(task.files);
    return 0;
  }
  if (!(file instanceof OpenDirectory)) return Errno.ENOTDIR;
  Dnotify.ask(task, file, fd, events);
  return 0;
}

function setLease(task: Task, file: OpenFile, fd: number, type: number): number {
  if (type < LockType.RDLCK || type > LockType.UNLCK) return Errno.EINVAL;
  const isOwn = file.inode.uid === task.credentials.fsuid;
  if (!isOwn && !task.may(Capability.LEASE)) return Errno.EACCES;
  if (!(file instanceof OpenRegular)) return Errno.EINVAL;
  const { locks } = task.linux;
  if (type === LockType.UNLCK) return locks.leases.remove(file) ? 0 : Errno.EAGAIN;
  file.released = () => locks.released(file);
  return locks.leases.set(task, file, fd, type);
}
