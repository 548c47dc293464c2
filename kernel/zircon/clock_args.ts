/**
 * The structures that the clock calls are given, whose version stands in the options.
 *
 * @module
 */
import { CLOCK_ARGS_VERSION_SHIFT, ClockUpdateOption, Status } from "../abi.ts";
import type { ClockUpdate } from "../ipc/clock.ts";
import { readMemory } from "../syscall/buffer.ts";
import type { Call } from "../syscall/call.ts";
import type { Kind } from "../syscall/kind.ts";
import { isBig, isNumber, maybe, withFields } from "../syscall/shape.ts";

/** Where the version begins, in bits. */
export const CLOCK_ARGS_VERSION = CLOCK_ARGS_VERSION_SHIFT;

/** The time that a new clock may never show less than; 0 where there are no arguments. */
export const clockArgs: Kind<bigint, { backstop: bigint }, "optional", "INVALID_ARGS"> = {
  label: "backstop",
  role: "optional",
  shape: withFields({ backstop: isBig }),
  errors: ["INVALID_ARGS"],
  otherwise: null,
  decode(raw, call) {
    if (call.outs) return raw === null ? 0n : (raw as { backstop: bigint }).backstop;
    const version = versionOf(call);
    if (version === 0) return raw === 0 ? 0n : Status.INVALID_ARGS;
    if (version !== 1) return Status.INVALID_ARGS;
    const view = viewAt(call, raw as number, 8);
    return typeof view === "number" ? view : view.getBigInt64(0, true);
  },
};

/** What to change about a clock. */
export const updateArgs: Kind<ClockUpdate, ClockUpdate, "in", "INVALID_ARGS"> = {
  label: "what to change",
  role: "in",
  shape: withFields({
    value: maybe(isBig),
    reference: maybe(isBig),
    rateAdjust: maybe(isNumber),
    errorBound: maybe(isBig),
  }),
  errors: ["INVALID_ARGS"],
  decode(raw, call) {
    if (!call.outs) return readUpdate(call, raw as number);
    if (typeof raw !== "object" || raw === null) return Status.INVALID_ARGS;
    const update = raw as ClockUpdate;
    return makesSense(update) ? update : Status.INVALID_ARGS;
  },
};

const { VALUE_VALID, RATE_ADJUST_VALID, ERROR_BOUND_VALID, REFERENCE_VALID } = ClockUpdateOption;
const FLAGS_V1 = VALUE_VALID | RATE_ADJUST_VALID | ERROR_BOUND_VALID;

function readUpdate(call: Call, address: number): ClockUpdate | typeof Status.INVALID_ARGS {
  const version = versionOf(call);
  const bits = BigInt.asUintN(CLOCK_ARGS_VERSION, call.rawOf("options") as bigint);
  const known = version === 2 ? FLAGS_V1 | REFERENCE_VALID : FLAGS_V1;
  if ((version !== 1 && version !== 2) || (bits & ~BigInt(known)) !== 0n) {
    return Status.INVALID_ARGS;
  }
  const view = viewAt(call, address, version === 1 ? 24 : 32);
  if (typeof view === "number") return view;
  const flags = Number(bits);
  const boundAt = version === 1 ? 16 : 24;
  const update: ClockUpdate = {
    second: version === 2,
    ...(flags & VALUE_VALID ? { value: view.getBigInt64(8, true) } : {}),
    ...(flags & REFERENCE_VALID ? { reference: view.getBigInt64(16, true) } : {}),
    ...(flags & RATE_ADJUST_VALID ? { rateAdjust: view.getInt32(0, true) } : {}),
    ...(flags & ERROR_BOUND_VALID ? { errorBound: view.getBigUint64(boundAt, true) } : {}),
  };
  return makesSense(update) ? update : Status.INVALID_ARGS;
}

/** Something must be changed, and a reference time alone says nothing. */
function makesSense({ value, reference, rateAdjust, errorBound }: ClockUpdate): boolean {
  const isLine = value !== undefined || rateAdjust !== undefined;
  return isLine || (errorBound !== undefined && reference === undefined);
}

function versionOf(call: Call): number {
  return Number((call.rawOf("options") as bigint) >> BigInt(CLOCK_ARGS_VERSION));
}

function viewAt(call: Call, address: number, size: number) {
  const bytes = readMemory(call, address, size);
  return typeof bytes === "number" ? bytes : new DataView(bytes.buffer);
}
