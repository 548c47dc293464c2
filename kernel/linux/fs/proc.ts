/**
 * /proc: what the kernel knows of processes, as files.
 *
 * @module
 */
import { Errno } from "../errno.ts";
import type { Group } from "../group.ts";
import type { Linux } from "../linux.ts";
import { MAP_COUNT_MAX } from "../mm/layout.ts";
import { mapsText, rollupText, smapsText } from "../mm/maps_text.ts";
import { Release } from "../release.ts";
import { TASKS_MAX } from "../task_count.ts";
import type { Task } from "../task.ts";
import { Directory, pathOf } from "./directory.ts";
import type { FileSystem } from "./file_system.ts";
import { cover, directoryAt } from "./mounting.ts";
import type { Inode } from "./inode.ts";
import type { Place } from "./path_walk.ts";
import { OpenFlag } from "./open_file.ts";
import { MemoryOf } from "./memory_of.ts";
import { statText } from "./proc_stat.ts";
import { limitsText, statmText, statusText } from "./proc_status.ts";
import { mountInfoText, mountsText, systemFiles } from "./proc_system.ts";
import { SyntheticDirectory, SyntheticFile, SyntheticLink } from "./synthetic.ts";

/** Every user and group is who it is. */
const IDENTITY = "         0          0 4294967295\n";

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
  proc.put("mounts", new SyntheticLink(fs, () => "self/mounts"));
  for (const [name, content] of Object.entries(systemFiles(linux))) {
    proc.put(name, new SyntheticFile(fs, content));
  }
  proc.put("sys", systemDirectory(linux, fs));
  cover(linux, directoryAt(linux, "/proc"), proc);
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
      if (task?.group !== group) return null;
      const directory = taskDirectory(linux, fs, group, task);
      // The whole process's tells of all of its tasks.
      directory.put("stat", new SyntheticFile(fs, () => statText(group, task, task.used)));
      return directory;
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
  const files = taskFiles(linux, group, one);
  for (const [name, content] of Object.entries(files)) {
    directory.put(name, new SyntheticFile(fs, content));
  }
  if (!group.ended) {
    // Who has rights that not every owner has keeps the memory to user 0.
    directory.put("mem", new MemoryOf(fs, group, mm.dumpable ? directory.uid : 0));
  }
  directory.put("oom_score_adj", new SyntheticFile(fs, () => "0\n", (text) => text.length));
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
    directory.put("fdinfo", descriptorFacts(fs, one));
  }
  return directory;
}

/** The files that tell of a task, by name. */
function taskFiles(
  linux: Linux,
  group: Group,
  one: Task | null,
): Readonly<Record<string, () => string | Uint8Array>> {
  const { mm } = group;
  const root = one?.fs.root ?? linux.root;
  const live = (content: () => string | Uint8Array) => () => group.ended ? "" : content();
  const bytes = (from: number, to: number) => {
    const found = mm.memory.bytes(from, to - from);
    return typeof found === "number" ? "" : found;
  };
  const { strings } = mm;
  return {
    maps: live(() => mapsText(mm, root)),
    smaps: live(() => smapsText(mm, root)),
    auxv: live(() => mm.auxv),
    cmdline: live(() => bytes(strings.args, strings.argsEnd)),
    environ: live(() => bytes(strings.environment, strings.environmentEnd)),
    stat: () => statText(group, one),
    status: () => statusText(group, one),
    statm: () => group.ended ? "0 0 0 0 0 0 0\n" : statmText(mm),
    smaps_rollup: live(() => rollupText(mm)),
    limits: () => limitsText(group),
    mounts: () => mountsText(linux),
    mountinfo: () => mountInfoText(linux),
    cgroup: () => "0::/\n",
    oom_score: () => "0\n",
    personality: () => `${(one?.persona ?? 0).toString(16).padStart(8, "0")}\n`,
    timerslack_ns: () => `${one?.timerSlack ?? 0}\n`,
    loginuid: () => "4294967295",
    sessionid: () => "4294967295",
    wchan: () => "0",
    schedstat: () => {
      const { time, waits, preemptions } = one?.used ?? group.spent;
      return `${time} 0 ${waits + preemptions}\n`;
    },
    coredump_filter: () => "00000033\n",
    uid_map: () => IDENTITY,
    gid_map: () => IDENTITY,
    setgroups: () => "allow\n",
  };
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

/** What is known of each descriptor, as a file. */
function descriptorFacts(fs: FileSystem, task: Task): Directory {
  return new SyntheticDirectory(fs, {
    lookup: (name) => {
      const file = /^[0-9]+$/.test(name) ? task.file(Number(name)) : null;
      if (!file) return null;
      const closes = task.files.closesOnExec(Number(name)) ? OpenFlag.CLOEXEC : 0;
      const { inode, flags, position } = file;
      const text = `pos:\t${position}\nflags:\t0${(flags | closes).toString(8)}\n` +
        `mnt_id:\t${inode.fs.device}\nino:\t${inode.ino}\n`;
      return new SyntheticFile(fs, () => text);
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
  for (const [path, values] of Object.entries(settings(linux))) {
    const directory = directoryIn(system, path);
    for (const [name, value] of Object.entries(values)) {
      directory.put(name, new SyntheticFile(fs, () => `${value()}\n`));
    }
  }
  return system;
}

/** The directory at a path below another one, made if need be. */
function directoryIn(top: Directory, path: string): Directory {
  let at = top;
  for (const name of path.split("/")) {
    const found = at.lookup(name);
    const next = found instanceof Directory ? found : new Directory(at.fs, { mode: 0o555 });
    if (next !== found) at.put(name, next);
    at = next;
  }
  return at;
}

/** What can be asked of the kernel's settings, by folder. */
function settings(linux: Linux): Record<string, Record<string, () => string | number>> {
  let boot = "";
  return {
    kernel: {
      ostype: () => "Linux",
      osrelease: () => Release.NAME,
      version: () => Release.VERSION,
      hostname: () => linux.hostname,
      domainname: () => linux.domainname,
      pid_max: () => 32768,
      "threads-max": () => TASKS_MAX,
      ngroups_max: () => 65536,
      cap_last_cap: () => 40,
      core_pattern: () => "core",
      randomize_va_space: () => linux.randomize ? 2 : 0,
      shmmax: () => "18446744073692774399",
      shmall: () => "18446744073692774399",
      shmmni: () => 4096,
      sem: () => "32000\t1024000000\t500\t32000",
      msgmax: () => 8192,
      msgmnb: () => 16384,
      msgmni: () => 32000,
    },
    "kernel/random": {
      boot_id: () => boot ||= uuidOf(linux),
      uuid: () => uuidOf(linux),
      entropy_avail: () => 256,
      poolsize: () => 256,
    },
    "net/core": { somaxconn: () => 4096, rmem_max: () => 212992, wmem_max: () => 212992 },
    "net/ipv4": { ip_local_port_range: () => "32768\t60999", ip_forward: () => 0 },
    "fs/inotify": {
      max_user_watches: () => 65536,
      max_user_instances: () => 128,
      max_queued_events: () => 16384,
    },
    vm: {
      overcommit_memory: () => 0,
      mmap_min_addr: () => 4096,
      max_map_count: () => MAP_COUNT_MAX,
      overcommit_ratio: () => 50,
      swappiness: () => 60,
    },
    fs: { "file-max": () => 1048576, "nr_open": () => 1048576, "pipe-max-size": () => 1048576 },
  };
}

/** A number that nobody else has, as text; chance makes it. */
function uuidOf(linux: Linux): string {
  const bytes = linux.randomBytes(16);
  bytes[6] = bytes[6]! & 0x0f | 0x40;
  bytes[8] = bytes[8]! & 0x3f | 0x80;
  const text = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return text.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
