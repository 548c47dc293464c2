/**
 * Streams of bytes that wait in sockets, with places in them that no call reads across: behind files,
 * between senders, and before a byte that was sent as urgent.
 *
 * An urgent byte waits in a message of its own, among the others.
 *
 * @module
 */
import { joined, lengthOf } from "../pieces.ts";
import { Errno } from "../errno.ts";
import type { OpenFile } from "./open_file.ts";
import { type Ground, ReceiveQueue, type Taking } from "./receive_queue.ts";
import { ALONE, isSame, type Sending, type SocketMessage } from "./socket_message.ts";

/** What is sent in smaller pieces is kept in larger ones. */
const PIECE = 4096;

/** What a stream has to know of the socket that it waits in. */
export interface Receiver {
  /** Whether somebody wants to know who sends. */
  readonly asksSender: boolean;
  /** Whether urgent bytes are read with all others. */
  readonly isUrgentInline: boolean;
  /** How many bytes have to wait before there is something to read. */
  readonly lowWater: number;
}

/** A stream that waits in a socket. */
export abstract class StreamQueue extends ReceiveQueue {
  /** Who reads it. */
  protected readonly receiver: Receiver;
  #urgent: SocketMessage | null = null;

  /** An empty stream. */
  constructor(ground: Ground, receiver: Receiver) {
    super(ground);
    this.receiver = receiver;
  }

  override get urgent(): SocketMessage | null {
    return this.#urgent;
  }

  protected override set urgent(message: SocketMessage | null) {
    this.#urgent = message;
  }

  override get available(): number {
    return this.length;
  }

  /** Whether the last byte of what fits is urgent, where the last byte of all is meant to be. */
  protected abstract isLastUrgent(isWhole: boolean): boolean;

  /** Have an urgent byte behind all others. */
  protected abstract urge(byte: Uint8Array, beside: Sending, from: string): void;

  /** Where a call goes on that stands before a message; null if the call ends there. */
  protected abstract pass(at: number, isPeek: boolean, hasSome: boolean): number | null;

  override put(bytes: Uint8Array, beside: Sending, from: string): number {
    const room = this.capacity - this.length;
    if (room <= 0) return Errno.EAGAIN;
    const taken = bytes.slice(0, room);
    if (taken.length === 0) return 0;
    if (!this.hasMemory(taken.length)) return Errno.ENOBUFS;
    const isUrgent = beside.isUrgent && this.isLastUrgent(taken.length === bytes.length);
    const plain = taken.subarray(0, taken.length - (isUrgent ? 1 : 0));
    if (plain.length > 0) this.#add(plain, { ...beside, isUrgent: false }, from);
    if (isUrgent) {
      const { files } = plain.length > 0 ? ALONE : beside;
      this.urge(taken.subarray(plain.length), { ...beside, files }, from);
    }
    return taken.length;
  }

  override take({ count, isPeek, before }: Taking): SocketMessage | null {
    const parts: Uint8Array[] = [];
    const files: OpenFile[] = [];
    let [first, left, at, isLast] = [before, count, 0, false];
    do {
      const next = this.pass(at, isPeek, first !== null);
      const one = next === null ? null : this.messages[at = next];
      if (one === undefined) break;
      isLast = one === null || (first !== null && this.#isElse(one, first));
      if (one === null || isLast) break;
      first ??= one;
      const part = one.bytes.subarray(0, left);
      parts.push(part);
      left -= part.length;
      files.push(...isPeek ? one.files.map((file) => file.hold()) : one.files);
      isLast = files.length > 0;
      if (isPeek) at++;
      else this.#consume(one, part.length);
    } while (left > 0 && !isLast);
    if (parts.length === 0 && !isLast) return null;
    const { from = "", sender = null } = first ?? {};
    return { bytes: joined(parts), files, from, sender, isLast };
  }

  /** An urgent byte by itself, as it is given out past all others. */
  protected alone(bytes: Uint8Array): SocketMessage {
    return { bytes, files: [], from: "", sender: null, isUrgent: true, length: 1 };
  }

  /** How many bytes wait before a message. */
  protected lengthBefore(message: SocketMessage): number {
    const before = this.messages.slice(0, this.messages.indexOf(message));
    return lengthOf(before.map(({ bytes }) => bytes));
  }

  #add(bytes: Uint8Array, beside: Sending, from: string): void {
    const last = this.messages[this.messages.length - 1];
    const isPlain = last && last.files.length === 0 && !last.isUrgent && beside.files.length === 0;
    if (isPlain && last.bytes.length < PIECE && isSame(last.sender, beside.sender)) {
      last.bytes = joined([last.bytes, bytes]);
      this.bytes += bytes.length;
      this.charge(last, bytes.length);
    } else this.append(bytes, beside, from);
  }

  /** Whether a message is from somebody else than another one, for who wants to know. */
  #isElse({ sender }: SocketMessage, other: SocketMessage): boolean {
    return this.receiver.asksSender && !isSame(sender, other.sender);
  }

  /** So many bytes of the first message are given out, and all its files. */
  #consume(one: SocketMessage, count: number): void {
    this.landed(one.files);
    one.files = [];
    one.bytes = one.bytes.subarray(count);
    this.bytes -= count;
    if (one.bytes.length > 0) return;
    this.messages.shift();
    this.release(one);
    if (one === this.#urgent) this.#urgent = null;
  }
}
