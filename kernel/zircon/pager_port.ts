/**
 * A pager's requests as packets in a port.
 *
 * @module
 */
import { PacketType } from "../abi.ts";
import { Packet, type PacketSource } from "../ipc/packet.ts";
import type { Port } from "../ipc/port.ts";
import type { PageCommand, RequestSink } from "../vm/page_source.ts";

/** Sends what one memory object needs to one port under one key. */
export class PagerPort implements RequestSink, PacketSource {
  readonly #port: Port;
  readonly #key: bigint;

  /** A way to a port, which it keeps alive. */
  constructor(port: Port, key: bigint) {
    this.#port = port;
    this.#key = key;
    port.hold();
  }

  send(command: PageCommand, offset: number, length: number): (() => void) | null {
    const port = this.#port;
    if (port.closed) return null;
    const type = PacketType.PAGE_REQUEST;
    const packet = new Packet(this.#key, { type, command, offset, length }, this);
    port.deliver(packet);
    return () => void (port.dead || port.withdraw(packet));
  }

  close(): void {
    this.#port.drop();
  }

  packetLeft(): void {}
}
