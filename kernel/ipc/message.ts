/**
 * What travels through a channel: bytes and handles that belong to nobody while they are under way.
 *
 * @module
 */
import { Status } from "../abi.ts";
import type { Handle } from "../object/handle.ts";
import type { Queued } from "../object/queue.ts";
import type { Realm } from "../object/realm.ts";

/** What a message costs besides its bytes, and what each handle in it costs. */
const OVERHEAD = 128;
const HANDLE_COST = 64;
const NO_HANDLES: readonly Handle[] = [];

/**
 * Bytes and handles under way. Whoever has it may take the handles; else they die with it. It has a
 * place in a line of its own, and not from a class above, because messages are made so often.
 */
export class Message implements Queued {
  queue: unknown = null;
  previous: Queued | null = null;
  next: Queued | null = null;
  /** Its name in the event log. */
  readonly id: number;
  /** The bytes; they are the message's own. */
  readonly bytes: Uint8Array;
  /** Whether the bytes came from the realm's pool and go back there with the message. */
  isPooled = false;
  readonly #realm: Realm;
  readonly #cost: number;
  #handles: readonly Handle[];
  #gone = false;

  private constructor(realm: Realm, cost: number, bytes: Uint8Array, handles: readonly Handle[]) {
    this.#realm = realm;
    this.#cost = cost;
    this.id = ++realm.messages;
    this.bytes = bytes;
    this.#handles = handles;
  }

  /**
   * A message of these bytes and handles, which it owns from now on; or NO_MEMORY when the kernel
   * keeps too much already, and then the handles are still the caller's.
   */
  static create(realm: Realm, bytes: Uint8Array, handles = NO_HANDLES) {
    const cost = OVERHEAD + bytes.length + handles.length * HANDLE_COST;
    if (!realm.keep(cost)) return Status.NO_MEMORY;
    return new Message(realm, cost, bytes, handles);
  }

  /** The handles in it. */
  get handles(): readonly Handle[] {
    return this.#handles;
  }

  /** Its first four bytes as a transaction number; 0 when there are fewer. */
  get txid(): number {
    const bytes = this.bytes;
    if (bytes.length < 4) return 0;
    return (bytes[0]! | bytes[1]! << 8 | bytes[2]! << 16 | bytes[3]! << 24) >>> 0;
  }

  set txid(txid: number) {
    const bytes = this.bytes;
    bytes[0] = txid;
    bytes[1] = txid >>> 8;
    bytes[2] = txid >>> 16;
    bytes[3] = txid >>> 24;
  }

  /** Take the handles out: they are the caller's, and the message is gone. */
  open(): readonly Handle[] {
    const handles = this.#handles;
    this.#handles = NO_HANDLES;
    this.destroy();
    return handles;
  }

  /** Nobody wants it: it is gone, and the handles in it are closed. */
  destroy(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#realm.letGo(this.#cost);
    if (this.isPooled) this.#realm.pool.give(this.bytes);
    const handles = this.#handles;
    this.#handles = NO_HANDLES;
    for (const handle of handles) this.#realm.closeInTurn(handle);
  }
}
