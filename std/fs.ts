/**
 * The part of `@std/fs` that this project uses, over `node:fs`, so that nothing is fetched.
 *
 * To use the registry's package instead, set `"@std/fs": "jsr:@std/fs@1"` in `deno.json`.
 *
 * @module
 */
import { existsSync as nodeExistsSync, mkdirSync, readdirSync } from "node:fs";

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

/** Whether something is at this path. */
export function existsSync(path: string | URL): boolean {
  return nodeExistsSync(path);
}

/** Make a directory and those above it, where they are not there yet. */
export function ensureDirSync(path: string | URL): void {
  mkdirSync(path, { recursive: true });
}

/** Everything below a directory, each directory before what is in it, in order of name. */
export function* walkSync(root: string, options: WalkOptions = {}): Generator<WalkEntry> {
  const { exts, includeDirs = true, skip = [] } = options;
  const entries = readdirSync(root, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => a.name < b.name ? -1 : 1)) {
    const found: WalkEntry = {
      path: `${root}/${entry.name}`,
      name: entry.name,
      isFile: entry.isFile(),
      isDirectory: entry.isDirectory(),
    };
    if (skip.some((pattern) => pattern.test(found.path))) continue;
    const wanted = found.isDirectory
      ? includeDirs
      : !exts || exts.some((e) => entry.name.endsWith(e));
    if (wanted && !(exts && found.isDirectory)) yield found;
    if (found.isDirectory) yield* walkSync(found.path, options);
  }
}
