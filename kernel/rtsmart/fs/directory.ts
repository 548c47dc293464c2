/**
 * Directories: names of files, in the order they came.
 *
 * @module
 */
import { Errno } from "../error.ts";
import { FileKind, Node } from "./node.ts";
import { OpenFile, OpenFlag } from "./open_file.ts";

/** Names of files. */
export class Directory extends Node {
  /** The directory above; itself for the uppermost. */
  readonly parent: Directory;
  readonly #entries = new Map<string, Node>();

  /** An empty directory. */
  constructor(ino: number, parent: Directory | null) {
    super(ino, FileKind.DIRECTORY | 0o777);
    this.parent = parent ?? this;
  }

  /** Its names, in the order they came. */
  get names(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /** The file of a name. */
  get(name: string): Node | null {
    if (name === "" || name === ".") return this;
    if (name === "..") return this.parent;
    return this.#entries.get(name) ?? null;
  }

  /** Give a file a name. */
  put(name: string, node: Node): void {
    this.#entries.get(name)?.unlinked();
    this.#entries.set(name, node);
  }

  /** Take a name away. */
  remove(name: string): void {
    const node = this.#entries.get(name);
    this.#entries.delete(name);
    node?.unlinked();
  }

  /** Take a name away, and keep the file. */
  release(name: string): void {
    this.#entries.delete(name);
  }

  override open(flags: number, path: string): OpenFile | number {
    const isRead = (flags & OpenFlag.ACCESS) === OpenFlag.RDONLY;
    return isRead ? new OpenDirectory(this, flags, path) : Errno.EISDIR;
  }
}

/** A directory, open: `position` counts the names that were read. */
export class OpenDirectory extends OpenFile {
  /** The directory. */
  readonly directory: Directory;

  /** A directory that was opened. */
  constructor(directory: Directory, flags: number, path: string) {
    super(directory, flags, path);
    this.directory = directory;
  }

  override read(): number {
    return Errno.EISDIR;
  }

  override write(): number {
    return Errno.EBADF;
  }
}
