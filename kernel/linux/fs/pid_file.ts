/**
 * A process as a descriptor: it stays that process whatever becomes of its number.
 *
 * @module
 */
import type { Group } from "../group.ts";
import type { WaitQueue } from "../wait_queue.ts";
import { AnonymousInode } from "./event_file.ts";
import { Poll } from "../abi/polling.ts";
import { OpenFlag } from "../abi/open.ts";
import { OpenFile } from "./open_file.ts";

/** A process that is referred to. */
export class PidFile extends OpenFile {
  /** The process. */
  readonly group: Group;
  override readonly queue: WaitQueue;

  /** A descriptor's file for a process. */
  constructor(group: Group, flags = 0) {
    super(new AnonymousInode(group.linux), OpenFlag.RDWR | flags);
    this.group = group;
    this.queue = group.endAwaited;
  }

  override get label(): string {
    return "anon_inode:[pidfd]";
  }

  override get facts(): string {
    const { ended, pid } = this.group;
    const isGone = ended && this.group.linux.groups.get(pid) !== this.group;
    return isGone ? "Pid:\t-1\nNSpid:\t-1\n" : `Pid:\t${pid}\nNSpid:\t${pid}\n`;
  }

  override poll(): number {
    return this.group.ended ? Poll.IN | Poll.RDNORM : 0;
  }
}
