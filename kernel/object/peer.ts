/**
 * Objects that come in pairs, and what each learns when the other goes.
 *
 * @module
 */
import { Signal } from "../abi.ts";
import { invariant } from "../invariant.ts";
import { KernelObject } from "./object.ts";

/** One of two. When no handle refers to one any more, the other is on its own for good. */
export abstract class Peered<P extends Peered<P>> extends KernelObject {
  #peer: P | null = null;
  #peerKoid = 0;

  /** Make two into a pair. */
  static pair<P extends Peered<P>>(one: P, other: P): [P, P] {
    invariant(one !== other && !one.#peer && !other.#peer, "a pair is two that were single");
    one.#peer = other;
    other.#peer = one;
    one.#peerKoid = other.koid;
    other.#peerKoid = one.koid;
    return [one, other];
  }

  /** The other one, or null when it is gone. */
  get peer(): P | null {
    const peer = this.#peer;
    if (peer !== null) this.realm.witness?.looked(peer);
    return peer;
  }

  /** The other one's identity, which outlives it. */
  override get relatedKoid(): number {
    return this.#peerKoid;
  }

  /** The other one is gone: say so. */
  protected onPeerClosed(): void {
    this.updateSignals(Signal.WRITABLE, Signal.PEER_CLOSED);
  }

  /** No handle refers to this one any more: time to let go of what waits in it. */
  protected onClosed(): void {}

  protected override onZeroHandles(): void {
    const peer = this.#peer;
    this.#peer = null;
    if (peer) {
      peer.#peer = null;
      peer.onPeerClosed();
    }
    this.onClosed();
  }
}
