/**
 * Calls that a filter leaves to somebody else, who is told of them through a file and answers.
 *
 * @module
 */
import { Register } from "../../abi/riscv64.ts";
import { SeccompReply } from "../abi/seccomp.ts";
import { type Answer, SILENT } from "../answer.ts";
import { Errno, Restart } from "../errno.ts";
import type { Task } from "../task.ts";
import { WaitQueue } from "../wait_queue.ts";
import type { CallData } from "./call_data.ts";

const { A0 } = Register;

/** How far somebody has come with a call. */
export type NotificationState = "new" | "sent" | "replied";

/** What somebody answers in place of a call. */
export interface Reply {
  /** The answer, if there is no error. */
  readonly value: bigint;
  /** An error, as a negative number. */
  readonly error: number;
  /** A mask of `SeccompReply` bits. */
  readonly flags: number;
}

/** A call that waits for somebody to decide. */
export interface Notification {
  /** Its number, which no other has. */
  readonly id: bigint;
  /** Whose call it is. */
  readonly task: Task;
  /** A `struct seccomp_data`. */
  readonly data: Uint8Array;
  /** How far somebody has come with it. */
  state: NotificationState;
  /** The answer. */
  reply: Reply;
  /** Where the task waits. */
  readonly answered: WaitQueue;
}

const NO_REPLY: Reply = { value: 0n, error: 0, flags: 0 };
const NOBODY_THERE: Reply = { value: 0n, error: Errno.ENOSYS, flags: 0 };

/** The calls that one filter leaves to somebody. */
export class Notifications {
  /** Who waits for calls, and for their tasks to take answers. */
  readonly queue: WaitQueue = new WaitQueue();
  /** Whether calls that were told of wait for the answer whatever signal comes. */
  readonly #waitsKillable: boolean;
  readonly #waiting = new Map<bigint, Notification>();
  #nextId: bigint;
  #requests = 0;

  /** No calls yet; the first gets this number. */
  constructor(firstId: bigint, waitsKillable: boolean) {
    this.#nextId = firstId;
    this.#waitsKillable = waitsKillable;
  }

  /** Those that wait, in the order in which they were made. */
  get all(): Iterable<Notification> {
    return this.#waiting.values();
  }

  /** The call of a number. */
  get(id: bigint): Notification | undefined {
    return this.#waiting.get(id);
  }

  /** Take one of the requests to look for a call; answers whether there was one. */
  takeRequest(): boolean {
    if (this.#requests === 0) return false;
    this.#requests--;
    return true;
  }

  /** The next call that nobody was told of. */
  next(): Notification | undefined {
    for (const one of this.#waiting.values()) if (one.state === "new") return one;
    return undefined;
  }

  /** Have somebody look for a call. */
  request(): void {
    this.#requests++;
    this.queue.wake();
  }

  /** Answer a call, and let its task go on. */
  reply(one: Notification, reply: Reply): void {
    one.state = "replied";
    one.reply = reply;
    one.answered.wake();
  }

  /** Nobody will answer any more. */
  abandon(): void {
    for (const one of this.#waiting.values()) {
      if (one.state !== "replied") this.reply(one, NOBODY_THERE);
    }
  }

  /** Let a call wait for an answer; `goOn` makes it, if that is the answer. */
  ask(task: Task, data: CallData, goOn: () => Answer): Answer {
    const id = this.#nextId;
    this.#nextId = BigInt.asUintN(64, id + 1n);
    const one: Notification = {
      id,
      task,
      data: data.bytes,
      state: "new",
      reply: NO_REPLY,
      answered: new WaitQueue(),
    };
    this.#waiting.set(id, one);
    this.request();
    return task.block({
      site: "seccomp_do_user_notification",
      queues: [one.answered],
      attempt: () => one.state === "replied" ? 0 : null,
      interrupted: () => this.#waitsKillable && one.state !== "new" ? null : Restart.SYS,
      over: () => void this.#waiting.delete(id),
      after: () => answer(task, one.reply, goOn),
    });
  }
}

/** Answer as somebody has decided. */
function answer(task: Task, { value, error, flags }: Reply, goOn: () => Answer): Answer {
  if ((flags & SeccompReply.CONTINUE) !== 0) return goOn();
  task.context.setBig(A0, error !== 0 ? BigInt(error) : value);
  return SILENT;
}
