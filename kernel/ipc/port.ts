/**
 * Packets from many objects, in one queue.
 *
 * @module
 */
import { ObjectType, PacketType, Status, WaitLimit } from "../abi.ts";
import type { Handle } from "../object/handle.ts";
import { KernelObject } from "../object/object.ts";
import { Queue } from "../object/queue.ts";
import type { Realm } from "../object/realm.ts";
import type { Waiter } from "../object/waiter.ts";
import { Packet } from "./packet.ts";
import { PortWait, type WaitRequest } from "./port_wait.ts";

/** What a packet, or a wait with the packet it may become, costs the kernel. */
const PACKET_COST = 192;

/** A queue of packets, and those who wait for one: threads here, and the port itself elsewhere. */
export class Port extends KernelObject {
  readonly type = ObjectType.PORT;
  /** Whether interrupts may be bound to it. */
  readonly takesInterrupts: boolean;
  readonly #interrupts = new Queue<Packet>();
  readonly #packets = new Queue<Packet>();
  readonly #waiters = new Queue<Waiter<Packet>>();
  readonly #waits = new Map<bigint, Map<Handle, PortWait>>();
  #waitCount = 0;
  #userPackets = 0;
  #closed = false;

  /** A port without packets. */
  constructor(realm: Realm, takesInterrupts = false) {
    super(realm, ObjectType.PORT);
    this.takesInterrupts = takesInterrupts;
  }

  override get waitable(): boolean {
    return false;
  }

  /** Whether no handle refers to it any more. */
  get closed(): boolean {
    return this.#closed;
  }

  /** How many packets nobody has taken yet. */
  get pending(): number {
    return this.#interrupts.size + this.#packets.size;
  }

  /** How many waits by other objects' handles have not ended yet. */
  get waits(): number {
    return this.#waitCount;
  }

  /** Whether so many user packets wait that one more is an offence. */
  get full(): boolean {
    return this.#userPackets >= WaitLimit.PORT_PACKETS_MAX;
  }

  /** Whether it waits for so many objects that one more is an offence. */
  get busy(): boolean {
    return this.#waitCount >= WaitLimit.PORT_OBSERVERS_MAX;
  }

  /** Put in a packet that a program made. */
  queueUser(key: bigint, data: Uint8Array, status: number) {
    if (this.full) return Status.SHOULD_WAIT;
    if (!this.realm.keep(PACKET_COST)) return Status.NO_MEMORY;
    this.#userPackets++;
    this.deliver(new Packet(key, { type: PacketType.USER, data }, this, status));
    return Status.OK;
  }

  /** Put in a packet, or hand it to whoever has waited longest. */
  deliver(packet: Packet): void {
    this.realm.witness?.changed(this);
    const waiter = this.#waiters.shift();
    if (waiter) {
      packet.source.packetLeft(packet, true);
      waiter.onTurn(packet);
    } else {
      this.#lineOf(packet).push(packet);
    }
  }

  /** Take the packet that is due, interrupts first; null where there is none. */
  take(): Packet | null {
    const packet = this.#interrupts.shift() ?? this.#packets.shift();
    packet?.source.packetLeft(packet, true);
    return packet;
  }

  /** Throw a packet away; answers whether nobody had taken it. */
  withdraw(packet: Packet): boolean {
    if (!this.#lineOf(packet).remove(packet)) return false;
    packet.source.packetLeft(packet, false);
    return true;
  }

  /** Stand in line for a packet. */
  wait(waiter: Waiter<Packet>): void {
    this.#waiters.push(waiter);
  }

  /** Stand in line no longer. */
  unwait(waiter: Waiter<Packet>): void {
    this.#waiters.remove(waiter);
  }

  /** Let a packet come when an object has some signals. */
  waitAsync(request: WaitRequest) {
    if (!this.realm.keep(PACKET_COST)) return Status.NO_MEMORY;
    const wait = new PortWait(this, request);
    let byHandle = this.#waits.get(wait.key);
    if (!byHandle) this.#waits.set(wait.key, byHandle = new Map());
    wait.sibling = byHandle.get(wait.handle) ?? null;
    if (wait.sibling) wait.sibling.younger = wait;
    byHandle.set(wait.handle, wait);
    this.#waitCount++;
    wait.begin();
    return Status.OK;
  }

  /** End the waits by one handle under one key, and throw away the packets they became. */
  cancel(handle: Handle, key: bigint) {
    const wait = this.#waits.get(key)?.get(handle);
    if (!wait) return Status.NOT_FOUND;
    this.#end(wait);
    return Status.OK;
  }

  /** End all waits under one key, and throw away all packets that have it. */
  cancelKey(key: bigint) {
    let found = false;
    for (const wait of [...this.#waits.get(key)?.values() ?? []]) {
      this.#end(wait);
      found = true;
    }
    for (const packet of this.#packets) {
      if (packet.key === key) found = this.withdraw(packet) || found;
    }
    return found ? Status.OK : Status.NOT_FOUND;
  }

  /** A wait is over: its packet was taken, or it was cancelled. */
  forget(wait: PortWait): void {
    const byHandle = this.#waits.get(wait.key);
    const first = byHandle?.get(wait.handle);
    if (!byHandle || !first) return;
    const { younger, sibling } = wait;
    if (sibling) sibling.younger = younger;
    if (first !== wait) {
      if (younger) younger.sibling = sibling;
    } else if (wait.sibling) {
      byHandle.set(wait.handle, wait.sibling);
    } else {
      byHandle.delete(wait.handle);
      if (byHandle.size === 0) this.#waits.delete(wait.key);
    }
    this.#waitCount--;
    this.realm.letGo(PACKET_COST);
  }

  /** A user packet has left. */
  packetLeft(): void {
    this.#userPackets--;
    this.realm.letGo(PACKET_COST);
  }

  #lineOf(packet: Packet): Queue<Packet> {
    return packet.body.type === PacketType.INTERRUPT ? this.#interrupts : this.#packets;
  }

  /** End a wait and those behind it. */
  #end(wait: PortWait): void {
    for (let one: PortWait | null = wait; one;) {
      const next: PortWait | null = one.sibling;
      if (one.packet) {
        this.withdraw(one.packet);
      } else {
        one.handle.unobserve(one);
        this.forget(one);
      }
      one = next;
    }
  }

  protected override onZeroHandles(): void {
    this.#closed = true;
    for (const waiter of this.#waiters) {
      this.#waiters.remove(waiter);
      waiter.onGone();
    }
    for (const byHandle of [...this.#waits.values()]) {
      for (const wait of [...byHandle.values()]) this.#end(wait);
    }
    for (const packet of this.#interrupts) this.withdraw(packet);
    for (const packet of this.#packets) this.withdraw(packet);
  }
}
