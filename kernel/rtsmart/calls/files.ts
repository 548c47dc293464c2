/**
 * Calls about files.
 *
 * @module
 */
import type { Answer } from "../answer.ts";
import { call, type RtSmartCall } from "../call.ts";
import { Errno } from "../error.ts";
import type { OpenFile } from "../fs/open_file.ts";
import type { LwpThread } from "../lwp_thread.ts";
import { checkBuffer, readBytes, readText, writeBytes } from "../user_data.ts";

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
  return file.write(bytes);
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
  return typeof file === "number" ? file : lwp.fdt.add(file);
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
];
