/**
 * What a call that receives from a socket gets together, from one time that something waits there to
 * the next, until it is enough.
 *
 * @module
 */
import { MessageFlag, SocketType } from "../abi/socket.ts";
import { Errno } from "../errno.ts";
import type { Socket } from "../fs/socket.ts";
import type { SocketMessage } from "../fs/socket_message.ts";
import { joined } from "../pieces.ts";

/** A message on its way to who receives it. */
export class Reception {
  readonly #socket: Socket;
  readonly #count: number;
  readonly #flags: number;
  readonly #least: number;
  #isLater = false;
  /** What came of it yet; null if nothing did. */
  got: SocketMessage | null = null;

  /** A call that wants so many bytes at most. */
  constructor(socket: Socket, count: number, flags: number) {
    this.#socket = socket;
    this.#count = count;
    this.#flags = flags;
    this.#least = leastOf(socket, count, flags);
  }

  /** Whether it waits for more. */
  get isPatient(): boolean {
    return !this.#socket.nonBlocking && !this.#wants(MessageFlag.DONTWAIT) && !this.#wantsErrors;
  }

  /** See what waits now: what came in all, or why not; EAGAIN while that is not enough. */
  attempt(isSignalled: boolean): SocketMessage | number {
    if (this.#wantsErrors) return Errno.EAGAIN;
    const isPeek = this.#wants(MessageFlag.PEEK);
    const before = isPeek ? null : this.got;
    const taking = { count: this.#count - (before?.bytes.length ?? 0), isPeek, before };
    const isUrgent = this.#wants(MessageFlag.OOB) && !this.#socket.isUdp;
    if (isUrgent) return this.#socket.receiveUrgent(taking);
    if (isSignalled && this.#isHeldUp) return Errno.EAGAIN;
    this.#isLater = true;
    const more = this.#socket.receive(taking);
    if (typeof more === "number") return more;
    this.got = before === null ? more : joinedMessage(before, more);
    const { length } = this.got.bytes;
    const isEnough = length >= this.#least || more.isLast || more.bytes.length === 0;
    return isEnough || this.#socket.isOver ? this.got : Errno.EAGAIN;
  }

  /**
   * Whether it stands before an urgent byte that a signal tells of: who handles that may want to have
   * the byte, so it is not passed before.
   */
  get #isHeldUp(): boolean {
    const { isAtMark, isTcp } = this.#socket;
    return isAtMark && this.got === null && (isTcp || this.#isLater);
  }

  /** Whether it is not for bytes but for errors that were told of a network, where nothing fails. */
  get #wantsErrors(): boolean {
    return this.#socket.isInternet && this.#wants(MessageFlag.ERRQUEUE);
  }

  #wants(flag: number): boolean {
    return (this.#flags & flag) !== 0;
  }
}

/** How many bytes are enough for a call. */
function leastOf(socket: Socket, count: number, flags: number): number {
  if (socket.type !== SocketType.STREAM) return 0;
  // Who looks at a stream of this machine does not wait for more of it.
  if (!socket.isTcp && (flags & MessageFlag.PEEK) !== 0) return 0;
  return (flags & MessageFlag.WAITALL) !== 0 ? count : Math.min(count, socket.lowWater);
}

function joinedMessage(one: SocketMessage, { bytes, files }: SocketMessage): SocketMessage {
  return { ...one, bytes: joined([one.bytes, bytes]), files };
}
