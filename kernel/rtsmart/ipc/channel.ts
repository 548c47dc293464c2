/**
 * Channels: objects with names that everybody knows, over which a few words go to a server, and, if
 * the sender waits, a few words come back.
 *
 * @module
 */
import type { Answer } from "../answer.ts";
import { RtError } from "../error.ts";
import type { OpenFile } from "../fs/open_file.ts";
import type { LwpThread } from "../lwp_thread.ts";
import { SuspendList, type Suspension } from "./suspend_list.ts";

/** What a message carries. */
export const MessageType = { RAW: 0, BUFFER: 1, FD: 2 } as const;

/** So many messages there can be at once, in all channels (`RT_CH_MSG_MAX_NR`). */
export const MESSAGES_MAX = 1024;

/** A message: who sent it, and three words that the kernel only hands on, or a file. */
export interface ChannelMessage {
  /** The kernel's address of the thread that sent it. */
  readonly sender: number;
  /** What it carries. */
  readonly type: number;
  /** The two words of its body. */
  readonly body: readonly [bigint, bigint];
  /** The file that it carries. */
  readonly file: OpenFile | null;
}

interface Queued {
  readonly message: ChannelMessage;
  /** Who waits for the reply. */
  readonly reply: Suspension | null;
}

/** How many messages there are in all channels. */
export class MessagePool {
  /** How many are in use. */
  used = 0;
}

/** A channel. */
export class Channel {
  /** What it is called. */
  readonly name: string;
  /** How many descriptors are it. */
  users = 0;
  readonly #pool: MessagePool;
  readonly #queue: Queued[] = [];
  readonly #receivers = new SuspendList();
  readonly #senders = new SuspendList();
  readonly #replies = new Map<Suspension, ChannelMessage>();
  /** What a receiver that waited is handed. */
  readonly #handed = new Map<Suspension, Queued>();
  #state: "idle" | "wait" | "active" = "idle";
  /** Who waits for the answer to what was received last. */
  #reply: Suspension | null = null;

  /** A channel without messages. */
  constructor(name: string, pool: MessagePool) {
    this.name = name;
    this.#pool = pool;
  }

  /** Send a message that nobody has to answer. */
  send(message: ChannelMessage): number {
    if (this.#pool.used >= MESSAGES_MAX) return RtError.ENOMEM;
    this.#enqueue({ message, reply: null });
    return RtError.EOK;
  }

  /** Send a message, and wait for the reply, which `got` is told. */
  sendRecv(
    thread: LwpThread,
    message: ChannelMessage,
    ticks: number,
    got: (reply: ChannelMessage) => void,
  ): Answer {
    if (this.#pool.used >= MESSAGES_MAX) return RtError.ENOMEM;
    if (ticks === 0) return RtError.ETIMEOUT;
    const answer = thread.suspend({
      list: this.#senders,
      ticks,
      then: (why) => {
        const reply = this.#replies.get(wait);
        this.#replies.delete(wait);
        if (reply) {
          this.#pool.used--;
          got(reply);
          return RtError.EOK;
        }
        this.#forget(wait);
        return why;
      },
      abandoned: () => {
        if (this.#replies.delete(wait)) this.#pool.used--;
        this.#forget(wait);
      },
    });
    const wait = thread.wait!;
    this.#enqueue({ message, reply: wait });
    return answer;
  }

  /** Receive a message, which `got` is told, or wait for one. */
  recv(thread: LwpThread, ticks: number, got: (message: ChannelMessage) => void): Answer {
    // Somebody waits already, or the last message was not answered yet.
    if (this.#state !== "idle") return RtError.ERROR;
    const first = this.#queue.shift();
    if (first) {
      this.#became(first);
      got(first.message);
      this.#release(first.message);
      return RtError.EOK;
    }
    if (ticks === 0) return RtError.ETIMEOUT;
    this.#state = "wait";
    const over = () => {
      if (this.#state === "wait") this.#state = "idle";
    };
    const answer = thread.suspend({
      list: this.#receivers,
      ticks,
      then: (why) => {
        const handed = this.#handed.get(wait);
        if (!handed) {
          over();
          return why;
        }
        this.#handed.delete(wait);
        got(handed.message);
        this.#release(handed.message);
        return RtError.EOK;
      },
      abandoned: () => {
        const handed = this.#handed.get(wait);
        if (!handed) return over();
        this.#handed.delete(wait);
        this.#release(handed.message);
      },
    });
    const wait = thread.wait!;
    return answer;
  }

  /** Answer the message that was received last. */
  reply(message: ChannelMessage): number {
    if (this.#state !== "active" || this.#reply === null) return RtError.ERROR;
    if (this.#pool.used >= MESSAGES_MAX) return RtError.ENOMEM;
    const waiter = this.#reply;
    this.#reply = null;
    this.#state = "idle";
    this.#pool.used++;
    this.#replies.set(waiter, message);
    waiter.resume(RtError.EOK);
    return RtError.EOK;
  }

  /** The last descriptor is gone: everybody who waits is told, and what nobody received is lost. */
  close(): void {
    for (const { message } of this.#queue) this.#release(message);
    this.#queue.length = 0;
    this.#receivers.resumeAll(RtError.ERROR);
    this.#senders.resumeAll(RtError.ERROR);
    this.#state = "idle";
    this.#reply = null;
  }

  #enqueue(one: Queued): void {
    this.#pool.used++;
    one.message.file?.hold();
    const { first } = this.#receivers;
    if (first === null) {
      this.#queue.push(one);
      return;
    }
    this.#handed.set(first, one);
    this.#became(one);
    first.resume(RtError.EOK);
  }

  #became({ reply }: Queued): void {
    this.#state = reply === null ? "idle" : "active";
    this.#reply = reply;
  }

  #release({ file }: ChannelMessage): void {
    file?.drop();
    this.#pool.used--;
  }

  /** A sender waits no longer: its message is not to be received, or not to be answered. */
  #forget(wait: Suspension): void {
    const at = this.#queue.findIndex(({ reply }) => reply === wait);
    if (at >= 0) this.#release(this.#queue.splice(at, 1)[0]!.message);
    if (this.#reply !== wait) return;
    this.#reply = null;
    this.#state = "idle";
  }
}
