/**
 * Names of sockets, as programs write them in memory: paths, anything behind a zero, or the address
 * and the port of a network that has this machine in it and nothing else.
 *
 * @module
 */
import { AddressSize, Family } from "../abi/socket.ts";
import { FreePort, PID_MAX, PRIVILEGED_PORTS } from "../bounds.ts";
import { Errno } from "../errno.ts";
import { mayChange } from "../fs/open.ts";
import { walk } from "../fs/path_walk.ts";
import { Anywhere, MAPPED, nameIn, plainHost, portOf } from "../fs/ports.ts";
import { Socket } from "../fs/socket.ts";
import { SocketInode } from "../fs/socket_inode.ts";
import { bytesOf, nameOf } from "../name.ts";
import type { Task } from "../task.ts";
import { writeBytes, writeWords32 } from "./user_data.ts";

/** The last of the names that sockets give themselves, as a number. */
const OWN_NAMES = 0xfffff;

/** The socket of a descriptor. */
export function socketOf(task: Task, fd: number): Socket | number {
  const file = task.file(fd);
  if (!file) return Errno.EBADF;
  return file instanceof Socket ? file : Errno.ENOTSOCK;
}

/** The name in a socket address, or why there is none. */
export function addressName(
  task: Task,
  { family }: Socket,
  address: number,
  length: number,
): string | number {
  if (length < AddressSize.FAMILY || length > AddressSize.LARGEST) return Errno.EINVAL;
  const bytes = task.mm.memory.bytes(address, length);
  if (typeof bytes === "number") return Errno.EFAULT;
  const said = bytes[0]! | bytes[1]! << 8;
  if (family === Family.NETLINK) return portName(bytes, said);
  if (family !== Family.UNIX) return internetName(bytes, said, family);
  if (said !== Family.UNIX || length > AddressSize.UNIX) return Errno.EINVAL;
  const name = nameOf(bytes.subarray(AddressSize.FAMILY));
  if (name.startsWith("\0")) return name;
  const end = name.indexOf("\0");
  return end < 0 ? name : name.slice(0, end);
}

/** What one is called to whom the kernel speaks: a number. */
function portName(bytes: Uint8Array, said: number): string | number {
  if (bytes.length < AddressSize.NETLINK || said !== Family.NETLINK) return Errno.EINVAL;
  return `${new DataView(bytes.buffer).getUint32(4, true)}`;
}

function internetName(bytes: Uint8Array, said: number, family: number): string | number {
  if (bytes.length < (family === Family.INET ? AddressSize.INET : AddressSize.INET6)) {
    return Errno.EINVAL;
  }
  if (said !== family) return Errno.EAFNOSUPPORT;
  const port = bytes[2]! << 8 | bytes[3]!;
  if (family === Family.INET) return `${bytes.subarray(4, 8).join(".")}:${port}`;
  const host = bytes.subarray(8, 24);
  const isZero = (to: number) => host.subarray(0, to).every((byte) => byte === 0);
  const isMapped = isZero(10) && host[10] === 0xff && host[11] === 0xff;
  if (isMapped) return `${MAPPED}${host.subarray(12).join(".")}:${port}`;
  const isPlain = isZero(15) && host[15]! < 2;
  return isPlain ? `${host[15] === 0 ? "::" : "::1"}:${port}` : `elsewhere:${port}`;
}

/** The socket that has a name, or why nobody has. */
export function socketNamed(task: Task, from: Socket, name: string): Socket | number {
  if (from.family !== Family.UNIX) {
    const to = portOf(name);
    if (!isHere(to.host)) return Errno.ENETUNREACH;
    return task.linux.ports.find(from, to) ?? Errno.ECONNREFUSED;
  }
  if (name === "") return Errno.EINVAL;
  if (name.startsWith("\0")) return listener(task, name) ?? Errno.ECONNREFUSED;
  const found = walk(task.walker, task.fs.directory, name);
  if (typeof found === "number") return found;
  if (found.inode === null) return Errno.ENOENT;
  if (!(found.inode instanceof SocketInode)) return Errno.ECONNREFUSED;
  const { socket } = found.inode;
  return socket && socket.references > 0 ? socket : Errno.ECONNREFUSED;
}

/** Give a socket a name; answers 0 or why not. */
export function bindName(task: Task, socket: Socket, name: string): number {
  if (socket.family === Family.NETLINK) return bindNumber(task, socket, Number(name));
  if (socket.family === Family.UNIX && name === "") return nameItself(task, socket);
  if (socket.name !== "") return Errno.EINVAL;
  if (socket.isInternet) {
    const status = bindPort(task, socket, name);
    if (status === 0) socket.wanted = name;
    return status;
  }
  if (name.startsWith("\0")) return take(task, socket, name, name);
  const place = walk(task.walker, task.fs.directory, name, false);
  if (typeof place === "number") return place;
  if (place.inode !== null) return Errno.EADDRINUSE;
  const status = mayChange(task, place.directory);
  if (status !== 0) return status;
  const inode = new SocketInode(task.linux, 0o777 & ~task.fs.umask);
  inode.socket = socket;
  place.directory.put(place.name, inode);
  socket.name = name;
  return 0;
}

/** Give a socket that has no name one that chance makes, and nobody else has. */
export function nameItself(task: Task, socket: Socket): number {
  if (socket.name !== "") return 0;
  const [low, middle, high] = task.linux.randomBytes(3);
  const first = low! | middle! << 8 | high! << 16;
  for (let at = 0; at <= OWN_NAMES; at++) {
    const name = `\0${((first + at) & OWN_NAMES).toString(16).padStart(5, "0")}`;
    if (take(task, socket, name, name) === 0) return 0;
  }
  return Errno.ENOSPC;
}

/** Give a socket of the network a free port where it has none. */
export function bindAnywhere(task: Task, socket: Socket): number {
  if (socket.family === Family.UNIX || socket.name !== "") return 0;
  if (socket.family === Family.NETLINK) return bindNumber(task, socket, 0);
  return bindPort(task, socket, socket.wanted || `${Anywhere[socket.family]}:0`);
}

/** Leave a socket of the network, which has no other end any more, only what was wanted of its name. */
export function unbind({ linux }: Task, socket: Socket): void {
  const { wanted } = socket;
  if (wanted !== "" && portOf(wanted).port !== 0) socket.name = wanted;
  else if (socket.name !== "") linux.ports.release(socket);
}

/** Give a socket a number to which the kernel answers; one of its own, if it wants none. */
function bindNumber(task: Task, socket: Socket, wanted: number): number {
  if (socket.name !== "") return wanted === 0 || wanted === Number(socket.name) ? 0 : Errno.EINVAL;
  if (wanted !== 0) return take(task, socket, `netlink:${wanted}`, `${wanted}`);
  // Behind the numbers of processes there are as many again, and so on.
  for (let number = task.group.pid; number < 2 ** 32; number += PID_MAX) {
    if (take(task, socket, `netlink:${number}`, `${number}`) === 0) return 0;
  }
  return Errno.EADDRINUSE;
}

function bindPort(task: Task, socket: Socket, name: string): number {
  const { host, port } = portOf(name);
  if (!isHere(host)) return Errno.EADDRNOTAVAIL;
  if (port > 0) {
    const isPrivileged = port < PRIVILEGED_PORTS && task.credentials.euid !== 0;
    return isPrivileged ? Errno.EACCES : task.linux.ports.take(socket, host, port);
  }
  // A port that was just given back is seldom the next that is given.
  const [low, high] = task.linux.randomBytes(2);
  const count = FreePort.LAST - FreePort.FIRST + 1;
  for (let at = 0; at < count; at++) {
    const free = FreePort.FIRST + ((low! | high! << 8) + at) % count;
    if (task.linux.ports.take(socket, host, free) === 0) return 0;
  }
  return Errno.EADDRINUSE;
}

function take({ linux }: Task, socket: Socket, key: string, name: string): number {
  if ((linux.namedSockets.get(key)?.references ?? 0) > 0) return Errno.EADDRINUSE;
  linux.namedSockets.set(key, socket);
  socket.name = name;
  return 0;
}

function listener({ linux }: Task, key: string): Socket | null {
  const found = linux.namedSockets.get(key);
  return found && found.references > 0 ? found : null;
}

function isHere(host: string): boolean {
  const plain = plainHost(host);
  return plain.startsWith("127.") || plain === "::1" || Object.values(Anywhere).includes(plain);
}

/** Put a socket's name down as an address; answers 0 or why not. */
export function writeName(
  task: Task,
  { family }: Socket,
  name: string,
  address: number,
  length: number,
): number {
  const room = task.mm.memory.readU32(length);
  if (room < 0) return Errno.EFAULT;
  const bytes = family === Family.UNIX
    ? pathAddress(name)
    : family === Family.NETLINK
    ? portAddress(name)
    : internetAddress(family, name);
  const status = writeBytes(task, address, bytes.subarray(0, room));
  return status || (writeWords32(task, length, [bytes.length]) ? 0 : Errno.EFAULT);
}

function portAddress(name: string): Uint8Array {
  const bytes = new Uint8Array(AddressSize.NETLINK);
  bytes[0] = Family.NETLINK;
  new DataView(bytes.buffer).setUint32(4, Number(name), true);
  return bytes;
}

function pathAddress(name: string): Uint8Array {
  const isPath = name !== "" && !name.startsWith("\0");
  const bytes = new Uint8Array(AddressSize.FAMILY + name.length + (isPath ? 1 : 0));
  bytes[0] = Family.UNIX;
  bytes.set(bytesOf(name), AddressSize.FAMILY);
  return bytes;
}

function internetAddress(family: number, name: string): Uint8Array {
  const { host, port } = portOf(name === "" ? `${Anywhere[family]}:0` : nameIn(family, name));
  const bytes = new Uint8Array(family === Family.INET ? AddressSize.INET : AddressSize.INET6);
  bytes.set([family, 0, port >> 8, port & 0xff]);
  if (family === Family.INET) bytes.set(host.split(".").map(Number), 4);
  else if (host === "::1") bytes[23] = 1;
  else if (host.startsWith(MAPPED)) {
    bytes.set([0xff, 0xff, ...plainHost(host).split(".").map(Number)], 18);
  }
  return bytes;
}

/** Why somebody of another kind is not reached: where names are no paths, each kind has its own. */
export function otherKind(name: string): number {
  return name.startsWith("\0") ? Errno.ECONNREFUSED : Errno.EPROTOTYPE;
}
