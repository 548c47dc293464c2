/**
 * From a path to a file: name by name, over links and mounts, asking each directory whether it may
 * be searched.
 *
 * @module
 */
import type { Credentials } from "../credentials.ts";
import { Resolve } from "../abi/open.ts";
import { Errno } from "../errno.ts";
import { NAME_MAX } from "../name.ts";
import { Directory, pathOf, uppermost } from "./directory.ts";
import { type Inode, May, permission } from "./inode.ts";
import { Symlink } from "./symlink.ts";

/** So many links are followed on one walk. */
export const LINKS_MAX = 40;

/** Who walks: where they begin and what they may. */
export interface Walker {
  /** Where a path that begins with a slash begins. */
  readonly root: Directory;
  /** What they may. */
  readonly credentials: Credentials;
  /** What they do not go through, though they might: bits of `Resolve`; nothing unless told. */
  readonly resolve?: number;
}

/** Where a path ends: the last name, the directory that it is in, and the file if there is one. */
export interface Place {
  /** The directory that the last name is in. */
  readonly directory: Directory;
  /** The last name; `.` or `..` where the path ends so, `/` for the root. */
  readonly name: string;
  /** The file of that name. */
  readonly inode: Inode | null;
  /** Whether the path asked for a directory by a slash behind the name. */
  readonly slash: boolean;
}

interface State {
  readonly walker: Walker;
  links: number;
}

/** Follow a path; `follow` says whether a link at its end is followed too. */
export function walk(
  walker: Walker,
  start: Directory,
  path: string,
  follow = true,
): Place | number {
  if (path === "") return Errno.ENOENT;
  return walkFrom({ walker, links: 0 }, start, path, follow);
}

/** The path of a place, as somebody sees it who has this root. */
export function placePath({ directory, name, inode }: Place, root: Directory): string {
  if (inode instanceof Directory) return pathOf(inode, root);
  const parent = pathOf(directory, root);
  return parent === "/" ? `/${name}` : `${parent}/${name}`;
}

function walkFrom(
  state: State,
  start: Directory,
  path: string,
  follow: boolean,
): Place | number {
  const { root } = state.walker;
  const isAbsolute = path.startsWith("/");
  if (isAbsolute && shuns(state, Resolve.BENEATH)) return Errno.EXDEV;
  let directory = uppermost(isAbsolute ? root : start);
  const names = path.split("/").filter((name) => name !== "");
  const slash = path.endsWith("/");
  if (names.length === 0) return { directory, name: "/", inode: directory, slash };
  for (let at = 0; at < names.length - 1; at++) {
    const next = step(state, directory, names[at]!, true);
    if (typeof next === "number") return next;
    if (next.inode === null) return Errno.ENOENT;
    if (!(next.inode instanceof Directory)) return Errno.ENOTDIR;
    directory = next.inode;
  }
  const last = step(state, directory, names[names.length - 1]!, follow || slash);
  if (typeof last === "number") return last;
  if (slash && last.inode !== null && !(last.inode instanceof Directory)) return Errno.ENOTDIR;
  return { ...last, slash };
}

function step(state: State, directory: Directory, name: string, follow: boolean): Place | number {
  const { root, credentials } = state.walker;
  const status = permission(credentials, directory, May.EXECUTE);
  if (status !== 0) return status;
  const slash = false;
  if (name === ".") return { directory, name, inode: directory, slash };
  if (name === "..") {
    const isTop = directory === uppermost(root);
    if (isTop && shuns(state, Resolve.BENEATH)) return Errno.EXDEV;
    const parent = isTop ? directory : uppermost(directory.parent);
    if (isCrossing(state, directory, parent)) return Errno.EXDEV;
    return { directory, name, inode: parent, slash };
  }
  if (name.length > NAME_MAX) return Errno.ENAMETOOLONG;
  const found = directory.lookup(name);
  if (found instanceof Symlink && follow) return followLink(state, directory, found);
  const inode = found instanceof Directory ? uppermost(found) : found;
  if (inode && isCrossing(state, directory, inode)) return Errno.EXDEV;
  return { directory, name, inode, slash };
}

function shuns({ walker }: State, bit: number): boolean {
  return ((walker.resolve ?? 0) & bit) !== 0;
}

/** Whether a step leads into another file system for somebody who does not want that. */
function isCrossing(state: State, from: Inode, to: Inode): boolean {
  return from.fs !== to.fs && shuns(state, Resolve.NO_XDEV);
}

function followLink(state: State, directory: Directory, link: Symlink): Place | number {
  if (++state.links > LINKS_MAX || shuns(state, Resolve.NO_SYMLINKS)) return Errno.ELOOP;
  const status = link.mayLook();
  if (status !== 0) return status;
  const place = link.jump();
  if (place) {
    if (shuns(state, Resolve.NO_MAGICLINKS)) return Errno.ELOOP;
    // Where no path leads, nobody says whether it is below.
    if (shuns(state, Resolve.BENEATH | Resolve.IN_ROOT)) return Errno.EXDEV;
    return place.inode && isCrossing(state, directory, place.inode) ? Errno.EXDEV : place;
  }
  const target = link.target();
  const isFar = target.startsWith("/") &&
    isCrossing(state, directory, uppermost(state.walker.root));
  if (isFar) return Errno.EXDEV;
  return target === "" ? Errno.ENOENT : walkFrom(state, directory, target, true);
}
