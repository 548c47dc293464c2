/**
 * `zx_clock_create`, `_read`, `_update` and `_get_details`: clocks that somebody maintains.
 *
 * @module
 */
import { ClockOption, DEFAULT_RIGHTS, failed, Right, Status } from "../abi.ts";
import { Clock, type ClockDetails, type ClockUpdate } from "../ipc/clock.ts";
import { outHandle } from "../syscall/buffer.ts";
import { handle, i64Exact, u64Exact } from "../syscall/kind.ts";
import { outExact, outRecord } from "../syscall/record.ts";
import { syscall } from "../syscall/row.ts";
import { CLOCK_ARGS_VERSION, clockArgs, updateArgs } from "./clock_args.ts";

/** Options beyond these are unknown, whichever they are. */
const OPTIONS_MAX = 0xffn;

const clockCreate = syscall({
  name: "zx_clock_create",
  about: "Make a clock, which shows its backstop time until it is first updated.",
  args: {
    options: { ...u64Exact, role: "optional", otherwise: 0n },
    args: clockArgs,
    out: outHandle,
  },
  errors: ["INVALID_ARGS"],
  run({ options, args, out }, call) {
    const bits = BigInt.asUintN(CLOCK_ARGS_VERSION, options);
    if (bits > OPTIONS_MAX) return Status.INVALID_ARGS;
    const clock = Clock.create(call.realm, Number(bits), args);
    if (failed(clock)) return clock;
    const mappable = (clock.options & ClockOption.MAPPABLE) !== 0;
    return out.give(clock, DEFAULT_RIGHTS.clock | (mappable ? Right.MAP : 0));
  },
});

const clockRead = syscall({
  name: "zx_clock_read",
  about: "What a clock shows now.",
  args: { handle: handle(Clock, Right.READ), now: outExact },
  errors: [],
  run({ handle: clock, now }) {
    return now.set(clock.read());
  },
});

const clockUpdate = syscall({
  name: "zx_clock_update",
  about: "Set a clock, change its rate, or say how wrong it may be; all of it or nothing.",
  args: {
    handle: handle(Clock, Right.WRITE),
    options: { ...u64Exact, role: "optional", otherwise: 0n },
    args: updateArgs,
  },
  errors: ["INVALID_ARGS", "BAD_STATE"],
  run({ handle: clock, args }) {
    return clock.update(exactly(args));
  },
});

const clockGetDetails = syscall({
  name: "zx_clock_get_details",
  about: "All that is known of a clock.",
  args: {
    handle: handle(Clock, Right.READ),
    options: { ...u64Exact, role: "optional", otherwise: 1n << BigInt(CLOCK_ARGS_VERSION) },
    details: outRecord(encodeDetails),
  },
  errors: ["INVALID_ARGS"],
  run({ handle: clock, options, details }) {
    if (options !== 1n << BigInt(CLOCK_ARGS_VERSION)) return Status.INVALID_ARGS;
    return details.set(clock.details);
  },
});

/** The calls of this file. */
export const CLOCK_ROWS = { clockCreate, clockRead, clockUpdate, clockGetDetails };

/** What a script gives may have numbers where the clock needs all of 64 bits. */
function exactly(update: ClockUpdate): ClockUpdate {
  const { value, reference, errorBound, rateAdjust, second } = update;
  const exact = (name: string, given: bigint | undefined) =>
    given === undefined ? {} : { [name]: i64Exact.decode(given, undefined as never, name) };
  return {
    ...exact("value", value),
    ...exact("reference", reference),
    ...(errorBound === undefined ? {} : { errorBound }),
    ...(rateAdjust === undefined ? {} : { rateAdjust }),
    ...(second === undefined ? {} : { second }),
  };
}

const DETAILS_SIZE = 112;

/** All that is known of a clock, as it lies in memory. */
export function encodeDetails(details: ClockDetails): Uint8Array {
  const bytes = new Uint8Array(DETAILS_SIZE);
  const view = new DataView(bytes.buffer);
  const { referenceOffset, syntheticOffset, syntheticTicks, referenceTicks } = details.transform;
  view.setBigUint64(0, BigInt(details.options), true);
  view.setBigInt64(8, details.backstop, true);
  // A tick is a nanosecond, so the line over ticks is the line over time.
  for (const at of [16, 40]) {
    view.setBigInt64(at, referenceOffset, true);
    view.setBigInt64(at + 8, syntheticOffset, true);
    view.setUint32(at + 16, syntheticTicks, true);
    view.setUint32(at + 20, referenceTicks, true);
  }
  view.setBigUint64(64, details.errorBound, true);
  view.setBigInt64(72, details.queryTicks, true);
  view.setBigInt64(80, details.lastValueUpdate, true);
  view.setBigInt64(88, details.lastRateAdjust, true);
  view.setBigInt64(96, details.lastErrorBound, true);
  view.setUint32(104, details.generation, true);
  return bytes;
}
