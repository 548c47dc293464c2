/**
 * An open file (`dfs_file`): where it is read next, and how many descriptors are it.
 *
 * @module
 */
import { Errno } from "../error.ts";
import { SuspendList } from "../ipc/suspend_list.ts";
import type { LwpThread } from "../lwp_thread.ts";
import type { Node } from "./node.ts";

/** Flags of `open`. */
export const OpenFlag = {
  RDONLY: 0,
  WRONLY: 1,
  RDWR: 2,
  ACCESS: 3,
  CREAT: 0o100,
  EXCL: 0o200,
  TRUNC: 0o1000,
  APPEND: 0o2000,
  NONBLOCK: 0o4000,
  DIRECTORY: 0o200000,
  CLOEXEC: 0o2000000,
} as const;

/** An open file. */
export abstract class OpenFile {
  /** The file; null for what has no name. */
  readonly node: Node | null;
  /** What it was opened with. */
  flags: number;
  /** The path it was opened by. */
  readonly path: string;
  /** Where it is read or written next. */
  position = 0;
  /** Who waits for bytes, or for room. */
  readonly waiting: SuspendList = new SuspendList();
  #descriptors = 0;

  /** A file that was opened. */
  constructor(node: Node | null, flags: number, path: string) {
    this.node = node;
    this.flags = flags;
    this.path = path;
  }

  /** Whether it may be read. */
  get readable(): boolean {
    return (this.flags & OpenFlag.ACCESS) !== OpenFlag.WRONLY;
  }

  /** Whether it may be written. */
  get writable(): boolean {
    return (this.flags & OpenFlag.ACCESS) !== OpenFlag.RDONLY;
  }

  /** One more descriptor is it. */
  hold(): void {
    this.#descriptors++;
  }

  /** One fewer is. */
  drop(): void {
    if (--this.#descriptors === 0) this.closed();
  }

  /** Bytes from where it stands; an error; or EAGAIN if one has to wait in `waiting`. */
  abstract read(count: number): Uint8Array | number;

  /** Put bytes where it stands; answers how many, or an error, or EAGAIN as `read` does. */
  abstract write(bytes: Uint8Array): number;

  /** Move where it stands; answers where that is. */
  seek(_offset: number, _whence: number): number {
    return Errno.ESPIPE;
  }

  /** Do something that only such a file can; answers what that says. */
  control(_thread: LwpThread, _command: number, _argument: number): number {
    return Errno.ENOSYS;
  }

  /** The last descriptor is gone. */
  protected closed(): void {}
}
