/**
 * Paths that begin at a descriptor.
 *
 * @module
 */
import { AT_FDCWD, AtFlag } from "../abi/open.ts";
import { Errno } from "../errno.ts";
import { Directory } from "../fs/directory.ts";
import type { Inode } from "../fs/inode.ts";
import { type Place, walk } from "../fs/path_walk.ts";
import type { Task } from "../task.ts";
import { readPath } from "./user_data.ts";

/** The directory that a path begins in. */
export function startOf(task: Task, dirfd: number, path: string): Directory | number {
  if (path.startsWith("/")) return task.fs.root;
  if (dirfd === AT_FDCWD) return task.fs.directory;
  const file = task.fileOrPlace(dirfd);
  if (!file) return Errno.EBADF;
  return file.inode instanceof Directory ? file.inode : Errno.ENOTDIR;
}

/** Where a path at an address ends. */
export function placeAt(
  task: Task,
  dirfd: number,
  address: number,
  follow = true,
): Place | number {
  const path = readPath(task, address);
  if (typeof path === "number") return path;
  const start = startOf(task, dirfd, path);
  if (typeof start === "number") return path === "" ? Errno.ENOENT : start;
  return walk(task.walker, start, path, follow);
}

/** The directory at a path, whatever leads there; why there is none. */
export function directoryAtPath(task: Task, address: number): Directory | number {
  const path = readPath(task, address);
  if (typeof path === "number") return path;
  const found = walk(task.walker, task.fs.directory, path);
  if (typeof found === "number") return found;
  if (found.inode === null) return Errno.ENOENT;
  return found.inode instanceof Directory ? found.inode : Errno.ENOTDIR;
}

/** A file, and where it was found. */
export interface Found {
  /** The file. */
  readonly inode: Inode;
  /** Where it was found; null for what has no name. */
  readonly place: Place | null;
}

/** The file at a path, or the descriptor's own where the path is empty and that is meant. */
export function inodeAt(
  task: Task,
  dirfd: number,
  address: number,
  flags: number,
): Inode | number {
  const found = foundAt(task, dirfd, address, flags);
  return typeof found === "number" ? found : found.inode;
}

/** The same with where it was found. */
export function foundAt(
  task: Task,
  dirfd: number,
  address: number,
  flags: number,
): Found | number {
  const path = readPath(task, address);
  if (typeof path === "number") return path;
  if (path === "" && (flags & AtFlag.EMPTY_PATH) !== 0) {
    if (dirfd === AT_FDCWD) return { inode: task.fs.directory, place: null };
    return task.fileOrPlace(dirfd) ?? Errno.EBADF;
  }
  const start = startOf(task, dirfd, path);
  if (typeof start === "number") return path === "" ? Errno.ENOENT : start;
  const found = walk(task.walker, start, path, (flags & AtFlag.SYMLINK_NOFOLLOW) === 0);
  if (typeof found === "number") return found;
  return found.inode ? { inode: found.inode, place: found } : Errno.ENOENT;
}
