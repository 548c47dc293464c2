/**
 * The files that a machine begins with: directories everybody expects, devices, /proc and /sys.
 *
 * @module
 */
import { FileSystemKind } from "../abi/stat.ts";
import type { Linux } from "../linux.ts";
import { memoryDevices } from "./device.ts";
import { Directory } from "./directory.ts";
import { cover, createTmpfs, directoryAt } from "./mounting.ts";
import { mountProc } from "./proc.ts";
import { controllingTerminal, showPseudoTerminals } from "./pseudo_terminal.ts";
import { Symlink } from "./symlink.ts";
import { mountSys } from "./sys.ts";

/** Make /dev, /tmp and what else programs expect. */
export function furnish(linux: Linux): void {
  const dev = directoryAt(linux, "/dev");
  const fs = createTmpfs(linux, "devtmpfs");
  const devices = new Directory(fs, { mode: 0o755 });
  cover(linux, dev, devices);
  for (const [name, device] of Object.entries(memoryDevices(linux))) devices.put(name, device);
  devices.put("fd", new Symlink(fs, "/proc/self/fd"));
  devices.put("stdin", new Symlink(fs, "/proc/self/fd/0"));
  devices.put("stdout", new Symlink(fs, "/proc/self/fd/1"));
  devices.put("stderr", new Symlink(fs, "/proc/self/fd/2"));
  const terminals = new Directory(
    linux.createFileSystem("devpts", FileSystemKind.DEVPTS_SUPER_MAGIC),
    { mode: 0o755 },
  );
  devices.put("pts", terminals);
  showPseudoTerminals(linux, { fs, devices, terminals });
  devices.put("tty", controllingTerminal(linux, fs));
  devices.put("mqueue", linux.queueNames);
  devices.put("shm", new Directory(fs, { mode: 0o1777 }));
  const temporary = new Directory(createTmpfs(linux, "tmpfs"), {
    mode: 0o1777,
  });
  cover(linux, directoryAt(linux, "/tmp"), temporary);
  mountProc(linux);
  mountSys(linux);
}
