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

/** What a made-up file is besides what is in it. */
export interface SyntheticOptions {
  /** Given what is written to it; absent where nobody may write. */
  readonly take?: (bytes: Uint8Array) => number;
  /** Its permissions. */
  readonly mode?: number;
  /** How large it says it is. */
  readonly size?: number;
  /** Whether whoever runs now may open it with such flags: 0, or why not. */
  readonly mayLook?: (flags: number) => number;
}

/** A file whose bytes are made when it is opened. */
export class SyntheticFile extends Inode {
  readonly #content: () => string | Uint8Array | number;
  readonly #options: SyntheticOptions;

  /** A file; `content` makes its bytes, or says why there are none. */
  constructor(
    fs: FileSystem,
    content: () => string | Uint8Array | number,
    options: SyntheticOptions = {},
  ) {
    const { take, mode = take ? 0o644 : 0o444 } = options;
    super(fs, { mode: FileKind.REGULAR | mode });
    this.#content = content;
    this.#options = options;
  }

  override get size(): number {
    return this.#options.size ?? 0;
  }

  override open(flags: number, place: Place | null): OpenFile | number {
    const { mayLook, take = null } = this.#options;
    const status = mayLook?.(flags) ?? 0;
    if (status !== 0) return status;
    const content = this.#content();
    if (typeof content === "number") return content;
    const bytes = typeof content === "string" ? bytesOf(content) : content;
    return new OpenSynthetic(this, flags, { place, bytes, take });
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
    return this.#take ? this.#take(bytes) : Errno.EINVAL;
  }
}

/** How a made-up link leads where it does. */
export interface SyntheticLinkOptions {
  /** Its permissions, which nobody asks. */
  readonly mode?: number;
  /** The place itself, where a path might not lead to it. */
  readonly jump?: () => Place | null;
  /** Whether whoever runs now may know where it leads: 0, or why not. */
  readonly mayLook?: () => number;
}

/** A link whose target is made when it is read. */
export class SyntheticLink extends Symlink {
  readonly #makeTarget: () => string;
  readonly #options: SyntheticLinkOptions;

  /** A link. */
  constructor(fs: FileSystem, target: () => string, options: SyntheticLinkOptions = {}) {
    super(fs, "");
    this.mode = FileKind.SYMLINK | (options.mode ?? 0o777);
    this.#makeTarget = target;
    this.#options = options;
  }

  override get size(): number {
    return 0;
  }

  override target(): string {
    return this.#makeTarget();
  }

  override mayLook(): number {
    return this.#options.mayLook?.() ?? 0;
  }

  override jump(): Place | null {
    return this.#options.jump?.() ?? null;
  }
}

/** Where the names of a made-up directory come from. */
export interface SyntheticNames {
  /** The file of a name. */
  lookup(name: string): Inode | null;
  /** All names. */
  names(): Iterable<string>;
}

/** A name that is a number. */
export const DIGITS = /^[0-9]+$/;

/** The first cookie of a name that is made up. */
const MADE_UP = 1 << 20;

const NO_NAMES: SyntheticNames = { lookup: () => null, names: () => [] };

/** A directory whose names are made up. */
export class SyntheticDirectory extends Directory {
  readonly #from: SyntheticNames;

  /** A directory of such names, and of those that are put there. */
  constructor(fs: FileSystem, from: SyntheticNames = NO_NAMES, mode = 0o555) {
    super(fs, { mode });
    this.#from = from;
  }

  override get size(): number {
    return 0;
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

  /** Numbers say where they are, so that nobody is left out when others go between two calls. */
  override *entries(): Generator<readonly [name: string, entry: Entry]> {
    yield* super.entries();
    const names = [...this.#from.names()];
    const areNumbers = names.every((name) => DIGITS.test(name));
    if (areNumbers) names.sort((a, b) => Number(a) - Number(b));
    for (const [at, name] of names.entries()) {
      const inode = this.#from.lookup(name);
      if (inode) yield [name, { inode, cookie: MADE_UP + (areNumbers ? Number(name) : at) }];
    }
  }
}

/** The directory at a path below a made-up one, made if need be. */
export function directoryIn(top: Directory, path: string, mode?: number): Directory {
  let at = top;
  for (const name of path.split("/")) {
    const found = at.lookup(name);
    const next = found instanceof Directory ? found : new SyntheticDirectory(at.fs, NO_NAMES, mode);
    if (next !== found) at.put(name, next);
    at = next;
  }
  return at;
}
