/**
 * Calls that move bytes through descriptors.
 *
 * @module
 */
import { TransferFlag, Whence } from "../abi/file.ts";
import type { Answer } from "../answer.ts";
import { call, type LinuxCall } from "../call.ts";
import { MessageFlag, SocketType } from "../abi/socket.ts";
import { Errno } from "../errno.ts";
import { FileKind } from "../fs/inode.ts";
import type { OpenFile } from "../fs/open_file.ts";
import { OpenDirectory } from "../fs/open_regular.ts";
import { PipeEnd } from "../fs/pipe.ts";
import { FILE_SIZE_MAX, RegularFile } from "../fs/regular_file.ts";
import { Socket } from "../fs/socket.ts";
import type { Task } from "../task.ts";
import { readSocket, writeSocket } from "./socket_messages.ts";
import { type Piece, piecesAt, readInto, TRANSFER_MAX, writeFrom } from "./transfer.ts";

const READ_FLAGS = TransferFlag.HIPRI | TransferFlag.NOWAIT;
const WRITE_FLAGS = TransferFlag.HIPRI | TransferFlag.DSYNC | TransferFlag.SYNC |
  TransferFlag.APPEND;

/** Whether a call with these flags waits where it has to. */
function isPatient(flags: number): boolean {
  return (flags & TransferFlag.NOWAIT) === 0;
}

/** The same as those say it who send and receive. */
function messageFlags(flags: number): number {
  return isPatient(flags) ? 0 : MessageFlag.DONTWAIT;
}

/** All of what a call is to move, in one piece; what no memory holds stays as long as it is. */
function wholeAt(address: number, length: number): readonly Piece[] {
  return [{ address, length: length < 2 ** 63 ? Math.min(length, TRANSFER_MAX) : length }];
}

function read(task: Task, fd: number, address: number, length: number): Answer {
  const file = task.file(fd);
  if (!file) return Errno.EBADF;
  return readFrom(task, file, wholeAt(address, length), 0);
}

/** Read from a file, at its position; from a socket, that is receiving. */
function readFrom(
  task: Task,
  file: OpenFile,
  pieces: readonly Piece[],
  flags: number,
): Answer {
  return file instanceof Socket
    ? readSocket(task, file, pieces, messageFlags(flags))
    : readInto(task, file, pieces, null, isPatient(flags));
}

function write(task: Task, fd: number, address: number, length: number): Answer {
  const file = task.file(fd);
  if (!file) return Errno.EBADF;
  return writeTo(task, file, wholeAt(address, length), 0);
}

/** Write to a file, at its position; to a socket that is no stream, that is sending, even of nothing. */
function writeTo(
  task: Task,
  file: OpenFile,
  pieces: readonly Piece[],
  flags: number,
): Answer {
  return file instanceof Socket && file.type !== SocketType.STREAM
    ? writeSocket(task, file, pieces, messageFlags(flags))
    : writeFrom(task, file, pieces, null, isPatient(flags));
}

function readv(task: Task, fd: number, vector: number, count: number, flags: number): Answer {
  const file = task.file(fd);
  if (!file) return Errno.EBADF;
  const pieces = piecesAt(task, vector, count);
  return typeof pieces === "number" ? pieces : readFrom(task, file, pieces, flags);
}

function writev(task: Task, fd: number, vector: number, count: number, flags: number): Answer {
  const file = task.file(fd);
  if (!file) return Errno.EBADF;
  const pieces = piecesAt(task, vector, count);
  return typeof pieces === "number" ? pieces : writeTo(task, file, pieces, flags);
}

/** The file of a descriptor, where it has places to read and write at; why not. */
function fileWithPlaces(task: Task, fd: number, offset: number): OpenFile | number {
  if (offset < 0) return Errno.EINVAL;
  const file = task.file(fd);
  if (!file) return Errno.EBADF;
  return file.seekable ? file : Errno.ESPIPE;
}

function pread(task: Task, fd: number, address: number, length: number, offset: number): Answer {
  const file = fileWithPlaces(task, fd, offset);
  if (typeof file === "number") return file;
  return readInto(task, file, wholeAt(address, length), offset);
}

function pwrite(task: Task, fd: number, address: number, length: number, offset: number): Answer {
  const file = fileWithPlaces(task, fd, offset);
  if (typeof file === "number") return file;
  return writeFrom(task, file, wholeAt(address, length), offset);
}

function preadv(task: Task, fd: number, vector: number, count: number, offset: number): Answer {
  const file = fileWithPlaces(task, fd, offset);
  if (typeof file === "number") return file;
  const pieces = piecesAt(task, vector, count);
  return typeof pieces === "number" ? pieces : readInto(task, file, pieces, offset);
}

function pwritev(task: Task, fd: number, vector: number, count: number, offset: number): Answer {
  const file = fileWithPlaces(task, fd, offset);
  if (typeof file === "number") return file;
  const pieces = piecesAt(task, vector, count);
  return typeof pieces === "number" ? pieces : writeFrom(task, file, pieces, offset);
}

function preadv2(
  task: Task,
  fd: number,
  vector: number,
  count: number,
  offset: number,
  _high: number,
  flags: number,
): Answer {
  if ((flags & ~READ_FLAGS) !== 0) return Errno.EOPNOTSUPP;
  if (offset !== -1) return preadv(task, fd, vector, count, offset);
  return readv(task, fd, vector, count, flags);
}

function pwritev2(
  task: Task,
  fd: number,
  vector: number,
  count: number,
  offset: number,
  _high: number,
  flags: number,
): Answer {
  const file = task.file(fd);
  const mayHurry = file instanceof PipeEnd || file instanceof Socket;
  const known = WRITE_FLAGS | (mayHurry ? TransferFlag.NOWAIT : 0);
  if ((flags & ~known) !== 0) return Errno.EOPNOTSUPP;
  if ((flags & TransferFlag.APPEND) !== 0 && file?.seekable) {
    return pwritev(task, fd, vector, count, file.inode.size);
  }
  if (offset !== -1) return pwritev(task, fd, vector, count, offset);
  return writev(task, fd, vector, count, flags);
}

/** Where the next data is, or the next hole: in what is no file of ours, there are none. */
function seekKind({ inode }: OpenFile, offset: number, whence: number): number {
  const isHole = whence === Whence.HOLE;
  if (inode instanceof RegularFile) return isHole ? inode.holeFrom(offset) : inode.dataFrom(offset);
  return offset < 0 || offset >= inode.size ? Errno.ENXIO : isHole ? inode.size : offset;
}

function lseek(task: Task, fd: number, offset: number, whence: number): Answer {
  const file = task.file(fd);
  if (!file) return Errno.EBADF;
  if (whence < Whence.SET || whence > Whence.HOLE) return Errno.EINVAL;
  if (file.ignoresSeeks) return 0;
  if (!file.seekable) return Errno.ESPIPE;
  // A device has no places in it.
  if (file.inode.kind === FileKind.CHARACTER) return 0;
  const { size } = file.inode;
  let to = offset;
  if (whence === Whence.CUR) to += file.position;
  else if (whence === Whence.END) to += file instanceof OpenDirectory ? 0 : size;
  else if (whence === Whence.DATA || whence === Whence.HOLE) {
    to = seekKind(file, offset, whence);
    if (to < 0) return to;
  }
  if (to < 0 || to > FILE_SIZE_MAX * 1024) return Errno.EINVAL;
  return file.position = to;
}

const VECTOR = { fd: "fd", vector: "pointer", count: "int" } as const;
const AT_FLAGS = {
  fd: "fd",
  vector: "pointer",
  count: "int",
  offset: "long",
  high: "long",
  flags: "uint",
} as const;

/** Calls that move bytes through descriptors. */
export const FILE_CALLS: readonly LinuxCall[] = [
  call(62, "lseek", { fd: "fd", offset: "long", whence: "int" }, lseek),
  call(63, "read", { fd: "fd", buffer: "pointer", count: "size" }, read),
  call(64, "write", { fd: "fd", buffer: "pointer", count: "size" }, write),
  call(65, "readv", VECTOR, (task, fd, vector, count) => readv(task, fd, vector, count, 0)),
  call(66, "writev", VECTOR, (task, fd, vector, count) => writev(task, fd, vector, count, 0)),
  call(67, "pread64", { fd: "fd", buffer: "pointer", count: "size", offset: "long" }, pread),
  call(68, "pwrite64", { fd: "fd", buffer: "pointer", count: "size", offset: "long" }, pwrite),
  call(69, "preadv", { fd: "fd", vector: "pointer", count: "int", offset: "long" }, preadv),
  call(70, "pwritev", { fd: "fd", vector: "pointer", count: "int", offset: "long" }, pwritev),
  call(286, "preadv2", AT_FLAGS, preadv2),
  call(287, "pwritev2", AT_FLAGS, pwritev2),
];
