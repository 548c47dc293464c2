/**
 * Sending and receiving through sockets, with descriptors on the way.
 *
 * @module
 */
import { Family, MessageFlag, MessageSize, SocketType } from "../abi/socket.ts";
import { joined, lengthOf } from "../pieces.ts";
import type { Answer } from "../answer.ts";
import { call, type LinuxCall } from "../call.ts";
import { Errno, Restart } from "../errno.ts";
import { answerRoute } from "../fs/loopback.ts";
import { type Beside, type Socket, type SocketMessage, socketOf } from "../fs/socket.ts";
import { sendToTask } from "../signal/send.ts";
import { SignalCode, SignalNumber } from "../abi/signal.ts";
import type { Task } from "../task.ts";
import { besideAt, putBeside } from "./beside.ts";
import { addressName, bindAnywhere, nameItself, socketNamed, writeName } from "./socket_names.ts";
import { type Piece, piecesAt } from "./transfer.ts";
import { readTime, writeBytes, writeWords32, writeWords64 } from "./user_data.ts";

const PIECES_MAX = 1024;
const SEND_MAX = 1 << 20;
const MESSAGES_MAX = 1024;
const { HEAD, COUNTED } = MessageSize;

/** Where datagrams go that nobody waits for. */
const NOWHERE = "nowhere";
const ALONE: Beside = { files: [], sender: null };

/** A `struct msghdr`. */
interface Header {
  readonly name: number;
  readonly nameLength: number;
  readonly pieces: readonly Piece[];
  readonly control: number;
  readonly controlLength: number;
}

function headerAt(task: Task, address: number): Header | number {
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
  const target = targetOf(task, socket, header.name, header.nameLength);
  if (typeof target === "number") return target;
  return send(task, socket, { bytes, beside, target, flags });
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
  const target = targetOf(task, socket, address, size);
  if (typeof target === "number") return target;
  return send(task, socket, { bytes, beside: ALONE, target, flags });
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
    if (!isInternet || socket.peer || !socket.wasConnected) {
      return isInternet && !socket.wasConnected ? Errno.EDESTADDRREQ : null;
    }
    const found = socketNamed(task, socket, socket.peerName);
    return typeof found === "number" ? found : socket.peer = found;
  }
  if (socket.type === SocketType.STREAM) {
    return socket.wasConnected ? Errno.EISCONN : Errno.EOPNOTSUPP;
  }
  const name = addressName(task, socket, address, length);
  if (typeof name === "number") return name;
  const found = socketNamed(task, socket, name);
  const bound = bindAnywhere(task, socket);
  if (bound !== 0) return bound;
  // Nobody is told that nobody is there, unless somebody was to be.
  return isInternet && found === Errno.ECONNREFUSED ? NOWHERE : found;
}

function send(
  task: Task,
  socket: Socket,
  { bytes, beside, target, flags }: {
    bytes: Uint8Array;
    beside: Beside;
    target: Socket | null | typeof NOWHERE;
    flags: number;
  },
): Answer {
  if (target === NOWHERE) return bytes.length;
  if (socket.family === Family.NETLINK) return askKernel(task, socket, bytes);
  let done = 0;
  const to = target ?? socket.peer;
  const { files, sender } = beside;
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
      const along = done === 0 ? beside : { files: [], sender };
      const answer = socket.send(bytes.subarray(done), along, to);
      const isHeard = socket.type === SocketType.STREAM && (flags & MessageFlag.NOSIGNAL) === 0;
      if (answer === Errno.EPIPE && isHeard) {
        const { pid } = task.group;
        sendToTask(task, { signal: SignalNumber.SIGPIPE, code: SignalCode.USER, pid });
      }
      if (answer === Errno.EAGAIN) {
        const waits = !socket.nonBlocking && (flags & MessageFlag.DONTWAIT) === 0;
        return waits ? null : done > 0 ? done : Errno.EAGAIN;
      }
      if (answer < 0) return done > 0 ? done : answer;
      done += answer;
      return done >= bytes.length ? done : null;
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
  const isPeek = (flags & MessageFlag.PEEK) !== 0;
  const isPatient = !socket.nonBlocking && (flags & MessageFlag.DONTWAIT) === 0;
  const wantsAll = (flags & MessageFlag.WAITALL) !== 0 && socket.type === SocketType.STREAM &&
    !isPeek;
  let got: SocketMessage | null = null;
  const most = (otherwise: number) => got ? use(got) : otherwise;
  return task.block({
    site: socket.readSite,
    queues: [socket.queue],
    deadline: task.now + socket.patience.receive,
    timedOut: () => most(Errno.EAGAIN),
    interrupted: () => most(interruption(socket.patience.receive)),
    attempt: () => {
      for (;;) {
        const more = socket.receive(count - (got?.bytes.length ?? 0), isPeek);
        if (more === Errno.EAGAIN) return isPatient ? null : most(Errno.EAGAIN);
        if (typeof more === "number") return most(more);
        // What somebody else sent, or what comes with files, is for another call.
        const isLast = more.bytes.length === 0 || more.files.length > 0 || !socket.isEmpty;
        got = got ? joinedMessage(got, more) : more;
        if (isLast || !wantsAll || got.bytes.length >= count) return use(got);
      }
    },
  });
}

function joinedMessage(one: SocketMessage, { bytes, files }: SocketMessage): SocketMessage {
  return { ...one, bytes: joined([one.bytes, bytes]), files };
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
  const use = (message: SocketMessage) => {
    const { bytes, files, from } = message;
    for (const file of files) file.drop();
    const status = writeBytes(task, buffer, bytes) ||
      (address === 0 ? 0 : writeName(task, socket, from, address, size));
    return status || lengthTold(message, flags);
  };
  return receive(task, socket, { count: Math.min(length, SEND_MAX), flags, use });
}

/** `recvmsg`. */
export function receiveMessage(task: Task, fd: number, address: number, flags: number): Answer {
  const socket = socketOf(task, fd);
  if (typeof socket === "number") return socket;
  const header = headerAt(task, address);
  if (typeof header === "number") return header;
  const count = Math.min(lengthOf(header.pieces), SEND_MAX);
  const use = (message: SocketMessage) =>
    putMessage(task, socket, { ...header, address, flags }, message);
  return receive(task, socket, { count, flags, use });
}

/** Put a message down where a header says; answers how long it is, or why it is lost. */
function putMessage(
  task: Task,
  socket: Socket,
  { address, flags, ...header }: Header & { readonly address: number; readonly flags: number },
  message: SocketMessage,
): number {
  let at = 0;
  for (const { address: to, length } of header.pieces) {
    const part = message.bytes.subarray(at, at + length);
    if (writeBytes(task, to, part) !== 0) return lost(message);
    at += part.length;
  }
  const closesOnExec = (flags & MessageFlag.CMSG_CLOEXEC) !== 0;
  const put = message.isEnd
    ? { length: 0, isCut: false }
    : putBeside(task, socket, { ...header, ...message, closesOnExec });
  if (header.name !== 0 && header.nameLength > 0) {
    const status = writeName(task, socket, message.from, header.name, address + 8);
    if (status !== 0) return status;
  } else if (!writeWords32(task, address + 8, [0])) return Errno.EFAULT;
  const length = message.length ?? message.bytes.length;
  const told = (put.isCut ? MessageFlag.CTRUNC : 0) |
    (length > message.bytes.length ? MessageFlag.TRUNC : 0) |
    (flags & MessageFlag.CMSG_CLOEXEC);
  const good = writeWords64(task, address + 40, [put.length]) &&
    writeWords32(task, address + 48, [told]);
  return good ? lengthTold(message, flags) : Errno.EFAULT;
}

/** What cannot be put down is lost, with the files in it. */
function lost({ files }: SocketMessage): number {
  for (const file of files) file.drop();
  return Errno.EFAULT;
}

/** How long a message is, for who asks what was cut off; how long what came of it is, for others. */
function lengthTold({ bytes, length = bytes.length }: SocketMessage, flags: number): number {
  return (flags & MessageFlag.TRUNC) !== 0 ? length : bytes.length;
}

/** `sendmmsg`: messages until one has to wait; for the first one the call does. */
export function sendMany(task: Task, fd: number, address: number, count: number, flags: number) {
  const most = Math.min(count, MESSAGES_MAX);
  for (let one = 0; one < most; one++) {
    const at = address + one * COUNTED;
    const answer = sendMessage(task, fd, at, one === 0 ? flags : flags | MessageFlag.DONTWAIT);
    // The first message waits for room: the call is over when it is sent.
    if (typeof answer !== "number") return answer;
    if (answer < 0) return one > 0 ? one : answer;
    if (!writeWords32(task, at + HEAD, [answer])) return Errno.EFAULT;
  }
  return most;
}

/**
 * `recvmmsg`: as many messages as there is room for, or as came until a time that is looked at after
 * each of them; those that wait behind the first one, if that is all that is wanted.
 */
export function receiveMany(
  task: Task,
  fd: number,
  address: number,
  count: number,
  flags: number,
  timeout: number,
): Answer {
  const patience = timeout === 0 ? Infinity : readTime(task, timeout);
  if (patience < 0) return patience;
  const socket = socketOf(task, fd);
  if (typeof socket === "number") return socket;
  const most = Math.min(count, MESSAGES_MAX);
  const end = task.now + patience;
  let done = 0;
  const told = (otherwise: number) => done > 0 ? done : otherwise;
  const isPatient = () =>
    !socket.nonBlocking && (flags & MessageFlag.DONTWAIT) === 0 &&
    (done === 0 || (flags & MessageFlag.WAITFORONE) === 0);
  return task.block({
    site: socket.readSite,
    queues: [socket.queue],
    deadline: task.now + socket.patience.receive,
    timedOut: () => told(Errno.EAGAIN),
    interrupted: () => told(interruption(socket.patience.receive)),
    attempt: () => {
      while (done < most && (done === 0 || task.now < end)) {
        const answer = receiveCounted(task, socket, address + done * COUNTED, flags);
        if (answer === Errno.EAGAIN) return isPatient() ? null : told(answer);
        if (answer < 0) return told(answer);
        done++;
      }
      return done;
    },
  });
}

/** Take one message that waits, and write down how long it is behind its header. */
function receiveCounted(task: Task, socket: Socket, address: number, flags: number): number {
  const header = headerAt(task, address);
  if (typeof header === "number") return header;
  const count = Math.min(lengthOf(header.pieces), SEND_MAX);
  const message = socket.receive(count, (flags & MessageFlag.PEEK) !== 0);
  if (typeof message === "number") return message;
  const length = putMessage(task, socket, { ...header, address, flags }, message);
  if (length < 0) return length;
  return writeWords32(task, address + HEAD, [length]) ? length : Errno.EFAULT;
}

const BUFFER = { fd: "fd", buffer: "pointer", length: "size", flags: "int" } as const;

/** Calls that send and receive. */
export const MESSAGE_CALLS: readonly LinuxCall[] = [
  call(206, "sendto", { ...BUFFER, address: "pointer", size: "uint" }, sendto),
  call(207, "recvfrom", { ...BUFFER, address: "pointer", size: "pointer" }, recvfrom),
];
