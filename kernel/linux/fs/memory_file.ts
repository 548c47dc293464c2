/**
 * Files that are memory and nothing else, as `memfd_create` makes them, and the seals on them.
 *
 * @module
 */
import { Access } from "../../ports.ts";
import { Seal } from "../abi/file.ts";
import { Errno } from "../errno.ts";
import type { Linux } from "../linux.ts";
import { OpenFlag } from "../abi/open.ts";
import { OpenRegular } from "./open_regular.ts";
import { RegularFile } from "./regular_file.ts";

const SEALS = Object.values(Seal).reduce((all: number, one) => all | one, 0);

/** A file of memory that is open. */
export class MemoryFile extends OpenRegular {
  /** An empty file; `seals` are those that it begins with. */
  constructor(linux: Linux, name: string, seals: number) {
    const inode = new RegularFile(linux.rootFs, { mode: 0o777 });
    inode.links = 0;
    inode.seals = seals;
    super(inode, OpenFlag.RDWR | OpenFlag.LARGEFILE, null);
    inode.label = `/memfd:${name} (deleted)`;
  }

  /** Who made it can execute it: it was not opened by a name. */
  protected override get keepsFromRunning(): boolean {
    return false;
  }
}

/** Put further seals on a file; answers 0 or why not. */
export function addSeals(linux: Linux, file: OpenRegular, seals: number): number {
  const { inode } = file;
  if (!file.writable || (inode.seals & Seal.SEAL) !== 0) return Errno.EPERM;
  if ((seals & ~SEALS) !== 0) return Errno.EINVAL;
  if ((seals & Seal.WRITE) !== 0 && isSharedForWriting(linux, inode)) return Errno.EBUSY;
  inode.seals |= seals;
  return 0;
}

function isSharedForWriting(linux: Linux, inode: RegularFile): boolean {
  for (const { mm } of linux.groups.values()) {
    for (const { file, shared, prot } of mm.vmas.all) {
      if (shared && file?.inode === inode && (prot & Access.WRITE) !== 0) return true;
    }
  }
  return false;
}
