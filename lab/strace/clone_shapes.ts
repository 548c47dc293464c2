/**
 * The calls that make tasks, as a trace writes them.
 *
 * @module
 */
import {
  CLONE_ARGUMENTS_SIZE,
  CLONE_REQUEST_SIZE,
  CLONE_SIGNAL,
  CloneFlag,
  CloneWideFlag,
  MAX_PID_NS_LEVEL,
} from "../../kernel/linux/abi/process.ts";
import { PAGE_SIZE } from "../../kernel/ports.ts";
import { flagSet, maskText } from "./flag_set.ts";
import { quotedHex, TEXT_MAX } from "./quoted.ts";
import type { Seen } from "./seen.ts";
import {
  addressText,
  afterIf,
  type CallShape,
  listAt,
  type Show,
  shownAt,
  signalText,
  size,
  word,
  wordText,
} from "./shape.ts";

const CLONE = flagSet("CLONE_", CloneFlag);
const PARENT_TID = CloneFlag.PIDFD | CloneFlag.PARENT_SETTID;
const CHILD_TID = CloneFlag.CHILD_SETTID | CloneFlag.CHILD_CLEARTID;

const flags: Show = (seen, at) => {
  const value = seen.uint(at);
  const signal = value & CLONE_SIGNAL;
  const names = (value & ~CLONE_SIGNAL) === 0 ? [] : [maskText(CLONE, value & ~CLONE_SIGNAL)];
  if (signal !== 0) names.push(signalText(signal));
  return `flags=${names.join("|") || "0"}`;
};

const wants = (bits: number) => (seen: Seen) => (seen.uint(0) & bits) !== 0;

/** An argument that is there if a flag says so. */
function named(name: string, bits: number, at: number): Show {
  return (seen) => wants(bits)(seen) ? `${name}=${addressText(seen.whole(at))}` : null;
}

/** `clone`: the stack first, as a trace has it. */
export const cloneText: CallShape = [
  (seen) => `child_stack=${addressText(seen.whole(1))}`,
  (seen) => flags(seen, 0),
  afterIf(
    wants(PARENT_TID),
    (seen) => wants(PARENT_TID)(seen) ? `parent_tid=${word(seen, 2)}` : null,
  ),
  named("tls", CloneFlag.SETTLS, 3),
  named("child_tidptr", CHILD_TID, 4),
];

/** The flags of `clone3`, which are wider. */
function wideFlags(value: bigint): string {
  const low = Number(value & 0xffffffffn);
  const names = low === 0 ? [] : [maskText(CLONE, low)];
  let rest = value - BigInt(low);
  for (const [name, flag] of Object.entries(CloneWideFlag)) {
    if ((rest & flag) === 0n) continue;
    names.push(`CLONE_${name}`);
    rest -= flag;
  }
  if (rest !== 0n) {
    names.push(`0x${rest.toString(16)}${names.length > 0 ? "" : " /* CLONE_??? */"}`);
  }
  return names.join("|") || "0";
}

/** What `clone3` is asked. */
function request(view: DataView, seen: Seen): string {
  const at = (index: number) =>
    index * 8 < view.byteLength ? view.getBigUint64(index * 8, true) : 0n;
  const value = view.getUint32(0, true);
  const parts = [`flags=${wideFlags(at(0))}`];
  if ((value & CloneFlag.PIDFD) !== 0) parts.push(`pidfd=${addressText(at(1))}`);
  if ((value & CHILD_TID) !== 0) parts.push(`child_tid=${addressText(at(2))}`);
  if ((value & CloneFlag.PARENT_SETTID) !== 0) {
    parts.push(`parent_tid=${addressText(at(3))}`);
  }
  parts.push(`exit_signal=${signalText(Number(at(4)))}`, `stack=${addressText(at(5))}`);
  parts.push(`stack_size=${at(6) === 0n ? "0" : `0x${at(6).toString(16)}`}`);
  if ((value & CloneFlag.SETTLS) !== 0) parts.push(`tls=${addressText(at(7))}`);
  if (at(8) !== 0n || at(9) !== 0n) {
    parts.push(`set_tid=${tidsText(seen, at(8), at(9))}`, `set_tid_size=${at(9)}`);
  }
  const isIntoGroup = (at(0) & CloneWideFlag.INTO_CGROUP) !== 0n;
  if (at(10) !== 0n || isIntoGroup) parts.push(`cgroup=${at(10)}`);
  return `{${[...parts, ...unknownText(view)].join(", ")}}`;
}

/** The numbers that the new task is to have. */
function tidsText(seen: Seen, where: bigint, count: bigint): string {
  if (count === 0n || count > MAX_PID_NS_LEVEL) return addressText(where);
  const show = (view: DataView) => `${view.getInt32(0, true)}`;
  return listAt(seen, Number(where), { bytes: 4, show, count: Number(count) });
}

/** What stands behind all that is known, if it is not nothing. */
function unknownText(view: DataView): string[] {
  const size = view.byteLength;
  if (size <= CLONE_ARGUMENTS_SIZE) return [];
  const bytes = new Uint8Array(view.buffer, view.byteOffset + CLONE_ARGUMENTS_SIZE);
  if (bytes.every((byte) => byte === 0)) return [];
  const shown = quotedHex(bytes.subarray(0, TEXT_MAX), bytes.length > TEXT_MAX);
  return [`/* bytes ${CLONE_ARGUMENTS_SIZE}..${size - 1} */ ${shown}`];
}

const asked: Show = (seen, at) => {
  const bytes = seen.address(1);
  const isKnown = bytes >= CLONE_REQUEST_SIZE && bytes <= PAGE_SIZE;
  return isKnown
    ? shownAt(seen, seen.address(at), { bytes, show: request })
    : addressText(seen.whole(at));
};

/** The flags that `clone3` is given; 0 where they cannot be read. */
function flagsGiven(seen: Seen): number {
  return seen.view(seen.address(0), CLONE_REQUEST_SIZE)?.getUint32(0, true) ?? 0;
}

/** What `clone3` put down besides. */
const put: Show = (seen) => {
  const view = seen.view(seen.address(0), CLONE_REQUEST_SIZE);
  if (!view || seen.failed) return null;
  const wanted = flagsGiven(seen);
  const found: string[] = [];
  const at = (name: string, where: number) => {
    const there = seen.view(Number(view.getBigUint64(where, true)), 4);
    if (there) found.push(`${name}=${wordText(there, seen)}`);
  };
  if ((wanted & CloneFlag.PIDFD) !== 0) at("pidfd", 8);
  if ((wanted & CloneFlag.PARENT_SETTID) !== 0) at("parent_tid", 24);
  return found.length > 0 ? ` => {${found.join(", ")}}` : null;
};

/** `clone3`. */
export const threeCloneText: CallShape = [
  asked,
  { late: put, waits: (seen) => (flagsGiven(seen) & PARENT_TID) !== 0, goesOn: true },
  (seen) => size(seen, 1),
];
