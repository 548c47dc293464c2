/**
 * What a clock is, written down as plainly as possible: a point that it went through, and a slope. The
 * kernel is held against it.
 *
 * @module
 */
import { ClockOption, Status } from "../../kernel/abi.ts";
import type { ClockUpdate } from "../../kernel/ipc/clock.ts";

const MILLION = 1_000_000n;
const FIRST = -(2n ** 63n);
const LAST = 2n ** 63n - 1n;

/** A clock that is a line: at `at` it shows `value`, and it gains `slope` millionths in each nanosecond. */
interface Line {
  readonly at: bigint;
  readonly value: bigint;
  readonly slope: bigint;
}

/** One clock. */
export class ModelClock {
  readonly options: number;
  readonly backstop: bigint;
  started = false;
  errorBound = 2n ** 64n - 1n;
  valueSet = 0n;
  rateSet = 0n;
  boundSet = 0n;
  #line: Line;
  #rate = 0;

  constructor(options: number, backstop: bigint, now: bigint) {
    this.options = options;
    this.backstop = backstop;
    this.#line = { at: 0n, value: backstop, slope: 0n };
    if (!this.#is(ClockOption.AUTO_START)) return;
    this.#line = { at: 0n, value: 0n, slope: MILLION };
    this.started = true;
    this.valueSet = this.rateSet = now;
  }

  /** Whether there is such a clock. */
  static canBe(options: number, backstop: bigint, now: bigint): boolean {
    const { MONOTONIC, CONTINUOUS, AUTO_START } = ClockOption;
    if (options & CONTINUOUS && !(options & MONOTONIC)) return false;
    return backstop >= 0n && !(options & AUTO_START && backstop > now);
  }

  /** What it shows at a time. */
  at(time: bigint): bigint {
    return shownBy(this.#line, time);
  }

  /** Change it, or say why not. */
  update(update: ClockUpdate, now: bigint): number {
    const { value, reference, rateAdjust, errorBound } = update;
    const sets = value !== undefined;
    const turns = rateAdjust !== undefined;
    if (turns && (rateAdjust < -1000 || rateAdjust > 1000)) return Status.INVALID_ARGS;
    if (!sets && !turns && (errorBound === undefined || reference !== undefined)) {
      return Status.INVALID_ARGS;
    }
    if (!this.started && !sets) return Status.BAD_STATE;
    if (this.started && sets && this.#is(ClockOption.CONTINUOUS)) return Status.INVALID_ARGS;
    const strict = this.started && this.#is(ClockOption.MONOTONIC) && reference !== undefined;
    if (strict && turns) return Status.INVALID_ARGS;
    const next = this.#next(update, now);
    if (this.#is(ClockOption.MONOTONIC) && shownBy(next, now) < this.at(now)) {
      return Status.INVALID_ARGS;
    }
    if (shownBy(next, now) < this.backstop) return Status.INVALID_ARGS;
    this.#line = next;
    if (sets) this.valueSet = now;
    if (turns || !this.started) {
      this.rateSet = now;
      this.#rate = rateAdjust ?? 0;
    }
    if (errorBound !== undefined) {
      this.errorBound = errorBound;
      this.boundSet = now;
    }
    this.started = true;
    return Status.OK;
  }

  #next({ value, reference, rateAdjust }: ClockUpdate, now: bigint): Line {
    const turned = rateAdjust !== undefined &&
      (reference !== undefined || rateAdjust !== this.#rate);
    if (value === undefined && !turned) return this.#line;
    const at = reference ?? now;
    const old = this.#line.slope === 0n ? MILLION : this.#line.slope;
    const slope = rateAdjust === undefined ? old : MILLION + BigInt(rateAdjust);
    return { at, value: value ?? this.at(at), slope };
  }

  #is(option: number): boolean {
    return (this.options & option) !== 0;
  }
}

function shownBy({ at, value, slope }: Line, time: bigint): bigint {
  const gained = (time - at) * slope;
  const whole = gained / MILLION - (gained % MILLION < 0n ? 1n : 0n);
  const shown = value + whole;
  return shown < FIRST ? FIRST : shown > LAST ? LAST : shown;
}
