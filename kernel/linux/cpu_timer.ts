/**
 * A deadline in processor time, which passes only while those run whose time it is.
 *
 * @module
 */
import type { Realm } from "../object/realm.ts";
import type { Timeout } from "../object/timeout.ts";

/** Who uses processor time. */
export interface CpuClock {
  /** The ground that it stands on. */
  readonly realm: Realm;
  /** How much it has used, in nanoseconds. */
  time(): number;
  /** The timers to be told when it is about to run. */
  readonly timers: Set<CpuTimer>;
}

/** A deadline that comes when somebody has used so much time, and again after each interval. */
export class CpuTimer {
  readonly #clock: CpuClock;
  readonly #fire: (times: number) => void;
  #timeout: Timeout | null = null;
  #deadline = 0;
  #interval = 0;

  /** A timer that is not set; `fire` is told how often the deadline came since it was last told. */
  constructor(clock: CpuClock, fire: (times: number) => void) {
    this.#clock = clock;
    this.#fire = fire;
  }

  /** How long until the deadline, 0 if there is none, and how often after that, in nanoseconds. */
  get setting(): { readonly left: number; readonly interval: number } {
    const isSet = this.#clock.timers.has(this);
    const left = isSet ? Math.max(1, this.#deadline - this.#clock.time()) : 0;
    return { left, interval: this.#interval };
  }

  /** Have a deadline, and again one after each interval; none for 0. */
  set(deadline: number, interval: number): void {
    this.stop();
    this.#interval = interval;
    if (deadline <= 0) return;
    this.#deadline = deadline;
    this.#clock.timers.add(this);
    this.begins();
  }

  /** Have no deadline any more. */
  stop(): void {
    this.#clock.timers.delete(this);
    this.#rest();
  }

  /** Those whose time it is are about to run: the deadline can come no sooner than if they go on. */
  begins(): void {
    if (this.#timeout) return;
    const { realm } = this.#clock;
    const left = Math.max(0, this.#deadline - this.#clock.time());
    this.#timeout = realm.timeouts.set(realm.now + left, () => this.#look());
  }

  #rest(): void {
    if (this.#timeout) this.#clock.realm.timeouts.cancel(this.#timeout);
    this.#timeout = null;
  }

  /** The deadline has come if nobody else ran meanwhile; otherwise their next turn will tell. */
  #look(): void {
    this.#timeout = null;
    const late = this.#clock.time() - this.#deadline;
    if (late < 0) return;
    const times = this.#interval > 0 ? 1 + Math.floor(late / this.#interval) : 1;
    if (this.#interval > 0) this.#deadline += times * this.#interval;
    else this.#clock.timers.delete(this);
    this.#fire(times);
  }
}
