/**
 * Two events, each of which can raise the other.
 *
 * @module
 */
import { ObjectType, Signal } from "../abi.ts";
import { Peered } from "../object/peer.ts";
import type { Realm } from "../object/realm.ts";

/** One of two events. */
export class EventPair extends Peered<EventPair> {
  readonly type = ObjectType.EVENTPAIR;

  private constructor(realm: Realm) {
    super(realm, ObjectType.EVENTPAIR);
  }

  /** Two events that know each other. */
  static create(realm: Realm): [EventPair, EventPair] {
    return Peered.pair(new EventPair(realm), new EventPair(realm));
  }

  override get userSignals(): number {
    return (Signal.USER_ALL | Signal.SIGNALED) >>> 0;
  }
}
