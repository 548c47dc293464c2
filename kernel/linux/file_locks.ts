/**
 * Who has locked which part of which file.
 *
 * @module
 */
import { firstEndingBehind } from "../vm/area.ts";
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

/** An owner's locks on a file by their kinds: in order, and none overlaps another of its kind. */
type Row = { readonly [kind in FileLock["kind"]]: FileLock[] };

/** The locks on all files. */
export class FileLocks {
  /** Who waits for a lock to go. */
  readonly queue: WaitQueue = new WaitQueue();
  /** The leases on all files, which are told of like locks. */
  readonly leases: Leases = new Leases();
  readonly #locks = new Map<Inode, Map<FileLock["owner"], Row>>();

  /** All of them, with what they are on. */
  *all(): Generator<{ readonly inode: Inode; readonly lock: FileLock }> {
    for (const [inode, owners] of this.#locks) {
      for (const row of owners.values()) {
        for (const lock of [...row.fcntl, ...row.flock]) yield { inode, lock };
      }
    }
  }

  /** A lock of somebody else that stands in the way. */
  conflict(inode: Inode, wanted: FileLock): FileLock | null {
    for (const [owner, row] of this.#locks.get(inode) ?? []) {
      if (owner === wanted.owner) continue;
      const found = conflictIn(row[wanted.kind], wanted);
      if (found) return found;
    }
    return null;
  }

  /** Put a lock in place of the owner's locks there. */
  set(inode: Inode, lock: FileLock): void {
    const { owner, kind } = lock;
    const owners = this.#locks.get(inode) ?? new Map<FileLock["owner"], Row>();
    const row = owners.get(owner) ?? { fcntl: [], flock: [] };
    replace(row[kind], lock);
    if (row.fcntl.length + row.flock.length > 0) owners.set(owner, row);
    else owners.delete(owner);
    this.#keep(inode, owners);
  }

  /** A descriptor of a file was closed, or an open file is: its owner's locks there go. */
  closedBy(owner: FileTable | OpenFile, inode: Inode): void {
    const owners = this.#locks.get(inode);
    if (owners?.delete(owner)) this.#keep(inode, owners);
  }

  /** An open file is closed: the locks and the lease go that it had. */
  released(file: OpenFile): void {
    this.closedBy(file, file.inode);
    if (file instanceof OpenRegular) this.leases.remove(file);
  }

  #keep(inode: Inode, owners: Map<FileLock["owner"], Row>): void {
    if (owners.size > 0) this.#locks.set(inode, owners);
    else this.#locks.delete(inode);
    this.queue.wake();
  }
}

function conflictIn(locks: readonly FileLock[], { type, start, end }: FileLock): FileLock | null {
  for (let at = firstEndingBehind(locks, start); at < locks.length; at++) {
    const lock = locks[at]!;
    if (lock.start >= end) return null;
    if (lock.type === LockType.WRLCK || type === LockType.WRLCK) return lock;
  }
  return null;
}

/** Put a lock among others of its owner: it takes their place, and is one with those of its type. */
function replace(locks: FileLock[], lock: FileLock): void {
  const at = firstEndingBehind(locks, lock.start);
  // One that ends where it begins may become one with it.
  const first = locks[at - 1]?.end === lock.start ? at - 1 : at;
  const before: FileLock[] = [];
  const after: FileLock[] = [];
  let { start, end } = lock;
  let count = 0;
  for (let one = locks[first]; one && one.start <= lock.end; one = locks[first + ++count]) {
    if (one.type === lock.type) {
      start = Math.min(start, one.start);
      end = Math.max(end, one.end);
      continue;
    }
    if (one.start < lock.start) before.push({ ...one, end: Math.min(one.end, lock.start) });
    if (one.end > lock.end) after.push({ ...one, start: Math.max(one.start, lock.end) });
  }
  const kept = lock.type === LockType.UNLCK ? [] : [{ ...lock, start, end }];
  locks.splice(first, count, ...before, ...kept, ...after);
}
