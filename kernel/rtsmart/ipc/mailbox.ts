/**
 * Mailboxes: machine words, in the order they came, so many at a time.
 *
 * @module
 */
import type { Answer } from "../answer.ts";
import { RtError } from "../error.ts";
import type { LwpThread } from "../lwp_thread.ts";
import { type KernelHeap, RtObject } from "./rt_object.ts";
import { deadlineOf, SuspendList } from "./suspend_list.ts";

/** A mailbox. */
export class Mailbox extends RtObject {
  readonly type = "mailbox";
  readonly #size: number;
  readonly #mails: bigint[] = [];
  readonly #receivers: SuspendList;
  readonly #senders: SuspendList;

  /** An empty mailbox for so many words. */
  constructor(heap: KernelHeap, name: string, { size, flag }: { size: number; flag: number }) {
    super(heap, name);
    this.#size = size;
    this.#receivers = new SuspendList(flag);
    this.#senders = new SuspendList(flag);
  }

  /** Put a word in, or wait for room. */
  send(thread: LwpThread, mail: bigint, ticks: number): Answer {
    const deadline = ticks > 0 ? deadlineOf(thread.thread.realm.now, ticks) : Infinity;
    const attempt = (why: number): Answer => {
      if (why !== RtError.EOK) return why;
      if (this.#mails.length < this.#size) {
        this.#mails.push(mail);
        this.#receivers.resumeFirst();
        return RtError.EOK;
      }
      if (ticks === 0) return RtError.EFULL;
      return thread.suspend({ list: this.#senders, deadline, then: attempt });
    };
    return attempt(RtError.EOK);
  }

  /** Take the oldest word, which `got` is told, or wait for one. */
  recv(thread: LwpThread, ticks: number, got: (mail: bigint) => void): Answer {
    const deadline = ticks > 0 ? deadlineOf(thread.thread.realm.now, ticks) : Infinity;
    const attempt = (why: number): Answer => {
      if (why !== RtError.EOK) return why;
      const mail = this.#mails.shift();
      if (mail !== undefined) {
        got(mail);
        this.#senders.resumeFirst();
        return RtError.EOK;
      }
      if (ticks === 0) return RtError.ETIMEOUT;
      return thread.suspend({ list: this.#receivers, deadline, then: attempt });
    };
    return attempt(RtError.EOK);
  }

  protected override detached(): void {
    this.#receivers.resumeAll(RtError.ERROR);
    this.#senders.resumeAll(RtError.ERROR);
  }
}
