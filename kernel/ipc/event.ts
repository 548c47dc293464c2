/**
 * A signal to raise.
 *
 * @module
 */
import { ObjectType, Signal } from "../abi.ts";
import { KernelObject } from "../object/object.ts";
import type { Realm } from "../object/realm.ts";

/** An object with nothing but its signals. */
export class Event extends KernelObject {
  readonly type = ObjectType.EVENT;

  /** An event that is not raised. */
  constructor(realm: Realm) {
    super(realm, ObjectType.EVENT);
  }

  override get userSignals(): number {
    return (Signal.USER_ALL | Signal.SIGNALED) >>> 0;
  }
}
