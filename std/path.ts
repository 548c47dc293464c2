/**
 * The part of `@std/path` that this project uses, so that nothing is fetched: paths with slashes, as
 * POSIX has them and no other kind. Node's modules would do, but every command waits for them to load.
 *
 * To use the registry's package instead, set `"@std/path": "jsr:@std/path@1"` in `deno.json`.
 *
 * @module
 */

/** What stands between the folders of a list of them. */
export const DELIMITER: ":" | ";" = Deno.build.os === "windows" ? ";" : ":";

/** The last part of a path, without the suffix unless that is all of it. */
export function basename(path: string, suffix = ""): string {
  const whole = withoutLastSlashes(path);
  const name = whole === "/" ? whole : whole.slice(whole.lastIndexOf("/") + 1);
  const isMore = name.length > suffix.length && name.endsWith(suffix);
  return isMore ? name.slice(0, name.length - suffix.length) : name;
}

/** A path without its last part. */
export function dirname(path: string): string {
  const whole = withoutLastSlashes(path);
  const end = whole.lastIndexOf("/");
  return end < 0 ? "." : withoutLastSlashes(whole.slice(0, end || 1));
}

/** The extension of the last part of a path, with its dot. */
export function extname(path: string): string {
  const name = basename(path);
  const at = name.lastIndexOf(".");
  return at <= 0 || name === ".." ? "" : name.slice(at);
}

/** Parts joined and normalized. */
export function join(...parts: string[]): string {
  const path = parts.filter((part) => part !== "").join("/");
  const whole = normalized(path);
  return path.endsWith("/") && whole !== "/" ? `${whole}/` : whole;
}

/** An absolute path from parts, against the working directory. */
export function resolve(...parts: string[]): string {
  // Asks only where no part is absolute: the working directory may be gone.
  const first = parts.findLastIndex((part) => part.startsWith("/"));
  return normalized((first < 0 ? [Deno.cwd(), ...parts] : parts.slice(first)).join("/"));
}

/** The way from one path to another. */
export function relative(from: string, to: string): string {
  const start = namesOf(resolve(from));
  const goal = namesOf(resolve(to));
  const fork = start.findIndex((name, at) => name !== goal[at]);
  const shared = fork < 0 ? start.length : fork;
  return [...start.slice(shared).fill(".."), ...goal.slice(shared)].join("/");
}

/** The path that a `file:` URL names. */
export function fromFileUrl(url: URL | string): string {
  const { protocol, pathname } = new URL(url);
  if (protocol !== "file:") {
    throw new TypeError(`a URL of a file begins with file:, not ${protocol}`);
  }
  return decodeURIComponent(pathname.replace(/%(?![\da-f]{2})/gi, "%25"));
}

/** The `file:` URL of an absolute path. */
export function toFileUrl(path: string): URL {
  if (!path.startsWith("/")) throw new TypeError(`only an absolute path has a URL, not ${path}`);
  const url = new URL("file:///");
  // Encodes by itself all but what means something in a URL: there a backslash is a slash, C| a
  // drive, and tabs and ends of lines are nothing.
  url.pathname = path.replace(/[%\\|\t\n\r]/g, encodeURIComponent);
  return url;
}

/** A path without slashes at its end; the root is one slash. */
function withoutLastSlashes(path: string): string {
  return path.replace(/(?<=.)\/+$/s, "");
}

/** A path without `.`, without doubled slashes, and with `..` only where nothing is known to be above. */
function normalized(path: string): string {
  const isAbsolute = path.startsWith("/");
  const names: string[] = [];
  for (const name of namesOf(path)) {
    if (name !== "..") {
      if (name !== ".") names.push(name);
    } else if (names.length > 0 && names.at(-1) !== "..") {
      names.pop();
    } else if (!isAbsolute) {
      names.push(name);
    }
  }
  return isAbsolute ? `/${names.join("/")}` : names.join("/") || ".";
}

function namesOf(path: string): string[] {
  return path.split("/").filter((name) => name !== "");
}
