/**
 * Files without a name that the kernel keeps for itself: the vDSO, memory that processes share.
 *
 * @module
 */
import type { FileSystem } from "./file_system.ts";
import { OpenFlag } from "../abi/open.ts";
import { OpenRegular } from "./open_regular.ts";
import { RegularFile } from "./regular_file.ts";

/** A file without a name, with these bytes in it. */
export function internalFile(fs: FileSystem, label: string, bytes: Uint8Array): OpenRegular {
  const inode = new RegularFile(fs, { mode: 0o777 });
  inode.links = 0;
  inode.label = label;
  const file = new OpenRegular(inode, OpenFlag.RDWR, null);
  inode.writeAt(0, bytes);
  return file;
}
