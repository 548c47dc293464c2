/**
 * Directories of the host, to be seen and changed by guests, while the host's own stay as they are.
 *
 * A name is looked up on the host when somebody first asks for it. From then on it is a file of this
 * machine like any other: what guests write to it, and that they remove it, is known only here.
 *
 * @module
 */
import type { HostFile, HostFiles } from "../../ports.ts";
import { nameOfText, textOfName } from "../name.ts";
import { Directory, type Entry } from "./directory.ts";
import type { FileSystem } from "./file_system.ts";
import type { Inode, InodeOptions } from "./inode.ts";
import { Pipe } from "./pipe.ts";
import { RegularFile } from "./regular_file.ts";
import { Symlink } from "./symlink.ts";

const NANOS_PER_MS = 1_000_000;

/** What is common to the directories of a mount. */
class HostTree {
  /** The host's files. */
  readonly host: HostFiles;
  /** Those that have several names, by what the names have in common. */
  readonly linked: Map<string, Inode> = new Map();

  constructor(host: HostFiles) {
    this.host = host;
  }
}

/** A file that begins with the bytes of one of the host's. */
class HostRegularFile extends RegularFile {
  readonly #read: () => Uint8Array;

  constructor(fs: FileSystem, options: InodeOptions & { size: number; read: () => Uint8Array }) {
    super(fs, options);
    this.#read = options.read;
    this.setSize(options.size);
  }

  protected override initial(): Uint8Array {
    return this.#read();
  }
}

/** A directory that begins with the names that one of the host's has. */
class HostDirectory extends Directory {
  readonly #tree: HostTree;
  readonly #path: string;
  /** Names that the host was asked for. */
  readonly #asked = new Set<string>();
  #isListed = false;

  /** The directory at a path of the host. */
  constructor(fs: FileSystem, tree: HostTree, path: string, mode = 0o755) {
    super(fs, { mode });
    this.#tree = tree;
    this.#path = path;
  }

  override get empty(): boolean {
    this.#list();
    return super.empty;
  }

  override lookup(name: string): Inode | null {
    if (!this.#asked.has(name)) this.#ask(name);
    return super.lookup(name);
  }

  override entries(): Iterable<readonly [name: string, entry: Entry]> {
    this.#list();
    return super.entries();
  }

  override put(name: string, inode: Inode): void {
    this.#asked.add(name);
    super.put(name, inode);
  }

  override take(name: string): void {
    this.#asked.add(name);
    super.take(name);
  }

  #list(): void {
    if (this.#isListed) return;
    this.#isListed = true;
    for (const text of [...this.#tree.host.list(this.#path)].sort()) this.lookup(nameOfText(text));
  }

  #ask(name: string): void {
    this.#asked.add(name);
    const path = `${this.#path === "/" ? "" : this.#path}/${textOfName(name)}`;
    const found = this.#tree.host.stat(path);
    if (!found) return;
    const { modified, changed } = this;
    super.put(name, this.#adopt(path, found));
    // That somebody looked is no change.
    this.modified = modified;
    this.changed = changed;
  }

  #adopt(path: string, found: HostFile): Inode {
    const { linked } = this.#tree;
    const { identity, modifiedMs } = found;
    const known = identity === undefined ? undefined : linked.get(identity);
    if (known) return known;
    const inode = this.#make(path, found);
    const seconds = Math.floor(modifiedMs / 1000);
    const nanos = Math.round((modifiedMs - seconds * 1000) * NANOS_PER_MS);
    inode.modified = inode.changed = inode.accessed = { seconds, nanos };
    if (identity !== undefined) linked.set(identity, inode);
    if (found.links !== undefined) inode.links = found.links;
    return inode;
  }

  #make(path: string, { kind, mode, size }: HostFile): Inode {
    const { fs } = this;
    const { host } = this.#tree;
    switch (kind) {
      case "directory":
        return new HostDirectory(fs, this.#tree, path, mode);
      case "symlink":
        return new Symlink(fs, nameOfText(host.target(path)));
      case "fifo":
        // What is in the host's is not for guests.
        return new Pipe(fs, { mode });
      case "file":
        return new HostRegularFile(fs, { mode, size, read: () => host.read(path) });
    }
  }
}

/** The directory above all others of the host's. */
export function hostRoot(fs: FileSystem, host: HostFiles): HostDirectory {
  return new HostDirectory(fs, new HostTree(host), "");
}
