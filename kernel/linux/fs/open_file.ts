/**
 * Open files: what descriptors refer to, with a position, however many descriptors share it.
 *
 * @module
 */
import { OpenFlag } from "../abi/open.ts";
import { Poll } from "../abi/polling.ts";
import type { Answer } from "../answer.ts";
import { Errno } from "../errno.ts";
import type { Task } from "../task.ts";
import { WaitQueue } from "../wait_queue.ts";
import type { AsyncNotice } from "./async_notice.ts";
import type { FileTable } from "./file_table.ts";
import { notifyGone } from "./fsnotify.ts";
import type { Inode } from "./inode.ts";
import { type Place, placePath } from "./path_walk.ts";
import { Dentry, type Directory } from "./directory.ts";

/** Ready for both directions, as files are that never wait. */
export const ALWAYS_READY = Poll.IN | Poll.OUT | Poll.RDNORM | Poll.WRNORM;

/** Something that descriptors refer to. */
export abstract class OpenFile {
  /** The file that is open. */
  readonly inode: Inode;
  /** How it was opened; `F_SETFL` changes some of it. */
  flags: number;
  /** Where the next read or write begins. */
  position = 0;
  /** Where it was found, or is by now; null for what has no name. */
  readonly place: Place | null;
  /** Who waits for it to become ready. */
  readonly queue: WaitQueue = new WaitQueue();
  /** Who is told when it becomes ready; null while nobody ever wanted that. */
  notice: AsyncNotice | null = null;
  /** What else is to be done when it is closed. */
  released: (() => void) | null = null;
  #references = 0;

  /** A file that was just opened. */
  constructor(inode: Inode, flags: number, place: Place | null = null) {
    this.inode = inode;
    this.flags = flags;
    this.place = place instanceof Dentry
      ? place
      : place?.directory.kept(place.name, inode) ?? place;
  }

  /** Whether it can be read. */
  get readable(): boolean {
    const access = this.flags & OpenFlag.ACCESS;
    return (this.flags & OpenFlag.PATH) === 0 &&
      (access === OpenFlag.RDONLY || access === OpenFlag.RDWR);
  }

  /** Whether it can be written. */
  get writable(): boolean {
    return (this.flags & OpenFlag.PATH) === 0 && (this.flags & OpenFlag.ACCESS) !== OpenFlag.RDONLY;
  }

  /** Whether calls answer EAGAIN instead of waiting. */
  get nonBlocking(): boolean {
    return (this.flags & OpenFlag.NONBLOCK) !== 0;
  }

  /** Whether it has a position. */
  get seekable(): boolean {
    return false;
  }

  /** Where the next read or write begins, for those who ask. */
  get shownPosition(): number {
    return this.seekable ? this.position : 0;
  }

  /** Whether it lets everybody seek and stays where it is, as Linux's `noop_llseek` does. */
  get ignoresSeeks(): boolean {
    return false;
  }

  /** Whether its owner can be told that it became ready. */
  get tellsOwner(): boolean {
    return false;
  }

  /** The function of Linux's in which its readers sleep. */
  get readSite(): string {
    return "wait_woken";
  }

  /** The function of Linux's in which its writers sleep. */
  get writeSite(): string {
    return "wait_woken";
  }

  /** What it is ready for. */
  poll(): number {
    return ALWAYS_READY;
  }

  /** Bytes from an offset, or why not; EAGAIN while there are none yet. */
  read(_count: number, _offset: number): Uint8Array | number {
    return Errno.EINVAL;
  }

  /** Take bytes at an offset; answers how many, or why not; EAGAIN while there is no room. */
  write(_bytes: Uint8Array, _offset: number): number {
    return Errno.EINVAL;
  }

  /** Whatever else it can do; answers ENOTTY for what it cannot. */
  ioctl(_task: Task, _request: number, _argument: number): Answer {
    return Errno.ENOTTY;
  }

  /** Its path, as somebody sees it who has this root; a word in brackets where it has none. */
  path(root: Directory): string {
    const { place } = this;
    if (!place) return this.label;
    const isGone = place instanceof Dentry ? place.isGone : this.inode.links === 0;
    return placePath(place, root) + (isGone ? " (deleted)" : "");
  }

  /** What is shown in place of a path. */
  get label(): string {
    return "anon_inode:[file]";
  }

  /** What else /proc tells of it: whole lines. */
  get facts(): string {
    return "";
  }

  /** How many refer to it. */
  get references(): number {
    return this.#references;
  }

  /** One more descriptor refers to it. */
  hold(): this {
    if (this.#references++ === 0) {
      this.inode.openings++;
      this.inode.fs.memory.files++;
    }
    return this;
  }

  /** One fewer refers to it; after the last it is closed. */
  drop(): void {
    if (--this.#references > 0) return;
    this.notice?.turnOff();
    this.released?.();
    this.closed();
    this.inode.openings--;
    this.inode.fs.memory.files--;
    notifyGone(this.inode);
  }

  /** A descriptor of a table refers to it no longer. */
  leftBy(_table: FileTable): void {}

  /** Nothing refers to it any more. */
  protected closed(): void {}
}
