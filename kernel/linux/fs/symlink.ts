/**
 * Files that stand for a path.
 *
 * @module
 */
import type { FileSystem } from "./file_system.ts";
import { FileKind, Inode } from "./inode.ts";
import type { Place } from "./path_walk.ts";

/** A file that stands for a path. */
export class Symlink extends Inode {
  readonly #target: string;

  /** A link to a path. */
  constructor(fs: FileSystem, target: string, owner: { uid?: number; gid?: number } = {}) {
    super(fs, { mode: FileKind.SYMLINK | 0o777, ...owner });
    this.#target = target;
  }

  override get size(): number {
    return this.target().length;
  }

  /** The path that it stands for. */
  target(): string {
    return this.#target;
  }

  /** Whether whoever runs now may know where it leads: 0, or why not. */
  mayLook(): number {
    return 0;
  }

  /** The place itself, where a link leads to one without any path. */
  jump(): Place | null {
    return null;
  }
}
