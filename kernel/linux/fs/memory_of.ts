/**
 * The memory of a process as a file, as `/proc/PID/mem` shows it: each offset is an address.
 *
 * @module
 */
import { PAGE_SIZE } from "../../ports.ts";
import { Errno } from "../errno.ts";
import type { Group } from "../group.ts";
import { scrutiny } from "../scrutiny.ts";
import type { FileSystem } from "./file_system.ts";
import { FileKind, Inode } from "./inode.ts";
import { OpenFile } from "./open_file.ts";
import type { Place } from "./path_walk.ts";

/** So many bytes are copied at once. */
const ONCE_MAX = 1 << 20;

/** The file of a process's memory. */
export class MemoryOf extends Inode {
  readonly #group: Group;

  /** The memory that a process sees. */
  constructor(fs: FileSystem, group: Group) {
    super(fs, { mode: FileKind.REGULAR | 0o600 });
    this.#group = group;
  }

  override open(flags: number, place: Place | null): OpenFile | number {
    const status = scrutiny(this.#group);
    if (status !== 0) return status;
    return new OpenMemoryOf(this, flags, { place, group: this.#group });
  }
}

/** The same while it is open. */
class OpenMemoryOf extends OpenFile {
  readonly #group: Group;

  constructor(
    inode: Inode,
    flags: number,
    { place, group }: { readonly place: Place | null; readonly group: Group },
  ) {
    super(inode, flags, place);
    this.#group = group;
  }

  override get seekable(): boolean {
    return true;
  }

  /** As much as is mapped from an address on; EIO where nothing is. */
  override read(count: number, offset: number): Uint8Array | number {
    const bytes = new Uint8Array(Math.min(count, ONCE_MAX));
    const { memory } = this.#group.mm;
    const done = byPages(offset, bytes, (at, part) => memory.read(at, part));
    return this.#told(done, bytes.length) ?? bytes.subarray(0, done);
  }

  override write(bytes: Uint8Array, offset: number): number {
    const whole = bytes.subarray(0, ONCE_MAX);
    const { memory } = this.#group.mm;
    const done = byPages(offset, whole, (at, part) => memory.write(at, part));
    return this.#told(done, whole.length) ?? done;
  }

  /** EIO where nothing of what was wanted is there; null where something is, or nobody is any more. */
  #told(done: number, wanted: number): number | null {
    return done === 0 && wanted > 0 && !this.#group.ended ? Errno.EIO : null;
  }
}

/** Do something with each page's part of some bytes, until it fails; answers how many were done. */
function byPages(
  offset: number,
  bytes: Uint8Array,
  deed: (address: number, part: Uint8Array) => number,
): number {
  let done = 0;
  while (done < bytes.length) {
    const at = offset + done;
    const part = bytes.subarray(done, done + PAGE_SIZE - at % PAGE_SIZE);
    if (deed(at, part) !== 0) break;
    done += part.length;
  }
  return done;
}
