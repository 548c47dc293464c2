/**
 * Messages of bytes and handles, in order, to one peer.
 *
 * @module
 */
import { ChannelLimit, ObjectType, Signal, Status } from "../abi.ts";
import { invariant } from "../invariant.ts";
import { Peered } from "../object/peer.ts";
import { Queue } from "../object/queue.ts";
import type { Realm } from "../object/realm.ts";
import type { Message } from "./message.ts";

/** The first transaction number that only the kernel gives; programs use smaller ones. */
const TXID_MIN = 0x80000000;

/** Somebody who sent a message and waits for the answer that carries its transaction number. */
export abstract class PendingCall {
  /** The number, once the call is sent. */
  txid = 0;

  /** The answer is here; it is the call's own now, and the call is over. */
  abstract onReply(message: Message): void;

  /** There will be no answer: the peer is gone, and the call is over. */
  abstract onPeerClosed(): void;
}

/** One end of a channel. A message that is written here waits at the other end. */
export class Channel extends Peered<Channel> {
  readonly type = ObjectType.CHANNEL;
  readonly #messages = new Queue<Message>();
  #calls: Map<number, PendingCall> | null = null;
  #txid = 0;

  private constructor(realm: Realm) {
    super(realm, ObjectType.CHANNEL, Signal.WRITABLE);
  }

  /** Two ends of a new channel. */
  static create(realm: Realm): [Channel, Channel] {
    return Peered.pair(new Channel(realm), new Channel(realm));
  }

  /** The messages that wait here, the oldest first. */
  get messages(): Iterable<Message> {
    return this.#messages;
  }

  /** How many messages wait here. */
  get pending(): number {
    return this.#messages.size;
  }

  /** Whether so many messages wait at the other end that writing one more is an offence. */
  get full(): boolean {
    return (this.peer?.pending ?? 0) >= ChannelLimit.PENDING_MAX;
  }

  /** The message that came first; SHOULD_WAIT or PEER_CLOSED where there is none. */
  front() {
    const message = this.#messages.first;
    if (message) return message;
    return this.peer ? Status.SHOULD_WAIT : Status.PEER_CLOSED;
  }

  /** Take the message that came first; it is the caller's now. */
  take(): Message {
    const message = this.#messages.shift();
    invariant(message, "a message is taken where there is one");
    if (this.realm.log.listening) this.#logRead(message);
    if (!this.#messages.first) this.updateSignals(Signal.READABLE, 0);
    return message;
  }

  /** Send a message to the other end; after PEER_CLOSED it is gone. */
  write(message: Message) {
    const peer = this.peer;
    if (!peer) {
      message.destroy();
      return Status.PEER_CLOSED;
    }
    if (this.realm.log.listening) this.#logWrite(message, peer);
    peer.#receive(message);
    return Status.OK;
  }

  /** Send a message, under a new transaction number, whose answer goes to `call` and nobody else. */
  call(message: Message, call: PendingCall) {
    invariant(message.bytes.length >= 4, "a call has room for its transaction number");
    const calls = this.#calls ??= new Map();
    do this.#txid = (this.#txid + 1) % TXID_MIN; while (calls.has(TXID_MIN + this.#txid));
    message.txid = call.txid = TXID_MIN + this.#txid;
    calls.set(call.txid, call);
    const status = this.write(message);
    if (status !== Status.OK) calls.delete(call.txid);
    return status;
  }

  /** Wait for a call's answer no longer; if it comes, it is a message like others. */
  forget(call: PendingCall): void {
    this.#calls?.delete(call.txid);
  }

  #receive(message: Message): void {
    if (this.#calls !== null && this.#calls.size > 0) {
      const call = this.#calls.get(message.txid);
      if (call) {
        this.#calls.delete(message.txid);
        if (this.realm.log.listening) this.#logRead(message);
        return call.onReply(message);
      }
    }
    this.#messages.push(message);
    this.updateSignals(0, Signal.READABLE);
  }

  #logWrite(message: Message, peer: Channel): void {
    this.realm.log.emit("message-write", {
      channel: this.koid,
      peer: peer.koid,
      message: message.id,
      bytes: message.bytes.length,
      koids: message.handles.map((handle) => handle.object.koid),
    });
  }

  #logRead(message: Message): void {
    this.realm.log.emit("message-read", {
      channel: this.koid,
      message: message.id,
      bytes: message.bytes.length,
      koids: message.handles.map((handle) => handle.object.koid),
    });
  }

  protected override onClosed(): void {
    for (const message of this.#messages) {
      this.#messages.remove(message);
      message.destroy();
    }
  }

  protected override onPeerClosed(): void {
    super.onPeerClosed();
    const calls = this.#calls;
    this.#calls = null;
    if (calls) { for (const call of calls.values()) call.onPeerClosed(); }
  }
}
