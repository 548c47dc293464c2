/**
 * The bits of a mode by which a file lends its owner and its group to who executes it: who may set
 * them, and what takes them away.
 *
 * @module
 */
import { Capability } from "../abi/capability.ts";
import { ModeBit } from "../abi/stat.ts";
import { type Credentials, isCapable, isInGroup } from "../credentials.ts";
import type { Directory } from "./directory.ts";
import { FileKind, type Inode } from "./inode.ts";

const GROUP_EXECUTES = 0o10;

/** The permissions that somebody can give a file of a group: who is not in it does not lend it. */
export function lendable(credentials: Credentials, gid: number, mode: number): number {
  const mayLend = isInGroup(credentials, gid) || isCapable(credentials, Capability.FSETID);
  return mayLend ? mode : mode & ~ModeBit.GID;
}

/** The same for a file that is made in a directory: what is not executed lends nothing yet. */
export function lendableIn(credentials: Credentials, directory: Directory, mode: number): number {
  const isGiven = (directory.mode & ModeBit.GID) !== 0 && (mode & GROUP_EXECUTES) !== 0;
  return isGiven ? lendable(credentials, directory.gid, mode) : mode;
}

/**
 * Have a file lend nothing any longer. The bit of a group that does not execute it is left by whoever
 * could set it.
 */
export function stopLending(credentials: Credentials, inode: Inode): void {
  inode.mode &= ~ModeBit.UID;
  if ((inode.mode & GROUP_EXECUTES) !== 0) inode.mode &= ~ModeBit.GID;
  else inode.mode = lendable(credentials, inode.gid, inode.mode);
}

/** Somebody has changed what is in a file: unless he may set all bits, it lends nothing any longer. */
export function contentChanged(credentials: Credentials, inode: Inode): void {
  if ((inode.mode & (ModeBit.UID | ModeBit.GID)) === 0 || inode.kind !== FileKind.REGULAR) return;
  if (!isCapable(credentials, Capability.FSETID)) stopLending(credentials, inode);
}
