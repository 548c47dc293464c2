/**
 * Trees in the place of directories of another tree.
 *
 * @module
 */
import { FileSystemKind } from "../abi/stat.ts";
import type { HostFiles } from "../../ports.ts";
import type { Linux } from "../linux.ts";
import { nameOfText } from "../name.ts";
import { Directory, uppermost } from "./directory.ts";
import { HostDirectory } from "./host_directory.ts";

/** Put a directory of the host in the place of one of this machine's. */
export function mountHost(linux: Linux, path: string, host: HostFiles): Directory {
  const at = directoryAt(linux, path);
  const fs = linux.createFileSystem("overlay", FileSystemKind.OVERLAYFS_SUPER_MAGIC);
  const mounted = new HostDirectory(fs, host, "");
  cover(linux, at, mounted);
  return mounted;
}

/** Let another directory be seen in the place of one. */
export function cover(linux: Linux, at: Directory, mounted: Directory): void {
  mounted.parent = at.parent === at ? mounted : at.parent;
  mounted.name = at.name;
  at.covered = mounted;
  linux.mounted.push(mounted);
}

/** The directory at a path, made if need be. */
export function directoryAt(linux: Linux, path: string): Directory {
  let at = uppermost(linux.root);
  for (const name of nameOfText(path).split("/").filter((one) => one !== "")) {
    const found = at.lookup(name);
    if (found instanceof Directory) {
      at = uppermost(found);
      continue;
    }
    const made = new Directory(at.fs, { mode: 0o755 });
    at.put(name, made);
    at = made;
  }
  return at;
}
