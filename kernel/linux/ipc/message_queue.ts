/**
 * Queues of messages with types, which processes find by a key.
 *
 * @module
 */
import { MESSAGE_COST } from "../bounds.ts";
import { Errno } from "../errno.ts";
import type { MachineMemory } from "../machine_memory.ts";
import type { Task } from "../task.ts";
import { WaitQueue } from "../wait_queue.ts";
import { IpcObject } from "./ipc_object.ts";

/** No message is longer. */
export const MESSAGE_MAX = 8192;

/** So many bytes a queue has room for at first. */
export const QUEUE_BYTES = 16384;

/** A message. */
export interface Message {
  /** What it is about, for those who choose. */
  readonly type: number;
  /** What it says. */
  readonly bytes: Uint8Array;
}

/** A queue of messages. */
export class MessageQueue extends IpcObject {
  /** Who waits for a message or for room. */
  readonly queue: WaitQueue = new WaitQueue();
  /** How many bytes there is room for. */
  room = QUEUE_BYTES;
  /** Whether there is no such queue any more. */
  isRemoved = false;
  /** When somebody sent last, and who; 0 for never. */
  sent: { at: number; pid: number } = { at: 0, pid: 0 };
  /** When somebody received last, and who; 0 for never. */
  received: { at: number; pid: number } = { at: 0, pid: 0 };
  readonly #messages: Message[] = [];
  readonly #memory: MachineMemory;
  #bytes = 0;

  /** How many messages wait. */
  get length(): number {
    return this.#messages.length;
  }

  /** How many bytes wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /** An empty queue. */
  constructor(task: Task, key: number, mode: number) {
    super(task, key, mode);
    this.#memory = task.linux.memory;
  }

  override removed(): void {
    this.isRemoved = true;
    this.#memory.uncharge(this.#messages.reduce((sum, one) => sum + costOf(one), 0));
    this.#messages.length = 0;
    this.queue.wake();
  }

  /** Whether there is room for a message. */
  hasRoomFor(length: number): boolean {
    return this.#bytes + length <= this.room && this.#messages.length < this.room;
  }

  /** Put a message behind the others; ENOMEM where the machine holds too much. */
  put(message: Message): number {
    if (!this.#memory.charge(costOf(message))) return Errno.ENOMEM;
    this.#messages.push(message);
    this.#bytes += message.bytes.length;
    this.queue.wake();
    return 0;
  }

  /**
   * The first message of a type: of any for 0; of the lowest up to its absolute value for a negative
   * one; of any other one if `isOther`.
   */
  find(type: number, isOther: boolean): Message | null {
    if (type === 0) return this.#messages[0] ?? null;
    if (type > 0) return this.#messages.find((one) => (one.type === type) !== isOther) ?? null;
    let found: Message | null = null;
    for (const one of this.#messages) {
      if (one.type <= -type && (found === null || one.type < found.type)) found = one;
    }
    return found;
  }

  /** Take a message out. */
  take(message: Message): void {
    this.#messages.splice(this.#messages.indexOf(message), 1);
    this.#bytes -= message.bytes.length;
    this.#memory.uncharge(costOf(message));
    this.queue.wake();
  }
}

/** How much memory a message takes. */
function costOf({ bytes }: Message): number {
  return bytes.length + MESSAGE_COST;
}
