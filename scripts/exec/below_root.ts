/**
 * Programs by the names that they have below a folder which they take for the root of all files.
 *
 * @module
 */
import { join } from "@std/path";

/** Where a program without a slash in its name is sought. */
export const PROGRAM_FOLDERS = ["/bin", "/usr/bin", "/sbin", "/usr/sbin"] as const;

/** A program below a root. */
export interface BelowRoot {
  /** Its path there. */
  readonly path: string;
  /** The host's file. */
  readonly file: string;
}

/** More links than this lead nowhere, as Linux has it. */
const LINKS_MAX = 40;

/** The program that a path names below a root, or a name in one of the folders for programs. */
export function programBelow(root: string, name: string): BelowRoot | null {
  const paths = name.startsWith("/")
    ? [name]
    : name.includes("/")
    ? []
    : PROGRAM_FOLDERS.map((folder) => `${folder}/${name}`);
  for (const path of paths) {
    const file = fileBelow(root, path);
    if (file !== null) return { path, file };
  }
  return null;
}

/** The host's file for a path below a root; links lead from that root, never out of it. */
function fileBelow(root: string, path: string): string | null {
  const ahead = path.split("/").reverse();
  const behind: string[] = [];
  let links = 0;
  for (let part = ahead.pop(); part !== undefined; part = ahead.pop()) {
    if (part === "" || part === ".") continue;
    if (part === "..") {
      behind.pop();
      continue;
    }
    const here = join(root, ...behind, part);
    const link = linkAt(here);
    if (link === null) return null;
    if (link === "") behind.push(part);
    else if (++links > LINKS_MAX) return null;
    else {
      if (link.startsWith("/")) behind.length = 0;
      ahead.push(...link.split("/").reverse());
    }
  }
  const file = join(root, ...behind);
  return Deno.statSync(file).isFile ? file : null;
}

/** Where a link leads; nothing for what is no link, null where nothing is. */
function linkAt(path: string): string | null {
  try {
    return Deno.lstatSync(path).isSymlink ? Deno.readLinkSync(path) : "";
  } catch {
    return null;
  }
}
