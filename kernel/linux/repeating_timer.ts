/**
 * A deadline that comes again and again, however often somebody wants that.
 *
 * @module
 */
import type { Realm } from "../object/realm.ts";
import type { Timeout } from "../object/timeout.ts";

/** Deadlines that lie closer together are told together. */
const INTERVAL_MIN = 50_000;

/** A deadline that comes again and again. */
export class RepeatingTimer {
  readonly #realm: Realm;
  readonly #fire: (times: number) => void;
  #timeout: Timeout | null = null;
  #deadline = 0;
  #interval = 0;

  /** A timer that is not set; `fire` is told how often the deadline came since it was last told. */
  constructor(realm: Realm, fire: (times: number) => void) {
    this.#realm = realm;
    this.#fire = fire;
  }

  /** How long until the deadline, 0 if there is none, and how often after that, in nanoseconds. */
  get setting(): { readonly left: number; readonly interval: number } {
    const left = this.#timeout ? Math.max(1, this.#deadline - this.#realm.now) : 0;
    return { left, interval: this.#interval };
  }

  /** Have a deadline, and again one after each interval; none for 0. */
  set(deadline: number, interval: number): void {
    this.stop();
    this.#interval = interval;
    if (deadline > 0) this.#arm(Math.max(deadline, this.#realm.now));
  }

  /** Have no deadline any more. */
  stop(): void {
    if (this.#timeout) this.#realm.timeouts.cancel(this.#timeout);
    this.#timeout = null;
  }

  #arm(deadline: number): void {
    this.#deadline = deadline;
    this.#timeout = this.#realm.timeouts.set(deadline, () => this.#come());
  }

  #come(): void {
    this.#timeout = null;
    let times = 1;
    if (this.#interval > 0) {
      const until = Math.max(this.#realm.now, this.#deadline + INTERVAL_MIN - this.#interval);
      times += Math.floor((until - this.#deadline) / this.#interval);
      this.#arm(this.#deadline + times * this.#interval);
    }
    this.#fire(times);
  }
}
