/**
 * Files whose bytes are made when they are opened, as those of /proc are.
 *
 * @module
 */
import { Errno } from "../errno.ts";
import { bytesOf } from "../name.ts";
import { Directory, type Entry } from "./directory.ts";
import type { FileSystem } from "./file_system.ts";
import { FileKind, Inode } from "./inode.ts";
import { OpenFile } from "./open_file.ts";
import type { Place } from "./path_walk.ts";
import { Symlink } from "./symlink.ts";

/** A file whose bytes are made when it is opened. */
export class SyntheticFile extends Inode {
  readonly #content: () => string | Uint8Array | number;
  readonly #take: ((bytes: Uint8Array) => number) | null;

  /** A file; `content` makes its bytes, `take` is given what is written to it. */
  constructor(
    fs: FileSystem,
    content: () => string | Uint8Array | number,
    take: ((bytes: Uint8Array) => number) | null = null,
  ) {
    super(fs, { mode: FileKind.REGULAR | (take ? 0o644 : 0o444) });
    this.#content = content;
    this.#take = take;
  }

  override open(flags: number, place: Place | null): OpenFile | number {
    const content = this.#content();
    if (typeof content === "number") return content;
    const bytes = typeof content === "string" ? bytesOf(content) : content;
    return new OpenSynthetic(this, flags, { place, bytes, take: this.#take });
  }
}

/** Such a file while it is open. */
class OpenSynthetic extends OpenFile {
  readonly #bytes: Uint8Array;
  readonly #take: ((bytes: Uint8Array) => number) | null;

  constructor(
    inode: Inode,
    flags: number,
    { place, bytes, take }: {
      place: Place | null;
      bytes: Uint8Array;
      take: ((bytes: Uint8Array) => number) | null;
    },
  ) {
    super(inode, flags, place);
    this.#bytes = bytes;
    this.#take = take;
  }

  override get seekable(): boolean {
    return true;
  }

  override read(count: number, offset: number): Uint8Array {
    return this.#bytes.slice(offset, offset + count);
  }

  override write(bytes: Uint8Array): number {
    return this.#take ? this.#take(bytes) : Errno.EACCES;
  }
}

/** A link whose target is made when it is read. */
export class SyntheticLink extends Symlink {
  readonly #makeTarget: () => string;
  readonly #jump: () => Place | null;

  /** A link; `jump` answers the place itself, where a path might not lead to it. */
  constructor(fs: FileSystem, target: () => string, jump: () => Place | null = () => null) {
    super(fs, "");
    this.#makeTarget = target;
    this.#jump = jump;
  }

  override get size(): number {
    return 0;
  }

  override target(): string {
    return this.#makeTarget();
  }

  override jump(): Place | null {
    return this.#jump();
  }
}

/** Where the names of a made-up directory come from. */
export interface SyntheticNames {
  /** The file of a name. */
  lookup(name: string): Inode | null;
  /** All names. */
  names(): Iterable<string>;
}

/** A directory whose names are made up. */
export class SyntheticDirectory extends Directory {
  readonly #from: SyntheticNames;

  /** A directory of such names. */
  constructor(fs: FileSystem, from: SyntheticNames) {
    super(fs, { mode: 0o555 });
    this.#from = from;
  }

  override get empty(): boolean {
    return false;
  }

  override lookup(name: string): Inode | null {
    const found = super.lookup(name) ?? this.#from.lookup(name);
    if (found instanceof Directory && found.name === "") {
      found.parent = this;
      found.name = name;
    }
    return found;
  }

  override *entries(): Generator<readonly [name: string, entry: Entry]> {
    yield* super.entries();
    let cookie = 1 << 20;
    for (const name of this.#from.names()) {
      const inode = this.#from.lookup(name);
      if (inode) yield [name, { inode, cookie: cookie++ }];
    }
  }
}
