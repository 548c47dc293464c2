/**
 * Waiting for an object's signals by means of a port: `zx_object_wait_async`.
 *
 * @module
 */
import { PacketType } from "../abi.ts";
import type { Handle } from "../object/handle.ts";
import { Observer } from "../object/observer.ts";
import { Packet, type PacketSource } from "./packet.ts";

/** What to wait for, and how. */
export interface WaitRequest {
  /** The handle that is waited by. */
  readonly handle: Handle;
  /** What the program knows the wait by. */
  readonly key: bigint;
  /** Any of these signals will do. */
  readonly mask: number;
  /** Whether only a signal that comes will do, not one that is there already. */
  readonly edge?: boolean;
  /** Whether the packet tells when. */
  readonly timestamp?: boolean;
}

/** What a port lets its waits do. */
export interface WaitOwner {
  /** The signals are there: pass the packet on. */
  deliver(packet: Packet): void;
  /** The wait is over. */
  forget(wait: PortWait): void;
}

/** One such wait: until its packet is taken, or it is cancelled. */
export class PortWait extends Observer implements PacketSource {
  /** The handle that is waited by. */
  readonly handle: Handle;
  /** What the program knows it by. */
  readonly key: bigint;
  /** The wait by the same handle under the same key that came before it. */
  sibling: PortWait | null = null;
  /** The one that came after it. */
  younger: PortWait | null = null;
  /** Its packet, once there is one. */
  packet: Packet | null = null;
  readonly #owner: WaitOwner;
  readonly #timestamp: boolean;

  /** A wait that has not begun. */
  constructor(owner: WaitOwner, { handle, key, mask, edge, timestamp }: WaitRequest) {
    super(mask, edge);
    this.#owner = owner;
    this.handle = handle;
    this.key = key;
    this.#timestamp = timestamp ?? false;
  }

  /** Begin to wait; the signals may be there already. */
  begin(): void {
    const { signals } = this.handle.object;
    if (!this.edge && (signals & this.mask) !== 0) this.onSignals(signals);
    else this.handle.observe(this);
  }

  onSignals(observed: number): void {
    this.packet = new Packet(this.key, {
      type: PacketType.SIGNAL_ONE,
      trigger: this.mask,
      observed,
      timestamp: this.#timestamp ? this.handle.object.realm.now : 0,
    }, this);
    this.#owner.deliver(this.packet);
  }

  onCancel(): void {
    this.#owner.forget(this);
  }

  packetLeft(): void {
    this.#owner.forget(this);
  }
}
