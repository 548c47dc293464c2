/**
 * Bytes to one peer, as a stream or as datagrams.
 *
 * @module
 */
import { ObjectType, Signal, SocketOption, Status } from "../abi.ts";
import { Peered } from "../object/peer.ts";
import type { Realm } from "../object/realm.ts";
import { ByteQueue } from "./byte_queue.ts";
import { DatagramQueue } from "./datagram_queue.ts";

/** How many bytes may wait at one end. */
export const SOCKET_BYTES_MAX = 256 * 1024;

/** One end of a socket. What is written here waits at the other end. */
export class Socket extends Peered<Socket> {
  readonly type = ObjectType.SOCKET;
  /** Whether what is read is what was written at once. */
  readonly isDatagram: boolean;
  readonly #queue: ByteQueue | DatagramQueue;
  #writable = true;
  #peerWritable = true;
  #readThreshold = 0;
  #writeThreshold = 0;

  private constructor(realm: Realm, isDatagram: boolean) {
    super(realm, ObjectType.SOCKET, Signal.WRITABLE);
    this.isDatagram = isDatagram;
    this.#queue = isDatagram ? new DatagramQueue(realm) : new ByteQueue(realm);
  }

  /** Two ends of a new socket. */
  static create(realm: Realm, isDatagram = false): [Socket, Socket] {
    return Peered.pair(new Socket(realm, isDatagram), new Socket(realm, isDatagram));
  }

  /** How many bytes wait here. */
  get buffered(): number {
    return this.#queue.size;
  }

  /** How many bytes a read could answer. */
  get available(): number {
    const queue = this.#queue;
    return queue instanceof DatagramQueue ? queue.firstSize : queue.size;
  }

  /** Whether this end may still write. */
  get writable(): boolean {
    return this.#writable;
  }

  /** From how many bytes that wait here READ_THRESHOLD holds; 0 for never. */
  get readThreshold(): number {
    return this.#readThreshold;
  }

  /** From how many bytes of room at the other end WRITE_THRESHOLD holds; 0 for never. */
  get writeThreshold(): number {
    return this.#writeThreshold;
  }

  /** How many bytes there is room for at the other end. */
  get room(): number {
    const peer = this.peer;
    return peer ? SOCKET_BYTES_MAX - peer.#queue.size : 0;
  }

  /** Whether so many bytes can be sent now, at least some of them, or why not. */
  writeState(size: number) {
    if (!this.peer) return Status.PEER_CLOSED;
    if (!this.#writable) return Status.BAD_STATE;
    if (this.isDatagram) {
      if (size === 0) return Status.INVALID_ARGS;
      if (size > SOCKET_BYTES_MAX) return Status.OUT_OF_RANGE;
      return size > this.room ? Status.SHOULD_WAIT : Status.OK;
    }
    return size > 0 && this.room === 0 ? Status.SHOULD_WAIT : Status.OK;
  }

  /** Send bytes: a stream takes what there is room for, a datagram goes whole. */
  write(bytes: Uint8Array) {
    const state = this.writeState(bytes.length);
    if (state !== Status.OK) return state;
    const peer = this.peer!;
    if (bytes.length === 0) return { written: 0 };
    const part = bytes.subarray(0, this.room);
    if (!peer.#queue.push(part)) return Status.NO_MEMORY;
    peer.#updateReadable();
    this.#updateWritable();
    return { written: part.length };
  }

  /** How many bytes wait to be read. */
  get waiting(): number {
    return this.#queue.size;
  }

  /** Why nothing can be read now; OK when something can. */
  get readState() {
    if (this.#queue.size > 0) return Status.OK;
    if (!this.peer) return Status.PEER_CLOSED;
    return this.#peerWritable ? Status.SHOULD_WAIT : Status.BAD_STATE;
  }

  /** Copy out what a read would answer, and leave it there; answers how many bytes. */
  peek(target: Uint8Array): number {
    return this.#queue.peek(target);
  }

  /** Take away what a peek answered; of a datagram, the rest goes too. */
  skip(count: number): void {
    if (this.#queue instanceof DatagramQueue) this.#queue.skip();
    else this.#queue.skip(count);
    this.#updateReadable();
    const peer = this.peer;
    if (peer) peer.#updateWritable();
  }

  /** Forbid or allow writing at this end and at the other; each is 0 or one of the two options. */
  setDisposition(own: number, others: number) {
    const peer = this.peer;
    if (others !== 0 && !peer) return Status.PEER_CLOSED;
    const unread = (own === SocketOption.WRITE_ENABLED && !this.#mayEnable(peer)) ||
      (others === SocketOption.WRITE_ENABLED && !peer!.#mayEnable(this));
    if (unread) return Status.BAD_STATE;
    if (own !== 0) this.#setWritable(own === SocketOption.WRITE_ENABLED);
    if (others !== 0) peer!.#setWritable(others === SocketOption.WRITE_ENABLED);
    return Status.OK;
  }

  /** Set from how many waiting bytes READ_THRESHOLD holds. */
  setReadThreshold(bytes: number) {
    if (bytes > SOCKET_BYTES_MAX) return Status.INVALID_ARGS;
    this.#readThreshold = bytes;
    this.#updateReadable();
    return Status.OK;
  }

  /** Set from how many bytes of room WRITE_THRESHOLD holds. */
  setWriteThreshold(bytes: number) {
    if (!this.peer) return Status.PEER_CLOSED;
    if (bytes > SOCKET_BYTES_MAX) return Status.INVALID_ARGS;
    this.#writeThreshold = bytes;
    this.#updateWritable();
    return Status.OK;
  }

  /** Writing may be allowed again when the other end has read all that was written before. */
  #mayEnable(peer: Socket | null): boolean {
    return this.#writable || !peer || peer.#queue.size === 0;
  }

  #setWritable(writable: boolean): void {
    this.#writable = writable;
    const own = Signal.SOCKET_WRITE_DISABLED;
    this.updateSignals(writable ? own : Signal.WRITABLE, writable ? 0 : own);
    const peer = this.peer;
    if (!peer) return;
    peer.#peerWritable = writable;
    const others = Signal.SOCKET_PEER_WRITE_DISABLED;
    peer.updateSignals(writable ? others : 0, writable ? 0 : others);
    this.#updateWritable();
  }

  #updateReadable(): void {
    const size = this.#queue.size;
    const enough = this.#readThreshold > 0 && size >= this.#readThreshold;
    const set = (size > 0 ? Signal.READABLE : 0) | (enough ? Signal.SOCKET_READ_THRESHOLD : 0);
    this.updateSignals(Signal.READABLE | Signal.SOCKET_READ_THRESHOLD, set);
  }

  #updateWritable(): void {
    const peer = this.peer;
    const room = peer && this.#writable ? SOCKET_BYTES_MAX - peer.#queue.size : 0;
    const enough = this.#writeThreshold > 0 && room >= this.#writeThreshold;
    const set = (room > 0 ? Signal.WRITABLE : 0) | (enough ? Signal.SOCKET_WRITE_THRESHOLD : 0);
    this.updateSignals(Signal.WRITABLE | Signal.SOCKET_WRITE_THRESHOLD, set);
  }

  protected override onPeerClosed(): void {
    this.updateSignals(Signal.WRITABLE | Signal.SOCKET_WRITE_THRESHOLD, Signal.PEER_CLOSED);
  }

  protected override onClosed(): void {
    this.#queue.clear();
  }
}
