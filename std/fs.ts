/**
 * The part of `@std/fs` that this project uses, so that nothing is fetched. Node's module would do, but
 * every command waits for it to load.
 *
 * To use the registry's package instead, set `"@std/fs": "jsr:@std/fs@1"` in `deno.json`.
 *
 * @module
 */

/** What a walk finds. */
export interface WalkEntry {
  /** The path, starting with the root that was given. */
  readonly path: string;
  /** The last part of the path. */
  readonly name: string;
  /** Whether it is a file. */
  readonly isFile: boolean;
  /** Whether it is a directory. */
  readonly isDirectory: boolean;
}

/** Which entries a walk answers. */
export interface WalkOptions {
  /** Only files whose name ends in one of these, such as `.ts`. */
  readonly exts?: readonly string[];
  /** Whether directories are answered too; they are unless this is false. */
  readonly includeDirs?: boolean;
  /** Paths that match one of these are passed over, with all that is in them. */
  readonly skip?: readonly RegExp[];
}

/** Whether something is at this path, and can be reached there; links are followed. */
export function existsSync(path: string | URL): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    // Where nobody may look, there is no answer.
    if (error instanceof Deno.errors.NotCapable) throw error;
    return false;
  }
}

/** Make a directory and those above it, where they are not there yet. */
export function ensureDirSync(path: string | URL): void {
  Deno.mkdirSync(path, { recursive: true });
}

/** Everything below a directory, each directory before what is in it, in order of name. */
export function* walkSync(root: string, options: WalkOptions = {}): Generator<WalkEntry> {
  const { exts, includeDirs = true, skip = [] } = options;
  const entries = [...Deno.readDirSync(root)].sort((a, b) => a.name < b.name ? -1 : 1);
  for (const { name, isFile, isDirectory } of entries) {
    const found = { path: `${root.replace(/\/$/, "")}/${name}`, name, isFile, isDirectory };
    if (skip.some((pattern) => pattern.test(found.path))) continue;
    const wanted = isDirectory
      ? includeDirs && !exts
      : !exts || exts.some((ending) => name.endsWith(ending));
    if (wanted) yield found;
    if (isDirectory) yield* walkSync(found.path, options);
  }
}
