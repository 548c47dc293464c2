/**
 * A clock that somebody maintains: it follows the machine's time, set, sped up or slowed down.
 *
 * @module
 */
import { ClockOption, ObjectType, Signal, Status } from "../abi.ts";
import { KernelObject } from "../object/object.ts";
import type { Realm } from "../object/realm.ts";
import { applyTransform, type ClockTransform, MILLION } from "./clock_transform.ts";

/** How far a clock's rate may be from the machine's, in parts per million. */
const RATE_ADJUST_MAX = 1000;
/** The error bound of a clock of which nobody knows how wrong it is. */
/** As fast as the machine's time. */
const EVEN = { syntheticTicks: 1, referenceTicks: 1 };
const ERROR_UNKNOWN = 2n ** 64n - 1n;

/** What to change; what is left out stays as it is. */
export interface ClockUpdate {
  /** What the clock shows at the reference time. */
  readonly value?: bigint;
  /** At which moment of the machine's time that is; now, where it is left out. */
  readonly reference?: bigint;
  /** How much faster than the machine's time it goes, in parts per million. */
  readonly rateAdjust?: number;
  /** How wrong it may be. */
  readonly errorBound?: bigint;
  /**
   * Whether it is said in the second form of the call, in which a monotonic clock is set only for a
   * moment that is named; unless told, whoever names a moment uses that form.
   */
  readonly second?: boolean;
}

/** All that is known of a clock. */
export interface ClockDetails {
  /** What it was made with. */
  readonly options: number;
  /** The time that it never shows less than. */
  readonly backstop: bigint;
  /** How the time of the machine becomes its own. */
  readonly transform: ClockTransform;
  /** How wrong it may be. */
  readonly errorBound: bigint;
  /** When this was asked. */
  readonly queryTicks: bigint;
  /** When its time was last set. */
  readonly lastValueUpdate: bigint;
  /** When its speed was last set. */
  readonly lastRateAdjust: bigint;
  /** When its error bound was last set. */
  readonly lastErrorBound: bigint;
  /** How often it was changed. */
  readonly generation: number;
}

/** Memory in which programs can see a clock without asking. */
export interface ClockPage {
  /** The clock has changed. */
  show(details: ClockDetails): void;
  /** The clock is gone. */
  close(): void;
}

/** A clock. It shows its backstop until it is started, and never less. */
export class Clock extends KernelObject {
  readonly type = ObjectType.CLOCK;
  /** How it was made, as `ClockOption` bits. */
  readonly options: number;
  /** The least that it may show. */
  readonly backstop: bigint;
  /** Where programs see it, once somebody wanted that. */
  page: ClockPage | null = null;
  #transform: ClockTransform;
  #errorBound = ERROR_UNKNOWN;
  #lastValueUpdate = 0n;
  #lastRateAdjust = 0n;
  #lastErrorBound = 0n;
  #generation = 0;
  /** By how much its rate was changed, in parts per million. */
  #rate = 0;

  private constructor(realm: Realm, options: number, backstop: bigint) {
    super(realm, ObjectType.CLOCK);
    this.options = options;
    this.backstop = backstop;
    this.#transform = {
      referenceOffset: 0n,
      syntheticOffset: backstop,
      syntheticTicks: 0,
      referenceTicks: 1,
    };
  }

  /** A clock with these options that never shows less than `backstop`. */
  static create(realm: Realm, options: number, backstop: bigint) {
    const known = Object.values(ClockOption).reduce((all, one) => all | one, 0);
    const { MONOTONIC, CONTINUOUS, AUTO_START } = ClockOption;
    if ((options & ~known) !== 0 || backstop < 0n) return Status.INVALID_ARGS;
    if ((options & CONTINUOUS) !== 0 && (options & MONOTONIC) === 0) return Status.INVALID_ARGS;
    const now = BigInt(Math.floor(realm.now));
    if ((options & AUTO_START) !== 0 && backstop > now) return Status.INVALID_ARGS;
    const clock = new Clock(realm, options, backstop);
    if ((options & AUTO_START) !== 0) clock.#follow(now);
    return clock;
  }

  /** Show the machine's time from the beginning. */
  #follow(now: bigint): void {
    this.#transform = { referenceOffset: 0n, syntheticOffset: 0n, ...EVEN };
    this.#lastValueUpdate = this.#lastRateAdjust = now;
    this.#generation++;
    this.updateSignals(0, Signal.CLOCK_STARTED);
  }

  /** Whether it was started. */
  get started(): boolean {
    return (this.signals & Signal.CLOCK_STARTED) !== 0;
  }

  /** What it shows now. */
  read(): bigint {
    return applyTransform(this.#transform, this.#now);
  }

  /** All that is known of it. */
  get details(): ClockDetails {
    return {
      options: this.options,
      backstop: this.backstop,
      transform: this.#transform,
      errorBound: this.#errorBound,
      queryTicks: this.#now,
      lastValueUpdate: this.#lastValueUpdate,
      lastRateAdjust: this.#lastRateAdjust,
      lastErrorBound: this.#lastErrorBound,
      generation: this.#generation,
    };
  }

  /** Set it, change its rate or say how wrong it may be; all of it or nothing. */
  update(update: ClockUpdate) {
    const { value, rateAdjust } = update;
    if (Math.abs(rateAdjust ?? 0) > RATE_ADJUST_MAX) return Status.INVALID_ARGS;
    if (!this.started && value === undefined) return Status.BAD_STATE;
    if (this.started && !this.#mayChange(update)) return Status.INVALID_ARGS;
    const transform = this.#changed(update);
    const [before, shown] = [this.read(), applyTransform(transform, this.#now)];
    const back = (this.options & ClockOption.MONOTONIC) !== 0 && shown < before;
    if (back || shown < this.backstop) return Status.INVALID_ARGS;
    this.#transform = transform;
    this.#changes(update);
    return Status.OK;
  }

  protected override onDeath(): void {
    this.page?.close();
  }

  get #now(): bigint {
    return BigInt(Math.floor(this.realm.now));
  }

  /** What a clock that runs allows: a continuous one is not set, and a monotonic one for a moment. */
  #mayChange({ value, reference, rateAdjust, second }: ClockUpdate): boolean {
    if ((this.options & ClockOption.CONTINUOUS) !== 0 && value !== undefined) return false;
    if ((this.options & ClockOption.MONOTONIC) === 0) return true;
    if (!(second ?? reference !== undefined)) return true;
    if (value !== undefined && reference === undefined) return false;
    return rateAdjust === undefined || (value === undefined && reference === undefined);
  }

  /** How it goes on after an update. */
  #changed({ value, reference, rateAdjust }: ClockUpdate): ClockTransform {
    const old = this.#transform;
    const same = rateAdjust === undefined || (reference === undefined && rateAdjust === this.#rate);
    if (value === undefined && same) return old;
    const referenceOffset = reference ?? this.#now;
    const rate = rateAdjust !== undefined
      ? { syntheticTicks: MILLION + rateAdjust, referenceTicks: MILLION }
      : old.syntheticTicks === 0
      ? EVEN
      : { syntheticTicks: old.syntheticTicks, referenceTicks: old.referenceTicks };
    const syntheticOffset = value ?? applyTransform(old, referenceOffset);
    return { referenceOffset, syntheticOffset, ...rate };
  }

  /** It was updated: write down when, and tell. */
  #changes({ value, rateAdjust, errorBound }: ClockUpdate): void {
    const now = this.#now;
    if (value !== undefined) this.#lastValueUpdate = now;
    if (rateAdjust !== undefined || !this.started) {
      this.#lastRateAdjust = now;
      this.#rate = rateAdjust ?? 0;
    }
    if (errorBound !== undefined) {
      this.#errorBound = errorBound;
      this.#lastErrorBound = now;
    }
    this.#generation++;
    this.page?.show(this.details);
    if (value !== undefined) this.updateSignals(0, Signal.CLOCK_STARTED);
    this.strobeSignals(Signal.CLOCK_UPDATED);
  }
}
