/**
 * Calls that send and receive many messages at once.
 *
 * @module
 */
import { MessageFlag, MessageSize } from "../abi/socket.ts";
import type { Answer } from "../answer.ts";
import { Errno } from "../errno.ts";
import type { Socket } from "../fs/socket.ts";
import { socketOf } from "./socket_names.ts";
import type { SocketMessage } from "../fs/socket_message.ts";
import type { Task } from "../task.ts";
import { Reception } from "./reception.ts";
import {
  type Header,
  headerAt,
  interruption,
  putMessage,
  roomOf,
  sendMessage,
} from "./socket_messages.ts";
import { readTime, writeWords32 } from "./user_data.ts";

const MESSAGES_MAX = 1024;
const { HEAD, COUNTED } = MessageSize;

/** Where messages go that are received together. */
interface Place {
  /** Where the headers are. */
  readonly address: number;
  /** How many there are. */
  readonly most: number;
  /** How the messages are wanted. */
  readonly flags: number;
}

/** `sendmmsg`: messages until one has to wait; for the first one the call does. */
export function sendMany(task: Task, fd: number, address: number, count: number, flags: number) {
  const most = Math.min(count, MESSAGES_MAX);
  for (let one = 0; one < most; one++) {
    const at = address + one * COUNTED;
    const answer = sendMessage(task, fd, at, one === 0 ? flags : flags | MessageFlag.DONTWAIT);
    // The first message waits for room: the call is over when it is sent.
    if (typeof answer !== "number") return answer;
    if (answer < 0) return one > 0 ? one : answer;
    if (!writeWords32(task, at + HEAD, [answer])) return Errno.EFAULT;
  }
  return most;
}

/**
 * `recvmmsg`: as many messages as there is room for, or as came until a time that is looked at after
 * each of them; those that wait behind the first one, if that is all that is wanted.
 */
export function receiveMany(
  task: Task,
  fd: number,
  address: number,
  count: number,
  flags: number,
  timeout: number,
): Answer {
  const patience = timeout === 0 ? Infinity : readTime(task, timeout);
  if (patience < 0) return patience;
  const socket = socketOf(task, fd);
  if (typeof socket === "number") return socket;
  const most = Math.min(count, MESSAGES_MAX);
  const many = new ManyReceptions(task, socket, { address, most, flags });
  const end = task.now + patience;
  return task.block({
    site: socket.readSite,
    queues: [socket.queue],
    deadline: task.now + socket.patience.receive,
    timedOut: () => many.end(Errno.EAGAIN),
    interrupted: () => many.end(interruption(socket.patience.receive)),
    attempt: () => {
      while (many.done < most && (many.done === 0 || task.now < end)) {
        const answer = many.attempt();
        if (answer === Errno.EAGAIN && many.isPatient) return null;
        if (answer < 0) return many.end(answer);
      }
      return many.done;
    },
  });
}

/** Messages on their way to a call that takes many. */
class ManyReceptions {
  /** How many were put down. */
  done = 0;
  readonly #task: Task;
  readonly #socket: Socket;
  readonly #place: Place;
  #next: { readonly header: Header; readonly reception: Reception } | null = null;

  constructor(task: Task, socket: Socket, place: Place) {
    this.#task = task;
    this.#socket = socket;
    this.#place = place;
  }

  /** Whether it waits for one more. */
  get isPatient(): boolean {
    const isForOne = (this.#place.flags & MessageFlag.WAITFORONE) !== 0;
    return this.#next !== null && this.#next.reception.isPatient && (this.done === 0 || !isForOne);
  }

  /** Put down the next message, if it is there: how long it is, or why not. */
  attempt(): number {
    const next = this.#next ?? this.#begin();
    if (typeof next === "number") return next;
    this.#next = next;
    const message = next.reception.attempt(this.#task.signalled);
    return typeof message === "number" ? message : this.#put(next.header, message);
  }

  /** How many came in all when no more will; where that is none, what is the matter. */
  end(otherwise: number): number {
    const next = this.#next;
    const answer = next?.reception.got ? this.#put(next.header, next.reception.got) : otherwise;
    return this.done > 0 ? this.done : answer;
  }

  get #at(): number {
    return this.#place.address + this.done * COUNTED;
  }

  #begin() {
    const header = headerAt(this.#task, this.#at);
    if (typeof header === "number") return header;
    const reception = new Reception(this.#socket, roomOf(header), this.#place.flags);
    return { header, reception };
  }

  /** Put a message down, and behind its header how long it is. */
  #put(header: Header, message: SocketMessage): number {
    const [at, { flags }] = [this.#at, this.#place];
    this.#next = null;
    const length = putMessage(this.#task, this.#socket, { ...header, address: at, flags }, message);
    if (length < 0) return length;
    if (!writeWords32(this.#task, at + HEAD, [length])) return Errno.EFAULT;
    this.done++;
    return length;
  }
}
