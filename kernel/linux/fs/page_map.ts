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
import { scrutiny } from "../scrutiny.ts";
import type { FileSystem } from "./file_system.ts";
import { FileKind, Inode } from "./inode.ts";
import { OpenFile } from "./open_file.ts";
import type { Place } from "./path_walk.ts";

const ENTRY = 8;
const ONCE_MAX = 1 << 16;
const Bit = { PRESENT: 1n << 63n, FILE: 1n << 61n, EXCLUSIVE: 1n << 56n } as const;

/** The file of a process's pages. */
export class PageMap extends Inode {
  readonly #group: Group;

  /** The pages that a process sees. */
  constructor(fs: FileSystem, group: Group) {
    super(fs, { mode: FileKind.REGULAR | 0o400 });
    this.#group = group;
  }

  override open(flags: number, place: Place | null): OpenFile | number {
    const status = scrutiny(this.#group);
    return status !== 0 ? status : new OpenPageMap(this, flags, { place, group: this.#group });
  }
}

/** The same while it is open. */
class OpenPageMap extends OpenFile {
  readonly #group: Group;
  readonly #showsFrames: boolean;

  constructor(
    inode: Inode,
    flags: number,
    { place, group }: { readonly place: Place | null; readonly group: Group },
  ) {
    super(inode, flags, place);
    this.#group = group;
    // Where in the machine a page lies is for those who may do anything.
    this.#showsFrames = group.linux.current?.may(Capability.SYS_ADMIN) ?? false;
  }

  override get seekable(): boolean {
    return true;
  }

  override read(count: number, offset: number): Uint8Array | number {
    if (offset % ENTRY !== 0 || count % ENTRY !== 0) return Errno.EINVAL;
    if (this.#group.ended) return new Uint8Array();
    const first = offset / ENTRY;
    const left = Math.max(0, TASK_SIZE / PAGE_SIZE - first);
    const words = new BigUint64Array(Math.min(count / ENTRY, left, ONCE_MAX / ENTRY));
    for (let at = 0; at < words.length; at++) words[at] = this.#entry(first + at);
    return new Uint8Array(words.buffer);
  }

  #entry(page: number): bigint {
    const { mm } = this.#group;
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
