/**
 * Streams over a network: there is one urgent byte at a time, which stays where it is in the stream
 * even when it was taken past the others, until it is read across.
 *
 * @module
 */
import { SOCKET_BYTES, TCP_RECEIVE_BYTES_MAX } from "../bounds.ts";
import { Errno } from "../errno.ts";
import type { Taking } from "./receive_queue.ts";
import { nothing, type Sending, type SocketMessage } from "./socket_message.ts";
import { StreamQueue } from "./stream_queue.ts";

/** A stream from somewhere in a network. */
export class TcpStream extends StreamQueue {
  #isUrgentTaken = false;

  /** There is always room for as much as somebody waits for. */
  override get capacity(): number {
    const wanted = Math.min(this.receiver.lowWater, TCP_RECEIVE_BYTES_MAX >> 1);
    return Math.max(SOCKET_BYTES, wanted);
  }

  override get isReadable(): boolean {
    // An urgent byte that comes next is passed, so there has to be one more.
    const passed = this.isAtMark && !this.receiver.isUrgentInline ? 1 : 0;
    return this.length >= this.receiver.lowWater + passed || this.length >= this.capacity;
  }

  override get available(): number {
    const { urgent } = this;
    const isWhole = urgent === null || this.receiver.isUrgentInline;
    return isWhole ? this.length : this.lengthBefore(urgent);
  }

  override get hasUrgent(): boolean {
    return this.urgent !== null && !this.#isUrgentTaken;
  }

  override get isAtMark(): boolean {
    return this.urgent !== null && this.messages[0] === this.urgent;
  }

  override take(taking: Taking): SocketMessage | null {
    // Who wants nothing passes nothing, either.
    return taking.count === 0 && this.length > 0 ? nothing(false) : super.take(taking);
  }

  override takeUrgent({ count, isPeek }: Taking): SocketMessage | number {
    const { urgent } = this;
    const isNone = urgent === null || this.#isUrgentTaken;
    if (this.receiver.isUrgentInline || isNone) return Errno.EINVAL;
    if (!isPeek) this.#isUrgentTaken = true;
    return this.alone(urgent.bytes.slice(0, count));
  }

  protected override isLastUrgent(): boolean {
    return true;
  }

  protected override urge(byte: Uint8Array, beside: Sending, from: string): void {
    // Who stands before one that is forgotten for another one does not read it, either.
    if (this.isAtMark && !this.receiver.isUrgentInline) this.remove(0);
    this.urgent = this.append(byte, beside, from);
    this.#isUrgentTaken = false;
  }

  protected override pass(at: number, isPeek: boolean, hasSome: boolean): number | null {
    if (this.urgent === null || this.messages[at] !== this.urgent) return at;
    if (hasSome) return null;
    if (this.receiver.isUrgentInline) return at;
    if (isPeek) return at + 1;
    this.remove(at);
    this.urgent = null;
    return at;
  }
}
