/**
 * What waits in sockets to be received: packets, each of which is taken as a whole.
 *
 * @module
 */
import { SOCKET_BYTES } from "../bounds.ts";
import { Poll } from "../abi/polling.ts";
import { Errno } from "../errno.ts";
import type { Linux } from "../linux.ts";
import type { Carrier } from "./in_flight.ts";
import type { OpenFile } from "./open_file.ts";
import type { WaitQueue } from "../wait_queue.ts";
import { truesizeOf } from "./send_room.ts";
import type { Sending, SocketMessage } from "./socket_message.ts";

/** As many may wait for room before it is looked who still does. */
const HOPEFUL_MOST = 64;

/** How it is received. */
export interface Taking {
  /** So many bytes at most. */
  readonly count: number;
  /** Whether it stays where it is. */
  readonly isPeek: boolean;
  /** What the same call took already; null if that is nothing. */
  readonly before: SocketMessage | null;
}

/** What is told of messages that wait: they take memory, and sockets are on their way in them. */
export type Ground = Pick<Linux, "memory" | "inFlight">;

/** What waits in a socket. */
export class ReceiveQueue {
  /** In the order it came. */
  protected readonly messages: SocketMessage[] = [];
  /** How many bytes wait. */
  protected bytes = 0;
  /** How much memory they take. */
  #truesize = 0;
  readonly #ground: Ground;
  /** Where those wait who found it full. */
  readonly #hopeful = new Set<WaitQueue>();
  /** How many of them there are when it is looked who waits at all. */
  #hopefulMost = HOPEFUL_MOST;

  /** A queue in which nothing waits. */
  constructor(ground: Ground) {
    this.#ground = ground;
  }

  /** How many bytes wait in it. */
  get length(): number {
    return this.bytes;
  }

  /** How many messages wait. */
  get count(): number {
    return this.messages.length;
  }

  /** How many bytes there is room for in all. */
  get capacity(): number {
    return SOCKET_BYTES;
  }

  /** Whether enough waits to be read. */
  get isReadable(): boolean {
    return this.messages.length > 0;
  }

  /** How many bytes the next call gets, as far as anybody can say. */
  get available(): number {
    return this.messages[0]?.bytes.length ?? 0;
  }

  /** The message of an urgent byte that nobody has passed yet; null if there is none. */
  get urgent(): SocketMessage | null {
    return null;
  }

  /** Whether an urgent byte waits to be taken. */
  get hasUrgent(): boolean {
    return false;
  }

  /** Whether the next byte would be the urgent one, if that is where it was. */
  get isAtMark(): boolean {
    return false;
  }

  /** The files whose descriptors are on their way. */
  get files(): readonly OpenFile[] {
    return this.messages.flatMap(({ files }) => files);
  }

  /** Take in what is sent; answers how many bytes, or why not. */
  put(bytes: Uint8Array, beside: Sending, from: string): number {
    if (!beside.room) {
      if (bytes.length > this.capacity) return Errno.EMSGSIZE;
      const room = this.capacity - this.bytes;
      const isFull = room <= 0 || this.#truesize > this.capacity;
      if (isFull || bytes.length > room) return Errno.EAGAIN;
    }
    if (!this.hasMemory(bytes.length)) return Errno.ENOBUFS;
    this.append(bytes.slice(), beside, from);
    return bytes.length;
  }

  /** Give out what comes next; null if there is nothing. */
  take({ count, isPeek }: Taking): SocketMessage | null {
    const first = this.messages[0];
    if (!first) return null;
    const { length } = first.bytes;
    const files = isPeek ? first.files.map((file) => file.hold()) : first.files;
    if (!isPeek) {
      this.messages.shift();
      this.bytes -= length;
      this.landed(first.files);
      this.release(first);
    }
    return { ...first, bytes: first.bytes.slice(0, count), files, length };
  }

  /** Give out the urgent byte, past all others; or why not. */
  takeUrgent(_taking: Taking): SocketMessage | number {
    return Errno.EOPNOTSUPP;
  }

  /** Have somebody told when there is room again; answers that there is none now. */
  hope(queue: WaitQueue): typeof Errno.EAGAIN {
    if (this.#hopeful.size >= this.#hopefulMost) this.#forgetIdle();
    this.#hopeful.add(queue);
    return Errno.EAGAIN;
  }

  /** Whoever has gone, or waits for nothing, need not be told: he asks again if he comes back. */
  #forgetIdle(): void {
    for (const queue of this.#hopeful) if (queue.size === 0) this.#hopeful.delete(queue);
    this.#hopefulMost = Math.max(HOPEFUL_MOST, this.#hopeful.size * 2);
  }

  /** How many are to be told. */
  get hopeful(): number {
    return this.#hopeful.size;
  }

  /** Tell them all that there is room. */
  tellOfRoom(): void {
    const all = [...this.#hopeful];
    this.#hopeful.clear();
    for (const queue of all) queue.wake(Poll.OUT | Poll.WRNORM);
  }

  /** Throw everything away. */
  clear(): void {
    const all = this.messages.splice(0);
    this.bytes = 0;
    for (const message of all) this.#lose(message);
  }

  /** Whether the machine can hold a message of so many bytes, and an urgent one. */
  protected hasMemory(length: number): boolean {
    return this.#ground.memory.hasRoom(truesizeOf(length) + truesizeOf(1));
  }

  /** A message that waits takes more memory than before. */
  protected charge(message: SocketMessage, bytes: number): void {
    this.#ground.memory.charge(bytes);
    this.#truesize += bytes;
    message.truesize = (message.truesize ?? 0) + bytes;
    message.room?.take(bytes);
  }

  /** A message waits no longer: the memory that it took is free. */
  protected release({ truesize = 0, room }: SocketMessage): void {
    this.#ground.memory.uncharge(truesize);
    this.#truesize -= truesize;
    room?.giveBack(truesize);
  }

  /** Files are on their way no longer. */
  protected landed(files: readonly OpenFile[]): void {
    for (const file of files) if (isCarrier(file)) this.#ground.inFlight.remove(file);
  }

  /** A message will not be received, nor will the files in it. */
  #lose(message: SocketMessage): void {
    this.release(message);
    this.landed(message.files);
    for (const file of message.files) file.drop();
  }

  /** Have one more message, behind all others. */
  protected append(
    bytes: Uint8Array,
    { files, sender, isUrgent, room = null }: Sending,
    from: string,
  ): SocketMessage {
    const held = files.map((file) => file.hold());
    for (const file of held) if (isCarrier(file)) this.#ground.inFlight.add(file);
    const message = { bytes, files: held, from, sender, isUrgent, room };
    this.charge(message, truesizeOf(bytes.length));
    this.messages.push(message);
    this.bytes += bytes.length;
    return message;
  }

  /** Throw a message away. */
  protected remove(at: number): void {
    const [gone] = this.messages.splice(at, 1);
    if (!gone) return;
    this.bytes -= gone.bytes.length;
    this.#lose(gone);
  }
}

/** Whether others can be on their way in a file. */
function isCarrier(file: OpenFile): file is Carrier {
  return "filesWaiting" in file;
}
