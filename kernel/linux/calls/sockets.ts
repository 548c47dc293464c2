/**
 * Calls about sockets of one machine; there is no other network.
 *
 * @module
 */
import type { Answer } from "../answer.ts";
import { call, type LinuxCall } from "../call.ts";
import { Errno } from "../errno.ts";
import { mayChange } from "../fs/open.ts";
import { OpenFlag } from "../fs/open_file.ts";
import { walk } from "../fs/path_walk.ts";
import { SocketInode, SocketType, UnixSocket } from "../fs/unix_socket.ts";
import { bytesOf, nameOf } from "../name.ts";
import type { Task } from "../task.ts";
import { receiveMessage, sendMessage } from "./socket_messages.ts";
import { writeBytes, writeWords32 } from "./user_data.ts";

const AF_UNIX = 1;
const TYPE_MASK = 0xf;
const ADDRESS_MAX = 110;
const FAMILY_SIZE = 2;
const BACKLOG_MAX = 4096;
const SOL_SOCKET = 1;
const Option = {
  TYPE: 3,
  ERROR: 4,
  SNDBUF: 7,
  RCVBUF: 8,
  PEERCRED: 17,
  ACCEPTCONN: 30,
  DOMAIN: 39,
};

/** The socket of a descriptor. */
export function socketOf(task: Task, fd: number): UnixSocket | number {
  const file = task.file(fd);
  if (!file) return Errno.EBADF;
  return file instanceof UnixSocket ? file : Errno.ENOTSOCK;
}

/** The name in a socket address, or why there is none. */
export function addressName(task: Task, address: number, length: number): string | number {
  if (length < FAMILY_SIZE || length > ADDRESS_MAX) return Errno.EINVAL;
  const bytes = task.mm.memory.bytes(address, length);
  if (typeof bytes === "number") return Errno.EFAULT;
  if ((bytes[0]! | bytes[1]! << 8) !== AF_UNIX) return Errno.EINVAL;
  const name = nameOf(bytes.subarray(FAMILY_SIZE));
  if (name.startsWith("\0")) return name;
  const end = name.indexOf("\0");
  return end < 0 ? name : name.slice(0, end);
}

/** The socket that has a name, or why nobody has. */
export function socketNamed(task: Task, name: string): UnixSocket | number {
  if (name.startsWith("\0")) return task.linux.abstractSockets.get(name) ?? Errno.ECONNREFUSED;
  const found = walk(task.walker, task.fs.directory, name);
  if (typeof found === "number") return found;
  if (found.inode === null) return Errno.ENOENT;
  if (!(found.inode instanceof SocketInode)) return Errno.ECONNREFUSED;
  const { socket } = found.inode;
  return socket && socket.references > 0 ? socket : Errno.ECONNREFUSED;
}

function check(family: number, type: number, protocol: number): number {
  if (family !== AF_UNIX) return Errno.EAFNOSUPPORT;
  if (!Object.values(SocketType).includes((type & TYPE_MASK) as 1)) return Errno.EPROTOTYPE;
  return protocol > 1 ? Errno.EPROTONOSUPPORT : 0;
}

function socket(task: Task, family: number, type: number, protocol: number): Answer {
  const status = check(family, type, protocol);
  if (status !== 0) return status;
  const made = new UnixSocket(task.linux, type & TYPE_MASK, type);
  return task.addFile(made, (type & OpenFlag.CLOEXEC) !== 0);
}

function socketpair(
  task: Task,
  family: number,
  type: number,
  protocol: number,
  to: number,
): Answer {
  const status = check(family, type, protocol);
  if (status !== 0) return status === Errno.EAFNOSUPPORT ? Errno.EAFNOSUPPORT : status;
  const [one, other] = [0, 1].map(() => new UnixSocket(task.linux, type & TYPE_MASK, type));
  UnixSocket.join(one!, other!);
  const closeOnExec = (type & OpenFlag.CLOEXEC) !== 0;
  other!.hold();
  const first = task.addFile(one!, closeOnExec);
  const second = first < 0 ? first : task.addFile(other!, closeOnExec);
  other!.drop();
  if (second < 0) {
    if (first >= 0) task.files.close(first);
    return second;
  }
  return writeWords32(task, to, [first, second]) ? 0 : Errno.EFAULT;
}

function bind(task: Task, fd: number, address: number, length: number): Answer {
  const made = socketOf(task, fd);
  if (typeof made === "number") return made;
  const name = addressName(task, address, length);
  if (typeof name === "number") return name;
  if (made.name !== "" || name === "") return Errno.EINVAL;
  if (name.startsWith("\0")) {
    const { abstractSockets } = task.linux;
    if ((abstractSockets.get(name)?.references ?? 0) > 0) return Errno.EADDRINUSE;
    abstractSockets.set(name, made);
    made.name = name;
    return 0;
  }
  const place = walk(task.walker, task.fs.directory, name, false);
  if (typeof place === "number") return place;
  if (place.inode !== null) return Errno.EADDRINUSE;
  const status = mayChange(task, place.directory);
  if (status !== 0) return status;
  const inode = new SocketInode(task.linux, 0o777 & ~task.fs.umask);
  inode.socket = made;
  place.directory.put(place.name, inode);
  made.name = name;
  return 0;
}

function listen(task: Task, fd: number, backlog: number): Answer {
  const made = socketOf(task, fd);
  if (typeof made === "number") return made;
  if (made.type === SocketType.DGRAM) return Errno.EOPNOTSUPP;
  if (made.name === "" || made.peer) return Errno.EINVAL;
  made.backlog ??= [];
  made.backlogMax = Math.min(Math.max(backlog, 0) + 1, BACKLOG_MAX);
  return 0;
}

function connect(task: Task, fd: number, address: number, length: number): Answer {
  const made = socketOf(task, fd);
  if (typeof made === "number") return made;
  const name = addressName(task, address, length);
  if (typeof name === "number") return name;
  if (made.wasConnected && made.type !== SocketType.DGRAM) return Errno.EISCONN;
  return task.block({
    queues: [made.queue],
    attempt: () => {
      const target = socketNamed(task, name);
      if (typeof target === "number") return target;
      if (target.type !== made.type) return Errno.EPROTOTYPE;
      if (made.type === SocketType.DGRAM) {
        made.peer = target;
        made.wasConnected = true;
        return 0;
      }
      if (!target.backlog) return Errno.ECONNREFUSED;
      if (target.backlog.length >= target.backlogMax) return made.nonBlocking ? Errno.EAGAIN : null;
      const accepted = new UnixSocket(task.linux, made.type, 0);
      accepted.name = target.name;
      UnixSocket.join(made, accepted);
      target.backlog.push(accepted);
      target.queue.wake();
      return 0;
    },
  });
}

function accept4(task: Task, fd: number, address: number, length: number, flags: number): Answer {
  const made = socketOf(task, fd);
  if (typeof made === "number") return made;
  if ((flags & ~(OpenFlag.CLOEXEC | OpenFlag.NONBLOCK)) !== 0) return Errno.EINVAL;
  if (made.type === SocketType.DGRAM) return Errno.EOPNOTSUPP;
  if (!made.backlog) return Errno.EINVAL;
  return task.block({
    queues: [made.queue],
    attempt: () => {
      const next = made.backlog!.shift();
      if (!next) return made.nonBlocking ? Errno.EAGAIN : null;
      next.flags |= flags & OpenFlag.NONBLOCK;
      const descriptor = task.addFile(next, (flags & OpenFlag.CLOEXEC) !== 0);
      if (descriptor < 0 || address === 0) return descriptor;
      return writeName(task, next.peer?.name ?? "", address, length) || descriptor;
    },
  });
}

/** Put a socket's name down as an address; answers 0 or why not. */
export function writeName(task: Task, name: string, address: number, length: number): number {
  const room = task.mm.memory.readU32(length);
  if (room < 0) return Errno.EFAULT;
  const isPath = name !== "" && !name.startsWith("\0");
  const bytes = new Uint8Array(FAMILY_SIZE + name.length + (isPath ? 1 : 0));
  bytes[0] = AF_UNIX;
  bytes.set(bytesOf(name), FAMILY_SIZE);
  const status = writeBytes(task, address, bytes.subarray(0, room));
  return status || (writeWords32(task, length, [bytes.length]) ? 0 : Errno.EFAULT);
}

function getsockname(task: Task, fd: number, address: number, length: number): Answer {
  const made = socketOf(task, fd);
  return typeof made === "number" ? made : writeName(task, made.name, address, length);
}

function getpeername(task: Task, fd: number, address: number, length: number): Answer {
  const made = socketOf(task, fd);
  if (typeof made === "number") return made;
  return made.peer ? writeName(task, made.peer.name, address, length) : Errno.ENOTCONN;
}

function shutdown(task: Task, fd: number, how: number): Answer {
  const made = socketOf(task, fd);
  if (typeof made === "number") return made;
  if (how < 0 || how > 2) return Errno.EINVAL;
  if (!made.peer && made.type !== SocketType.DGRAM) return Errno.ENOTCONN;
  made.shutDown(how !== 1, how !== 0);
  return 0;
}

function getsockopt(
  task: Task,
  fd: number,
  level: number,
  option: number,
  value: number,
  length: number,
): Answer {
  const made = socketOf(task, fd);
  if (typeof made === "number") return made;
  if (level !== SOL_SOCKET) return Errno.EOPNOTSUPP;
  const { pid } = task.group;
  const { euid, egid } = task.credentials;
  const known: Readonly<Record<number, readonly number[]>> = {
    [Option.TYPE]: [made.type],
    [Option.ERROR]: [0],
    [Option.SNDBUF]: [212_992],
    [Option.RCVBUF]: [212_992],
    [Option.PEERCRED]: [pid, euid, egid],
    [Option.ACCEPTCONN]: [made.backlog ? 1 : 0],
    [Option.DOMAIN]: [AF_UNIX],
  };
  const words = known[option];
  if (!words) return Errno.ENOPROTOOPT;
  if (!writeWords32(task, value, words)) return Errno.EFAULT;
  return writeWords32(task, length, [words.length * 4]) ? 0 : Errno.EFAULT;
}

function setsockopt(task: Task, fd: number, level: number): Answer {
  const made = socketOf(task, fd);
  if (typeof made === "number") return made;
  return level === SOL_SOCKET ? 0 : Errno.EOPNOTSUPP;
}

const ADDRESS = { fd: "fd", address: "pointer", length: "uint" } as const;
const NAMED = { fd: "fd", address: "pointer", length: "pointer" } as const;
const KIND = { family: "int", type: "int", protocol: "int" } as const;
const OPTION = { fd: "fd", level: "int", option: "int", value: "pointer" } as const;

/** Calls about sockets. */
export const SOCKET_CALLS: readonly LinuxCall[] = [
  call(198, "socket", KIND, socket),
  call(199, "socketpair", { ...KIND, ends: "pointer" }, socketpair),
  call(200, "bind", ADDRESS, bind),
  call(201, "listen", { fd: "fd", backlog: "int" }, listen),
  call(202, "accept", NAMED, (task, fd, address, length) => accept4(task, fd, address, length, 0)),
  call(203, "connect", ADDRESS, connect),
  call(204, "getsockname", NAMED, getsockname),
  call(205, "getpeername", NAMED, getpeername),
  call(208, "setsockopt", { ...OPTION, length: "uint" }, setsockopt),
  call(209, "getsockopt", { ...OPTION, length: "pointer" }, getsockopt),
  call(210, "shutdown", { fd: "fd", how: "int" }, shutdown),
  call(211, "sendmsg", { fd: "fd", message: "pointer", flags: "int" }, sendMessage),
  call(212, "recvmsg", { fd: "fd", message: "pointer", flags: "int" }, receiveMessage),
  call(242, "accept4", { ...NAMED, flags: "int" }, accept4),
];
