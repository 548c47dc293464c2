/**
 * The part of `@std/path` that this project uses, over `node:path`, so that nothing is fetched.
 *
 * To use the registry's package instead, set `"@std/path": "jsr:@std/path@1"` in `deno.json`.
 *
 * @module
 */
import { delimiter, posix, resolve as nodeResolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** What stands between the folders of a list of them. */
export const DELIMITER: ":" | ";" = delimiter;

/** The last part of a path. */
export function basename(path: string, suffix?: string): string {
  return posix.basename(path, suffix);
}

/** A path without its last part. */
export function dirname(path: string): string {
  return posix.dirname(path);
}

/** The extension of the last part of a path, with its dot. */
export function extname(path: string): string {
  return posix.extname(path);
}

/** Parts joined and normalized. */
export function join(...parts: string[]): string {
  return posix.join(...parts);
}

/** An absolute path from parts, against the working directory. */
export function resolve(...parts: string[]): string {
  return nodeResolve(...parts);
}

/** The way from one path to another. */
export function relative(from: string, to: string): string {
  return posix.relative(from, to);
}

/** The path that a `file:` URL names. */
export function fromFileUrl(url: URL | string): string {
  return fileURLToPath(url);
}

/** The `file:` URL of an absolute path. */
export function toFileUrl(path: string): URL {
  return pathToFileURL(path);
}
