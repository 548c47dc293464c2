/**
 * The directories of /proc that are about one process, and about one of its tasks.
 *
 * @module
 */
import type { Group } from "../group.ts";
import type { Linux } from "../linux.ts";
import { scrutiny } from "../scrutiny.ts";
import type { Task } from "../task.ts";
import { type Directory, pathOf } from "./directory.ts";
import type { FileSystem } from "./file_system.ts";
import type { Inode } from "./inode.ts";
import { MemoryOf } from "./memory_of.ts";
import type { Namespaces } from "./namespace.ts";
import { OpenFlag } from "../abi/open.ts";
import { PageMap } from "./page_map.ts";
import type { Place } from "./path_walk.ts";
import { networkFiles } from "./proc_network.ts";
import { statText } from "./proc_stat.ts";
import { timersText } from "./proc_schedule.ts";
import { childrenText, taskFiles } from "./proc_task.ts";
import { DIGITS, SyntheticDirectory, SyntheticFile, SyntheticLink } from "./synthetic.ts";

/**
 * Where the numbers of files begin, by what they tell of: whoever looks twice sees the same file, though
 * it is made anew. Each task has so many of its own.
 */
const Numbers = {
  TASK: 1 << 16,
  NAMESPACE: 1 << 17,
  MAP: 1 << 18,
  FD: 1 << 21,
  INFO: 1 << 22,
} as const;
const NUMBERS_EACH = 2 ** 24;

/** The directory of a process; a descriptor of it stands for the process, as one of its own would. */
export class ProcessDirectory extends SyntheticDirectory {
  /** The process. */
  readonly group: Group;

  /** The directory of a process, with nothing in it yet. */
  constructor(fs: FileSystem, group: Group) {
    super(fs);
    this.group = group;
  }
}

/** The directories of processes; each is made for a look, as what is in it is. */
export class ProcessDirectories {
  readonly #linux: Linux;
  readonly #fs: FileSystem;
  readonly #namespaces: Namespaces;
  readonly #tables: ReadonlyMap<string, SyntheticFile>;

  /** Directories in a file system. */
  constructor(linux: Linux, fs: FileSystem, namespaces: Namespaces) {
    this.#linux = linux;
    this.#fs = fs;
    this.#namespaces = namespaces;
    const tables = Object.entries(networkFiles(linux));
    this.#tables = new Map(
      tables.map(([name, content]) => [name, new SyntheticFile(fs, content)]),
    );
  }

  /** The directory of a process. */
  directory(group: Group): Directory {
    const { leader } = group;
    const first = group.pid * NUMBERS_EACH;
    this.#fs.numberFrom(first);
    const directory = new ProcessDirectory(this.#fs, group);
    this.#fill(directory, { group, task: leader, first });
    const put = this.#putter(directory, group, leader);
    put("task", this.#tasks(group));
    put("timers", new SyntheticFile(this.#fs, () => timersText(group)));
    put("map_files", this.#mapFiles(group));
    return directory;
  }

  /** How files are put into the directory of a task: they are its user's, if it can be looked into. */
  #putter(directory: Directory, group: Group, task: Task | null) {
    const isOwn = group.mm.dumpable;
    const { euid = group.uid, egid = 0 } = task?.credentials ?? {};
    return (name: string, inode: Inode) => {
      inode.uid = isOwn ? euid : 0;
      inode.gid = isOwn ? egid : 0;
      directory.put(name, inode);
    };
  }

  #tasks(group: Group): Directory {
    return new SyntheticDirectory(this.#fs, {
      lookup: (name) => {
        const task = this.#linux.tasks.get(Number(name));
        if (task?.group !== group) return null;
        const first = task.tid * NUMBERS_EACH + Numbers.TASK;
        this.#fs.numberFrom(first);
        const directory = new SyntheticDirectory(this.#fs);
        this.#fill(directory, { group, task, first });
        const put = this.#putter(directory, group, task);
        // The whole process's tells of all of its tasks.
        put("stat", new SyntheticFile(this.#fs, () => statText(group, task, false)));
        put("children", new SyntheticFile(this.#fs, () => childrenText(group, task)));
        return directory;
      },
      names: () => [...group.tasks.values()].map(({ tid }) => `${tid}`),
    });
  }

  /** Put in what there is of a task; its files are numbered from where its directory is. */
  #fill(
    directory: Directory,
    { group, task, first }: { group: Group; task: Task | null; first: number },
  ): void {
    const fs = this.#fs;
    directory.uid = task?.credentials.euid ?? group.uid;
    directory.gid = task?.credentials.egid ?? 0;
    const put = this.#putter(directory, group, task);
    for (const [name, file] of Object.entries(taskFiles(this.#linux, group, task))) {
      const { content, isPrivate, ...options } = file;
      const mayLook = isPrivate ? { mayLook: () => scrutiny(group) } : {};
      put(name, new SyntheticFile(fs, content, { ...options, ...mayLook }));
    }
    put("ns", this.#namespaces.directory(fs, group, first + Numbers.NAMESPACE));
    put("net", this.#network());
    if (!group.ended) put("mem", new MemoryOf(fs, group));
    put("pagemap", new PageMap(fs, group));
    this.#putLinks(put, group, task);
    if (task) {
      put("fd", this.#descriptors(group, task, first + Numbers.FD));
      put("fdinfo", this.#descriptorFacts(group, task, first + Numbers.INFO));
    }
  }

  #putLinks(put: (name: string, inode: Inode) => void, group: Group, task: Task | null): void {
    const root = task?.fs.root ?? this.#linux.root;
    const link = (name: string, target: () => string, jump: () => Place | null) =>
      put(name, new SyntheticLink(this.#fs, target, { jump, mayLook: () => scrutiny(group) }));
    const { program } = group.mm;
    if (program && !group.ended) link("exe", () => program.path(root), () => program.place);
    if (!task) return;
    const { fs } = task;
    link("cwd", () => pathOf(fs.directory, fs.root), () => placeOf(fs.directory));
    link("root", () => pathOf(fs.root, this.#linux.root), () => placeOf(fs.root));
  }

  #network(): Directory {
    const directory = new SyntheticDirectory(this.#fs);
    for (const [name, table] of this.#tables) directory.put(name, table);
    return directory;
  }

  #descriptors(group: Group, task: Task, first: number): Directory {
    return new SyntheticDirectory(this.#fs, {
      lookup: (name) => {
        const file = DIGITS.test(name) ? task.fileOrPlace(Number(name)) : null;
        if (!file) return null;
        const { inode } = file;
        this.#fs.numberFrom(first + Number(name));
        const place = file.place ??
          { directory: task.fs.root, name: file.label, inode, slash: false };
        return new SyntheticLink(this.#fs, () => file.path(task.fs.root), {
          jump: () => place,
          mayLook: () => scrutiny(group),
          mode: 0o100 | (file.readable ? 0o400 : 0) | (file.writable ? 0o200 : 0),
        });
      },
      names: () => [...task.files.descriptors()].map(String),
    }, 0o500);
  }

  /** What is known of each descriptor, as a file. */
  #descriptorFacts(group: Group, task: Task, first: number): Directory {
    return new SyntheticDirectory(this.#fs, {
      lookup: (name) => {
        const file = DIGITS.test(name) ? task.fileOrPlace(Number(name)) : null;
        if (!file) return null;
        this.#fs.numberFrom(first + Number(name));
        const closes = task.files.closesOnExec(Number(name)) ? OpenFlag.CLOEXEC : 0;
        const { inode, flags } = file;
        const text = `pos:\t${file.shownPosition}\nflags:\t0${(flags | closes).toString(8)}\n` +
          `mnt_id:\t${inode.fs.device}\nino:\t${inode.ino}\n${file.facts}`;
        return new SyntheticFile(this.#fs, () => text, { mayLook: () => scrutiny(group) });
      },
      names: () => [...task.files.descriptors()].map(String),
    });
  }

  /** The files that are mapped, by where. */
  #mapFiles(group: Group): Directory {
    const mapped = () =>
      group.ended ? [] : group.mm.vmas.all.filter(({ file, name }) => file && name === "");
    const nameOf = ({ start, end }: { readonly start: number; readonly end: number }) =>
      `${start.toString(16)}-${end.toString(16)}`;
    return new SyntheticDirectory(this.#fs, {
      lookup: (name) => {
        const at = mapped().findIndex((vma) => nameOf(vma) === name);
        const file = mapped()[at]?.file;
        if (!file) return null;
        this.#fs.numberFrom(group.pid * NUMBERS_EACH + Numbers.MAP + at);
        return new SyntheticLink(this.#fs, () => file.path(this.#linux.root), {
          jump: () => file.place,
          mayLook: () => scrutiny(group),
          mode: 0o400,
        });
      },
      names: () => scrutiny(group) === 0 ? mapped().map(nameOf) : [],
    }, 0o500);
  }
}

/** Where a directory is. */
function placeOf(directory: Directory): Place {
  return { directory: directory.parent, name: directory.name, inode: directory, slash: false };
}
