/**
 * Streams within a machine: of those, each urgent byte is a message of its own for ever, and leaves a
 * place that calls do not read across when it is taken past the others.
 *
 * @module
 */
import { Errno } from "../errno.ts";
import type { Taking } from "./receive_queue.ts";
import type { Sending, SocketMessage } from "./socket_message.ts";
import { StreamQueue } from "./stream_queue.ts";

/** A stream from a process of the same machine. */
export class LocalStream extends StreamQueue {
  override get hasUrgent(): boolean {
    return this.urgent !== null;
  }

  override get isAtMark(): boolean {
    const [first, second] = this.messages;
    if (!first) return false;
    if (first.bytes.length > 0) return first === this.urgent;
    return this.urgent === null || second === this.urgent;
  }

  override takeUrgent({ isPeek }: Taking): SocketMessage | number {
    const { urgent } = this;
    if (this.receiver.isUrgentInline || urgent === null) return Errno.EINVAL;
    const byte = this.alone(urgent.bytes.slice());
    if (isPeek) return byte;
    const before = this.messages.indexOf(urgent) - 1;
    urgent.bytes = new Uint8Array();
    this.bytes--;
    this.urgent = null;
    if (this.messages[before]?.bytes.length === 0) this.remove(before);
    return byte;
  }

  protected override isLastUrgent(isWhole: boolean): boolean {
    return isWhole;
  }

  protected override urge(byte: Uint8Array, beside: Sending, from: string): void {
    this.urgent = this.append(byte, beside, from);
  }

  protected override pass(from: number, isPeek: boolean, hasSome: boolean): number | null {
    let at = from;
    if (this.messages[at]?.bytes.length === 0) {
      if (hasSome && this.urgent === null) return null;
      if (isPeek) at++;
      else this.remove(at);
    }
    if (this.urgent === null || this.messages[at] !== this.urgent) return at;
    if (hasSome) return null;
    const { isUrgentInline } = this.receiver;
    if (isPeek) return isUrgentInline ? at : at + 1;
    this.urgent = null;
    if (!isUrgentInline) this.remove(at);
    return at;
  }
}
