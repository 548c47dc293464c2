/**
 * Calls about queues of messages with priorities.
 *
 * @module
 */
import { QUEUE_ATTRIBUTES_SIZE } from "../abi/ipc.ts";
import { PRIORITY_QUEUES_MAX, USUAL_QUEUE } from "../bounds.ts";
import { sigeventAt } from "./sigevent.ts";
import { ClockId, NoticeKind } from "../abi/time.ts";
import type { Answer } from "../answer.ts";
import { call, type LinuxCall } from "../call.ts";
import { Capability } from "../abi/capability.ts";
import { Errno } from "../errno.ts";
import { May, permission } from "../fs/inode.ts";
import { OpenFlag } from "../abi/open.ts";
import { OpenPosixQueue, PosixQueue, type QueueNotice } from "../ipc/posix_queue.ts";
import { Family } from "../abi/socket.ts";
import { socketOf } from "./socket_names.ts";
import { Resource } from "../abi/process.ts";
import { NAME_MAX } from "../name.ts";
import { SIGNALS } from "../abi/signal.ts";
import type { Task } from "../task.ts";
import { mayRemove } from "./names.ts";
import { deadlineOn } from "./time.ts";
import { readPath, readTime, writeBytes, writeWords32, writeWords64 } from "./user_data.ts";

const PRIORITIES = 32768;
const COOKIE_SIZE = 32;
/** What a queue is like at most; who may not ask for more can have the usual one. */
const MOST = { messages: 65536, bytes: 1 << 24 } as const;

interface Attributes {
  readonly flags: number;
  readonly messages: number;
  readonly bytes: number;
}

function mqOpen(task: Task, path: number, flags: number, mode: number, address: number): Answer {
  const wanted = address === 0 ? { flags: 0, ...USUAL_QUEUE } : readAttributes(task, address);
  if (typeof wanted === "number") return wanted;
  const name = readName(task, path);
  if (typeof name === "number") return name;
  const { queueNames } = task.linux;
  const found = queueNames.lookup(name);
  const isNew = (flags & OpenFlag.CREAT) !== 0;
  if (found && isNew && (flags & OpenFlag.EXCL) !== 0) return Errno.EEXIST;
  if (!found && !isNew) return Errno.ENOENT;
  const access = flags & OpenFlag.ACCESS;
  if (access === OpenFlag.ACCESS) return Errno.EINVAL;
  const way = access === OpenFlag.RDWR
    ? May.READ | May.WRITE
    : access === OpenFlag.WRONLY
    ? May.WRITE
    : May.READ;
  const status = found ? permission(task.credentials, found, way) : 0;
  if (status !== 0) return status;
  const queue = found ?? create(task, name, mode, wanted);
  if (typeof queue === "number") return queue;
  if (!(queue instanceof PosixQueue)) return Errno.EINVAL;
  const kept = access | flags & OpenFlag.NONBLOCK;
  const place = { directory: queueNames, name, inode: queue, slash: false };
  return task.addFile(new OpenPosixQueue(queue, kept, place), true);
}

function readName(task: Task, address: number): string | number {
  const name = readPath(task, address);
  if (typeof name === "number") return name;
  if (name === "") return Errno.ENOENT;
  if (name.includes("/") || name === "." || name === "..") return Errno.EACCES;
  return name.length > NAME_MAX ? Errno.ENAMETOOLONG : name;
}

function create(task: Task, name: string, mode: number, wanted: Attributes): PosixQueue | number {
  const { queueNames } = task.linux;
  const isFree = task.may(Capability.SYS_RESOURCE);
  const queues = [...queueNames.entries()].map(([, { inode }]) => inode)
    .filter((inode) => inode instanceof PosixQueue);
  if (queues.length >= PRIORITY_QUEUES_MAX && !isFree) return Errno.ENOSPC;
  const { messages, bytes } = wanted;
  const most = isFree ? MOST : USUAL_QUEUE;
  if (messages < 1 || bytes < 1 || messages > most.messages || bytes > most.bytes) {
    return Errno.EINVAL;
  }
  const { fsuid: uid, fsgid: gid } = task.credentials;
  const kept = mode & 0o7777 & ~task.fs.umask;
  const queue = new PosixQueue(queueNames.fs, { mode: kept, uid, gid }, messages, bytes);
  const own = queues.filter((one) => one.uid === uid).reduce((sum, one) => sum + one.cost, 0);
  if (own + queue.cost > task.group.limits.soft(Resource.MSGQUEUE)) return Errno.EMFILE;
  queueNames.put(name, queue);
  return queue;
}

function mqUnlink(task: Task, path: number): Answer {
  const name = readName(task, path);
  if (typeof name === "number") return name;
  const { queueNames } = task.linux;
  const queue = queueNames.lookup(name);
  if (!queue) return Errno.ENOENT;
  const status = mayRemove(task, queueNames, queue);
  if (status !== 0) return status;
  queueNames.take(name);
  queue.unlinked();
  return 0;
}

function readAttributes(task: Task, address: number): Attributes | number {
  const bytes = task.mm.memory.bytes(address, QUEUE_ATTRIBUTES_SIZE);
  if (typeof bytes === "number") return Errno.EFAULT;
  const view = new DataView(bytes.buffer);
  const [flags, messages, size] = [0, 8, 16].map((at) => Number(view.getBigInt64(at, true)));
  return { flags: flags!, messages: messages!, bytes: size! };
}

/** When to stop waiting for what never comes; an error for a time that is none. */
function deadlineAt(task: Task, address: number): number {
  if (address === 0) return Infinity;
  const time = readTime(task, address);
  return time < 0 ? time : Math.max(0, deadlineOn(task, ClockId.REALTIME, time));
}

function queueOf(task: Task, fd: number): OpenPosixQueue | null {
  const file = task.file(fd);
  return file instanceof OpenPosixQueue ? file : null;
}

function mqTimedsend(
  task: Task,
  fd: number,
  address: number,
  length: number,
  priority: number,
  until: number,
): Answer {
  const deadline = deadlineAt(task, until);
  if (deadline < 0) return deadline;
  if (priority >= PRIORITIES) return Errno.EINVAL;
  const file = queueOf(task, fd);
  if (!file?.writable) return Errno.EBADF;
  const { inode } = file;
  if (length > inode.messageSize) return Errno.EMSGSIZE;
  const bytes = length === 0 ? new Uint8Array() : task.mm.memory.bytes(address, length);
  if (typeof bytes === "number") return Errno.EFAULT;
  const message = { priority, bytes: bytes.slice() };
  return task.block({
    site: "wq_sleep",
    queues: [inode.queue],
    deadline,
    attempt: () => {
      if (inode.length >= inode.messagesMax) return file.nonBlocking ? Errno.EAGAIN : null;
      return inode.put(task, message);
    },
    timedOut: () => Errno.ETIMEDOUT,
  });
}

function mqTimedreceive(
  task: Task,
  fd: number,
  address: number,
  length: number,
  priority: number,
  until: number,
): Answer {
  const deadline = deadlineAt(task, until);
  if (deadline < 0) return deadline;
  const file = queueOf(task, fd);
  if (!file?.readable) return Errno.EBADF;
  const { inode } = file;
  if (length < inode.messageSize) return Errno.EMSGSIZE;
  inode.receivers++;
  return task.block({
    site: "wq_sleep",
    queues: [inode.queue],
    deadline,
    attempt: () => {
      const message = inode.take();
      if (!message) return file.nonBlocking ? Errno.EAGAIN : null;
      if (priority !== 0 && !writeWords32(task, priority, [message.priority])) return Errno.EFAULT;
      return writeBytes(task, address, message.bytes) || message.bytes.length;
    },
    timedOut: () => Errno.ETIMEDOUT,
    over: () => inode.receivers--,
  });
}

function mqNotify(task: Task, fd: number, address: number): Answer {
  const notice = address === 0 ? null : readNotice(task, address);
  if (typeof notice === "number") return notice;
  const file = queueOf(task, fd);
  if (!file) return Errno.EBADF;
  const { inode } = file;
  if (notice === null) {
    inode.forget(task.group);
    return 0;
  }
  if (inode.notice) return Errno.EBUSY;
  inode.notice = notice;
  return 0;
}

/** Who wants to be told, and how: by a signal, not at all, or through a socket for a thread. */
function readNotice(task: Task, address: number): QueueNotice | number {
  const wanted = sigeventAt(task, address);
  if (typeof wanted === "number") return wanted;
  const { group, files } = task;
  const { value, signal } = wanted;
  switch (wanted.kind) {
    case NoticeKind.NONE:
      return { group, files, signal: 0, value };
    case NoticeKind.SIGNAL:
      return signal < 0 || signal > SIGNALS ? Errno.EINVAL : { group, files, signal, value };
    case NoticeKind.THREAD: {
      const cookie = task.mm.memory.bytes(Number(BigInt.asUintN(64, value)), COOKIE_SIZE);
      if (typeof cookie === "number") return Errno.EFAULT;
      const socket = socketOf(task, signal);
      if (typeof socket === "number") return socket;
      if (socket.family !== Family.NETLINK) return Errno.EINVAL;
      return { group, files, signal: 0, value, thread: { socket, cookie } };
    }
    default:
      return Errno.EINVAL;
  }
}

function mqGetsetattr(task: Task, fd: number, next: number, old: number): Answer {
  const wanted = next === 0 ? null : readAttributes(task, next);
  if (typeof wanted === "number") return wanted;
  if (wanted && (wanted.flags & ~OpenFlag.NONBLOCK) !== 0) return Errno.EINVAL;
  const file = queueOf(task, fd);
  if (!file) return Errno.EBADF;
  const { messagesMax, messageSize, length } = file.inode;
  const before = file.flags & OpenFlag.NONBLOCK;
  if (wanted) file.flags = file.flags & ~OpenFlag.NONBLOCK | wanted.flags;
  const words = [before, messagesMax, messageSize, length, 0, 0, 0, 0];
  return old === 0 || writeWords64(task, old, words) ? 0 : Errno.EFAULT;
}

const MESSAGE = { fd: "fd", message: "pointer", length: "size" } as const;

/** Calls about queues of messages with priorities. */
export const POSIX_QUEUE_CALLS: readonly LinuxCall[] = [
  call(
    180,
    "mq_open",
    { name: "path", flags: "flags:open", mode: "mode", attributes: "pointer" },
    mqOpen,
  ),
  call(181, "mq_unlink", { name: "path" }, mqUnlink),
  call(182, "mq_timedsend", { ...MESSAGE, priority: "uint", until: "pointer" }, mqTimedsend),
  call(
    183,
    "mq_timedreceive",
    { ...MESSAGE, priority: "pointer", until: "pointer" },
    mqTimedreceive,
  ),
  call(184, "mq_notify", { fd: "fd", event: "pointer" }, mqNotify),
  call(185, "mq_getsetattr", { fd: "fd", next: "pointer", old: "pointer" }, mqGetsetattr),
];
