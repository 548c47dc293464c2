/**
 * Directories: names for files, in the order they were given.
 *
 * @module
 */
import { PAGE_SIZE } from "../../ports.ts";
import type { FileSystem } from "./file_system.ts";
import { FileKind, Inode } from "./inode.ts";
import type { Place } from "./path_walk.ts";

/** A name in a directory. */
export interface Entry {
  /** The file that it names. */
  readonly inode: Inode;
  /** Where a reader of the directory goes on behind it. */
  readonly cookie: number;
}

/** A name that a directory keeps: who has opened the file by it knows the file by it, wherever it goes. */
export class Dentry implements Entry, Place {
  readonly inode: Inode;
  readonly slash = false;
  /** The directory that it is in, or was. */
  directory: Directory;
  /** The name, or what it was. */
  name: string;
  cookie = 0;
  /** Whether it was taken away. */
  isGone = false;

  /** A name that is in a directory soon. */
  constructor(directory: Directory, name: string, inode: Inode) {
    this.directory = directory;
    this.name = name;
    this.inode = inode;
  }
}

/** What a new directory is given. */
export interface DirectoryOptions {
  /** Its permissions. */
  readonly mode: number;
  /** Its owner. */
  readonly uid?: number;
  /** Its group. */
  readonly gid?: number;
}

/** The first cookie; those before it are `.` and `..`. */
export const FIRST_COOKIE = 3;

/** Names for files. */
export class Directory extends Inode {
  /** The directory that it is named in; itself at the root. */
  parent: Directory = this;
  /** Its name there. */
  name = "";
  /** Whether its name is gone; nothing can be put in any more. */
  removed = false;
  /** The directory that is to be seen in its place. */
  covered: Directory | null = null;
  readonly #entries = new Map<string, Dentry>();
  #nextCookie = FIRST_COOKIE;

  /** An empty directory. */
  constructor(fs: FileSystem, { mode, uid = 0, gid = 0 }: DirectoryOptions) {
    super(fs, { mode: FileKind.DIRECTORY | (mode & 0o7777), uid, gid });
    this.links = 2;
  }

  override get size(): number {
    return PAGE_SIZE;
  }

  /** Whether it has no names. */
  get empty(): boolean {
    return this.#entries.size === 0;
  }

  /** The file of a name. */
  lookup(name: string): Inode | null {
    return this.#entries.get(name)?.inode ?? null;
  }

  /** The name that it keeps of a file; null where it keeps none, or that of another file. */
  kept(name: string, inode: Inode): Dentry | null {
    const entry = this.#entries.get(name);
    return entry?.inode === inode ? entry : null;
  }

  /** Its names, in the order of their cookies. */
  entries(): Iterable<readonly [name: string, entry: Entry]> {
    return this.#entries;
  }

  /** Give a file a name, in place of what had it. */
  put(name: string, inode: Inode): void {
    this.take(name);
    this.fs.room?.files.force();
    this.#attach(new Dentry(this, name, inode));
  }

  /** Take a name away. */
  take(name: string): void {
    const entry = this.#detach(name);
    if (!entry) return;
    entry.isGone = true;
    this.fs.room?.files.give(1);
  }

  /** Let a name be another one, in the same directory or elsewhere, in place of what is there. */
  move(name: string, to: Directory, toName: string): void {
    const entry = this.#detach(name);
    to.take(toName);
    if (entry) to.#attach(entry, toName);
  }

  /** Let a name be another one, and that one be it. */
  exchange(name: string, other: Directory, otherName: string): void {
    const [entry, there] = [this.#detach(name), other.#detach(otherName)];
    if (there) this.#attach(there, name);
    if (entry) other.#attach(entry, otherName);
  }

  #attach(entry: Dentry, name: string = entry.name): void {
    const { inode } = entry;
    entry.directory = this;
    entry.name = name;
    entry.cookie = this.#nextCookie++;
    this.#entries.set(name, entry);
    if (inode instanceof Directory) {
      inode.parent = this;
      inode.name = name;
      this.links++;
    }
    this.touched();
  }

  #detach(name: string): Dentry | null {
    const entry = this.#entries.get(name);
    if (!entry) return null;
    this.#entries.delete(name);
    if (entry.inode instanceof Directory) this.links--;
    this.touched();
    return entry;
  }
}

/** The directory that is to be seen where this one is. */
export function uppermost(directory: Directory): Directory {
  let top = directory;
  while (top.covered) top = top.covered;
  return top;
}

/** The path of a directory as somebody sees it whose root is `root`. */
export function pathOf(directory: Directory, root: Directory): string {
  const names: string[] = [];
  let at = directory;
  while (at !== root && at.parent !== at) {
    names.push(at.name);
    at = at.parent;
  }
  return `/${names.reverse().join("/")}`;
}
