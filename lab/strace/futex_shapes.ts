/**
 * `futex`, whose arguments are what its operation says, as a trace writes it.
 *
 * @module
 */
import { flagSet, maskText, nameText } from "./flag_set.ts";
import {
  address,
  addressText,
  type CallShape,
  list,
  type Show,
  type ShowBytes,
  uint,
} from "./shape.ts";
import { clock, timespec } from "./time_shapes.ts";

const OPERATIONS = flagSet("FUTEX_", {
  WAIT: 0,
  WAKE: 1,
  FD: 2,
  REQUEUE: 3,
  CMP_REQUEUE: 4,
  WAKE_OP: 5,
  LOCK_PI: 6,
  UNLOCK_PI: 7,
  TRYLOCK_PI: 8,
  WAIT_BITSET: 9,
  WAKE_BITSET: 10,
  WAIT_REQUEUE_PI: 11,
  CMP_REQUEUE_PI: 12,
  LOCK_PI2: 13,
});
const PRIVATE = 0x80;
const CLOCK_REALTIME = 0x100;
const MATCH_ANY = 0xffffffff;

type Part = "value" | "timeout" | "count" | "other" | "bits" | "compared" | "deed";

/** What stands behind the operation. */
const PARTS: Readonly<Record<number, readonly Part[]>> = {
  0: ["value", "timeout"],
  1: ["value"],
  2: ["value"],
  3: ["value", "count", "other"],
  4: ["value", "count", "other", "compared"],
  5: ["value", "count", "other", "deed"],
  6: ["timeout"],
  7: [],
  8: [],
  9: ["value", "timeout", "bits"],
  10: ["value", "bits"],
  11: ["value", "timeout", "other"],
  12: ["value", "count", "other", "compared"],
  13: ["timeout"],
};

const DEEDS = ["SET", "ADD", "OR", "ANDN", "XOR"];
const COMPARISONS = ["EQ", "NE", "LT", "LE", "GT", "GE"];

/** What is done to the second word, and what is asked of it. */
const deed: Show = (seen) => {
  const code = seen.uint(5);
  const shift = code >>> 31 !== 0 ? "FUTEX_OP_OPARG_SHIFT<<28|" : "";
  const [what, how] = [DEEDS[(code >>> 28) & 7], COMPARISONS[(code >>> 24) & 15]];
  const [value, compared] = [hexText((code >>> 12) & 0xfff), hexText(code & 0xfff)];
  return `${shift}FUTEX_OP_${what}<<28|${value}<<12|FUTEX_OP_CMP_${how}<<24|${compared}`;
};

function hexText(value: number): string {
  return value === 0 ? "0" : `0x${value.toString(16)}`;
}

const WAITER_FLAGS = flagSet("FUTEX_", { "32": 2, PRIVATE_FLAG: PRIVATE });

/** One of several words that are waited for. */
const waiter: ShowBytes = (view) => {
  const where = addressText(view.getBigUint64(8, true));
  const flags = maskText(WAITER_FLAGS, view.getUint32(16, true));
  return `{val=${view.getBigUint64(0, true)}, uaddr=${where}, flags=${flags}}`;
};

const SHOWN: Readonly<Record<Part, Show>> = {
  value: (seen) => `${seen.uint(2)}`,
  timeout: (seen) => timespec(seen, 3),
  count: (seen) => `${seen.uint(3)}`,
  other: (seen) => addressText(seen.whole(4)),
  bits: (seen) => seen.uint(5) === MATCH_ANY ? "FUTEX_BITSET_MATCH_ANY" : hexText(seen.uint(5)),
  compared: (seen) => `${seen.uint(5)}`,
  deed,
};

const operation: Show = (seen, at) => {
  const value = seen.uint(at);
  const name = nameText(OPERATIONS, value & 0x7f);
  const own = (value & PRIVATE) !== 0 ? "_PRIVATE" : "";
  return `${name}${own}${(value & CLOCK_REALTIME) !== 0 ? "|FUTEX_CLOCK_REALTIME" : ""}`;
};

function part(index: number): Show {
  return (seen, at) => {
    const name = (PARTS[seen.uint(1) & 0x7f] ?? ["value", "timeout", "other", "compared"])[index];
    return name ? SHOWN[name](seen, at) : null;
  };
}

/** The calls about words that tasks wait at. */
export const FUTEX_SHAPES: Readonly<Record<string, CallShape>> = {
  futex: [address, operation, part(0), part(1), part(2), part(3)],
  futex_waitv: [list(24, waiter, 1), uint, uint, timespec, clock],
};
