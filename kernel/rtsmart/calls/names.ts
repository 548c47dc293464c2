/**
 * Calls about files by their names, and what is known of files.
 *
 * @module
 */
import type { Answer } from "../answer.ts";
import { call, type RtSmartCall } from "../call.ts";
import { Errno } from "../error.ts";
import { accessX } from "../execve.ts";
import { Directory, OpenDirectory } from "../fs/directory.ts";
import type { Node } from "../fs/node.ts";
import type { LwpThread } from "../lwp_thread.ts";
import { zeroEnded } from "../text.ts";
import { checkBuffer, readText, SECOND, writeBytes } from "../user_data.ts";

const STAT_SIZE = 128;
const DIRENT_HEADER = 19;
const BLOCK = 4096;
const X_OK = 1;

function named(thread: LwpThread, address: number): string | number {
  const text = readText(thread, address);
  if (text === null) return Errno.EFAULT;
  return text === "" ? Errno.EINVAL : text;
}

function stat(thread: LwpThread, path = 0, buffer = 0): Answer {
  const status = checkBuffer(thread, buffer, STAT_SIZE);
  if (status !== 0) return status;
  const text = readText(thread, path);
  if (!text) return Errno.EFAULT;
  const node = thread.rtsmart.files.find(text, thread.lwp.workingDirectory);
  return typeof node === "number" ? node : writeBytes(thread, buffer, statOf(node));
}

function fstat(thread: LwpThread, fd = 0, buffer = 0): Answer {
  const status = checkBuffer(thread, buffer, STAT_SIZE);
  if (status !== 0) return status;
  const file = thread.file(fd);
  if (!file) return Errno.EBADF;
  return file.node ? writeBytes(thread, buffer, statOf(file.node)) : Errno.ENOSYS;
}

function statOf(node: Node): Uint8Array {
  const bytes = new Uint8Array(STAT_SIZE);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(8, BigInt(node.ino), true);
  view.setUint32(16, node.mode, true);
  view.setUint32(20, 1, true);
  view.setBigUint64(48, BigInt(node.size), true);
  view.setUint32(56, BLOCK, true);
  view.setBigUint64(64, BigInt(Math.ceil(node.size / 512)), true);
  const seconds = BigInt(Math.floor(node.modified / SECOND));
  for (const at of [72, 88, 104]) view.setBigUint64(at, seconds, true);
  return bytes;
}

function access(thread: LwpThread, path = 0, mode = 0): Answer {
  const text = named(thread, path);
  if (typeof text === "number") return text;
  const { files } = thread.rtsmart;
  if ((mode & X_OK) !== 0) return accessX(thread.rtsmart, text, thread.lwp.workingDirectory);
  const node = files.find(text, thread.lwp.workingDirectory);
  return typeof node === "number" ? node : 0;
}

function getcwd(thread: LwpThread, buffer = 0, size = 0): Answer {
  const status = checkBuffer(thread, buffer, size);
  if (status !== 0) return status;
  const bytes = zeroEnded(thread.lwp.workingDirectory).subarray(0, size);
  return writeBytes(thread, buffer, bytes) || bytes.length - 1;
}

function chdir(thread: LwpThread, path = 0): Answer {
  const text = named(thread, path);
  if (typeof text === "number") return text;
  const { lwp, rtsmart } = thread;
  const node = rtsmart.files.find(text, lwp.workingDirectory);
  if (typeof node === "number") return node;
  if (!(node instanceof Directory)) return Errno.ENOTDIR;
  lwp.workingDirectory = plain(rtsmart.files.whole(text, lwp.workingDirectory));
  return 0;
}

/** A path without dots. */
function plain(path: string): string {
  const names: string[] = [];
  for (const name of path.split("/")) {
    if (name === "..") names.pop();
    else if (name !== "" && name !== ".") names.push(name);
  }
  return `/${names.join("/")}`;
}

function unlink(thread: LwpThread, path = 0): Answer {
  return remove(thread, path, false);
}

function rmdir(thread: LwpThread, path = 0): Answer {
  return remove(thread, path, true);
}

function remove(thread: LwpThread, path: number, isDirectory: boolean): Answer {
  const text = named(thread, path);
  if (typeof text === "number") return text;
  const { files } = thread.rtsmart;
  const node = files.find(text, thread.lwp.workingDirectory);
  if (typeof node === "number") return node;
  const place = files.place(text, thread.lwp.workingDirectory);
  if (typeof place === "number") return place === Errno.EEXIST ? Errno.EBUSY : place;
  if (node instanceof Directory !== isDirectory) return isDirectory ? Errno.ENOTDIR : Errno.EISDIR;
  if (node instanceof Directory && node.names.length > 0) return Errno.ENOTEMPTY;
  place.directory.remove(place.name);
  return 0;
}

function mkdir(thread: LwpThread, path = 0): Answer {
  const text = named(thread, path);
  if (typeof text === "number") return text;
  return thread.rtsmart.files.makeDirectory(text, thread.lwp.workingDirectory);
}

function rename(thread: LwpThread, from = 0, to = 0): Answer {
  const [old, next] = [named(thread, from), named(thread, to)];
  if (typeof old === "number") return old;
  if (typeof next === "number") return next;
  return thread.rtsmart.files.rename(old, next, thread.lwp.workingDirectory);
}

function getdents(thread: LwpThread, fd = 0, buffer = 0, size = 0): Answer {
  const status = checkBuffer(thread, buffer, size);
  if (status !== 0) return status;
  const file = thread.file(fd);
  if (!file) return Errno.EBADF;
  if (!(file instanceof OpenDirectory)) return Errno.ENOTDIR;
  const { directory } = file;
  let done = 0;
  for (const name of directory.names.slice(file.position)) {
    const entry = entryOf(directory.get(name)!, name, file.position + 1);
    if (done + entry.length > size) break;
    const written = writeBytes(thread, buffer + done, entry);
    if (written !== 0) return written;
    done += entry.length;
    file.position++;
  }
  return done;
}

function entryOf(node: Node, name: string, next: number): Uint8Array {
  const text = zeroEnded(name);
  const length = Math.ceil((DIRENT_HEADER + text.length) / 8) * 8;
  const entry = new Uint8Array(length);
  const view = new DataView(entry.buffer);
  view.setBigUint64(0, BigInt(node.ino), true);
  view.setBigUint64(8, BigInt(next), true);
  view.setUint16(16, length, true);
  entry[18] = node.mode >>> 12;
  entry.set(text, DIRENT_HEADER);
  return entry;
}

/** Calls about files by their names. */
export const NAME_CALLS: readonly RtSmartCall[] = [
  call(8, "fstat", { fd: "fd", buffer: "pointer" }, fstat),
  call(67, "stat", { path: "text", buffer: "pointer" }, stat),
  call(116, "getcwd", { buffer: "pointer", size: "size" }, getcwd),
  call(117, "chdir", { path: "text" }, chdir),
  call(118, "unlink", { path: "text" }, unlink),
  call(119, "mkdir", { path: "text", mode: "uint" }, mkdir),
  call(120, "rmdir", { path: "text" }, rmdir),
  call(121, "getdents", { fd: "fd", buffer: "pointer", size: "size" }, getdents),
  call(125, "access", { path: "text", mode: "int" }, access),
  call(135, "rename", { from: "text", to: "text" }, rename),
  call(169, "lstat", { path: "text", buffer: "pointer" }, stat),
];
