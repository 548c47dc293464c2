/**
 * Calls that move bytes from file to file, past the task's memory: `sendfile`, `copy_file_range`,
 * `splice` and their like.
 *
 * @module
 */
import { SpliceFlag } from "../abi/file.ts";
import { Notify, Poll } from "../abi/polling.ts";
import type { Answer } from "../answer.ts";
import { call, type LinuxCall } from "../call.ts";
import { Errno, Restart } from "../errno.ts";
import { OpenFlag } from "../abi/open.ts";
import type { OpenFile } from "../fs/open_file.ts";
import { OpenDirectory, OpenRegular } from "../fs/open_regular.ts";
import { PipeEnd } from "../fs/pipe.ts";
import type { Task } from "../task.ts";
import { brokenPipe, gather, notifyBytes, piecesAt, TRANSFER_MAX, wroteTo } from "./transfer.ts";
import { readSigned64, writeWords64 } from "./user_data.ts";

const PIECE = 1 << 16;
const SPLICE_FLAGS = SpliceFlag.MOVE | SpliceFlag.NONBLOCK | SpliceFlag.MORE | SpliceFlag.GIFT;

/** One side of a copy: a file, and where its offset is kept if not in the file. */
interface Side {
  readonly file: OpenFile;
  /** The address of the offset; 0 for the file's own position. */
  readonly offset: number;
}

/** A copy. */
interface Flow {
  readonly from: Side;
  readonly to: Side;
  readonly count: number;
  /** Whether it goes on until all is moved or there is no more. */
  readonly isWhole: boolean;
  /** Whether it waits for bytes and for room. */
  readonly waits: boolean;
}

function flow(task: Task, copy: Flow): Answer {
  const { from, to, count, isWhole, waits } = copy;
  let done = 0;
  const attempt = (): number | null => {
    for (;;) {
      const moved = step(task, { from, to, count: Math.min(PIECE, count - done) });
      if (moved === Errno.EAGAIN && waits && (done === 0 || isWhole)) return null;
      if (moved <= 0) return done > 0 ? done : moved;
      done += moved;
      if (done >= count || !isWhole) return done;
    }
  };
  const queues = [...new Set([from.file.queue, to.file.queue])];
  return task.block({
    site: siteOf(from.file, to.file),
    queues,
    attempt: () => told(task, copy, attempt()),
    interrupted: () => told(task, copy, done > 0 ? done : Restart.SYS),
  });
}

/** Count what a copy did, and tell who watches its files; answers that again. */
function told<T extends number | null>(task: Task, { from, to, isWhole }: Flow, answer: T): T {
  const { usage } = task;
  if (answer !== null && answer > 0) {
    // Only splice tells of its target first.
    if (!isWhole) wroteTo(task, to.file);
    notifyBytes(from.file, Notify.ACCESS);
    if (isWhole) wroteTo(task, to.file);
  }
  return isWhole ? usage.wrote(usage.read(answer)) : answer;
}

/** Where a task sleeps that moves bytes: where there are some, room for them is awaited. */
function siteOf(from: OpenFile, to: OpenFile): string {
  if ((from.poll() & Poll.IN) === 0) {
    return from instanceof PipeEnd ? "pipe_wait_readable" : from.readSite;
  }
  return to instanceof PipeEnd ? "pipe_wait_writable" : to.writeSite;
}

/** Move one piece; answers its length, 0 where there is nothing more, or why not. */
function step(task: Task, { from, to, count }: Pick<Flow, "from" | "to" | "count">): number {
  const at = placeOf(task, from);
  const target = placeOf(task, to);
  if (at === null || target === null) return Errno.EFAULT;
  if (at < 0 || target < 0) return Errno.EINVAL;
  const room = to.file instanceof PipeEnd ? to.file.inode.room : count;
  if (to.file instanceof PipeEnd && to.file.inode.readers === 0) return brokenPipe(task);
  if (room === 0) return Errno.EAGAIN;
  const wanted = Math.min(room, count);
  const isPipe = from.file instanceof PipeEnd;
  const bytes = isPipe ? peek(from.file as PipeEnd, wanted) : from.file.read(wanted, at);
  if (typeof bytes === "number") return bytes;
  if (bytes.length === 0) return 0;
  const moved = to.file.write(bytes, target);
  if (moved <= 0) return moved;
  if (isPipe) (from.file as PipeEnd).read(moved);
  return advance(task, from, at + moved) && advance(task, to, target + moved)
    ? moved
    : Errno.EFAULT;
}

function peek(end: PipeEnd, count: number): Uint8Array | number {
  const pipe = end.inode;
  if (pipe.length === 0) return pipe.writers === 0 ? new Uint8Array() : Errno.EAGAIN;
  return pipe.peek(count);
}

function placeOf(task: Task, { file, offset }: Side): number | null {
  return offset === 0 ? file.position : readSigned64(task, offset);
}

function advance(task: Task, { file, offset }: Side, at: number): boolean {
  if (offset !== 0) return writeWords64(task, offset, [at]);
  if (file.seekable) file.position = at;
  return true;
}

function isAppending(file: OpenFile): boolean {
  return (file.flags & OpenFlag.APPEND) !== 0;
}

function sendfile(task: Task, to: number, from: number, offset: number, count: number): Answer {
  const source = task.file(from);
  const target = task.file(to);
  if (!source || !target || !source.readable || !target.writable) return Errno.EBADF;
  if (!(source instanceof OpenRegular) || isAppending(target)) return Errno.EINVAL;
  return flow(task, {
    from: { file: source, offset },
    to: { file: target, offset: 0 },
    count: Math.min(count, TRANSFER_MAX),
    isWhole: true,
    waits: !target.nonBlocking,
  });
}

function copyFileRange(
  task: Task,
  from: number,
  fromAt: number,
  to: number,
  toAt: number,
  count: number,
  flags: number,
): Answer {
  const source = task.file(from);
  const target = task.file(to);
  if (flags !== 0) return Errno.EINVAL;
  if (!source || !target || !source.readable || !target.writable) return Errno.EBADF;
  if (source instanceof OpenDirectory || target instanceof OpenDirectory) return Errno.EISDIR;
  if (!(source instanceof OpenRegular) || !(target instanceof OpenRegular)) return Errno.EINVAL;
  if (isAppending(target)) return Errno.EBADF;
  const [at, into] = [
    placeOf(task, { file: source, offset: fromAt }),
    placeOf(task, {
      file: target,
      offset: toAt,
    }),
  ];
  if (at === null || into === null) return Errno.EFAULT;
  const overlaps = source.inode === target.inode && Math.abs(at - into) < count;
  if (at < 0 || into < 0 || overlaps) return Errno.EINVAL;
  return flow(task, {
    from: { file: source, offset: fromAt },
    to: { file: target, offset: toAt },
    count: Math.min(count, TRANSFER_MAX),
    isWhole: true,
    waits: false,
  });
}

function splice(
  task: Task,
  from: number,
  fromAt: number,
  to: number,
  toAt: number,
  count: number,
  flags: number,
): Answer {
  if ((flags & ~SPLICE_FLAGS) !== 0) return Errno.EINVAL;
  if (count === 0) return 0;
  const source = task.file(from);
  const target = task.file(to);
  if (!source || !target || !source.readable || !target.writable) return Errno.EBADF;
  const [isFromPipe, isToPipe] = [source instanceof PipeEnd, target instanceof PipeEnd];
  if (!isFromPipe && !isToPipe) return Errno.EINVAL;
  if ((isFromPipe && fromAt !== 0) || (isToPipe && toAt !== 0)) return Errno.ESPIPE;
  if (source.inode === target.inode || isAppending(target)) return Errno.EINVAL;
  const isPatient = (flags & SpliceFlag.NONBLOCK) === 0;
  return flow(task, {
    from: { file: source, offset: fromAt },
    to: { file: target, offset: toAt },
    count,
    isWhole: false,
    waits: isPatient && !source.nonBlocking && !target.nonBlocking,
  });
}

function tee(task: Task, from: number, to: number, count: number, flags: number): Answer {
  if ((flags & ~SPLICE_FLAGS) !== 0) return Errno.EINVAL;
  if (count === 0) return 0;
  const source = task.file(from);
  const target = task.file(to);
  if (!source || !target || !source.readable || !target.writable) return Errno.EBADF;
  if (!(source instanceof PipeEnd) || !(target instanceof PipeEnd)) return Errno.EINVAL;
  if (source.inode === target.inode) return Errno.EINVAL;
  const waits = (flags & SpliceFlag.NONBLOCK) === 0;
  return task.block({
    site: siteOf(source, target),
    queues: [source.queue, target.queue],
    attempt: () => {
      if (target.inode.readers === 0) return brokenPipe(task);
      const room = target.inode.room;
      const bytes = room === 0 ? Errno.EAGAIN : peek(source, Math.min(count, room));
      if (typeof bytes === "number") return bytes === Errno.EAGAIN && waits ? null : bytes;
      if (bytes.length === 0) return 0;
      notifyBytes(source, Notify.ACCESS);
      notifyBytes(target, Notify.MODIFY);
      return target.write(bytes);
    },
  });
}

function vmsplice(task: Task, fd: number, vector: number, count: number, flags: number): Answer {
  if ((flags & ~SPLICE_FLAGS) !== 0) return Errno.EINVAL;
  const file = task.file(fd);
  if (!file) return Errno.EBADF;
  const pieces = piecesAt(task, vector, count);
  if (typeof pieces === "number") return pieces;
  if (pieces.every(({ length }) => length === 0)) return 0;
  if (!(file instanceof PipeEnd)) return Errno.EBADF;
  const waits = (flags & SpliceFlag.NONBLOCK) === 0;
  if (!file.writable) return readPieces(task, file, pieces, waits);
  const bytes = gather(task, pieces);
  if (typeof bytes === "number") return bytes;
  return task.block({
    site: "pipe_wait_writable",
    queues: [file.queue],
    attempt: () => {
      if (file.inode.readers === 0) return brokenPipe(task);
      const room = file.inode.room;
      if (room === 0) return waits ? null : Errno.EAGAIN;
      notifyBytes(file, Notify.MODIFY);
      return file.write(bytes.subarray(0, room));
    },
  });
}

function readPieces(
  task: Task,
  file: PipeEnd,
  pieces: readonly { readonly address: number; readonly length: number }[],
  waits: boolean,
): Answer {
  const attempt = (): number | null => {
    let done = 0;
    for (const { address, length } of pieces) {
      const bytes = file.read(length);
      if (bytes === Errno.EAGAIN && done === 0) return waits ? null : Errno.EAGAIN;
      if (typeof bytes === "number" || bytes.length === 0) break;
      if (task.mm.memory.write(address, bytes) !== 0) return Errno.EFAULT;
      done += bytes.length;
    }
    if (done > 0) notifyBytes(file, Notify.ACCESS);
    return done;
  };
  return task.block({ site: "pipe_wait_readable", queues: [file.queue], attempt });
}

const RANGE = { count: "size", flags: "uint" } as const;
const BETWEEN = { from: "fd", fromAt: "pointer", to: "fd", toAt: "pointer", ...RANGE } as const;

/** Calls that move bytes from file to file. */
export const COPYING_CALLS: readonly LinuxCall[] = [
  call(71, "sendfile", { to: "fd", from: "fd", offset: "pointer", count: "size" }, sendfile),
  call(75, "vmsplice", { fd: "fd", vector: "pointer", count: "size", flags: "uint" }, vmsplice),
  call(76, "splice", BETWEEN, splice),
  call(77, "tee", { from: "fd", to: "fd", ...RANGE }, tee),
  call(285, "copy_file_range", BETWEEN, copyFileRange),
];
