/**
 * `futex`, whose arguments are what its operation says, as a trace writes it.
 *
 * @module
 */
import {
  Futex,
  FUTEX_WORD_SIZE,
  FutexComparison,
  FutexDeed,
  FutexFlag,
  FutexWord,
  MATCH_ANY,
} from "../../kernel/linux/abi/futex.ts";
import {
  address,
  addressText,
  type CallShape,
  hex,
  hexText,
  int,
  list,
  listAt,
  type Show,
  type ShowBytes,
  uint,
} from "./shape.ts";
import { flagSet, maskText, nameIn, nameText } from "./flag_set.ts";
import { clock, timespec } from "./time_shapes.ts";

const OPERATIONS = flagSet("FUTEX_", Futex);

/** Which bits of an operation say what it is. */
const COMMAND = 0x7f;

type Part = "value" | "timeout" | "count" | "other" | "bits" | "compared" | "deed";

/** What stands behind each operation. */
const PARTS: Readonly<Record<keyof typeof Futex, readonly Part[]>> = {
  WAIT: ["value", "timeout"],
  WAKE: ["value"],
  FD: ["value"],
  REQUEUE: ["value", "count", "other"],
  CMP_REQUEUE: ["value", "count", "other", "compared"],
  WAKE_OP: ["value", "count", "other", "deed"],
  LOCK_PI: ["timeout"],
  UNLOCK_PI: [],
  TRYLOCK_PI: [],
  WAIT_BITSET: ["value", "timeout", "bits"],
  WAKE_BITSET: ["value", "bits"],
  WAIT_REQUEUE_PI: ["value", "timeout", "other"],
  CMP_REQUEUE_PI: ["value", "count", "other", "compared"],
  LOCK_PI2: ["timeout"],
};
/** What stands behind one that is not known. */
const UNKNOWN: readonly Part[] = ["value", "timeout", "other", "compared"];

/** What is done to the second word, and what is asked of it. */
const deed: Show = (seen) => {
  const code = seen.uint(5);
  const shift = code >>> 31 !== 0 ? "FUTEX_OP_OPARG_SHIFT<<28|" : "";
  const [what, how] = [
    nameIn(FutexDeed, (code >>> 28) & 7),
    nameIn(FutexComparison, (code >>> 24) & 15),
  ];
  const [value, compared] = [hexText((code >>> 12) & 0xfff), hexText(code & 0xfff)];
  return `${shift}FUTEX_OP_${what}<<28|${value}<<12|FUTEX_OP_CMP_${how}<<24|${compared}`;
};

const WORD_FLAGS = flagSet("FUTEX2_", { SIZE_U32: FutexWord["32"], PRIVATE: FutexFlag.PRIVATE });
const WAITER_FLAGS = flagSet("FUTEX_", FutexWord);

/** What a word is like, for the calls that came later. */
const word: Show = (seen, at) => maskText(WORD_FLAGS, seen.uint(at));
const words: Show = (seen, at) =>
  listAt(seen, seen.address(at), { bytes: FUTEX_WORD_SIZE, show: waiter, count: 2 });

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
  const name = nameText(OPERATIONS, value & COMMAND);
  const own = (value & FutexFlag.PRIVATE) !== 0 ? "_PRIVATE" : "";
  return `${name}${own}${(value & FutexFlag.CLOCK_REALTIME) !== 0 ? "|FUTEX_CLOCK_REALTIME" : ""}`;
};

function part(index: number): Show {
  return (seen, at) => {
    const known = nameIn(Futex, seen.uint(1) & COMMAND);
    const name = (known ? PARTS[known] : UNKNOWN)[index];
    return name ? SHOWN[name](seen, at) : null;
  };
}

/** The calls about words that tasks wait at. */
export const FUTEX_SHAPES: Readonly<Record<string, CallShape>> = {
  futex: [address, operation, part(0), part(1), part(2), part(3)],
  futex_wake: [address, hex, int, word],
  futex_wait: [address, hex, hex, word, timespec, clock],
  futex_requeue: [words, uint, int, int],
  futex_waitv: [list(FUTEX_WORD_SIZE, waiter, 1), uint, uint, timespec, clock],
};
