/**
 * Sending and receiving through sockets, with descriptors on the way.
 *
 * @module
 */
import { Family, MessageFlag, MessageSize, SocketType } from "../abi/socket.ts";
import { lengthOf } from "../pieces.ts";
import type { Answer } from "../answer.ts";
import { call, type LinuxCall } from "../call.ts";
import { Errno, Restart } from "../errno.ts";
import { answerRoute } from "../fs/loopback.ts";
import type { Socket } from "../fs/socket.ts";
import { ALONE, type Beside, type Sending, type SocketMessage } from "../fs/socket_message.ts";
import { sendToTask } from "../signal/send.ts";
import { SignalCode, SignalNumber } from "../abi/signal.ts";
import type { Task } from "../task.ts";
import { besideAt, putBeside } from "./beside.ts";
import { Reception } from "./reception.ts";
import {
  addressName,
  bindAnywhere,
  nameItself,
  otherKind,
  socketNamed,
  socketOf,
  writeName,
} from "./socket_names.ts";
import { gather, isBoundless, type Piece, piecesAt } from "./transfer.ts";
import { writeBytes, writeWords32, writeWords64 } from "./user_data.ts";

const PIECES_MAX = 1024;
const SEND_MAX = 1 << 20;
/** As much as somebody waits for who waits for as much as possible. */
const RECEIVE_MAX = 1 << 22;
const { HEAD } = MessageSize;
/** As much as a datagram has of what it and its heads may have together. */
const DATAGRAM_MAX: Readonly<Record<number, number>> = {
  [Family.INET]: 65_507,
  [Family.INET6]: 65_527,
};

/** Where datagrams go that nobody waits for. */
const NOWHERE = "nowhere";

/** A `struct msghdr`. */
export interface Header {
  readonly name: number;
  readonly nameLength: number;
  readonly pieces: readonly Piece[];
  readonly control: number;
  readonly controlLength: number;
}

/** The header of a message that is in memory, or why there is none. */
export function headerAt(task: Task, address: number): Header | number {
  const bytes = task.mm.memory.bytes(address, HEAD);
  if (typeof bytes === "number") return Errno.EFAULT;
  const view = new DataView(bytes.buffer);
  const word = (at: number) => Number(view.getBigUint64(at, true));
  if (word(24) > PIECES_MAX) return Errno.EMSGSIZE;
  const pieces = piecesAt(task, word(16), word(24));
  if (typeof pieces === "number") return pieces;
  return {
    name: word(0),
    nameLength: view.getUint32(8, true),
    pieces,
    control: word(32),
    controlLength: word(40),
  };
}

/** `sendmsg`. */
export function sendMessage(task: Task, fd: number, address: number, flags: number): Answer {
  const socket = socketOf(task, fd);
  if (typeof socket === "number") return socket;
  const header = headerAt(task, address);
  if (typeof header === "number") return header;
  const total = lengthOf(header.pieces);
  const bytes = new Uint8Array(Math.min(total, SEND_MAX));
  let at = 0;
  for (const { address: from, length } of header.pieces) {
    const part = bytes.subarray(at, at + length);
    if (task.mm.memory.read(from, part) !== 0) return Errno.EFAULT;
    at += part.length;
  }
  const beside = besideAt(task, socket, header);
  if (typeof beside === "number") return beside;
  const to = { address: header.name, size: header.nameLength };
  return sendAt(task, socket, { bytes, beside, flags, ...to });
}

function sendto(
  task: Task,
  fd: number,
  buffer: number,
  length: number,
  flags: number,
  address: number,
  size: number,
): Answer {
  const socket = socketOf(task, fd);
  if (typeof socket === "number") return socket;
  const bytes = task.mm.memory.bytes(buffer, Math.min(length, SEND_MAX));
  if (typeof bytes === "number") return Errno.EFAULT;
  return sendAt(task, socket, { bytes, beside: ALONE, flags, address, size });
}

/** Send to whose address is in memory, or to who is at the other end. */
function sendAt(
  task: Task,
  socket: Socket,
  { bytes, beside, flags, address, size }: {
    bytes: Uint8Array;
    beside: Beside;
    flags: number;
    address: number;
    size: number;
  },
): Answer {
  if (socket.isUdp && bytes.length > DATAGRAM_MAX[socket.family]!) return Errno.EMSGSIZE;
  const isUrgent = (flags & MessageFlag.OOB) !== 0;
  const refusal = isUrgent ? urgentRefusal(socket, bytes.length) : 0;
  if (refusal !== 0) return refusal;
  const target = targetOf(task, socket, address, size);
  if (typeof target === "number") return target;
  return send(task, socket, { bytes, beside: { ...beside, isUrgent }, target, flags });
}

/** Why so many bytes cannot be sent as urgent; 0 if they can. */
function urgentRefusal({ family, type, wasConnected }: Socket, length: number): number {
  if (type === SocketType.STREAM) {
    return family === Family.UNIX && length === 0 ? Errno.EOPNOTSUPP : 0;
  }
  if (type === SocketType.SEQPACKET && !wasConnected) return Errno.ENOTCONN;
  // Packets to addresses of the newer family go as if that had not been said.
  return family === Family.INET6 ? 0 : Errno.EOPNOTSUPP;
}

function targetOf(
  task: Task,
  socket: Socket,
  address: number,
  length: number,
): Socket | null | typeof NOWHERE | number {
  if (socket.family === Family.NETLINK) return null;
  const isInternet = socket.family !== Family.UNIX;
  if (isInternet && socket.type === SocketType.STREAM) return null;
  if (address === 0 || length === 0) {
    if (!isInternet) return null;
    return socket.wasConnected ? reachable(task, socket, socket.peerName) : Errno.EDESTADDRREQ;
  }
  if (socket.type === SocketType.STREAM) {
    return socket.wasConnected ? Errno.EISCONN : Errno.EOPNOTSUPP;
  }
  // Packets go to the other end, whatever address is said.
  if (socket.type === SocketType.SEQPACKET) return null;
  const name = addressName(task, socket, address, length);
  if (typeof name === "number") return name;
  if (isInternet) return reachable(task, socket, name);
  const found = socketNamed(task, socket, name);
  return typeof found === "number" ? found : found.type === socket.type ? found : otherKind(name);
}

/** Who has an address of the network. */
function reachable(task: Task, socket: Socket, name: string): Socket | typeof NOWHERE | number {
  const bound = bindAnywhere(task, socket);
  const found = socketNamed(task, socket, name);
  const failure = bound || socket.takeError();
  if (failure !== 0) return failure;
  if (found !== Errno.ECONNREFUSED) return found;
  // That nobody is there comes back later, and is for who is connected to nobody.
  if (name === socket.peerName) socket.fail(Errno.ECONNREFUSED);
  return NOWHERE;
}

function send(
  task: Task,
  socket: Socket,
  { bytes, beside, target, flags }: {
    bytes: Uint8Array;
    beside: Sending;
    target: Socket | null | typeof NOWHERE;
    flags: number;
  },
): Answer {
  if (target === NOWHERE) return bytes.length;
  if (socket.family === Family.NETLINK) return askKernel(task, socket, bytes);
  let done = 0;
  const to = target ?? socket.peer;
  if (to && !to.hears(socket)) return Errno.EPERM;
  const { files, sender, isUrgent } = beside;
  // Who wants to know of others is to be known too.
  if (socket.asksSender && socket.type === SocketType.DGRAM) nameItself(task, socket);
  return task.block({
    site: socket.writeSite,
    queues: [socket.queue],
    deadline: task.now + socket.patience.send,
    timedOut: () => done > 0 ? done : Errno.EAGAIN,
    interrupted: () => done > 0 ? done : interruption(socket.patience.send),
    attempt: () => {
      if (to && files.length > 0 && done === 0) task.linux.witness?.sends(task, to, files);
      const along = done === 0 ? beside : { files: [], sender, isUrgent };
      const answer = socket.send(bytes.subarray(done), along, to);
      const isHeard = socket.type === SocketType.STREAM && (flags & MessageFlag.NOSIGNAL) === 0;
      if (answer === Errno.EPIPE && isHeard) {
        const { pid } = task.group;
        sendToTask(task, { signal: SignalNumber.SIGPIPE, code: SignalCode.USER, pid });
      }
      if (answer < 0 && answer !== Errno.EAGAIN) return done > 0 ? done : answer;
      if (answer >= 0 && (done += answer) >= bytes.length) return done;
      const waits = !socket.nonBlocking && (flags & MessageFlag.DONTWAIT) === 0;
      return waits ? null : done > 0 ? done : Errno.EAGAIN;
    },
  });
}

/** A message to the kernel, which answers at once. */
function askKernel(task: Task, socket: Socket, bytes: Uint8Array): number {
  const bound = bindAnywhere(task, socket);
  if (bound !== 0) return bound;
  for (const answer of answerRoute(bytes, Number(socket.name))) socket.tell(answer);
  return bytes.length;
}

/** What a signal does to a call that waits so long at most: it does not wait as long again. */
export function interruption(patience: number): number {
  return patience === Infinity ? Restart.SYS : Errno.EINTR;
}

/** Take what waits in a socket, when something does: all that is wanted, where that is wanted. */
function receive(
  task: Task,
  socket: Socket,
  { count, flags, use }: { count: number; flags: number; use: (message: SocketMessage) => number },
): Answer {
  const reception = new Reception(socket, count, flags);
  const most = (otherwise: number) => reception.got ? use(reception.got) : otherwise;
  return task.block({
    site: socket.readSite,
    queues: [socket.queue],
    deadline: task.now + socket.patience.receive,
    timedOut: () => most(Errno.EAGAIN),
    interrupted: () => most(interruption(socket.patience.receive)),
    attempt: () => {
      const answer = reception.attempt(task.signalled);
      if (typeof answer !== "number") return use(answer);
      return answer === Errno.EAGAIN && reception.isPatient ? null : most(answer);
    },
  });
}

/** `read`, and its like, from a socket. */
export function readSocket(
  task: Task,
  socket: Socket,
  pieces: readonly Piece[],
  flags: number,
): Answer {
  if (isBoundless(pieces)) return Errno.EFAULT;
  const count = Math.min(lengthOf(pieces), RECEIVE_MAX);
  if (count === 0) return 0;
  const use = (message: SocketMessage) => {
    const answer = scatter(task, pieces, message) ? message.bytes.length : Errno.EFAULT;
    for (const file of message.files) file.drop();
    return answer < 0 ? answer : task.usage.read(answer);
  };
  const answer = receive(task, socket, { count, flags, use });
  return typeof answer === "number" && answer < 0 ? task.usage.read(answer) : answer;
}

/** `write`, and its like, to a socket that never waits: a message of all pieces. */
export function writeSocket(
  task: Task,
  socket: Socket,
  pieces: readonly Piece[],
  flags: number,
): Answer {
  if (isBoundless(pieces)) return Errno.EFAULT;
  const bytes = gather(task, pieces);
  if (typeof bytes === "number") return bytes;
  const message = { bytes, beside: ALONE, flags, address: 0, size: 0 };
  const answer = sendAt(task, socket, message);
  return typeof answer === "number" ? task.usage.wrote(answer) : answer;
}

function recvfrom(
  task: Task,
  fd: number,
  buffer: number,
  length: number,
  flags: number,
  address: number,
  size: number,
): Answer {
  const socket = socketOf(task, fd);
  if (typeof socket === "number") return socket;
  const pieces = isDiscarded(socket, flags) ? [] : [{ address: buffer, length }];
  const use = (message: SocketMessage) => {
    for (const file of message.files) file.drop();
    if (!scatter(task, pieces, message)) return Errno.EFAULT;
    const status = address === 0 ? 0 : tellSender(task, socket, message, { address, size });
    return status || lengthTold(socket, message, flags);
  };
  return receive(task, socket, { count: Math.min(length, RECEIVE_MAX), flags, use });
}

/** `recvmsg`. */
export function receiveMessage(task: Task, fd: number, address: number, flags: number): Answer {
  const socket = socketOf(task, fd);
  if (typeof socket === "number") return socket;
  const header = headerAt(task, address);
  if (typeof header === "number") return header;
  const use = (message: SocketMessage) =>
    putMessage(task, socket, { ...header, address, flags }, message);
  return receive(task, socket, { count: roomOf(header), flags, use });
}

/** How many bytes there is room for where a header says. */
export function roomOf({ pieces }: Header): number {
  return Math.min(lengthOf(pieces), RECEIVE_MAX);
}

/** Put down who sent a message, if that has a name, and is not at the other end anyway. */
function tellSender(
  task: Task,
  socket: Socket,
  { from, isUrgent }: SocketMessage,
  { address, size }: { address: number; size: number },
): number {
  const isUntold = socket.isTcp || isUrgent || (socket.family === Family.UNIX && from === "");
  if (!isUntold) return writeName(task, socket, from, address, size);
  return writeWords32(task, size, [0]) ? 0 : Errno.EFAULT;
}

/** Whether bytes are only counted: no call cuts a stream over a network, so there the flag means this. */
function isDiscarded({ isTcp }: Socket, flags: number): boolean {
  return isTcp && (flags & MessageFlag.TRUNC) !== 0;
}

/** Put the bytes of a message down in pieces of memory; answers whether there is that memory. */
function scatter(task: Task, pieces: readonly Piece[], { bytes }: SocketMessage): boolean {
  let at = 0;
  for (const { address, length } of pieces) {
    const part = bytes.subarray(at, at + length);
    if (writeBytes(task, address, part) !== 0) return false;
    at += part.length;
  }
  return true;
}

/** Put a message down where a header says; answers how long it is, or why it is lost. */
export function putMessage(
  task: Task,
  socket: Socket,
  { address, flags, ...header }: Header & { readonly address: number; readonly flags: number },
  message: SocketMessage,
): number {
  const pieces = isDiscarded(socket, flags) ? [] : header.pieces;
  if (!scatter(task, pieces, message)) return lost(message);
  const closesOnExec = (flags & MessageFlag.CMSG_CLOEXEC) !== 0;
  const put = message.isEnd || message.isUrgent
    ? { length: 0, isCut: false }
    : putBeside(task, socket, { ...header, ...message, closesOnExec });
  if (header.name !== 0 && header.nameLength > 0) {
    const to = { address: header.name, size: address + 8 };
    const status = tellSender(task, socket, message, to);
    if (status !== 0) return status;
  } else if (!writeWords32(task, address + 8, [0])) return Errno.EFAULT;
  const length = message.length ?? message.bytes.length;
  const told = (put.isCut ? MessageFlag.CTRUNC : 0) |
    (length > message.bytes.length ? MessageFlag.TRUNC : 0) |
    (message.isUrgent ? MessageFlag.OOB : 0) |
    (flags & MessageFlag.CMSG_CLOEXEC);
  const good = writeWords64(task, address + 40, [put.length]) &&
    writeWords32(task, address + 48, [told]);
  return good ? lengthTold(socket, message, flags) : Errno.EFAULT;
}

/** What cannot be put down is lost, with the files in it. */
function lost({ files }: SocketMessage): number {
  for (const file of files) file.drop();
  return Errno.EFAULT;
}

/** How long a message is, for who asks what was cut off; how long what came of it is, for others. */
function lengthTold(
  { isTcp }: Socket,
  { bytes, length = bytes.length }: SocketMessage,
  flags: number,
): number {
  return (flags & MessageFlag.TRUNC) !== 0 && !isTcp ? length : bytes.length;
}

const BUFFER = { fd: "fd", buffer: "pointer", length: "size", flags: "int" } as const;

/** Calls that send and receive. */
export const MESSAGE_CALLS: readonly LinuxCall[] = [
  call(206, "sendto", { ...BUFFER, address: "pointer", size: "uint" }, sendto),
  call(207, "recvfrom", { ...BUFFER, address: "pointer", size: "pointer" }, recvfrom),
];
