/**
 * Where a task's exceptions go: the kernel's end of a channel that somebody reads.
 *
 * @module
 */
import { DEFAULT_RIGHTS, Status } from "../abi.ts";
import { Channel } from "../ipc/channel.ts";
import { Message } from "../ipc/message.ts";
import { Handle } from "../object/handle.ts";
import type { Realm } from "../object/realm.ts";
import type { Exception } from "./exception.ts";

/** Bytes of what a handler reads about an exception: who, and what kind. */
const INFO_SIZE = 24;

/** One place where exceptions of a task are offered. */
export class Exceptionate {
  readonly #realm: Realm | null;
  #channel: Handle | null = null;
  #rights = 0;
  #closed: boolean;

  /** A place where nobody listens yet; without a realm, where nobody ever will. */
  constructor(realm: Realm | null) {
    this.#realm = realm;
    this.#closed = realm === null;
  }

  /** Whether somebody listens. */
  get listening(): boolean {
    return this.#channel !== null && (this.#channel.object as Channel).peer !== null;
  }

  /**
   * Let somebody listen: the end of a channel to read from. `rights` are those of the task's handle,
   * which the handles to what met an exception will have.
   */
  listen(rights: number) {
    if (this.#closed) return Status.BAD_STATE;
    if (this.listening) return Status.ALREADY_BOUND;
    this.#channel?.close();
    const [ours, theirs] = Channel.create(this.#realm!);
    this.#channel = new Handle(ours, 0);
    this.#rights = rights;
    return theirs;
  }

  /** Offer an exception; answers whether somebody is there to answer it. */
  offer(exception: Exception): boolean {
    if (!this.listening) return false;
    const { thread, report } = exception;
    const bytes = new Uint8Array(INFO_SIZE);
    const view = new DataView(bytes.buffer);
    view.setBigUint64(0, BigInt(thread.process.koid), true);
    view.setBigUint64(8, BigInt(thread.koid), true);
    view.setUint32(16, report.type, true);
    const handle = new Handle(exception, DEFAULT_RIGHTS.exception);
    const message = Message.create(this.#realm!, bytes, [handle]);
    if (typeof message === "number") {
      handle.close();
      return false;
    }
    exception.offered(this.#rights);
    return (this.#channel!.object as Channel).write(message) === Status.OK;
  }

  /** The task is gone: whoever listens learns it. */
  close(): void {
    this.#closed = true;
    this.#channel?.close();
    this.#channel = null;
  }
}

/** The place of a task that is gone and at which nobody listened: there need not be one for each. */
export const CLOSED: Exceptionate = new Exceptionate(null);
