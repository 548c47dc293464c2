/**
 * Watching files: who wants to know what happens to a file, or to what is named in a directory.
 *
 * @module
 */
import { Notify } from "../abi/polling.ts";
import { FileKind, type Inode } from "./inode.ts";
import type { Place } from "./path_walk.ts";

/** Something got another name in the directory that it is in; there is no such bit of `Notify`. */
export const RENAMED = 0x10000000;

/** Something that happened to a file, or to what is named in a directory. */
export interface FileEvent {
  /** What: a mask of `Notify` bits, or `RENAMED`. */
  readonly mask: number;
  /** The name in the directory; empty where it is the file itself. */
  readonly name: string;
  /** What the two halves of a move have in common; 0 for all else. */
  readonly cookie: number;
}

/** Somebody who watches a file. */
export interface Watch {
  /** What it is about: a mask of `Notify` bits, and `RENAMED`. */
  readonly interest: number;
  /** Something happened that it is about. */
  told(event: FileEvent): void;
  /** The file is gone. */
  ended(): void;
}

/** Tell a watch what happens to a file. */
export function addWatch(inode: Inode, watch: Watch): void {
  (inode.watches ??= new Set()).add(watch);
}

/** Tell it no longer. */
export function removeWatch(inode: Inode, watch: Watch): void {
  inode.watches?.delete(watch);
  if (inode.watches?.size === 0) inode.watches = null;
}

/** Tell whoever watches a file, or the directory that it is named in. */
export function notify(inode: Inode, mask: number, place: Place | null): void {
  if (place && place.directory !== inode) notifyIn(place, inode, mask);
  const isDirectory = inode.kind === FileKind.DIRECTORY ? Notify.ISDIR : 0;
  tell(inode, { mask: mask | isDirectory, name: "", cookie: 0 });
}

/** Tell whoever watches a directory what happened to a name in it. */
export function notifyIn({ directory, name }: Place, inode: Inode, mask: number, cookie = 0): void {
  if (directory.watches === null) return;
  const isDirectory = inode.kind === FileKind.DIRECTORY ? Notify.ISDIR : 0;
  tell(directory, { mask: mask | isDirectory, name, cookie });
}

/** Something has another name now, or is in another directory, perhaps in place of something else. */
export function notifyMoved(from: Place, to: Place, inode: Inode, replaced?: Inode | null): void {
  const cookie = inode.fs.nextCookie();
  if (from.directory === to.directory) notifyIn(from, inode, RENAMED);
  notifyIn(from, inode, Notify.MOVED_FROM, cookie);
  notifyIn(to, inode, Notify.MOVED_TO, cookie);
  if (replaced) notify(replaced, Notify.ATTRIB, null);
  notify(inode, Notify.MOVE_SELF, null);
}

/** A file that was watched is gone, if it is, with all its names and with everybody who had it open. */
export function notifyGone(inode: Inode): void {
  if (inode.watches === null || inode.links > 0 || inode.openings > 0) return;
  tell(inode, { mask: Notify.DELETE_SELF, name: "", cookie: 0 });
  for (const watch of [...inode.watches ?? []]) watch.ended();
}

function tell(inode: Inode, event: FileEvent): void {
  if (inode.watches === null) return;
  // Who came last is told first.
  for (const watch of [...inode.watches].reverse()) {
    if ((watch.interest & event.mask) !== 0) watch.told(event);
  }
}
