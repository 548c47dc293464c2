/**
 * Where a task stands among files: its root, its directory, and what it takes from new files' modes.
 *
 * @module
 */
import type { Directory } from "./fs/directory.ts";

/** Where a task stands among files. */
export class FsState {
  /** Where paths with a leading slash begin. */
  root: Directory;
  /** Where other paths begin. */
  directory: Directory;
  /** The permissions that new files do not get. */
  umask: number;
  /** How many tasks share it. */
  users = 1;

  /** A place for a task. */
  constructor(root: Directory, directory: Directory, umask: number) {
    this.root = root;
    this.directory = directory;
    this.umask = umask;
  }

  /** The same place, for a task that goes its own way. */
  copy(): FsState {
    return new FsState(this.root, this.directory, this.umask);
  }
}
