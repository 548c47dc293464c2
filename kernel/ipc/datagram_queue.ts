/**
 * Datagrams under way: each is read as it was written, or cut short.
 *
 * @module
 */
import { Queue, Queued } from "../object/queue.ts";
import type { Realm } from "../object/realm.ts";

/** What a datagram costs besides its bytes. */
const OVERHEAD = 128;

class Datagram extends Queued {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    super();
    this.bytes = bytes;
  }
}

/** A queue of datagrams. */
export class DatagramQueue {
  readonly #realm: Realm;
  readonly #datagrams = new Queue<Datagram>();
  #size = 0;

  /** An empty queue. */
  constructor(realm: Realm) {
    this.#realm = realm;
  }

  /** How many bytes are in it, all datagrams together. */
  get size(): number {
    return this.#size;
  }

  /** How many bytes the first datagram has. */
  get firstSize(): number {
    return this.#datagrams.first?.bytes.length ?? 0;
  }

  /** Put a datagram in; answers false when the kernel keeps too much already. */
  push(bytes: Uint8Array): boolean {
    if (!this.#realm.keep(OVERHEAD + bytes.length)) return false;
    this.#datagrams.push(new Datagram(bytes.slice()));
    this.#size += bytes.length;
    return true;
  }

  /** Copy the first datagram out, as much of it as there is room for; answers how many bytes. */
  peek(target: Uint8Array): number {
    const first = this.#datagrams.first;
    if (!first) return 0;
    const part = first.bytes.subarray(0, target.length);
    target.set(part);
    return part.length;
  }

  /** Throw the first datagram away. */
  skip(): void {
    const first = this.#datagrams.shift();
    if (!first) return;
    this.#size -= first.bytes.length;
    this.#realm.letGo(OVERHEAD + first.bytes.length);
  }

  /** Throw everything away. */
  clear(): void {
    while (this.#datagrams.size > 0) this.skip();
  }
}
