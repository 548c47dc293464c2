/**
 * Open files that keep bytes, and open directories.
 *
 * @module
 */
import { Errno } from "../errno.ts";
import type { Directory } from "./directory.ts";
import { Notify } from "../abi/polling.ts";
import type { Dnotify } from "./dnotify.ts";
import type { FileTable } from "./file_table.ts";
import { notify } from "./fsnotify.ts";
import { OpenFlag } from "../abi/open.ts";
import { OpenFile } from "./open_file.ts";
import type { Place } from "./path_walk.ts";
import type { RegularFile } from "./regular_file.ts";

/** An open file that keeps bytes. */
export class OpenRegular extends OpenFile {
  declare readonly inode: RegularFile;

  /** A file that was just opened. */
  constructor(inode: RegularFile, flags: number, place: Place | null) {
    super(inode, flags, place);
    inode.hold();
    if (this.keepsFromRunning) inode.writers++;
    else if (!this.writable) inode.readers++;
  }

  /** Whether nobody may execute it while it is open. */
  protected get keepsFromRunning(): boolean {
    return this.writable;
  }

  override get label(): string {
    return this.inode.label ?? super.label;
  }

  override get seekable(): boolean {
    return true;
  }

  override read(count: number, offset: number): Uint8Array | number {
    if ((this.flags & OpenFlag.NOATIME) === 0) this.inode.accessed = this.inode.fs.now();
    return this.inode.readAt(offset, count);
  }

  override write(bytes: Uint8Array, offset: number): number {
    return this.inode.writeAt(offset, bytes);
  }

  protected override closed(): void {
    notify(this.inode, this.writable ? Notify.CLOSE_WRITE : Notify.CLOSE_NOWRITE, this.place);
    if (this.keepsFromRunning) this.inode.writers--;
    else if (!this.writable) this.inode.readers--;
    this.inode.drop();
  }
}

/** An open directory. */
export class OpenDirectory extends OpenFile {
  declare readonly inode: Directory;
  /** Who wants to know what happens in it, by the table in which it was asked for. */
  readonly asked: Map<FileTable, Dnotify> = new Map();

  override leftBy(table: FileTable): void {
    this.asked.get(table)?.ended();
  }

  override get seekable(): boolean {
    return true;
  }

  override read(): number {
    return Errno.EISDIR;
  }

  protected override closed(): void {
    notify(this.inode, Notify.CLOSE_NOWRITE, this.place);
  }
}

/** An open file that only stands for its place, as `O_PATH` makes it. */
export class OpenPlace extends OpenFile {
  override read(): number {
    return Errno.EBADF;
  }

  override write(): number {
    return Errno.EBADF;
  }
}
