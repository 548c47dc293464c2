/**
 * Files without a name that the kernel keeps for itself: the vDSO, memory that processes share.
 *
 * @module
 */
import type { FileSystem } from "./file_system.ts";
import { OpenFlag } from "../abi/open.ts";
import { OpenRegular } from "./open_regular.ts";
import { RegularFile } from "./regular_file.ts";

/** An open file that only the kernel knows. */
class InternalFile extends OpenRegular {
  readonly #label: string;

  constructor(inode: RegularFile, label: string) {
    super(inode, OpenFlag.RDWR, null);
    this.#label = label;
  }

  override get label(): string {
    return this.#label;
  }
}

/** A file without a name, with these bytes in it. */
export function internalFile(fs: FileSystem, label: string, bytes: Uint8Array): OpenRegular {
  const inode = new RegularFile(fs, { mode: 0o777 });
  inode.links = 0;
  const file = new InternalFile(inode, label);
  inode.writeAt(0, bytes);
  return file;
}
