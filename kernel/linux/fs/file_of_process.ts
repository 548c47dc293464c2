/**
 * Files of /proc that show a process itself, page by page or byte by byte: whoever may look into it
 * opens them, and begins to read where he likes.
 *
 * @module
 */
import type { Group } from "../group.ts";
import { scrutiny } from "../scrutiny.ts";
import type { FileSystem } from "./file_system.ts";
import { FileKind, Inode } from "./inode.ts";
import { OpenFile } from "./open_file.ts";
import type { Place } from "./path_walk.ts";

/** A file that shows a process. */
export abstract class FileOfProcess extends Inode {
  /** The process. */
  protected readonly group: Group;

  /** The file of a process, with what its owner may do. */
  constructor(fs: FileSystem, group: Group, permissions: number) {
    super(fs, { mode: FileKind.REGULAR | permissions });
    this.group = group;
  }

  override open(flags: number, place: Place | null): OpenFile | number {
    return scrutiny(this.group) || this.opened(flags, place);
  }

  /** The file opened by somebody who may. */
  protected abstract opened(flags: number, place: Place | null): OpenFile;
}

/** The same while it is open. */
export abstract class OpenFileOfProcess extends OpenFile {
  /** The process. */
  protected readonly group: Group;

  /** A file that was just opened. */
  constructor(inode: Inode, flags: number, place: Place | null, group: Group) {
    super(inode, flags, place);
    this.group = group;
  }

  override get seekable(): boolean {
    return true;
  }
}
