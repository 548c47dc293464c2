/**
 * /proc: what the kernel knows of processes, as files.
 *
 * @module
 */
import { Errno } from "../errno.ts";
import type { Group } from "../group.ts";
import type { Linux } from "../linux.ts";
import { mapsText, smapsText } from "../mm/maps_text.ts";
import type { Task } from "../task.ts";
import { Directory, pathOf } from "./directory.ts";
import type { FileSystem } from "./file_system.ts";
import { cover, directoryAt } from "./first_tree.ts";
import type { Inode } from "./inode.ts";
import type { Place } from "./path_walk.ts";
import { statText, statusText } from "./proc_text.ts";
import { SyntheticDirectory, SyntheticFile, SyntheticLink } from "./synthetic.ts";

const PROC_MAGIC = 0x9fa0;

/** Let /proc be seen. */
export function mountProc(linux: Linux): void {
  const fs = linux.createFileSystem("proc", PROC_MAGIC);
  const proc = new SyntheticDirectory(fs, {
    lookup: (name) => lookupProcess(linux, fs, name),
    names: () => [...linux.groups.values()].filter((one) => !one.ended).map(({ pid }) => `${pid}`),
  });
  const current = () => linux.current?.group.pid ?? 0;
  proc.put("self", new SyntheticLink(fs, () => `${current()}`));
  proc.put(
    "thread-self",
    new SyntheticLink(fs, () => `${current()}/task/${linux.current?.tid ?? 0}`),
  );
  const files: Readonly<Record<string, () => string>> = {
    cpuinfo: () => "processor\t: 0\nhart\t\t: 0\nisa\t\t: rv64imafdc\nmmu\t\t: sv39\n\n",
    meminfo: () => meminfo(linux),
    filesystems: () => "nodev\tproc\nnodev\ttmpfs\nnodev\tdevtmpfs\n",
    mounts: () => "tmpfs / tmpfs rw 0 0\nproc /proc proc rw 0 0\n",
    stat: () => `cpu  0 0 0 0 0 0 0 0 0 0\nbtime ${linux.epoch}\nprocesses ${linux.made}\n`,
    uptime: () => `${seconds(linux)} 0.00\n`,
    loadavg: () => `0.00 0.00 0.00 1/${linux.tasks.size} ${linux.made}\n`,
    version: () => "Linux version 6.12.0-zandbox #1 SMP zandbox\n",
  };
  for (const [name, content] of Object.entries(files)) {
    proc.put(name, new SyntheticFile(fs, content));
  }
  proc.put("sys", systemDirectory(linux, fs));
  cover(directoryAt(linux, "/proc"), proc);
}

function lookupProcess(linux: Linux, fs: FileSystem, name: string): Inode | null {
  if (!/^[1-9][0-9]*$/.test(name)) return null;
  const pid = Number(name);
  const group = linux.groups.get(pid) ?? linux.tasks.get(pid)?.group;
  return group ? processDirectory(linux, fs, group) : null;
}

/** The directory of a process; made for each look, as what is in it is. */
function processDirectory(linux: Linux, fs: FileSystem, group: Group): Directory {
  const directory = taskDirectory(linux, fs, group);
  directory.put("task", tasksDirectory(linux, fs, group));
  return directory;
}

function tasksDirectory(linux: Linux, fs: FileSystem, group: Group): Directory {
  return new SyntheticDirectory(fs, {
    lookup: (name) => {
      const task = linux.tasks.get(Number(name));
      return task?.group === group ? taskDirectory(linux, fs, group, task) : null;
    },
    names: () => [...group.tasks.values()].map(({ tid }) => `${tid}`),
  });
}

function taskDirectory(
  linux: Linux,
  fs: FileSystem,
  group: Group,
  one: Task | null = group.leader,
): Directory {
  const directory = new Directory(fs, { mode: 0o555, uid: one?.credentials.euid ?? group.uid });
  const { mm } = group;
  const root = one?.fs.root ?? linux.root;
  const live = (content: () => string | Uint8Array) => () => group.ended ? "" : content();
  const bytes = (from: number, to: number) => {
    const found = mm.memory.bytes(from, to - from);
    return typeof found === "number" ? "" : found;
  };
  const { strings } = mm;
  const files: Readonly<Record<string, () => string | Uint8Array | number>> = {
    maps: live(() => mapsText(mm, root)),
    smaps: live(() => smapsText(mm, root)),
    auxv: live(() => mm.auxv),
    cmdline: live(() => bytes(strings.args, strings.argsEnd)),
    environ: live(() => bytes(strings.environment, strings.environmentEnd)),
    stat: () => statText(group, one),
    status: () => statusText(group, one),
    statm: live(() => {
      const total = mm.vmas.all.reduce((sum, { pages }) => sum + pages, 0);
      return `${total} ${mm.pages.pages.frames} 0 0 0 ${mm.pages.pages.frames} 0\n`;
    }),
    limits: () =>
      "Limit                     Soft Limit           Hard Limit           Units     \n",
    wchan: () => "0",
  };
  for (const [name, content] of Object.entries(files)) {
    directory.put(name, new SyntheticFile(fs, content));
  }
  const rename = (text: Uint8Array) => renameTask(one, text);
  directory.put("comm", new SyntheticFile(fs, () => `${one?.comm ?? ""}\n`, rename));
  const program = mm.program;
  if (program && !group.ended) {
    directory.put("exe", new SyntheticLink(fs, () => program.path(root), () => program.place));
  }
  if (one) {
    const { fs: state } = one;
    const here = () => pathOf(state.directory, state.root);
    directory.put("cwd", new SyntheticLink(fs, here, () => placeOf(state.directory)));
    const top = () => pathOf(state.root, root);
    directory.put("root", new SyntheticLink(fs, top, () => placeOf(state.root)));
    directory.put("fd", descriptorDirectory(fs, one));
  }
  return directory;
}

function descriptorDirectory(fs: FileSystem, task: Task): Directory {
  return new SyntheticDirectory(fs, {
    lookup: (name) => {
      const file = /^[0-9]+$/.test(name) ? task.file(Number(name)) : null;
      if (!file) return null;
      const { inode } = file;
      const place = file.place ??
        { directory: task.fs.root, name: file.label, inode, slash: false };
      return new SyntheticLink(fs, () => file.path(task.fs.root), () => place);
    },
    names: () => [...task.files.descriptors()].map(String),
  });
}

/** Where a directory is. */
function placeOf(directory: Directory): Place {
  return { directory: directory.parent, name: directory.name, inode: directory, slash: false };
}

function renameTask(task: Task | null, text: Uint8Array): number {
  if (!task) return Errno.ESRCH;
  task.comm = String.fromCharCode(...text).replace(/\n$/, "").slice(0, 15);
  return text.length;
}

function systemDirectory(linux: Linux, fs: FileSystem): Directory {
  const system = new Directory(fs, { mode: 0o555 });
  const kernel = new Directory(fs, { mode: 0o555 });
  const vm = new Directory(fs, { mode: 0o555 });
  const values: Readonly<Record<string, () => string>> = {
    ostype: () => "Linux",
    osrelease: () => "6.12.0-zandbox",
    hostname: () => linux.hostname,
    pid_max: () => "32768",
    ngroups_max: () => "65536",
    randomize_va_space: () => linux.randomize ? "2" : "0",
  };
  for (const [name, value] of Object.entries(values)) {
    kernel.put(name, new SyntheticFile(fs, () => `${value()}\n`));
  }
  vm.put("overcommit_memory", new SyntheticFile(fs, () => "0\n"));
  vm.put("mmap_min_addr", new SyntheticFile(fs, () => "4096\n"));
  system.put("kernel", kernel);
  system.put("vm", vm);
  return system;
}

function meminfo(linux: Linux): string {
  const { total, free } = linux.memory;
  const line = (name: string, bytes: number) =>
    `${`${name}:`.padEnd(16)}${String(Math.floor(bytes / 1024)).padStart(8)} kB\n`;
  return line("MemTotal", total) + line("MemFree", free) + line("MemAvailable", free);
}

function seconds(linux: Linux): string {
  return (linux.realm.now / 1e9).toFixed(2);
}
