/**
 * /proc: what the kernel knows of processes, as files.
 *
 * @module
 */
import { FileSystemKind } from "../abi/stat.ts";
import { Errno } from "../errno.ts";
import type { Linux } from "../linux.ts";
import { cover, directoryAt } from "./mounting.ts";
import type { Inode } from "./inode.ts";
import { Namespaces } from "./namespace.ts";
import { ProcessDirectories } from "./proc_process.ts";
import { settingsDirectory } from "./proc_settings.ts";
import { systemFiles } from "./proc_system.ts";
import { ipcDirectory } from "./proc_ipc.ts";
import { SyntheticDirectory, SyntheticFile, SyntheticLink } from "./synthetic.ts";

/** Let /proc be seen. */
export function mountProc(linux: Linux): void {
  const fs = linux.createFileSystem("proc", FileSystemKind.PROC_SUPER_MAGIC);
  const { ENOENT, EPERM } = Errno;
  fs.refusals = { isFirst: true, create: ENOENT, add: ENOENT, take: EPERM, unnamed: EPERM };
  const processes = new ProcessDirectories(linux, fs, new Namespaces(linux));
  const proc = new SyntheticDirectory(fs, {
    lookup: (name) => lookupProcess(linux, processes, name),
    names: () => [...linux.groups.values()].filter((one) => !one.ended).map(({ pid }) => `${pid}`),
  });
  const current = () => linux.current?.group.pid ?? 0;
  proc.put("self", new SyntheticLink(fs, () => `${current()}`));
  proc.put(
    "thread-self",
    new SyntheticLink(fs, () => `${current()}/task/${linux.current?.tid ?? 0}`),
  );
  proc.put("mounts", new SyntheticLink(fs, () => "self/mounts"));
  proc.put("net", new SyntheticLink(fs, () => "self/net"));
  for (const [name, content] of Object.entries(systemFiles(linux))) {
    proc.put(name, new SyntheticFile(fs, content));
  }
  proc.put("sys", settingsDirectory(linux, fs));
  proc.put("sysvipc", ipcDirectory(linux, fs));
  cover(linux, directoryAt(linux, "/proc"), proc);
}

function lookupProcess(linux: Linux, processes: ProcessDirectories, name: string): Inode | null {
  if (!/^[1-9][0-9]*$/.test(name)) return null;
  const pid = Number(name);
  const group = linux.groups.get(pid) ?? linux.tasks.get(pid)?.group;
  return group ? processes.directory(group) : null;
}
