/**
 * The files that a machine begins with: directories everybody expects, devices, /proc, and what
 * the host lends.
 *
 * @module
 */
import type { HostFiles } from "../../ports.ts";
import type { Linux } from "../linux.ts";
import { nameOfText } from "../name.ts";
import { memoryDevices } from "./device.ts";
import { Directory, uppermost } from "./directory.ts";
import { HostDirectory } from "./host_directory.ts";
import { mountProc } from "./proc.ts";
import { controllingTerminal, showPseudoTerminals } from "./pseudo_terminal.ts";
import { Symlink } from "./symlink.ts";

const DEVPTS_MAGIC = 0x1cd1;

/** Put a directory of the host in the place of one of this machine's. */
export function mountHost(linux: Linux, path: string, host: HostFiles): Directory {
  const at = directoryAt(linux, path);
  const fs = linux.createFileSystem("overlay", 0x794c7630);
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

/** Make /dev, /tmp and what else programs expect. */
export function furnish(linux: Linux): void {
  const dev = directoryAt(linux, "/dev");
  const fs = linux.createFileSystem("devtmpfs", 0x01021994);
  const devices = new Directory(fs, { mode: 0o755 });
  cover(linux, dev, devices);
  for (const [name, device] of Object.entries(memoryDevices(linux))) devices.put(name, device);
  devices.put("fd", new Symlink(fs, "/proc/self/fd"));
  devices.put("stdin", new Symlink(fs, "/proc/self/fd/0"));
  devices.put("stdout", new Symlink(fs, "/proc/self/fd/1"));
  devices.put("stderr", new Symlink(fs, "/proc/self/fd/2"));
  const terminals = new Directory(linux.createFileSystem("devpts", DEVPTS_MAGIC), { mode: 0o755 });
  devices.put("pts", terminals);
  showPseudoTerminals(linux, { fs, devices, terminals });
  devices.put("tty", controllingTerminal(linux, fs));
  devices.put("mqueue", linux.queueNames);
  devices.put("shm", new Directory(fs, { mode: 0o1777 }));
  const temporary = new Directory(linux.createFileSystem("tmpfs", 0x01021994), { mode: 0o1777 });
  cover(linux, directoryAt(linux, "/tmp"), temporary);
  mountProc(linux);
}
