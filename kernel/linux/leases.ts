/**
 * Leases: who is told before somebody else opens a file, and has some time to get ready for that.
 *
 * @module
 */
import { LockType } from "./abi/fcntl.ts";
import { OpenFlag } from "./abi/open.ts";
import type { Answer } from "./answer.ts";
import { LEASE_BREAK_SECONDS } from "./bounds.ts";
import { SECOND } from "./duration.ts";
import { Errno } from "./errno.ts";
import { AsyncNotice } from "./fs/async_notice.ts";
import type { OpenRegular } from "./fs/open_regular.ts";
import type { RegularFile } from "./fs/regular_file.ts";
import type { Task } from "./task.ts";
import { WaitQueue } from "./wait_queue.ts";

/** A lease on a file. */
export interface Lease {
  /** Through what it is held. */
  readonly file: OpenRegular;
  /** The process that took it. */
  readonly pid: number;
  /** Who tells the holder. */
  readonly notice: AsyncNotice;
  /** The descriptor that was asked through last. */
  descriptor: number;
  /** A `LockType`: whether others may read. */
  type: number;
  /** When it ends, since somebody wants to write; never while nobody does. */
  unlockAt: number;
  /** When others may read, since somebody wants to; never while nobody does. */
  downgradeAt: number;
}

/** What a lease is to become, or is: a `LockType`. */
export function targetOf({ type, unlockAt, downgradeAt }: Lease): number {
  if (unlockAt < Infinity) return LockType.UNLCK;
  return downgradeAt < Infinity ? LockType.RDLCK : type;
}

/** Whether somebody waits for a lease to become less. */
export function isBreaking({ unlockAt, downgradeAt }: Lease): boolean {
  return Math.min(unlockAt, downgradeAt) < Infinity;
}

/** The leases on all files. */
export class Leases {
  /** Who waits for one to become less. */
  readonly queue: WaitQueue = new WaitQueue();
  readonly #leases = new Map<RegularFile, Lease[]>();

  /** All of them. */
  *all(): Generator<Lease> {
    for (const leases of this.#leases.values()) yield* leases;
  }

  /** Whether anybody has one on a file. */
  has(inode: RegularFile): boolean {
    return this.#leases.has(inode);
  }

  /** `F_GETLEASE`: what lease is held through an open file, or soon will be. */
  typeOf(task: Task, file: OpenRegular): number {
    this.#expire(file.inode, task.now);
    const found = this.#on(file.inode).find((one) => one.file === file);
    return found ? targetOf(found) : LockType.UNLCK;
  }

  /** `F_SETLEASE`: hold a lease through an open file, as `generic_add_lease` does. */
  set(task: Task, file: OpenRegular, descriptor: number, type: number): number {
    const { inode } = file;
    this.#expire(inode, task.now);
    if (isOpenedAgainst(file, type)) return Errno.EAGAIN;
    const others = this.#on(inode).filter((one) => one.file !== file);
    const isBarred = type === LockType.WRLCK
      ? others.length > 0
      : others.some(({ unlockAt }) => unlockAt < Infinity);
    if (isBarred) return Errno.EAGAIN;
    const notice = AsyncNotice.of(task.linux, file);
    const own = this.#on(inode).find((one) => one.file === file);
    if (own) {
      own.descriptor = descriptor;
      this.#change(own, type);
    } else {
      const { pid } = task.group;
      const until = { unlockAt: Infinity, downgradeAt: Infinity };
      const lease = { file, pid, notice, descriptor, type, ...until };
      this.#leases.set(inode, [...this.#on(inode), lease]);
    }
    notice.adopt(task);
    return 0;
  }

  /** No lease is held through an open file any more; answers whether there was one. */
  remove(file: OpenRegular): boolean {
    const found = this.#on(file.inode).find((one) => one.file === file);
    if (found) this.#change(found, LockType.UNLCK);
    return found !== undefined;
  }

  /** Tell those whose leases stand in the way; answers when these are over at the latest, or 0. */
  break(inode: RegularFile, isWriter: boolean, now: number): number {
    const end = now + LEASE_BREAK_SECONDS * SECOND;
    let latest = 0;
    for (const lease of this.standing(inode, isWriter, now)) {
      const isKnown = isWriter ? lease.unlockAt < Infinity : isBreaking(lease);
      if (!isKnown && isWriter) lease.unlockAt = end;
      if (!isKnown && !isWriter) lease.downgradeAt = end;
      if (!isKnown) lease.notice.tell(lease.descriptor);
      latest = Math.max(latest, isWriter ? lease.unlockAt : Math.min(lease.unlockAt, end));
    }
    return latest;
  }

  /** The leases that stand in the way of whoever wants to write, or only to read. */
  standing(inode: RegularFile, isWriter: boolean, now: number): readonly Lease[] {
    this.#expire(inode, now);
    return this.#on(inode).filter(({ type }) => isWriter || type === LockType.WRLCK);
  }

  #on(inode: RegularFile): readonly Lease[] {
    return this.#leases.get(inode) ?? [];
  }

  /** Who was given time to get ready has no more of it. */
  #expire(inode: RegularFile, now: number): void {
    for (const lease of this.#on(inode)) {
      if (lease.downgradeAt <= now) this.#change(lease, LockType.RDLCK);
      if (lease.unlockAt <= now) this.#change(lease, LockType.UNLCK);
    }
  }

  #change(lease: Lease, type: number): void {
    lease.type = type;
    if (type !== LockType.WRLCK) lease.downgradeAt = Infinity;
    if (type === LockType.UNLCK) {
      const { inode } = lease.file;
      const rest = this.#on(inode).filter((one) => one !== lease);
      if (rest.length > 0) this.#leases.set(inode, rest);
      else this.#leases.delete(inode);
      lease.notice.disown();
    }
    this.queue.wake();
  }
}

/** Whether somebody has a file open for what a lease is to keep from happening. */
function isOpenedAgainst(file: OpenRegular, type: number): boolean {
  const { readers, writers, runners } = file.inode;
  if (type === LockType.RDLCK) return writers > 0;
  return runners > 0 || writers !== (file.writable ? 1 : 0) || readers !== (file.writable ? 0 : 1);
}

/** How a file is used once no lease stands in the way. */
export interface LeaseBreak {
  /** The flags that it is opened with. */
  readonly flags: number;
  /** Use it. */
  readonly use: () => number;
  /** It is over, however it ended. */
  readonly over: () => void;
}

/** Use a file when no lease stands in the way any more, as `__break_lease` does. */
export function breakLeases(
  task: Task,
  inode: RegularFile,
  { flags, use, over }: LeaseBreak,
): Answer {
  const { leases } = task.linux.locks;
  const isWriter = (flags & OpenFlag.ACCESS) !== OpenFlag.RDONLY;
  const deadline = leases.break(inode, isWriter, task.now);
  if (deadline > 0 && (flags & OpenFlag.NONBLOCK) !== 0) {
    over();
    return Errno.EAGAIN;
  }
  return task.block({
    site: "__break_lease",
    queues: [leases.queue],
    attempt: () => leases.standing(inode, isWriter, task.now).length > 0 ? null : use(),
    ...deadline > 0 ? { deadline } : {},
    over,
  });
}
