/**
 * Calls that put file systems in the place of directories, and take them away.
 *
 * @module
 */
import { directoryAtPath } from "./at.ts";
import { FileSystemKind, MountFlag, UnmountFlag } from "../abi/stat.ts";
import type { Answer } from "../answer.ts";
import { call, type LinuxCall } from "../call.ts";
import { Capability } from "../abi/capability.ts";
import { Errno } from "../errno.ts";
import { Directory } from "../fs/directory.ts";
import { cover, createTmpfs } from "../fs/mounting.ts";
import type { RoomWanted } from "../fs/room.ts";
import { PAGE_SIZE } from "../../ports.ts";
import type { Task } from "../task.ts";
import { readPath } from "./user_data.ts";

/** Changes of what is mounted, which there are none of. */
const MOVES = MountFlag.BIND | MountFlag.MOVE | MountFlag.UNBINDABLE | MountFlag.PRIVATE |
  MountFlag.SLAVE | MountFlag.SHARED;
/** An option of a mount that is a number, of these units. */
const SIZED = /^(size|nr_inodes)=(\d+)([kmg]?)$/i;
const UNITS = ["", "k", "m", "g"];
const TMPFS_MODE = 0o1777;
const UNMOUNT_FLAGS = Object.values(UnmountFlag).reduce((all: number, one) => all | one, 0);

function mount(
  task: Task,
  _source: number,
  target: number,
  typeAt: number,
  flags: number,
  data: number,
): Answer {
  const type = typeAt === 0 ? "" : readPath(task, typeAt);
  if (typeof type === "number") return type;
  const at = directoryAtPath(task, target);
  if (typeof at === "number") return at;
  if (!task.may(Capability.SYS_ADMIN)) return Errno.EPERM;
  if ((flags & MountFlag.REMOUNT) !== 0) {
    if (mountPointOf(at) === null) return Errno.EINVAL;
    at.fs.noExec = (flags & MountFlag.NOEXEC) !== 0;
    return 0;
  }
  if ((flags & MOVES) !== 0) return Errno.EINVAL;
  if (type !== "tmpfs" && type !== "ramfs") return type === "" ? Errno.EINVAL : Errno.ENODEV;
  const { linux } = task;
  const fs = type === "tmpfs"
    ? createTmpfs(linux, type, roomWanted(data === 0 ? "" : readPath(task, data)))
    : linux.createFileSystem(type, FileSystemKind.TMPFS_MAGIC);
  fs.noExec = (flags & MountFlag.NOEXEC) !== 0;
  cover(linux, at, new Directory(fs, { mode: TMPFS_MODE }));
  return 0;
}

/** The room that somebody asks for who mounts: so many bytes, and so many files. */
function roomWanted(options: string | number): RoomWanted {
  const wanted: RoomWanted = {};
  for (const option of typeof options === "string" ? options.split(",") : []) {
    const [, name, digits, unit = ""] = SIZED.exec(option) ?? [];
    const count = Number(digits) * 1024 ** UNITS.indexOf(unit.toLowerCase());
    if (name === "size") wanted.pages = Math.ceil(count / PAGE_SIZE);
    if (name === "nr_inodes") wanted.files = count;
  }
  return wanted;
}

/** The directory that a mounted one is seen in the place of; null where it is not mounted. */
function mountPointOf(mounted: Directory): Directory | null {
  if (mounted.parent === mounted) return null;
  let at = mounted.parent.lookup(mounted.name);
  while (at instanceof Directory && at !== mounted) {
    if (at.covered === mounted) return at;
    at = at.covered;
  }
  return null;
}

function umount2(task: Task, target: number, flags: number): Answer {
  if ((flags & ~UNMOUNT_FLAGS) !== 0) return Errno.EINVAL;
  if (!task.may(Capability.SYS_ADMIN)) return Errno.EPERM;
  const at = directoryAtPath(task, target);
  if (typeof at === "number") return at;
  const point = mountPointOf(at);
  if (point === null) return Errno.EINVAL;
  for (const { fs } of task.linux.tasks.values()) {
    if (fs.directory.fs === at.fs || fs.root.fs === at.fs) return Errno.EBUSY;
  }
  point.covered = null;
  const { mounted } = task.linux;
  mounted.splice(mounted.indexOf(at), 1);
  return 0;
}

/** Calls that mount and unmount. */
export const MOUNT_CALLS: readonly LinuxCall[] = [
  call(39, "umount2", { target: "path", flags: "int" }, umount2),
  call(
    40,
    "mount",
    { source: "path", target: "path", type: "path", flags: "uint", data: "pointer" },
    mount,
  ),
];
