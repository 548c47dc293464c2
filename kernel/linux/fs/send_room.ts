/**
 * The memory that messages take which wait to be received, and the room that their senders have for
 * such messages.
 *
 * @module
 */
import { Poll } from "../abi/polling.ts";
import { PAGE_SIZE } from "../../ports.ts";
import type { WaitQueue } from "../wait_queue.ts";
import { sendBytesOf } from "./socket_settings.ts";

/** What Linux has with the bytes of each message: a `struct sk_buff`, and what is behind its bytes. */
const Truesize = { BUFFER: 256, BEHIND: 320, LINE: 64 } as const;
/** So many bytes are in one piece with it; more are in pages. */
const HEAD_MAX = 16064;
/** So much of its room is kept for the message itself. */
const MARGIN = 32;

/** How much memory a message of so many bytes takes. */
export function truesizeOf(length: number): number {
  const { BUFFER, BEHIND, LINE } = Truesize;
  const head = Math.ceil(Math.min(length, HEAD_MAX) / LINE) * LINE + BEHIND;
  const pages = Math.ceil(Math.max(0, length - HEAD_MAX) / PAGE_SIZE);
  return BUFFER + 2 ** Math.ceil(Math.log2(head)) + pages * PAGE_SIZE;
}

/** A socket that sends. */
export interface SendingSocket {
  /** Where those wait who want to send. */
  readonly queue: WaitQueue;
  /** What is set about it. */
  readonly settings: ReadonlyMap<string, number>;
}

/** The room that a socket has for what it sends and nobody has received yet. */
export class SendRoom {
  readonly #socket: SendingSocket;
  #taken = 0;

  /** The room of a socket. */
  constructor(socket: SendingSocket) {
    this.#socket = socket;
  }

  /** No message is longer. */
  get longest(): number {
    return sendBytesOf(this.#socket.settings) - MARGIN;
  }

  /** Whether one more message may be sent. */
  get hasSome(): boolean {
    return this.#taken < sendBytesOf(this.#socket.settings);
  }

  /** Whether so much is left that who waits for room is told. */
  get isWritable(): boolean {
    return this.#taken * 4 <= sendBytesOf(this.#socket.settings);
  }

  /** A message takes some of it. */
  take(bytes: number): void {
    this.#taken += bytes;
  }

  /** A message is gone. */
  giveBack(bytes: number): void {
    this.#taken -= bytes;
    if (this.isWritable) this.#socket.queue.wake(Poll.OUT | Poll.WRNORM | Poll.WRBAND);
  }
}
