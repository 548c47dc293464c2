/**
 * Message queues: bytes, copied in and out, so many messages of at most so many bytes.
 *
 * @module
 */
import type { Answer } from "../answer.ts";
import { RtError } from "../error.ts";
import type { LwpThread } from "../lwp_thread.ts";
import { type KernelHeap, RtObject } from "./rt_object.ts";
import { deadlineOf, SuspendList } from "./suspend_list.ts";

/** How large a queue is. */
export interface QueueSize {
  /** The bytes of its longest message. */
  readonly messageSize: number;
  /** How many messages it has room for. */
  readonly count: number;
  /** The order of those who wait. */
  readonly flag: number;
}

/** A message queue. */
export class MessageQueue extends RtObject {
  readonly type = "message queue";
  readonly #size: QueueSize;
  readonly #messages: Uint8Array[] = [];
  readonly #receivers: SuspendList;

  /** An empty queue. */
  constructor(heap: KernelHeap, name: string, size: QueueSize) {
    super(heap, name);
    this.#size = size;
    this.#receivers = new SuspendList(size.flag);
  }

  /** Put a message at the end, or, if it is urgent, before all others. */
  send(bytes: Uint8Array, isUrgent: boolean): number {
    if (bytes.length > this.#size.messageSize) return RtError.ERROR;
    if (this.#messages.length >= this.#size.count) return RtError.EFULL;
    if (isUrgent) this.#messages.unshift(bytes);
    else this.#messages.push(bytes);
    this.#receivers.resumeFirst();
    return RtError.EOK;
  }

  /** Take the first message, or wait for one; answers what `got` says of it. */
  recv(thread: LwpThread, ticks: number, got: (bytes: Uint8Array) => number): Answer {
    const deadline = ticks > 0 ? deadlineOf(thread.thread.realm.now, ticks) : Infinity;
    const attempt = (why: number): Answer => {
      if (why !== RtError.EOK) return why;
      const message = this.#messages.shift();
      if (message !== undefined) return got(message);
      if (ticks === 0) return RtError.ETIMEOUT;
      return thread.suspend({ list: this.#receivers, deadline, then: attempt });
    };
    return attempt(RtError.EOK);
  }

  protected override detached(): void {
    this.#receivers.resumeAll(RtError.ERROR);
  }
}
