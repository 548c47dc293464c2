/**
 * Which pages of a process are there, as `/proc/PID/pagemap` shows it: a word for each page.
 *
 * @module
 */
import { PAGE_SIZE } from "../../ports.ts";
import { Capability } from "../abi/capability.ts";
import { Errno } from "../errno.ts";
import type { Group } from "../group.ts";
import { TASK_SIZE } from "../mm/layout.ts";
import { FileOfProcess, OpenFileOfProcess } from "./file_of_process.ts";
import type { FileSystem } from "./file_system.ts";
import type { Inode } from "./inode.ts";
import type { Place } from "./path_walk.ts";

const ENTRY = 8;
const ONCE_MAX = 1 << 16;
const Bit = { PRESENT: 1n << 63n, FILE: 1n << 61n, EXCLUSIVE: 1n << 56n } as const;

/** The file of a process's pages. */
export class PageMap extends FileOfProcess {
  /** The pages that a process sees. */
  constructor(fs: FileSystem, group: Group) {
    super(fs, group, 0o400);
  }

  protected override opened(flags: number, place: Place | null): OpenFileOfProcess {
    return new OpenPageMap(this, flags, place, this.group);
  }
}

/** The same while it is open. */
class OpenPageMap extends OpenFileOfProcess {
  readonly #showsFrames: boolean;

  constructor(inode: Inode, flags: number, place: Place | null, group: Group) {
    super(inode, flags, place, group);
    // Where in the machine a page lies is for those who may do anything.
    this.#showsFrames = group.linux.current?.may(Capability.SYS_ADMIN) ?? false;
  }

  override read(count: number, offset: number): Uint8Array | number {
    if (offset % ENTRY !== 0 || count % ENTRY !== 0) return Errno.EINVAL;
    if (this.group.ended) return new Uint8Array();
    const first = offset / ENTRY;
    const left = Math.max(0, TASK_SIZE / PAGE_SIZE - first);
    const words = new BigUint64Array(Math.min(count / ENTRY, left, ONCE_MAX / ENTRY));
    for (let at = 0; at < words.length; at++) words[at] = this.#entry(first + at);
    return new Uint8Array(words.buffer);
  }

  #entry(page: number): bigint {
    const { mm } = this.group;
    const vma = mm.vmas.at(page * PAGE_SIZE);
    if (!vma) return 0n;
    const frame = mm.pages.pages.get(page);
    if (frame > 0) {
      const where = this.#showsFrames ? BigInt(frame) : 0n;
      return Bit.PRESENT | where | (vma.shared ? Bit.FILE : Bit.EXCLUSIVE);
    }
    const isThere = vma.file !== null && (mm.processor?.lookup(page) ?? 0) !== 0;
    return isThere ? Bit.PRESENT | Bit.FILE : 0n;
  }
}
