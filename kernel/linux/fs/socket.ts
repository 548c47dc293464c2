/**
 * Sockets between processes of one machine: streams, datagrams and packets, with names or in pairs,
 * and with descriptors on their way from one process to another.
 *
 * @module
 */
import { DATAGRAMS_MAX, SOCKET_COST } from "../bounds.ts";
import { Family, SocketType } from "../abi/socket.ts";
import { Errno } from "../errno.ts";
import type { Linux } from "../linux.ts";
import type { Task } from "../task.ts";
import { interfaceIoctl, isAboutInterfaces } from "./loopback.ts";
import { Poll } from "../abi/polling.ts";
import { OpenFlag } from "../abi/open.ts";
import { OpenFile } from "./open_file.ts";
import { countTold } from "./socket_counts.ts";
import { SocketInode } from "./socket_inode.ts";
import { queueFor } from "./socket_queue.ts";
import type { ReceiveQueue, Taking } from "./receive_queue.ts";
import { SendRoom } from "./send_room.ts";
import { ASKING, LOW_WATER, URGENT_INLINE } from "./socket_settings.ts";
import { ALONE, KERNEL, nothing, type Sending, writerOf } from "./socket_message.ts";
import type { SocketMessage, SocketOwner } from "./socket_message.ts";

/** What a new socket is. */
export interface SocketOptions {
  /** What its names are like: a `Family`. */
  readonly family: number;
  /** Its kind: a `SocketType`. */
  readonly type: number;
  /** Flags of the open file. */
  readonly flags: number;
}

/** What may have become ready where bytes arrived. */
const ARRIVED = Poll.IN | Poll.PRI | Poll.RDNORM | Poll.RDBAND;

/** A socket. */
export class Socket extends OpenFile {
  /** What its names are like: a `Family`. */
  readonly family: number;
  /** Its kind: a `SocketType`. */
  readonly type: number;
  /** Its name: a path, or a zero and anything, or an address; empty while it has none. */
  name = "";
  /** The address and the port that somebody wanted it to have; empty where nobody said any. */
  wanted = "";
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
  readonly #waiting: ReceiveQueue;
  /** The room for what it sends, where that is counted: of packets within a machine. */
  readonly #room: SendRoom | null;
  #cost = 0;
  #isReadShut = false;
  #isWriteShut = false;

  /** A socket that is nowhere. */
  constructor(linux: Linux, { family, type, flags }: SocketOptions) {
    super(new SocketInode(linux), OpenFlag.RDWR | (flags & OpenFlag.NONBLOCK));
    this.#linux = linux;
    this.family = family;
    this.type = type;
    this.#waiting = queueFor(linux, this);
    this.#room = family === Family.UNIX && type !== SocketType.STREAM ? new SendRoom(this) : null;
  }

  /** Have the machine hold it; answers false where it holds too much already. */
  charge(): boolean {
    if (!this.#linux.memory.charge(SOCKET_COST)) return false;
    this.#cost = SOCKET_COST;
    return true;
  }

  override get label(): string {
    return `socket:[${this.inode.ino}]`;
  }

  override get tellsOwner(): boolean {
    return true;
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

  /** How many bytes wait in it. */
  get bytesWaiting(): number {
    return this.#waiting.length;
  }

  /** How many bytes the next call gets, as far as anybody can say. */
  get bytesNext(): number {
    return this.#waiting.available;
  }

  /** How many bytes have to wait in it before there is something to read. */
  get lowWater(): number {
    return this.settings.get(LOW_WATER) ?? 1;
  }

  /** Whether urgent bytes are read with all others. */
  get isUrgentInline(): boolean {
    return (this.settings.get(URGENT_INLINE) ?? 0) !== 0;
  }

  /** Whether what is read next is an urgent byte, or stands behind where one was. */
  get isAtMark(): boolean {
    return this.#waiting.isAtMark;
  }

  /** Whether its names are addresses of a network. */
  get isInternet(): boolean {
    return this.family === Family.INET || this.family === Family.INET6;
  }

  /** Whether it is a stream over a network. */
  get isTcp(): boolean {
    return this.isInternet && this.type === SocketType.STREAM;
  }

  /** Whether what is sent goes out over a network, wherever it may arrive. */
  get isUdp(): boolean {
    return this.isInternet && this.type === SocketType.DGRAM;
  }

  /** Whether nothing more will come. */
  get isOver(): boolean {
    const isAlone = this.wasConnected && this.peer === null && this.type !== SocketType.DGRAM;
    return this.#isReadShut || isAlone;
  }

  /** The files whose descriptors are on their way in messages that wait in it. */
  get filesWaiting(): readonly OpenFile[] {
    const own = this.#waiting.files;
    return this.backlog ? own.concat(this.backlog.flatMap((one) => one.filesWaiting)) : own;
  }

  /** Throw away what waits in it. */
  discard(): void {
    this.#waiting.clear();
    for (const one of this.backlog ?? []) one.discard();
  }

  override drop(): void {
    super.drop();
    this.#linux.inFlight.left();
  }

  override poll(): number {
    const { IN, PRI, RDNORM, OUT, WRNORM, WRBAND, RDHUP, HUP, ERR } = Poll;
    const isStream = this.type !== SocketType.DGRAM;
    if (this.backlog) return this.backlog.length > 0 ? IN | RDNORM : 0;
    const isOver = isStream && (this.isRefused || (this.wasConnected && this.peer === null));
    let ready = this.error === 0 ? 0 : ERR;
    if (this.#waiting.isReadable || this.#isReadShut || isOver) ready |= IN | RDNORM;
    if (this.#waiting.hasUrgent) ready |= PRI;
    if (isOver || this.#canSend()) {
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
    // Past the mark goes only who receives, not who has bytes moved elsewhere.
    if (this.isTcp && this.isAtMark && !this.isUrgentInline) return new Uint8Array();
    const message = this.receive({ count, isPeek: false, before: null });
    if (typeof message === "number") return message;
    for (const file of message.files) file.drop();
    return message.bytes;
  }

  override write(bytes: Uint8Array): number {
    return this.send(bytes);
  }

  override ioctl(task: Task, request: number, argument: number): number {
    if (isAboutInterfaces(request)) return interfaceIoctl(task, request, argument);
    const count = countTold(this, request);
    if (count < 0) return count;
    return task.mm.memory.writeU32(argument, count) === 0 ? 0 : Errno.EFAULT;
  }

  /** Whether who reads from it, or writes to it, wants to be told who sends. */
  get asksSender(): boolean {
    return this.family === Family.UNIX &&
      ASKING.some((option) => (this.settings.get(option) ?? 0) !== 0);
  }

  /** Take what waits, or look at it; EAGAIN while there is nothing. */
  receive(taking: Taking): SocketMessage | number {
    // What a stream of this machine still got comes first.
    const isStream = this.family === Family.UNIX && this.type === SocketType.STREAM;
    const error = isStream && this.#waiting.count > 0 ? 0 : this.takeError();
    if (error !== 0) return error;
    const { length } = this.#waiting;
    const message = this.#waiting.take(taking);
    const hasTaken = message !== null && !taking.isPeek;
    if (hasTaken || this.#waiting.length < length) this.#tellOfRoom();
    return message ?? this.#whyNothing();
  }

  /** What went wrong since anybody asked, or 0. */
  takeError(): number {
    const { error } = this;
    this.error = 0;
    return error;
  }

  /** Something went wrong that the next call is to tell. */
  fail(error: number): void {
    this.error = error;
    this.queue.wake();
  }

  /** Take an urgent byte past all others, or look at it; or why not. */
  receiveUrgent(taking: Taking): SocketMessage | number {
    const isPacket = this.type === SocketType.SEQPACKET;
    if (this.backlog || (isPacket && !this.wasConnected)) return Errno.ENOTCONN;
    return this.#waiting.takeUrgent(taking);
  }

  /** Whether a datagram of another one is taken: between processes, by who is connected of one only. */
  hears(from: Socket): boolean {
    const isLocal = this.family === Family.UNIX && this.type === SocketType.DGRAM;
    return !isLocal || this.references === 0 || this.peer === null || this.peer === from;
  }

  /** Send to the other end, or to another socket; answers how many bytes were taken. */
  send(bytes: Uint8Array, beside: Sending = ALONE, to: Socket | null = this.peer): number {
    const error = this.#room ? this.takeError() : 0;
    if (error !== 0 || this.#isWriteShut) return error || Errno.EPIPE;
    if (to === null) {
      return this.wasConnected || this.isTcp ? Errno.EPIPE : Errno.ENOTCONN;
    }
    if (!to.hears(this)) return Errno.EPERM;
    if (this.type === SocketType.DGRAM && to.references === 0) {
      if (to === this.peer) this.disconnect();
      return Errno.ECONNREFUSED;
    }
    if (to.#isReadShut && !this.isUdp) return Errno.EPIPE;
    if (bytes.length > (this.#room?.longest ?? Infinity)) return Errno.EMSGSIZE;
    if (this.#room?.hasSome === false) return Errno.EAGAIN;
    const isAsked = this.asksSender || to.asksSender || to.isAwaited;
    const sender = beside.sender ?? (isAsked ? writerOf(this.#linux) : null);
    if (to.#isCrowded(this)) return to.#waiting.hope(this.queue);
    const taken = to.#take(bytes, { ...beside, sender, room: this.#room }, this.sourceName);
    if (taken !== Errno.EAGAIN) return taken;
    // What the network cannot deliver is lost, and nobody hears of it.
    return this.isUdp ? bytes.length : to.#waiting.hope(this.queue);
  }

  /** Let the kernel itself say something to who reads from it. */
  tell(bytes: Uint8Array): void {
    if (this.references > 0) this.#take(bytes, { ...ALONE, sender: KERNEL }, "");
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
      if (this.type !== SocketType.DGRAM) peer.peer = null;
      if (this.#isCutOff) peer.error = Errno.ECONNRESET;
      peer.queue.wake();
    }
    for (const one of this.backlog ?? []) one.closed();
    this.#linux.realm.inTurn(() => this.#waiting.clear());
    this.#linux.memory.uncharge(this.#cost);
    this.#cost = 0;
    this.#tellOfRoom();
  }

  /** Whether it ends before all was read: what nobody has accepted does in any case. */
  get #isCutOff(): boolean {
    const isConnection = this.family === Family.UNIX && this.type !== SocketType.DGRAM;
    return isConnection && (this.isAwaited || this.#waiting.count > 0);
  }

  /** Whether the other end can take something, or refuses it at once. */
  #canSend(): boolean {
    const { peer } = this;
    if (this.isUdp || !peer) return this.isUdp || !this.wasConnected;
    if (
      (this.#room?.isWritable ?? peer.#waiting.length < peer.#waiting.capacity) &&
      !peer.#isCrowded(this)
    ) return true;
    peer.#waiting.hope(this.queue);
    return false;
  }

  /** Whether as many messages wait in it as a socket may have from others than its other end. */
  #isCrowded(sender: Socket): boolean {
    const isOpen = this.family === Family.UNIX && this.type === SocketType.DGRAM;
    return isOpen && this.peer !== sender && this.#waiting.count > DATAGRAMS_MAX;
  }

  #tellOfRoom(): void {
    this.peer?.queue.wake(Poll.OUT | Poll.WRNORM);
    this.#waiting.tellOfRoom();
  }

  /** What is answered where nothing waits: that it is over, that there is nothing yet, or an error. */
  #whyNothing(): SocketMessage | number {
    if (this.type !== SocketType.DGRAM && !this.wasConnected) {
      return this.family === Family.UNIX ? Errno.EINVAL : Errno.ENOTCONN;
    }
    return this.isOver ? nothing(this.type !== SocketType.STREAM) : Errno.EAGAIN;
  }

  #take(bytes: Uint8Array, beside: Sending, from: string): number {
    const { urgent } = this.#waiting;
    const taken = this.#waiting.put(bytes, beside, from);
    if (taken < 0 || (taken === 0 && this.type === SocketType.STREAM)) return taken;
    const isUrgent = this.#waiting.urgent !== urgent;
    if (isUrgent) this.notice?.wakeUrgent();
    // Too little is nothing to who waits for more, but whoever receives looks again.
    this.queue.wake(isUrgent || this.#waiting.isReadable ? ARRIVED : 0);
    return taken;
  }
}
