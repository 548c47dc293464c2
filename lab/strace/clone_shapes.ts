/**
 * The calls that make tasks, as a trace writes them.
 *
 * @module
 */
import { CLONE_REQUEST_SIZE, CLONE_SIGNAL, CloneFlag } from "../../kernel/linux/abi/process.ts";
import { flagSet, maskText } from "./flag_set.ts";
import type { Seen } from "./seen.ts";
import {
  addressText,
  afterIf,
  type CallShape,
  type Show,
  signalText,
  size,
  to,
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

/** What `clone3` is asked. */
function request(view: DataView): string {
  const at = (index: number) => view.getBigUint64(index * 8, true);
  const value = view.getUint32(0, true);
  const parts = [`flags=${value === 0 ? "0" : maskText(CLONE, value)}`];
  if ((value & CloneFlag.PIDFD) !== 0) parts.push(`pidfd=${addressText(at(1))}`);
  if ((value & CHILD_TID) !== 0) parts.push(`child_tid=${addressText(at(2))}`);
  if ((value & CloneFlag.PARENT_SETTID) !== 0) {
    parts.push(`parent_tid=${addressText(at(3))}`);
  }
  parts.push(`exit_signal=${signalText(Number(at(4)))}`, `stack=${addressText(at(5))}`);
  parts.push(`stack_size=${at(6) === 0n ? "0" : `0x${at(6).toString(16)}`}`);
  if ((value & CloneFlag.SETTLS) !== 0) parts.push(`tls=${addressText(at(7))}`);
  return `{${parts.join(", ")}}`;
}

const asked = to(CLONE_REQUEST_SIZE, request);

/** What `clone3` put down besides. */
const put: Show = (seen) => {
  const view = seen.view(seen.address(0), CLONE_REQUEST_SIZE);
  if (!view || seen.failed) return null;
  const wanted = view.getUint32(0, true);
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
  { late: put, goesOn: true },
  (seen) => size(seen, 1),
];
