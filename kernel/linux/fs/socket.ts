/**
 * Sockets between processes of one machine: streams, datagrams and packets, with names or in pairs,
 * and with descriptors on their way from one process to another.
 *
 * @module
 */
import { joined } from "../pieces.ts";
import { SOCKET_BYTES } from "../bounds.ts";
import { Ioctl } from "../abi/ioctl.ts";
import { Family, Level, SocketOption, SocketType } from "../abi/socket.ts";
import { Errno } from "../errno.ts";
import type { Group } from "../group.ts";
import type { Linux } from "../linux.ts";
import type { Task } from "../task.ts";
import { interfaceIoctl, isAboutInterfaces } from "./loopback.ts";
import { Poll } from "../abi/polling.ts";
import { OpenFlag } from "../abi/open.ts";
import { OpenFile } from "./open_file.ts";
import { SocketInode } from "./socket_inode.ts";

/** What a new socket is. */
export interface SocketOptions {
  /** What its names are like: a `Family`. */
  readonly family: number;
  /** Its kind: a `SocketType`. */
  readonly type: number;
  /** Flags of the open file. */
  readonly flags: number;
}

/** What waits in a socket. */
export interface SocketMessage {
  /** Its bytes. */
  bytes: Uint8Array;
  /** Descriptors' files that come with it; the socket holds them. */
  files: OpenFile[];
  /** The name of the socket that sent it. */
  readonly from: string;
  /** Who sent it; null where nobody wanted to know, or nothing was sent. */
  readonly sender: Sender | null;
  /** How long it was before a part of it was taken, where the rest is gone. */
  readonly length?: number;
  /** Whether it is none: there will be no more packets. */
  readonly isEnd?: boolean;
}

/** Who sent a message, or whose a socket is, for who asks at the other end. */
export interface Sender {
  /** The process; null for the kernel itself. */
  readonly process: Group | null;
  /** Its user. */
  readonly uid: number;
  /** Its group. */
  readonly gid: number;
}

/** Whose a socket is. */
export interface SocketOwner extends Sender {
  /** Further groups of its user. */
  readonly groups: readonly number[];
}

/** What goes with the bytes of a message. */
export interface Beside {
  /** Files whose descriptors are sent. */
  readonly files: readonly OpenFile[];
  /** Who the sender says it is; null if it says nothing. */
  readonly sender: Sender | null;
}

const NOTHING: Beside = { files: [], sender: null };
const KERNEL: Sender = { process: null, uid: 0, gid: 0 };
/** Options of those who want to know who sends: as numbers, and as a descriptor of a process. */
const ASKING: readonly string[] = [SocketOption.PASSCRED, SocketOption.PASSPIDFD]
  .map((option) => settingKey(Level.SOCKET, option));

/** Under what a setting of a socket is kept. */
export function settingKey(level: number, option: number): string {
  return `${level}:${option}`;
}

/** Whether a file is a socket, for those who leave sockets open by mistake. */
export function isSocket(file: OpenFile): boolean {
  return file instanceof Socket;
}

/** A socket. */
export class Socket extends OpenFile {
  /** What its names are like: a `Family`. */
  readonly family: number;
  /** Its kind: a `SocketType`. */
  readonly type: number;
  /** Its name: a path, or a zero and anything, or an address; empty while it has none. */
  name = "";
  /** The other end. */
  peer: Socket | null = null;
  /** The name of the other end. */
  peerName = "";
  /** Who made it somebody's other end: by connecting, by listening, or by making a pair. */
  owner: SocketOwner | null = null;
  /** The same of the other end, as it was when they were joined. */
  peerOwner: SocketOwner | null = null;
  /** Whether nobody was told yet how connecting ended. */
  isConnecting = false;
  /** Whether it could not be connected when nobody waited for that. */
  isRefused = false;
  /** Why it could not be connected, for who asks; 0 if nothing is wrong. */
  error = 0;
  /** What was set about it, by level and option. */
  readonly settings: Map<string, number> = new Map();
  /** How long a call waits to receive, and to send, in nanoseconds. */
  readonly patience: { receive: number; send: number } = { receive: Infinity, send: Infinity };
  /** Who wants to connect; null unless it listens. */
  backlog: Socket[] | null = null;
  /** How many may want to. */
  backlogMax = 0;
  /** Whether it has had another end. */
  wasConnected = false;
  /** Whether nobody has accepted it yet, who might want to know who sends. */
  isAwaited = false;
  readonly #linux: Linux;
  readonly #messages: SocketMessage[] = [];
  #length = 0;
  #isReadShut = false;
  #isWriteShut = false;

  /** A socket that is nowhere. */
  constructor(linux: Linux, { family, type, flags }: SocketOptions) {
    super(new SocketInode(linux), OpenFlag.RDWR | (flags & OpenFlag.NONBLOCK));
    this.#linux = linux;
    this.family = family;
    this.type = type;
  }

  override get label(): string {
    return `socket:[${this.inode.ino}]`;
  }

  override get readSite(): string {
    if (this.type !== SocketType.STREAM) return "__skb_wait_for_more_packets";
    return this.family === Family.UNIX ? "unix_stream_read_generic" : super.readSite;
  }

  override get writeSite(): string {
    const isConnection = this.type === SocketType.STREAM && this.family !== Family.UNIX;
    return isConnection ? super.writeSite : "sock_alloc_send_pskb";
  }

  /** Join two sockets. */
  static join(one: Socket, other: Socket): void {
    one.peer = other;
    other.peer = one;
    one.peerName = other.name;
    other.peerName = one.name;
    one.peerOwner = other.owner;
    other.peerOwner = one.owner;
    one.wasConnected = other.wasConnected = true;
  }

  /** Be set as the one was that listened. */
  inherit(listener: Socket): void {
    const isUnix = this.family === Family.UNIX;
    for (const [option, value] of listener.settings) {
      if (!isUnix || ASKING.includes(option)) this.settings.set(option, value);
    }
  }

  /** Have no other end any more. */
  disconnect(): void {
    this.peer = null;
    this.peerName = "";
    this.wasConnected = false;
  }

  /** Its name as others see it: what is anywhere sends from this machine. */
  get sourceName(): string {
    if (this.family === Family.UNIX) return this.name;
    return this.name.replace(/^0\.0\.0\.0:/, "127.0.0.1:").replace(/^:::/, "::1:");
  }

  /** Whether more can be put in. */
  get hasRoom(): boolean {
    return this.#length < SOCKET_BYTES;
  }

  /** How many bytes wait in it. */
  get bytesWaiting(): number {
    return this.#length;
  }

  /** Whether nothing waits in it. */
  get isEmpty(): boolean {
    return this.#messages.length === 0;
  }

  /** Whether its names are addresses of a network. */
  get isInternet(): boolean {
    return this.family === Family.INET || this.family === Family.INET6;
  }

  /** Whether it is a stream over a network. */
  get isTcp(): boolean {
    return this.isInternet && this.type === SocketType.STREAM;
  }

  /** The files whose descriptors are on their way in messages that wait in it. */
  get filesWaiting(): readonly OpenFile[] {
    return this.#messages.flatMap(({ files }) => files);
  }

  override poll(): number {
    const { IN, RDNORM, OUT, WRNORM, WRBAND, RDHUP, HUP, ERR } = Poll;
    const isStream = this.type !== SocketType.DGRAM;
    if (this.backlog) return this.backlog.length > 0 ? IN | RDNORM : 0;
    const isOver = isStream && (this.isRefused || (this.wasConnected && this.peer === null));
    let ready = this.error === 0 ? 0 : ERR;
    if (this.#messages.length > 0 || this.#isReadShut || isOver) ready |= IN | RDNORM;
    if (isOver || (this.peer?.hasRoom ?? !this.wasConnected)) {
      ready |= OUT | WRNORM | (this.family === Family.UNIX || !isStream ? WRBAND : 0);
    }
    if (isOver || this.#isReadShut) ready |= RDHUP;
    const isAlone = isStream && !this.wasConnected;
    // Over a network, one end that is gone leaves the other one half a connection.
    const isHalf = this.isTcp && !this.isRefused && !this.#isWriteShut;
    const isGone = (isOver && !isHalf) || (this.#isReadShut && this.#isWriteShut);
    return isGone || isAlone ? ready | HUP : ready;
  }

  override read(count: number): Uint8Array | number {
    const message = this.receive(count, false);
    if (typeof message === "number") return message;
    for (const file of message.files) file.drop();
    return message.bytes;
  }

  override write(bytes: Uint8Array): number {
    return this.send(bytes);
  }

  override ioctl(task: Task, request: number, argument: number): number {
    if (isAboutInterfaces(request)) return interfaceIoctl(task, request, argument);
    if (request !== Ioctl.FIONREAD && request !== Ioctl.TIOCOUTQ) return Errno.ENOTTY;
    const first = this.#messages[0]?.bytes.length ?? 0;
    const waiting = this.type === SocketType.STREAM ? this.#length : first;
    const sent = this.peer ? this.peer.#length : 0;
    const count = request === Ioctl.FIONREAD ? waiting : sent;
    return task.mm.memory.writeU32(argument, count) === 0 ? 0 : Errno.EFAULT;
  }

  /** Whether who reads from it, or writes to it, wants to be told who sends. */
  get asksSender(): boolean {
    return this.family === Family.UNIX &&
      ASKING.some((option) => (this.settings.get(option) ?? 0) !== 0);
  }

  /** Take what waits, or look at it; EAGAIN while there is nothing. */
  receive(count: number, isPeek: boolean): SocketMessage | number {
    const first = this.#messages[0];
    const { error } = this;
    this.error = 0;
    if (error !== 0) return error;
    if (!first) return this.#whyNothing();
    const message = this.type === SocketType.STREAM
      ? this.#takeStream(first, count, isPeek)
      : this.#takeWhole(first, count, isPeek);
    if (!isPeek) this.peer?.queue.wake(Poll.OUT | Poll.WRNORM);
    return message;
  }

  /** Send to the other end, or to another socket; answers how many bytes were taken. */
  send(bytes: Uint8Array, beside: Beside = NOTHING, to: Socket | null = this.peer): number {
    if (this.#isWriteShut) return Errno.EPIPE;
    if (to === null) {
      if (this.wasConnected) {
        return this.type === SocketType.DGRAM ? Errno.ECONNREFUSED : Errno.EPIPE;
      }
      return this.isTcp ? Errno.EPIPE : Errno.ENOTCONN;
    }
    if (this.type === SocketType.DGRAM && to.references === 0) return Errno.ECONNREFUSED;
    if (to.#isReadShut) return Errno.EPIPE;
    const isAsked = this.asksSender || to.asksSender || to.isAwaited;
    const sender = beside.sender ?? (isAsked ? this.#writer() : null);
    return to.#take(bytes, { files: beside.files, sender }, this.sourceName);
  }

  /** Let the kernel itself say something to who reads from it. */
  tell(bytes: Uint8Array): void {
    if (this.references > 0) this.#take(bytes, { files: [], sender: KERNEL }, "");
  }

  /** Send or receive no more. */
  shutDown(isRead: boolean, isWrite: boolean): void {
    if (isRead) this.#isReadShut = true;
    if (isWrite) this.#isWriteShut = true;
    const { peer } = this;
    if (peer && this.type !== SocketType.DGRAM) {
      if (isWrite) peer.#isReadShut = true;
      if (isRead) peer.#isWriteShut = true;
      peer.queue.wake();
    }
    this.queue.wake();
  }

  protected override closed(): void {
    const { peer } = this;
    this.peer = null;
    if (peer?.peer === this) {
      peer.peer = null;
      peer.queue.wake();
    }
    for (const one of this.backlog ?? []) {
      if (one.peer) one.peer.peer = null;
      one.peer?.queue.wake();
    }
    for (const { files } of this.#messages) for (const file of files) file.drop();
    this.#messages.length = 0;
  }

  /** Who writes now. */
  #writer(): Sender | null {
    const { current } = this.#linux;
    if (!current) return null;
    const { uid, gid } = current.credentials;
    return { process: current.group, uid, gid };
  }

  /** What is answered where nothing waits: that it is over, that there is nothing yet, or an error. */
  #whyNothing(): SocketMessage | number {
    const isAlone = this.wasConnected && this.peer === null && this.type !== SocketType.DGRAM;
    const isOver = this.#isReadShut || isAlone;
    if (this.type !== SocketType.DGRAM && !this.wasConnected) {
      return this.family === Family.UNIX ? Errno.EINVAL : Errno.ENOTCONN;
    }
    if (!isOver) return Errno.EAGAIN;
    const isEnd = this.type !== SocketType.STREAM;
    return { bytes: new Uint8Array(), files: [], from: "", sender: KERNEL, isEnd };
  }

  #takeWhole(first: SocketMessage, count: number, isPeek: boolean): SocketMessage {
    const { length } = first.bytes;
    const files = isPeek ? first.files.map((file) => file.hold()) : first.files;
    if (!isPeek) {
      this.#messages.shift();
      this.#length -= length;
    }
    return { ...first, bytes: first.bytes.slice(0, count), files, length };
  }

  /** Bytes of a stream, up to the end of what files came with, or what somebody else sent. */
  #takeStream(first: SocketMessage, count: number, isPeek: boolean): SocketMessage {
    const parts: Uint8Array[] = [];
    const files: OpenFile[] = [];
    const { from, sender } = first;
    let [left, whole] = [count, 0];
    for (const one of this.#messages) {
      if (this.asksSender && !isSame(one.sender, sender)) break;
      const part = one.bytes.subarray(0, left);
      const isWhole = part.length === one.bytes.length;
      parts.push(part);
      left -= part.length;
      files.push(...isPeek ? one.files.map((file) => file.hold()) : one.files);
      if (!isPeek) {
        one.files = [];
        one.bytes = one.bytes.subarray(part.length);
      }
      if (isWhole) whole++;
      if (!isWhole || left === 0 || files.length > 0) break;
    }
    if (!isPeek) {
      this.#messages.splice(0, whole);
      this.#length -= count - left;
    }
    return { bytes: joined(parts), files, from, sender };
  }

  #take(bytes: Uint8Array, { files, sender }: Beside, from: string): number {
    const room = SOCKET_BYTES - this.#length;
    const isStream = this.type === SocketType.STREAM;
    if (!isStream && bytes.length > SOCKET_BYTES) return Errno.EMSGSIZE;
    if (room <= 0 || (!isStream && bytes.length > room)) return Errno.EAGAIN;
    const taken = bytes.slice(0, room);
    if (taken.length === 0 && isStream) return 0;
    const last = this.#messages[this.#messages.length - 1];
    const isPlain = isStream && files.length === 0 && last?.files.length === 0;
    if (isPlain && last.bytes.length < 4096 && isSame(last.sender, sender)) {
      last.bytes = joined([last.bytes, taken]);
    } else {
      this.#messages.push({ bytes: taken, files: files.map((file) => file.hold()), from, sender });
    }
    this.#length += taken.length;
    this.queue.wake(Poll.IN | Poll.RDNORM);
    return taken.length;
  }
}

function isSame(one: Sender | null, other: Sender | null): boolean {
  return one?.process === other?.process && one?.uid === other?.uid && one?.gid === other?.gid;
}

/** The socket of a descriptor. */
export function socketOf(task: Task, fd: number): Socket | number {
  const file = task.file(fd);
  if (!file) return Errno.EBADF;
  return file instanceof Socket ? file : Errno.ENOTSOCK;
}
