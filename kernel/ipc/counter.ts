/**
 * A number that several programs count with, and that can be waited for to be positive or not.
 *
 * @module
 */
import { ObjectType, Signal, Status } from "../abi.ts";
import { KernelObject } from "../object/object.ts";
import type { Realm } from "../object/realm.ts";

const MIN = -(2n ** 63n);
const MAX = 2n ** 63n - 1n;

/** A signed 64-bit number. */
export class Counter extends KernelObject {
  readonly type = ObjectType.COUNTER;
  #value = 0n;

  /** A counter at zero. */
  constructor(realm: Realm) {
    super(realm, ObjectType.COUNTER, Signal.COUNTER_NON_POSITIVE);
  }

  override get userSignals(): number {
    return (Signal.USER_ALL | Signal.SIGNALED) >>> 0;
  }

  /** The number. */
  get value(): bigint {
    return this.#value;
  }

  set value(value: bigint) {
    this.#value = value;
    const both = Signal.COUNTER_POSITIVE | Signal.COUNTER_NON_POSITIVE;
    this.updateSignals(both, value > 0n ? Signal.COUNTER_POSITIVE : Signal.COUNTER_NON_POSITIVE);
  }

  /** Add to it, unless the sum is too large or too small. */
  add(amount: bigint) {
    const sum = this.#value + amount;
    if (sum < MIN || sum > MAX) return Status.OUT_OF_RANGE;
    this.value = sum;
    return Status.OK;
  }
}
