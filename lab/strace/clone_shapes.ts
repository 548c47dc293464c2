/**
 * The calls that make tasks, as a trace writes them.
 *
 * @module
 */
import { CloneFlag } from "../../kernel/linux/clone.ts";
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

const CLONE = flagSet("CLONE_", {
  VM: CloneFlag.VM,
  FS: CloneFlag.FS,
  FILES: CloneFlag.FILES,
  SIGHAND: CloneFlag.SIGHAND,
  PIDFD: CloneFlag.PIDFD,
  PTRACE: CloneFlag.PTRACE,
  VFORK: CloneFlag.VFORK,
  PARENT: CloneFlag.PARENT,
  THREAD: CloneFlag.THREAD,
  NEWNS: CloneFlag.NEWNS,
  SYSVSEM: CloneFlag.SYSVSEM,
  SETTLS: CloneFlag.SETTLS,
  PARENT_SETTID: CloneFlag.PARENT_SETTID,
  CHILD_CLEARTID: CloneFlag.CHILD_CLEARTID,
  DETACHED: 0x400000,
  UNTRACED: 0x800000,
  CHILD_SETTID: CloneFlag.CHILD_SETTID,
  NEWCGROUP: 0x2000000,
  NEWUTS: 0x4000000,
  NEWIPC: 0x8000000,
  NEWUSER: 0x10000000,
  NEWPID: 0x20000000,
  NEWNET: 0x40000000,
  IO: 0x80000000,
});
const SIGNAL = 0xff;
const PARENT_TID = 0x101000;
const TLS = CLONE.names["SETTLS"]!;
const CHILD_TID = 0x1200000;

const flags: Show = (seen, at) => {
  const value = seen.uint(at);
  const signal = value & SIGNAL;
  const names = (value & ~SIGNAL) === 0 ? [] : [maskText(CLONE, value & ~SIGNAL)];
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
  named("tls", TLS, 3),
  named("child_tidptr", CHILD_TID, 4),
];

/** What `clone3` is asked. */
function request(view: DataView): string {
  const at = (index: number) => view.getBigUint64(index * 8, true);
  const value = view.getUint32(0, true);
  const parts = [`flags=${value === 0 ? "0" : maskText(CLONE, value)}`];
  if ((value & CLONE.names["PIDFD"]!) !== 0) parts.push(`pidfd=${addressText(at(1))}`);
  if ((value & CHILD_TID) !== 0) parts.push(`child_tid=${addressText(at(2))}`);
  if ((value & CLONE.names["PARENT_SETTID"]!) !== 0) {
    parts.push(`parent_tid=${addressText(at(3))}`);
  }
  parts.push(`exit_signal=${signalText(Number(at(4)))}`, `stack=${addressText(at(5))}`);
  parts.push(`stack_size=${at(6) === 0n ? "0" : `0x${at(6).toString(16)}`}`);
  if ((value & TLS) !== 0) parts.push(`tls=${addressText(at(7))}`);
  return `{${parts.join(", ")}}`;
}

const asked = to(64, request);

/** What `clone3` put down besides. */
const put: Show = (seen) => {
  const view = seen.view(seen.address(0), 64);
  if (!view || seen.failed) return null;
  const wanted = view.getUint32(0, true);
  const found: string[] = [];
  const at = (name: string, where: number) => {
    const there = seen.view(Number(view.getBigUint64(where, true)), 4);
    if (there) found.push(`${name}=${wordText(there, seen)}`);
  };
  if ((wanted & CLONE.names["PIDFD"]!) !== 0) at("pidfd", 8);
  if ((wanted & CLONE.names["PARENT_SETTID"]!) !== 0) at("parent_tid", 24);
  return found.length > 0 ? ` => {${found.join(", ")}}` : null;
};

/** `clone3`. */
export const threeCloneText: CallShape = [
  asked,
  { late: put, goesOn: true },
  (seen) => size(seen, 1),
];
