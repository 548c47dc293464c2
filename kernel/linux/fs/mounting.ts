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
import type { FileSystem } from "./file_system.ts";
import { hostRoot } from "./host_directory.ts";
import { roomIn, type RoomWanted } from "./room.ts";

/** A tree of the host has room for so many names, most of which may be its own. */
const FILES_MAX = 1 << 20;

/** Put a directory of the host in the place of one of this machine's. */
export function mountHost(linux: Linux, path: string, host: HostFiles): Directory {
  const at = directoryAt(linux, path);
  const room = roomIn(linux.realm.memory.totalFrames, { files: FILES_MAX });
  const fs = linux.createFileSystem("overlay", FileSystemKind.OVERLAYFS_SUPER_MAGIC, room);
  const mounted = hostRoot(fs, host);
  cover(linux, at, mounted);
  return mounted;
}

/** A file system in memory, with room for what guests put there. */
export function createTmpfs(linux: Linux, type: string, wanted: RoomWanted = {}): FileSystem {
  const room = roomIn(linux.realm.memory.totalFrames, wanted);
  return linux.createFileSystem(type, FileSystemKind.TMPFS_MAGIC, room);
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
