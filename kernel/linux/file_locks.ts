/**
 * Who has locked which part of which file.
 *
 * @module
 */
import { LockType } from "./abi/fcntl.ts";
import type { FileTable } from "./fs/file_table.ts";
import type { Inode } from "./fs/inode.ts";
import type { OpenFile } from "./fs/open_file.ts";
import { OpenRegular } from "./fs/open_regular.ts";
import { Leases } from "./leases.ts";
import { WaitQueue } from "./wait_queue.ts";

/** A lock on a part of a file. */
export interface FileLock {
  /** Whose it is: that of all who use the same descriptors, or an open file's. */
  readonly owner: FileTable | OpenFile;
  /** How it was set; locks of one kind do not see those of the other. */
  readonly kind: "fcntl" | "flock";
  /** The process that set it. */
  readonly pid: number;
  /** A `LockType`. */
  readonly type: number;
  /** The first byte. */
  readonly start: number;
  /** The byte behind the last. */
  readonly end: number;
}

/** The locks on all files. */
export class FileLocks {
  /** Who waits for a lock to go. */
  readonly queue: WaitQueue = new WaitQueue();
  /** The leases on all files, which are told of like locks. */
  readonly leases: Leases = new Leases();
  readonly #locks = new Map<Inode, FileLock[]>();

  /** All of them, with what they are on. */
  *all(): Generator<{ readonly inode: Inode; readonly lock: FileLock }> {
    for (const [inode, locks] of this.#locks) for (const lock of locks) yield { inode, lock };
  }

  /** A lock of somebody else that stands in the way. */
  conflict(inode: Inode, wanted: FileLock): FileLock | null {
    return this.#locks.get(inode)?.find((lock) =>
      lock.owner !== wanted.owner && lock.kind === wanted.kind &&
      lock.start < wanted.end && wanted.start < lock.end &&
      (lock.type === LockType.WRLCK || wanted.type === LockType.WRLCK)
    ) ?? null;
  }

  /** Put a lock in place of the owner's locks there. */
  set(inode: Inode, lock: FileLock): void {
    const kept = (this.#locks.get(inode) ?? []).flatMap((one) => {
      const isOther = one.owner !== lock.owner || one.kind !== lock.kind;
      if (isOther || one.end <= lock.start || one.start >= lock.end) return [one];
      const parts: FileLock[] = [];
      if (one.start < lock.start) parts.push({ ...one, end: lock.start });
      if (one.end > lock.end) parts.push({ ...one, start: lock.end });
      return parts;
    });
    if (lock.type !== LockType.UNLCK) kept.push(lock);
    if (kept.length > 0) this.#locks.set(inode, kept);
    else this.#locks.delete(inode);
    this.queue.wake();
  }

  /** A descriptor of a file was closed, or an open file is: its owner's locks there go. */
  closedBy(owner: FileTable | OpenFile, inode: Inode): void {
    if (!this.#locks.has(inode)) return;
    for (const kind of ["fcntl", "flock"] as const) {
      this.set(inode, { owner, kind, pid: 0, type: LockType.UNLCK, start: 0, end: Infinity });
    }
  }

  /** An open file is closed: the locks and the lease go that it had. */
  released(file: OpenFile): void {
    this.closedBy(file, file.inode);
    if (file instanceof OpenRegular) this.leases.remove(file);
  }
}
