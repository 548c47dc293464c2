/**
 * Calls about files.
 *
 * @module
 */
import type { Answer } from "../answer.ts";
import { call, type RtSmartCall } from "../call.ts";
import { Errno } from "../error.ts";
import { FD_MAX } from "../fs/fd_table.ts";
import type { OpenFile } from "../fs/open_file.ts";
import { PipeEnd } from "../fs/pipe.ts";
import { OpenRegular } from "../fs/regular_file.ts";
import type { LwpThread } from "../lwp_thread.ts";
import { checkBuffer, readBytes, readText, writeBytes, writeWords } from "../user_data.ts";

const AT_FDCWD = -100;

function read(thread: LwpThread, fd = 0, buffer = 0, size = 0): Answer {
  if (size === 0) return Errno.EINVAL;
  const status = checkBuffer(thread, buffer, size);
  if (status !== 0) return status;
  const file = thread.file(fd);
  if (!file || !file.readable) return Errno.EBADF;
  return readInto(thread, file, buffer, size);
}

function readInto(thread: LwpThread, file: OpenFile, buffer: number, size: number): Answer {
  const bytes = file.read(size);
  if (bytes === Errno.EAGAIN) {
    const again = (why: number) => why < 0 ? why : readInto(thread, file, buffer, size);
    return thread.suspend({ list: file.waiting, then: again });
  }
  if (typeof bytes === "number") return bytes;
  return bytes.length === 0 ? 0 : writeBytes(thread, buffer, bytes) || bytes.length;
}

function write(thread: LwpThread, fd = 0, buffer = 0, size = 0): Answer {
  const bytes = size === 0 ? new Uint8Array() : readBytes(thread, buffer, size);
  if (typeof bytes === "number") return bytes;
  const file = thread.file(fd);
  if (!file || !file.writable) return Errno.EBADF;
  return writeAll(thread, file, bytes);
}

function writeAll(thread: LwpThread, file: OpenFile, bytes: Uint8Array): Answer {
  const count = file.write(bytes);
  if (count !== Errno.EAGAIN) return count;
  const again = (why: number) => why < 0 ? why : writeAll(thread, file, bytes);
  return thread.suspend({ list: file.waiting, then: again });
}

function lseek(thread: LwpThread, fd = 0, offset = 0, whence = 0): Answer {
  return thread.file(fd)?.seek(offset, whence) ?? Errno.EBADF;
}

function open(thread: LwpThread, name = 0, flags = 0): Answer {
  const path = readText(thread, name);
  if (path === null) return Errno.EFAULT;
  if (path === "") return Errno.EINVAL;
  const { lwp, rtsmart } = thread;
  const file = rtsmart.files.open(path, flags, lwp.workingDirectory);
  return typeof file === "number" ? file : addFile(thread, file);
}

/** The path is a file's whatever directory it is to begin in, unless it begins in the caller's. */
function openat(thread: LwpThread, directory = 0, path = 0, flags = 0): Answer {
  const base = directory === AT_FDCWD ? "" : thread.file(directory)?.path ?? null;
  const text = readText(thread, path);
  if (text === null) return Errno.EFAULT;
  if (text === "") return Errno.EINVAL;
  if (base === null) return Errno.EBADF;
  const { lwp, rtsmart } = thread;
  const file = rtsmart.files.open(text, flags, base || lwp.workingDirectory);
  return typeof file === "number" ? file : addFile(thread, file);
}

function pread64(thread: LwpThread, fd = 0, buffer = 0, size = 0, offset = 0): Answer {
  const status = size === 0 ? Errno.EINVAL : checkBuffer(thread, buffer, size);
  if (status !== 0) return status;
  const file = thread.file(fd);
  if (!file?.readable) return Errno.EBADF;
  if (!(file instanceof OpenRegular)) return Errno.ESPIPE;
  if (offset < 0) return Errno.EINVAL;
  const bytes = file.file.readAt(offset, size);
  return writeBytes(thread, buffer, bytes) || bytes.length;
}

function pwrite64(thread: LwpThread, fd = 0, buffer = 0, size = 0, offset = 0): Answer {
  const bytes = size === 0 ? new Uint8Array() : readBytes(thread, buffer, size);
  if (typeof bytes === "number") return bytes;
  const file = thread.file(fd);
  if (!file?.writable) return Errno.EBADF;
  if (!(file instanceof OpenRegular)) return Errno.ESPIPE;
  return offset < 0 ? Errno.EINVAL : file.file.writeAt(offset, bytes);
}

function ftruncate(thread: LwpThread, fd = 0, size = 0): Answer {
  const file = thread.file(fd);
  if (!file) return Errno.EBADF;
  if (!(file instanceof OpenRegular) || !file.writable) return Errno.EINVAL;
  return file.file.truncate(size);
}

function dup(thread: LwpThread, fd = 0): Answer {
  const file = thread.file(fd);
  return file ? thread.lwp.fdt.add(file) : Errno.EBADF;
}

function dup2(thread: LwpThread, fd = 0, other = 0): Answer {
  const file = thread.file(fd);
  if (!file || other < 0 || other >= FD_MAX) return Errno.EBADF;
  if (fd !== other) thread.lwp.fdt.set(other, file);
  return other;
}

function pipe(thread: LwpThread, ends = 0): Answer {
  const status = checkBuffer(thread, ends, 8);
  if (status !== 0) return status;
  const [from, to] = PipeEnd.pair().map((one) => addFile(thread, one));
  if (from! < 0 || to! < 0) {
    if (from! >= 0) thread.lwp.fdt.close(from!);
    return Errno.EMFILE;
  }
  return writeWords(thread, ends, [from! + to! * 2 ** 32]);
}

/** A descriptor for a file, or EMFILE and nobody has it. */
function addFile(thread: LwpThread, file: OpenFile): number {
  file.hold();
  const fd = thread.lwp.fdt.add(file);
  file.drop();
  return fd;
}

function close(thread: LwpThread, fd = 0): Answer {
  return thread.lwp.fdt.close(fd);
}

function ioctl(thread: LwpThread, fd = 0, command = 0, argument = 0): Answer {
  return thread.file(fd)?.control(thread, command, argument) ?? Errno.EBADF;
}

/** Calls about files. */
export const FILE_CALLS: readonly RtSmartCall[] = [
  call(2, "read", { fd: "fd", buffer: "pointer", size: "size" }, read),
  call(3, "write", { fd: "fd", buffer: "pointer", size: "size" }, write),
  call(4, "lseek", { fd: "fd", offset: "long", whence: "int" }, lseek),
  call(5, "open", { path: "text", flags: "uint", mode: "uint" }, open),
  call(6, "close", { fd: "fd" }, close),
  call(7, "ioctl", { fd: "fd", command: "uint", argument: "pointer" }, ioctl),
  call(126, "pipe", { ends: "pointer" }, pipe),
  call(133, "dup", { fd: "fd" }, dup),
  call(134, "dup2", { fd: "fd", other: "fd" }, dup2),
  call(175, "openat", { directory: "fd", path: "text", flags: "uint", mode: "uint" }, openat),
  call(185, "pread64", { fd: "fd", buffer: "pointer", size: "size", offset: "long" }, pread64),
  call(186, "pwrite64", { fd: "fd", buffer: "pointer", size: "size", offset: "long" }, pwrite64),
  call(201, "ftruncate", { fd: "fd", size: "long" }, ftruncate),
];
