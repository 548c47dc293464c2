/**
 * Small records of one size to one peer.
 *
 * @module
 */
import { ObjectType, Signal, Status } from "../abi.ts";
import { Peered } from "../object/peer.ts";
import type { Realm } from "../object/realm.ts";

/** How many bytes may wait at one end. */
export const FIFO_BYTES_MAX = 4096;

/** One end of a fifo. What is written here waits at the other end. */
export class Fifo extends Peered<Fifo> {
  readonly type = ObjectType.FIFO;
  /** How many bytes a record has. */
  readonly elementSize: number;
  readonly #ring: Uint8Array;
  #head = 0;
  #used = 0;

  private constructor(realm: Realm, count: number, elementSize: number) {
    super(realm, ObjectType.FIFO, Signal.WRITABLE);
    this.elementSize = elementSize;
    this.#ring = new Uint8Array(count * elementSize);
  }

  /** Two ends of a new fifo that holds so many records of so many bytes each way. */
  static create(realm: Realm, count: number, elementSize: number) {
    if (count === 0 || elementSize === 0) return Status.OUT_OF_RANGE;
    if (count * elementSize > FIFO_BYTES_MAX) return Status.OUT_OF_RANGE;
    if (!realm.keep(2 * count * elementSize)) return Status.NO_MEMORY;
    const make = () => new Fifo(realm, count, elementSize);
    return Peered.pair(make(), make());
  }

  /** How many records wait here. */
  get pending(): number {
    return this.#used / this.elementSize;
  }

  /** How many records there is room for at the other end. */
  get room(): number {
    const peer = this.peer;
    return peer ? (peer.#ring.length - peer.#used) / this.elementSize : 0;
  }

  /** Whether a record can be sent now, or why not. */
  get writeState() {
    if (!this.peer) return Status.PEER_CLOSED;
    return this.room === 0 ? Status.SHOULD_WAIT : Status.OK;
  }

  /** Send as many whole records as there is room for; answers how many. */
  write(bytes: Uint8Array) {
    const state = this.writeState;
    if (state !== Status.OK) return state;
    const peer = this.peer!;
    const room = peer.#ring.length - peer.#used;
    const part = bytes.length <= room ? bytes : bytes.subarray(0, room);
    const at = (peer.#head + peer.#used) % peer.#ring.length;
    const first = Math.min(part.length, peer.#ring.length - at);
    peer.#ring.set(part.subarray(0, first), at);
    peer.#ring.set(part.subarray(first), 0);
    peer.#used += part.length;
    if (part.length === room) this.updateSignals(Signal.WRITABLE, 0);
    peer.updateSignals(0, Signal.READABLE);
    return { count: part.length / this.elementSize };
  }

  /** Why nothing can be read now; OK when something can. */
  get readState() {
    if (this.#used > 0) return Status.OK;
    return this.peer ? Status.SHOULD_WAIT : Status.PEER_CLOSED;
  }

  /** A copy of the first records, at most so many; they stay there. */
  peek(count: number): Uint8Array {
    const length = Math.min(count * this.elementSize, this.#used);
    const bytes = new Uint8Array(length);
    const first = Math.min(length, this.#ring.length - this.#head);
    bytes.set(this.#ring.subarray(this.#head, this.#head + first));
    bytes.set(this.#ring.subarray(0, length - first), first);
    return bytes;
  }

  /** Take away the first records. */
  skip(count: number): void {
    const length = count * this.elementSize;
    this.#head = (this.#head + length) % this.#ring.length;
    this.#used -= length;
    if (this.#used === 0) this.updateSignals(Signal.READABLE, 0);
    this.peer?.updateSignals(0, Signal.WRITABLE);
  }

  protected override onDeath(): void {
    this.realm.letGo(this.#ring.length);
  }
}
