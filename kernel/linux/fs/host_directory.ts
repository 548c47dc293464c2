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
import { RegularFile } from "./regular_file.ts";
import { Symlink } from "./symlink.ts";

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
export class HostDirectory extends Directory {
  readonly #host: HostFiles;
  readonly #path: string;
  /** Names that the host was asked for. */
  readonly #asked = new Set<string>();
  #isListed = false;

  /** The directory at a path of the host. */
  constructor(fs: FileSystem, host: HostFiles, path: string, mode = 0o755) {
    super(fs, { mode });
    this.#host = host;
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
    for (const text of [...this.#host.list(this.#path)].sort()) this.lookup(nameOfText(text));
  }

  #ask(name: string): void {
    this.#asked.add(name);
    const path = `${this.#path === "/" ? "" : this.#path}/${textOfName(name)}`;
    const found = this.#host.stat(path);
    if (!found) return;
    const { modified, changed } = this;
    super.put(name, this.#adopt(path, found));
    // That somebody looked is no change.
    this.modified = modified;
    this.changed = changed;
  }

  #adopt(path: string, { kind, mode, size, modified }: HostFile): Inode {
    const { fs } = this;
    const host = this.#host;
    const inode = kind === "directory"
      ? new HostDirectory(fs, host, path, mode)
      : kind === "symlink"
      ? new Symlink(fs, nameOfText(host.target(path)))
      : new HostRegularFile(fs, { mode, size, read: () => host.read(path) });
    inode.modified = inode.changed = inode.accessed = { seconds: modified, nanos: 0 };
    return inode;
  }
}
