/**
 * Calls about sockets of one machine; there is no other network.
 *
 * @module
 */
import { BACKLOG_MAX } from "../bounds.ts";
import type { Answer } from "../answer.ts";
import { call, type LinuxCall } from "../call.ts";
import { Errno } from "../errno.ts";
import { OpenFlag } from "../abi/open.ts";
import { Family, NetlinkProtocol, Protocol, Shutdown, SocketType } from "../abi/socket.ts";
import { Socket } from "../fs/socket.ts";
import type { SocketOwner } from "../fs/socket_message.ts";
import type { Task } from "../task.ts";
import { Anywhere, MAPPED, portOf } from "../fs/ports.ts";
import { receiveMany, sendMany } from "./many_messages.ts";
import { receiveMessage, sendMessage } from "./socket_messages.ts";
import {
  addressName,
  bindAnywhere,
  bindName,
  otherKind,
  socketNamed,
  socketOf,
  unbind,
  writeName,
} from "./socket_names.ts";
import { getsockopt, setsockopt } from "./socket_options.ts";
import { writeWords32 } from "./user_data.ts";

const TYPE_MASK = 0xf;
/** The families that there are sockets of, and the kinds within a machine. */
const FAMILIES: readonly number[] = [Family.UNIX, Family.INET, Family.INET6, Family.NETLINK];
const LOCAL_KINDS: readonly number[] = [
  SocketType.STREAM,
  SocketType.DGRAM,
  SocketType.RAW,
  SocketType.SEQPACKET,
];
/** There are fewer families, and kinds, than that, whether any socket is of them or not. */
const Bound = { FAMILIES: 46, KINDS: 11 } as const;

function check(family: number, type: number, protocol: number): number {
  if ((type & ~(TYPE_MASK | OpenFlag.CLOEXEC | OpenFlag.NONBLOCK)) !== 0) return Errno.EINVAL;
  const kind = type & TYPE_MASK;
  if (family < 0 || family >= Bound.FAMILIES) return Errno.EAFNOSUPPORT;
  if (kind >= Bound.KINDS) return Errno.EINVAL;
  if (!FAMILIES.includes(family)) return Errno.EAFNOSUPPORT;
  if (family === Family.NETLINK) {
    if (kind !== SocketType.RAW && kind !== SocketType.DGRAM) return Errno.ESOCKTNOSUPPORT;
    return protocol === NetlinkProtocol.ROUTE ? 0 : Errno.EPROTONOSUPPORT;
  }
  if (family === Family.UNIX) {
    if (protocol !== 0 && protocol !== Family.UNIX) return Errno.EPROTONOSUPPORT;
    return LOCAL_KINDS.includes(kind) ? 0 : Errno.ESOCKTNOSUPPORT;
  }
  if (kind !== SocketType.STREAM && kind !== SocketType.DGRAM) return Errno.ESOCKTNOSUPPORT;
  const own = kind === SocketType.STREAM ? Protocol.TCP : Protocol.UDP;
  return protocol === 0 || protocol === own ? 0 : Errno.EPROTONOSUPPORT;
}

/** Which kind a socket becomes: raw ones take and give datagrams. */
function kindOf(type: number): number {
  const kind = type & TYPE_MASK;
  return kind === SocketType.RAW ? SocketType.DGRAM : kind;
}

function socket(task: Task, family: number, type: number, protocol: number): Answer {
  const status = check(family, type, protocol);
  if (status !== 0) return status;
  const kind = family === Family.NETLINK ? SocketType.DGRAM : kindOf(type);
  const made = new Socket(task.linux, { family, type: kind, flags: type });
  if (!made.charge()) return Errno.ENOMEM;
  return task.addFile(made, (type & OpenFlag.CLOEXEC) !== 0);
}

/** Who a task is to those at the other end of its sockets. */
function ownerOf({ group, credentials }: Task): SocketOwner {
  const { euid, egid, groups } = credentials;
  return { process: group, uid: euid, gid: egid, groups };
}

function socketpair(
  task: Task,
  family: number,
  type: number,
  protocol: number,
  to: number,
): Answer {
  const status = check(family, type, protocol);
  if (status !== 0) return status;
  if (family !== Family.UNIX) return Errno.EOPNOTSUPP;
  const options = { family, type: kindOf(type), flags: type };
  const [one, other] = [0, 1].map(() => new Socket(task.linux, options));
  if (!one!.charge() || !other!.charge()) {
    one!.hold().drop();
    return Errno.ENOMEM;
  }
  one!.owner = other!.owner = ownerOf(task);
  Socket.join(one!, other!);
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
  const name = addressName(task, made, address, length);
  return typeof name === "number" ? name : bindName(task, made, name);
}

function listen(task: Task, fd: number, backlog: number): Answer {
  const made = socketOf(task, fd);
  if (typeof made === "number") return made;
  if (made.type === SocketType.DGRAM) return Errno.EOPNOTSUPP;
  const bound = bindAnywhere(task, made);
  if (bound !== 0) return bound;
  if (made.name === "" || made.peer) return Errno.EINVAL;
  const isTaken = made.family !== Family.UNIX && !made.backlog && task.linux.ports.isHeard(made);
  if (isTaken) return Errno.EADDRINUSE;
  made.backlog ??= [];
  made.owner = ownerOf(task);
  made.backlogMax = Math.min(Math.max(backlog, 0) + 1, BACKLOG_MAX);
  return 0;
}

function connect(task: Task, fd: number, address: number, length: number): Answer {
  const made = socketOf(task, fd);
  if (typeof made === "number") return made;
  // Who speaks to the kernel has nobody else to speak to.
  if (made.family === Family.NETLINK) return Errno.EOPNOTSUPP;
  if (isDisconnect(task, made, address, length)) {
    made.disconnect();
    if (made.isInternet) unbind(task, made);
    return 0;
  }
  const name = addressName(task, made, address, length);
  if (typeof name === "number") return name;
  made.isRefused = false;
  if (made.isConnecting) {
    made.isConnecting = false;
    const error = made.takeError();
    // Whoever asked why already is not told again.
    return error !== 0 || made.wasConnected ? error : Errno.ECONNABORTED;
  }
  if (made.wasConnected && made.type !== SocketType.DGRAM) return Errno.EISCONN;
  if (made.backlog) return Errno.EINVAL;
  const isLate = made.family !== Family.UNIX && made.type === SocketType.STREAM && made.nonBlocking;
  return task.block({
    site: made.family === Family.UNIX ? "unix_wait_for_peer" : "wait_woken",
    queues: [made.queue],
    attempt: () => {
      const answer = reach(task, made, name);
      if (!isLate || (answer !== 0 && answer !== Errno.ECONNREFUSED)) return answer;
      made.error = answer;
      made.isConnecting = true;
      made.isRefused = answer !== 0;
      return Errno.EINPROGRESS;
    },
  });
}

/** A datagram socket that is connected to nothing at all has no other end any more. */
function isDisconnect(task: Task, made: Socket, address: number, length: number): boolean {
  if (made.type !== SocketType.DGRAM || length < 2) return false;
  const bytes = task.mm.memory.bytes(address, 2);
  return typeof bytes !== "number" && bytes[0] === 0 && bytes[1] === 0;
}

/** Connect to who has a name: 0, why not, or null to try again. */
function reach(task: Task, made: Socket, name: string): number | null {
  const target = socketNamed(task, made, name);
  const bound = bindAnywhere(task, made);
  if (bound !== 0) return bound;
  made.name = sourceOf(made, name);
  if (made.type === SocketType.DGRAM && made.family !== Family.UNIX) {
    if (typeof target === "number" && target !== Errno.ECONNREFUSED) return target;
    made.peer = typeof target === "number" ? null : target;
    made.peerName = name;
    made.wasConnected = true;
    return 0;
  }
  if (typeof target === "number") return target;
  if (target.type !== made.type) return otherKind(name);
  if (!target.hears(made)) return Errno.EPERM;
  if (made.type === SocketType.DGRAM) {
    made.peer = target;
    made.wasConnected = true;
    return 0;
  }
  if (!target.backlog) return Errno.ECONNREFUSED;
  if (target.backlog.length >= target.backlogMax) return made.nonBlocking ? Errno.EAGAIN : null;
  const { family } = target;
  const accepted = new Socket(task.linux, { family, type: made.type, flags: 0 });
  if (!accepted.charge()) return Errno.ENOMEM;
  accepted.name = made.family === Family.UNIX ? target.name : reachedAs(made, name);
  made.owner = ownerOf(task);
  accepted.owner = target.owner;
  accepted.isAwaited = true;
  Socket.join(made, accepted);
  target.backlog.push(accepted);
  target.queue.wake();
  return 0;
}

/** What who reaches somebody by a name has for one: who is anywhere is at this machine. */
function sourceOf(made: Socket, name: string): string {
  const { host, port } = portOf(made.name);
  const isMapped = host === "::" && portOf(name).host.startsWith(MAPPED);
  return isMapped ? `${MAPPED}127.0.0.1:${port}` : made.sourceName;
}

/** What whoever is reached by a name has for one: what is anywhere is reached at this machine. */
function reachedAs({ family }: Socket, name: string): string {
  const { host, port } = portOf(name);
  const isAnywhere = host === Anywhere[family];
  return isAnywhere ? `${family === Family.INET ? "127.0.0.1" : "::1"}:${port}` : name;
}

function accept4(task: Task, fd: number, address: number, length: number, flags: number): Answer {
  const made = socketOf(task, fd);
  if (typeof made === "number") return made;
  if ((flags & ~(OpenFlag.CLOEXEC | OpenFlag.NONBLOCK)) !== 0) return Errno.EINVAL;
  if (made.type === SocketType.DGRAM) return Errno.EOPNOTSUPP;
  if (!made.backlog) return Errno.EINVAL;
  return task.block({
    site: made.family === Family.UNIX ? "__skb_wait_for_more_packets" : "inet_csk_accept",
    queues: [made.queue],
    attempt: () => {
      const next = made.backlog!.shift();
      if (!next) return made.nonBlocking ? Errno.EAGAIN : null;
      next.isAwaited = false;
      next.inherit(made);
      next.flags |= flags & OpenFlag.NONBLOCK;
      const descriptor = task.addFile(next, (flags & OpenFlag.CLOEXEC) !== 0);
      if (descriptor < 0 || address === 0) return descriptor;
      return writeName(task, next, next.peerName, address, length) || descriptor;
    },
  });
}

function getsockname(task: Task, fd: number, address: number, length: number): Answer {
  const made = socketOf(task, fd);
  if (typeof made === "number") return made;
  return writeName(task, made, made.name || made.wanted, address, length);
}

function getpeername(task: Task, fd: number, address: number, length: number): Answer {
  const made = socketOf(task, fd);
  if (typeof made === "number") return made;
  const isJoined = made.peer !== null || (made.type === SocketType.DGRAM && made.wasConnected);
  return isJoined ? writeName(task, made, made.peerName, address, length) : Errno.ENOTCONN;
}

function shutdown(task: Task, fd: number, how: number): Answer {
  const made = socketOf(task, fd);
  if (typeof made === "number") return made;
  if (how < Shutdown.RD || how > Shutdown.RDWR) return Errno.EINVAL;
  const isAlone = !made.peer && made.type !== SocketType.DGRAM && made.family !== Family.UNIX;
  if (isAlone) return Errno.ENOTCONN;
  made.shutDown(how !== Shutdown.WR, how !== Shutdown.RD);
  return 0;
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
  call(
    212,
    "recvmsg",
    { fd: "fd", message: "pointer", flags: "int" },
    (task, fd, message, flags) => receiveMessage(task, fd, message, flags),
  ),
  call(
    243,
    "recvmmsg",
    { fd: "fd", messages: "pointer", count: "uint", flags: "int", timeout: "pointer" },
    receiveMany,
  ),
  call(242, "accept4", { ...NAMED, flags: "int" }, accept4),
  call(269, "sendmmsg", { fd: "fd", messages: "pointer", count: "uint", flags: "int" }, sendMany),
];
