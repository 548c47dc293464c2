/**
 * Namespaces as files, as `/proc/PID/ns` shows them: there is one of each kind, and all are in it.
 *
 * @module
 */
import { CloneFlag } from "../abi/process.ts";
import { FileSystemKind } from "../abi/stat.ts";
import type { Group } from "../group.ts";
import type { Linux } from "../linux.ts";
import { scrutiny } from "../scrutiny.ts";
import { Directory } from "./directory.ts";
import type { FileSystem } from "./file_system.ts";
import { FileKind, Inode } from "./inode.ts";
import { OpenFile } from "./open_file.ts";
import type { Place } from "./path_walk.ts";
import { SyntheticDirectory, SyntheticLink } from "./synthetic.ts";

/** The kinds of namespaces, each with the flag that asks for it and the number of the first. */
export const Namespace = {
  cgroup: { flag: CloneFlag.NEWCGROUP, ino: 4026531835 },
  ipc: { flag: CloneFlag.NEWIPC, ino: 4026531839 },
  mnt: { flag: CloneFlag.NEWNS, ino: 4026531841 },
  net: { flag: CloneFlag.NEWNET, ino: 4026531840 },
  pid: { flag: CloneFlag.NEWPID, ino: 4026531836 },
  time: { flag: CloneFlag.NEWTIME, ino: 4026531834 },
  user: { flag: CloneFlag.NEWUSER, ino: 4026531837 },
  uts: { flag: CloneFlag.NEWUTS, ino: 4026531838 },
} as const;

/** The name of one. */
export type NamespaceName = keyof typeof Namespace;

/** Links whose names are not those of what they lead to. */
const FOR_CHILDREN: Readonly<Record<string, NamespaceName>> = {
  pid_for_children: "pid",
  time_for_children: "time",
};

/** A namespace. */
export class NamespaceFile extends Inode {
  /** Its kind. */
  readonly type: NamespaceName;

  /** The only one of its kind. */
  constructor(fs: FileSystem, type: NamespaceName) {
    super(fs, { mode: FileKind.REGULAR | 0o444, ino: Namespace[type].ino });
    this.type = type;
  }

  override open(flags: number, place: Place | null): OpenFile {
    return new OpenNamespace(this, flags, place);
  }
}

/** A namespace that is open: nothing can be done with it but to go there. */
class OpenNamespace extends OpenFile {}

/** The namespaces of a machine. */
export class Namespaces {
  readonly #nowhere: Directory;
  readonly #files = new Map<NamespaceName, NamespaceFile>();

  /** One of each kind. */
  constructor(linux: Linux) {
    const fs = linux.createFileSystem("nsfs", FileSystemKind.NSFS_MAGIC);
    this.#nowhere = new Directory(fs, { mode: 0o555 });
    for (const type of Object.keys(Namespace) as NamespaceName[]) {
      this.#files.set(type, new NamespaceFile(fs, type));
    }
  }

  /** The directory of those that a process is in, whose files have the numbers from one on. */
  directory(fs: FileSystem, group: Group, first: number): Directory {
    const names = [...this.#files.keys(), ...Object.keys(FOR_CHILDREN)].sort();
    return new SyntheticDirectory(fs, {
      lookup: (name) => {
        const type = FOR_CHILDREN[name] ?? name as NamespaceName;
        if (!this.#files.has(type)) return null;
        fs.numberFrom(first + names.indexOf(name));
        return this.#link(fs, group, type);
      },
      names: () => names,
    }, 0o511);
  }

  #link(fs: FileSystem, group: Group, type: NamespaceName): SyntheticLink {
    const inode = this.#files.get(type)!;
    const label = `${type}:[${inode.ino}]`;
    return new SyntheticLink(fs, () => label, {
      jump: () => ({ directory: this.#nowhere, name: label, inode, slash: false }),
      mayLook: () => scrutiny(group),
    });
  }
}
