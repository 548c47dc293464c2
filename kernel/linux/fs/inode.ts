/**
 * What every file is, whatever is in it: a number, a kind, an owner, permissions, times.
 *
 * @module
 */
import { Capability } from "../abi/capability.ts";
import { type Credentials, isCapable, isInGroup } from "../credentials.ts";
import { Errno } from "../errno.ts";
import type { FileSystem } from "./file_system.ts";
import type { Watch } from "./fsnotify.ts";
import type { OpenFile } from "./open_file.ts";
import type { Place } from "./path_walk.ts";

/** The kinds of files, as the upper bits of a mode say them. */
export const FileKind = {
  MASK: 0o170000,
  FIFO: 0o010000,
  CHARACTER: 0o020000,
  DIRECTORY: 0o040000,
  BLOCK: 0o060000,
  REGULAR: 0o100000,
  SYMLINK: 0o120000,
  SOCKET: 0o140000,
} as const;

/** Ways to use a file, as bits. */
export const May = { READ: 4, WRITE: 2, EXECUTE: 1 } as const;

/** A moment: seconds since 1970, and nanoseconds behind them. */
export interface Moment {
  /** Seconds since 1970 began. */
  readonly seconds: number;
  /** Nanoseconds, fewer than a second's. */
  readonly nanos: number;
}

/** What a new file is given. */
export interface InodeOptions {
  /** Its kind and its permissions. */
  readonly mode: number;
  /** Its owner. */
  readonly uid?: number;
  /** Its group. */
  readonly gid?: number;
  /** The device that it stands for, if it does. */
  readonly device?: number;
  /** Its number, where that is known beforehand. */
  readonly ino?: number;
}

/** A file without its name. */
export abstract class Inode {
  /** The file system that it is in. */
  readonly fs: FileSystem;
  /** Its number there. */
  readonly ino: number;
  /** Its kind and its permissions. */
  mode: number;
  /** Its owner. */
  uid: number;
  /** Its group. */
  gid: number;
  /** How many names it has. */
  links = 1;
  /** When it was last read. */
  accessed: Moment;
  /** When what is in it last changed. */
  modified: Moment;
  /** When anything about it last changed. */
  changed: Moment;
  /** When it was made. */
  readonly made: Moment;
  /** The device that it stands for. */
  readonly device: number;
  /** How many open files there are of it. */
  openings = 0;
  /** How long what is written to it is going to last, as somebody said. */
  writeHint = 0;
  /** Who watches it; null while nobody does. */
  watches: Set<Watch> | null = null;
  #attributes: Map<string, Uint8Array> | null = null;

  /** A file that has no name yet. */
  constructor(fs: FileSystem, { mode, uid = 0, gid = 0, device = 0, ino }: InodeOptions) {
    this.fs = fs;
    this.ino = ino ?? fs.nextIno();
    this.mode = mode;
    this.uid = uid;
    this.gid = gid;
    this.device = device;
    this.made =
      this.accessed =
      this.modified =
      this.changed =
        fs.now();
  }

  /** Its kind. */
  get kind(): number {
    return this.mode & FileKind.MASK;
  }

  /** How many bytes are in it. */
  get size(): number {
    return 0;
  }

  /** How many units of 512 bytes it takes. */
  get blocks(): number {
    return 0;
  }

  /** Bytes that are kept with it, by name. */
  get attributes(): Map<string, Uint8Array> {
    return this.#attributes ??= new Map();
  }

  /** What is open when it is; null where its kind says that. */
  open(_flags: number, _place: Place | null): OpenFile | number | null {
    return null;
  }

  /** What is in it changed. */
  touched(): void {
    this.modified = this.changed = this.fs.now();
  }

  /** A name of it is gone. */
  unlinked(): void {
    this.links--;
    this.changed = this.fs.now();
  }
}

/** Whether somebody may do with a file what its owner may. */
export function isOwner(credentials: Credentials, { uid }: Inode): boolean {
  return credentials.fsuid === uid || isCapable(credentials, Capability.FOWNER);
}

/** Whether a file may be used so: 0, or why not. */
export function permission(credentials: Credentials, inode: Inode, want: number): number {
  const { mode, uid, gid } = inode;
  const shift = credentials.fsuid === uid ? 6 : isInGroup(credentials, gid) ? 3 : 0;
  if (((mode >> shift) & want) === want) return 0;
  const isDirectory = inode.kind === FileKind.DIRECTORY;
  const looksOnly = (want & (isDirectory ? May.WRITE : ~May.READ)) === 0;
  if (looksOnly && isCapable(credentials, Capability.DAC_READ_SEARCH)) return 0;
  if (!isCapable(credentials, Capability.DAC_OVERRIDE)) return Errno.EACCES;
  if (isDirectory || (want & May.EXECUTE) === 0) return 0;
  return (mode & 0o111) !== 0 ? 0 : Errno.EACCES;
}
