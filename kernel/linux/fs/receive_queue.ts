/**
 * What waits in sockets to be received: packets, each of which is taken as a whole.
 *
 * @module
 */
import { SOCKET_BYTES } from "../bounds.ts";
import { Poll } from "../abi/polling.ts";
import { Errno } from "../errno.ts";
import type { OpenFile } from "./open_file.ts";
import type { WaitQueue } from "../wait_queue.ts";
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

/** What waits in a socket. */
export class ReceiveQueue {
  /** In the order it came. */
  protected readonly messages: SocketMessage[] = [];
  /** How many bytes wait. */
  protected bytes = 0;
  /** Where those wait who found it full. */
  readonly #hopeful = new Set<WaitQueue>();
  /** How many of them there are when it is looked who waits at all. */
  #hopefulMost = HOPEFUL_MOST;

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
    if (bytes.length > this.capacity) return Errno.EMSGSIZE;
    const room = this.capacity - this.bytes;
    if (room <= 0 || bytes.length > room) return Errno.EAGAIN;
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
    for (const { files } of this.messages) for (const file of files) file.drop();
    this.messages.length = 0;
    this.bytes = 0;
  }

  /** Have one more message, behind all others. */
  protected append(
    bytes: Uint8Array,
    { files, sender, isUrgent }: Sending,
    from: string,
  ): SocketMessage {
    const held = files.map((file) => file.hold());
    const message = { bytes, files: held, from, sender, isUrgent };
    this.messages.push(message);
    this.bytes += bytes.length;
    return message;
  }

  /** Throw a message away. */
  protected remove(at: number): void {
    const [gone] = this.messages.splice(at, 1);
    this.bytes -= gone?.bytes.length ?? 0;
    for (const file of gone?.files ?? []) file.drop();
  }
}
