/**
 * Moving bytes between files and a task's memory, waiting where a file makes it wait.
 *
 * @module
 */
import { VECTOR_SIZE } from "../abi/file.ts";
import { Errno, Restart } from "../errno.ts";
import type { Answer } from "../answer.ts";
import type { OpenFile } from "../fs/open_file.ts";
import { OpenTerminal } from "../fs/open_terminal.ts";
import { isTimed, readInTime } from "./timed_reads.ts";
import { FileKind } from "../fs/inode.ts";
import { Notify } from "../abi/polling.ts";
import { notify } from "../fs/fsnotify.ts";
import { contentChanged } from "../fs/lending.ts";
import { OpenFlag } from "../abi/open.ts";
import { Resource } from "../abi/process.ts";
import { sendToTask } from "../signal/send.ts";
import { SignalCode, SignalNumber } from "../abi/signal.ts";
import type { Task } from "../task.ts";

/** No call moves more. */
export const TRANSFER_MAX = 0x7ffff000;

/** So many bytes are moved at a time. */
const PIECE = 1 << 20;

/** So many bytes are taken in at once. */
const GATHERED_MAX = 64 << 20;

/** So many pieces of memory one call can name. */
export const IOV_MAX = 1024;

/** A piece of a task's memory. */
export interface Piece {
  /** Its address. */
  readonly address: number;
  /** Its length. */
  readonly length: number;
}

/** Read from a file into pieces of memory, at its position or at an offset. */
export function readInto(
  task: Task,
  file: OpenFile,
  pieces: readonly Piece[],
  offset: number | null,
  isPatient = true,
): Answer {
  if (!file.readable) return Errno.EBADF;
  if (isBoundless(pieces)) return Errno.EFAULT;
  const attempt = (): number | null => {
    const answer = readPieces(task, file, pieces, offset);
    if (answer > 0) notifyBytes(file, Notify.ACCESS);
    if (answer !== Errno.EAGAIN || file.nonBlocking || !isPatient) return answer;
    return pieces.some(({ length }) => length > 0) ? null : answer;
  };
  const counted = () => task.usage.read(attempt());
  if (file instanceof OpenTerminal && isTimed(file)) return readInTime(task, file, counted);
  return task.block({ site: file.readSite, queues: [file.queue], attempt: counted });
}

/** Write pieces of memory to a file, at its position or at an offset. */
export function writeFrom(
  task: Task,
  file: OpenFile,
  pieces: readonly Piece[],
  offset: number | null,
  isPatient = true,
): Answer {
  if (!file.writable) return Errno.EBADF;
  if (isBoundless(pieces)) return Errno.EFAULT;
  const whole = gather(task, pieces);
  if (typeof whole === "number") return whole;
  const room = roomIn(task, file, offset);
  if (room <= 0 && whole.length > 0) return tooLarge(task);
  const bytes = whole.length > room ? whole.subarray(0, room) : whole;
  let done = 0;
  const attempt = (): number | null => {
    for (;;) {
      const answer = writeSome(file, done === 0 ? bytes : bytes.subarray(done), offset);
      if (answer === Errno.EPIPE) brokenPipe(task);
      if (answer < 0 && answer !== Errno.EAGAIN) return done > 0 ? done : answer;
      if (answer > 0) {
        done += answer;
        wroteTo(task, file);
      }
      if (done >= bytes.length) return done;
      if (file.nonBlocking || !isPatient) return done > 0 ? done : Errno.EAGAIN;
      if (answer === Errno.EAGAIN) return null;
      // A file that is full takes no more, and a call does not wait for it.
      if (file.seekable || answer === 0) return done;
    }
  };
  return task.block({
    site: file.writeSite,
    queues: [file.queue],
    attempt: () => task.usage.wrote(attempt()),
    interrupted: () => task.usage.wrote(done > 0 ? done : Restart.SYS),
  });
}

/** Bytes went into a file: who watches it is told, and what it lends may be lost. */
export function wroteTo(task: Task, file: OpenFile): void {
  contentChanged(task.credentials, file.inode);
  notifyBytes(file, Notify.MODIFY);
}

/** Tell who watches a file that bytes came or went: only those of kept files are news of a directory. */
export function notifyBytes({ inode, place }: OpenFile, mask: number): void {
  notify(inode, mask, inode.kind === FileKind.REGULAR ? place : null);
}

/** Whether a piece is longer than any memory. */
export function isBoundless(pieces: readonly Piece[]): boolean {
  return pieces.length === 1 && pieces[0]!.length >= 2 ** 63;
}

/** How many bytes a file may still grow by for a task, from where it would write. */
function roomIn(task: Task, file: OpenFile, offset: number | null): number {
  const limit = task.group.limits.soft(Resource.FSIZE);
  if (limit === Infinity || file.inode.kind !== FileKind.REGULAR) return Infinity;
  const isAppending = (file.flags & OpenFlag.APPEND) !== 0;
  return limit - (isAppending ? file.inode.size : offset ?? file.position);
}

/** A file would become larger than a task may make it: it gets a signal, and EFBIG. */
export function tooLarge(task: Task): typeof Errno.EFBIG {
  sendToSelf(task, SignalNumber.SIGXFSZ);
  return Errno.EFBIG;
}

/** The pieces that an array in memory names, or why it is none. */
export function piecesAt(task: Task, address: number, count: number): Piece[] | number {
  if (count < 0 || count > IOV_MAX) return Errno.EINVAL;
  const pieces: Piece[] = [];
  let total = 0;
  for (let at = 0; at < count; at++) {
    const start = task.mm.memory.readU64(address + at * VECTOR_SIZE);
    const length = task.mm.memory.readU64(address + at * VECTOR_SIZE + 8);
    if (start < 0 || length < 0) return Errno.EFAULT;
    if (length >= 2 ** 63) return Errno.EINVAL;
    const used = Math.min(length, TRANSFER_MAX - total);
    total += used;
    pieces.push({ address: start, length: used });
  }
  return pieces;
}

function readPieces(
  task: Task,
  file: OpenFile,
  pieces: readonly Piece[],
  offset: number | null,
): number {
  let done = 0;
  for (const { address, length } of pieces) {
    for (let at = 0; at < length;) {
      const from = (offset ?? file.position) + (offset === null ? 0 : done);
      const bytes = file.read(Math.min(length - at, PIECE), from);
      if (typeof bytes === "number") return done > 0 ? done : bytes;
      if (task.mm.memory.write(address + at, bytes) !== 0) return done > 0 ? done : Errno.EFAULT;
      if (offset === null) file.position += bytes.length;
      done += bytes.length;
      at += bytes.length;
      if (bytes.length === 0 || (!file.seekable && at < length)) return done;
    }
  }
  return done > 0 || pieces.some(({ length }) => length > 0) ? done : emptyRead(file);
}

/** Reading nothing still says what is wrong with a directory. */
function emptyRead(file: OpenFile): number {
  const answer = file.seekable ? file.read(0, file.position) : 0;
  return typeof answer === "number" ? answer : 0;
}

function writeSome(file: OpenFile, bytes: Uint8Array, offset: number | null): number {
  const isAppending = (file.flags & OpenFlag.APPEND) !== 0;
  if (offset !== null) return file.write(bytes, isAppending ? file.inode.size : offset);
  const at = isAppending && file.seekable ? file.inode.size : file.position;
  const answer = file.write(bytes, at);
  if (answer > 0) file.position = at + answer;
  return answer;
}

/** The bytes of pieces of memory, in one. */
export function gather(task: Task, pieces: readonly Piece[]): Uint8Array | number {
  let total = 0;
  for (const { length } of pieces) total += length;
  const bytes = task.thread.realm.slab.cut(Math.min(total, GATHERED_MAX));
  if (pieces.length === 1) {
    return task.mm.memory.read(pieces[0]!.address, bytes) === 0 ? bytes : Errno.EFAULT;
  }
  let at = 0;
  for (const { address, length } of pieces) {
    const part = bytes.subarray(at, at + length);
    if (task.mm.memory.read(address, part) !== 0) return Errno.EFAULT;
    at += part.length;
  }
  return bytes;
}

/** Nobody will read what is written: the writer gets a signal, and EPIPE. */
export function brokenPipe(task: Task): typeof Errno.EPIPE {
  sendToSelf(task, SignalNumber.SIGPIPE);
  return Errno.EPIPE;
}

/** A signal that a call sends its caller looks like one from the caller. */
function sendToSelf(task: Task, signal: number): void {
  const { group, credentials } = task;
  sendToTask(task, { signal, code: SignalCode.USER, pid: group.pid, uid: credentials.uid });
}
