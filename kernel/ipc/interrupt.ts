/**
 * An interrupt that a program triggers: there is no hardware here that would.
 *
 * @module
 */
import { InterruptOption, ObjectType, PacketType, Signal, Status } from "../abi.ts";
import { KernelObject } from "../object/object.ts";
import { Queue } from "../object/queue.ts";
import type { Realm } from "../object/realm.ts";
import type { Waiter } from "../object/waiter.ts";
import { Packet, type PacketSource } from "./packet.ts";
import type { Port } from "./port.ts";

/** Where an interrupt stands. */
type State = "idle" | "triggered" | "needs ack" | "destroyed";

/** One virtual interrupt, waited for by threads or bound to a port. */
export class Interrupt extends KernelObject implements PacketSource {
  readonly type = ObjectType.INTERRUPT;
  readonly #waiters = new Queue<Waiter<number>>();
  #state: State = "idle";
  #timestamp = 0;
  #port: Port | null = null;
  #key = 0n;
  #packet: Packet | null = null;

  /** What it was made with, as `InterruptOption` bits. */
  readonly options: number;

  /** An interrupt that was not triggered. */
  constructor(realm: Realm, options: number = InterruptOption.VIRTUAL) {
    super(realm, ObjectType.INTERRUPT, Signal.VIRTUAL_INTERRUPT_UNTRIGGERED);
    this.options = options;
  }

  /** Whether a thread waits for it. */
  get waited(): boolean {
    return this.#waiters.size > 0;
  }

  /** Trigger it. While it is not acknowledged, it remembers one more, at the earliest time. */
  trigger(timestamp: number) {
    if (this.#state === "destroyed") return Status.CANCELED;
    if (this.#state !== "triggered") this.#timestamp = timestamp;
    this.updateSignals(Signal.VIRTUAL_INTERRUPT_UNTRIGGERED, 0);
    const mayDeliver = this.#state === "idle" || !this.#port;
    this.#state = "triggered";
    if (mayDeliver) this.#deliver();
    return Status.OK;
  }

  /** Begin to wait: the time of a trigger that is there already, or SHOULD_WAIT. */
  take() {
    if (this.#port) return Status.BAD_STATE;
    if (this.#state === "destroyed") return Status.CANCELED;
    if (this.#state === "triggered") return { timestamp: this.#consume() };
    this.#rearm();
    return Status.SHOULD_WAIT;
  }

  /** Stand in line for the next trigger. */
  wait(waiter: Waiter<number>): void {
    this.#waiters.push(waiter);
  }

  /** Stand in line no longer. */
  unwait(waiter: Waiter<number>): void {
    this.#waiters.remove(waiter);
  }

  /** Say that the last trigger was dealt with, so that the next may come to the port. */
  acknowledge() {
    if (!this.#port) return Status.BAD_STATE;
    if (this.#state === "destroyed") return Status.CANCELED;
    if (this.#state === "triggered" && !this.#packet) this.#deliver();
    else if (this.#state === "needs ack") this.#rearm();
    return Status.OK;
  }

  /** Let triggers come to a port. */
  bind(port: Port, key: bigint) {
    if (this.#state === "destroyed") return Status.CANCELED;
    if (this.waited) return Status.BAD_STATE;
    if (this.#port) return Status.ALREADY_BOUND;
    this.#port = port;
    this.#key = key;
    if (this.#state === "triggered") this.#deliver();
    return Status.OK;
  }

  /** Let triggers come to the port no longer. */
  unbind(port: Port) {
    if (this.#port !== port) return Status.NOT_FOUND;
    if (this.#state === "destroyed") return Status.CANCELED;
    this.#withdraw();
    this.#port = null;
    this.#rearm();
    return Status.OK;
  }

  /** Put an end to it; NOT_FOUND when the port's packet was taken and not yet acknowledged. */
  destroy() {
    const unheard = this.#port !== null && this.#state === "needs ack" && !this.#packet;
    this.#end();
    return unheard ? Status.NOT_FOUND : Status.OK;
  }

  packetLeft(): void {
    this.#packet = null;
  }

  #deliver(): void {
    const port = this.#port;
    if (port && !port.closed) {
      const timestamp = this.#timestamp;
      this.#state = "needs ack";
      this.#packet = new Packet(this.#key, { type: PacketType.INTERRUPT, timestamp }, this);
      port.deliver(this.#packet);
    } else {
      const waiter = this.#waiters.shift();
      if (waiter) waiter.onTurn(this.#consume());
    }
  }

  #consume(): number {
    this.#state = "needs ack";
    return this.#timestamp;
  }

  #rearm(): void {
    this.#state = "idle";
    this.updateSignals(0, Signal.VIRTUAL_INTERRUPT_UNTRIGGERED);
  }

  #withdraw(): void {
    if (this.#packet) this.#port?.withdraw(this.#packet);
  }

  #end(): void {
    if (this.#state === "destroyed") return;
    this.#state = "destroyed";
    this.#withdraw();
    for (const waiter of this.#waiters) {
      this.#waiters.remove(waiter);
      waiter.onGone();
    }
  }

  protected override onZeroHandles(): void {
    this.#end();
  }
}
