/**
 * A signal raised at a deadline.
 *
 * @module
 */
import { ClockId, ObjectType, Signal, TIME_INFINITE } from "../abi.ts";
import { KernelObject } from "../object/object.ts";
import type { Realm } from "../object/realm.ts";
import type { Timeout } from "../object/timeout.ts";

/**
 * A timer. It says how late or early it may be, and it is neither: virtual time costs nothing, so
 * there is no reason to let deadlines meet that were set apart.
 */
export class Timer extends KernelObject {
  readonly type = ObjectType.TIMER;
  /** Whether it may be late or early, as `TimerSlack` has it. */
  readonly slackMode: number;
  /** Which clock it was made to follow, as `ClockId` has it; here both show the same. */
  readonly clock: number;
  #timeout: Timeout | null = null;
  #slack = 0;

  /** A timer that is not set. */
  constructor(realm: Realm, slackMode: number, clock: number = ClockId.MONOTONIC) {
    super(realm, ObjectType.TIMER);
    this.slackMode = slackMode;
    this.clock = clock;
  }

  /** When it will fire; 0 when it is not set. */
  get deadline(): number {
    return this.#timeout?.deadline ?? 0;
  }

  /** How late or early it may be; 0 when it is not set. */
  get slack(): number {
    return this.#timeout ? this.#slack : 0;
  }

  /** Set it, in place of what was set before; a deadline that has passed fires it at once. */
  set(deadline: number, slack: number): void {
    this.cancel();
    this.#slack = slack;
    if (deadline <= this.realm.now) return this.updateSignals(0, Signal.SIGNALED);
    if (deadline >= TIME_INFINITE) return;
    this.#timeout = this.realm.timeouts.set(deadline, () => {
      this.#timeout = null;
      this.updateSignals(0, Signal.SIGNALED);
    });
  }

  /** Take back what was set, and the signal if it was raised. */
  cancel(): void {
    if (this.#timeout) this.realm.timeouts.cancel(this.#timeout);
    this.#timeout = null;
    this.updateSignals(Signal.SIGNALED, 0);
  }

  protected override onZeroHandles(): void {
    this.cancel();
  }
}
