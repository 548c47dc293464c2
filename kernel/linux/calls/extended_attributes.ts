/**
 * Calls about extended attributes, each by a path, by a path whose last link counts, or by a
 * descriptor.
 *
 * @module
 */
import { EXTENDED_ATTRIBUTE_MAX } from "../bounds.ts";
import { ExtendedAttributeFlag } from "../abi/file.ts";
import { Notify } from "../abi/polling.ts";
import { joined } from "../pieces.ts";
import type { Answer } from "../answer.ts";
import { call, type LinuxCall } from "../call.ts";
import { Errno } from "../errno.ts";
import { attributeNames, getAttribute, removeAttribute, setAttribute } from "../fs/attributes.ts";
import { notify } from "../fs/fsnotify.ts";
import { NAME_MAX, nameOf, zeroEnded } from "../name.ts";
import type { Task } from "../task.ts";
import { AT_FDCWD, AtFlag } from "../abi/open.ts";
import { type Found, foundAt } from "./at.ts";
import { writeBytes } from "./user_data.ts";

/** How a call names its file. */
type Finder = (task: Task, which: number) => Found | number;

const byPath: Finder = (task, path) => foundAt(task, AT_FDCWD, path, 0);
const byLink: Finder = (task, path) => foundAt(task, AT_FDCWD, path, AtFlag.SYMLINK_NOFOLLOW);
const byDescriptor: Finder = (task, fd) => task.file(fd | 0) ?? Errno.EBADF;

function nameAt(task: Task, address: number): string | number {
  const bytes = task.mm.memory.stringBytes(address, NAME_MAX + 1);
  if (typeof bytes === "number") return Errno.EFAULT;
  return bytes.length === 0 || bytes.length > NAME_MAX ? Errno.ERANGE : nameOf(bytes);
}

function set(find: Finder) {
  return (task: Task, which: number, at: number, from: number, size: number, flags: number) => {
    if ((flags & ~(ExtendedAttributeFlag.CREATE | ExtendedAttributeFlag.REPLACE)) !== 0) {
      return Errno.EINVAL;
    }
    const name = nameAt(task, at);
    if (typeof name === "number") return name;
    if (size > EXTENDED_ATTRIBUTE_MAX) return Errno.E2BIG;
    const value = size === 0 ? new Uint8Array() : task.mm.memory.bytes(from, size);
    if (typeof value === "number") return Errno.EFAULT;
    const found = find(task, which);
    if (typeof found === "number") return found;
    const attribute = { name, value: value.slice(), flags };
    return changed(found, setAttribute(task.credentials, found.inode, attribute));
  };
}

function get(find: Finder) {
  return (task: Task, which: number, at: number, to: number, size: number): Answer => {
    const name = nameAt(task, at);
    if (typeof name === "number") return name;
    const found = find(task, which);
    if (typeof found === "number") return found;
    const value = getAttribute(task.credentials, found.inode, name);
    return typeof value === "number" ? value : give(task, to, size, value);
  };
}

function list(find: Finder) {
  return (task: Task, which: number, to: number, size: number): Answer => {
    const found = find(task, which);
    if (typeof found === "number") return found;
    const names = attributeNames(task.credentials, found.inode).map(zeroEnded);
    return give(task, to, size, joined(names));
  };
}

function remove(find: Finder) {
  return (task: Task, which: number, at: number): Answer => {
    const name = nameAt(task, at);
    if (typeof name === "number") return name;
    const found = find(task, which);
    if (typeof found === "number") return found;
    return changed(found, removeAttribute(task.credentials, found.inode, name));
  };
}

/** Tell who watches a file that its attributes are others, if they are; answers what came of that. */
function changed({ inode, place }: Found, status: number): number {
  if (status === 0) notify(inode, Notify.ATTRIB, place);
  return status;
}

/** Put bytes down where there is room; without any say only how many there are. */
function give(task: Task, to: number, size: number, bytes: Uint8Array): number {
  if (size === 0) return bytes.length;
  if (size < bytes.length) return Errno.ERANGE;
  return writeBytes(task, to, bytes) || bytes.length;
}

const NAME = { name: "path" } as const;
const VALUE = { ...NAME, value: "pointer", size: "size" } as const;
const PLACE = { list: "pointer", size: "size" } as const;
const PATH = { path: "path" } as const;
const FD = { fd: "fd" } as const;

/** Calls about extended attributes. */
export const EXTENDED_ATTRIBUTE_CALLS: readonly LinuxCall[] = [
  call(5, "setxattr", { ...PATH, ...VALUE, flags: "int" }, set(byPath)),
  call(6, "lsetxattr", { ...PATH, ...VALUE, flags: "int" }, set(byLink)),
  call(7, "fsetxattr", { ...FD, ...VALUE, flags: "int" }, set(byDescriptor)),
  call(8, "getxattr", { ...PATH, ...VALUE }, get(byPath)),
  call(9, "lgetxattr", { ...PATH, ...VALUE }, get(byLink)),
  call(10, "fgetxattr", { ...FD, ...VALUE }, get(byDescriptor)),
  call(11, "listxattr", { ...PATH, ...PLACE }, list(byPath)),
  call(12, "llistxattr", { ...PATH, ...PLACE }, list(byLink)),
  call(13, "flistxattr", { ...FD, ...PLACE }, list(byDescriptor)),
  call(14, "removexattr", { ...PATH, ...NAME }, remove(byPath)),
  call(15, "lremovexattr", { ...PATH, ...NAME }, remove(byLink)),
  call(16, "fremovexattr", { ...FD, ...NAME }, remove(byDescriptor)),
];
