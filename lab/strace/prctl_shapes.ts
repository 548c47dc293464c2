/**
 * `prctl`, whose arguments are what its first one says, as a trace writes it.
 *
 * @module
 */
import { CAPABILITY_SET } from "./capability_set.ts";
import { flagSet, maskText, nameText } from "./flag_set.ts";
import {
  addressText,
  afterIf,
  type CallShape,
  hex,
  mask,
  one,
  type Show,
  signal,
  signalText,
  text,
  to,
} from "./shape.ts";

const OPTIONS = flagSet("PR_", {
  SET_PDEATHSIG: 1,
  GET_PDEATHSIG: 2,
  GET_DUMPABLE: 3,
  SET_DUMPABLE: 4,
  GET_KEEPCAPS: 7,
  SET_KEEPCAPS: 8,
  GET_TIMING: 13,
  SET_TIMING: 14,
  SET_NAME: 15,
  GET_NAME: 16,
  GET_SECCOMP: 21,
  SET_SECCOMP: 22,
  CAPBSET_READ: 23,
  CAPBSET_DROP: 24,
  GET_SECUREBITS: 27,
  SET_SECUREBITS: 28,
  SET_TIMERSLACK: 29,
  GET_TIMERSLACK: 30,
  MCE_KILL: 33,
  MCE_KILL_GET: 34,
  SET_MM: 35,
  SET_CHILD_SUBREAPER: 36,
  GET_CHILD_SUBREAPER: 37,
  SET_NO_NEW_PRIVS: 38,
  GET_NO_NEW_PRIVS: 39,
  GET_TID_ADDRESS: 40,
  SET_THP_DISABLE: 41,
  GET_THP_DISABLE: 42,
  CAP_AMBIENT: 47,
  GET_SPECULATION_CTRL: 52,
  SET_SPECULATION_CTRL: 53,
  SET_IO_FLUSHER: 57,
  GET_IO_FLUSHER: 58,
  SET_VMA: 0x53564d41,
});
const AMBIENT = flagSet("PR_CAP_AMBIENT_", { IS_SET: 1, RAISE: 2, LOWER: 3, CLEAR_ALL: 4 });
const MCE_KILL = flagSet("PR_MCE_KILL_", { LATE: 0, EARLY: 1, DEFAULT: 2 });
const SECURE = flagSet("SECBIT_", {
  NOROOT: 1,
  NOROOT_LOCKED: 2,
  NO_SETUID_FIXUP: 4,
  NO_SETUID_FIXUP_LOCKED: 8,
  KEEP_CAPS: 16,
  KEEP_CAPS_LOCKED: 32,
});
const DUMPABLE = flagSet("SUID_DUMP_", { DISABLE: 0, USER: 1, ROOT: 2 });
const plain: Show = (seen, at) => `${seen.whole(at)}`;
const signalPut: Show = to(4, (view) => `[${signalText(view.getInt32(0, true))}]`);

/** What stands behind each option; nothing behind those that are not here. */
const TAKEN: Readonly<Record<string, Show>> = {
  SET_PDEATHSIG: signal,
  GET_PDEATHSIG: signalPut,
  SET_DUMPABLE: one(DUMPABLE),
  SET_KEEPCAPS: plain,
  SET_NAME: text,
  GET_NAME: text,
  SET_TIMING: plain,
  SET_SECUREBITS: mask(SECURE),
  CAPBSET_READ: one(CAPABILITY_SET),
  CAPBSET_DROP: one(CAPABILITY_SET),
  SET_TIMERSLACK: plain,
  SET_CHILD_SUBREAPER: plain,
  GET_CHILD_SUBREAPER: to(4, (view) => `[${view.getInt32(0, true)}]`),
  SET_NO_NEW_PRIVS: plain,
  GET_NO_NEW_PRIVS: hex,
  GET_TID_ADDRESS: to(8, (view) => `[${addressText(view.getBigUint64(0, true))}]`),
  SET_THP_DISABLE: plain,
  GET_THP_DISABLE: plain,
  MCE_KILL_GET: plain,
  SET_IO_FLUSHER: plain,
  GET_IO_FLUSHER: plain,
  CAP_AMBIENT: one(AMBIENT),
};
/** What stands behind that. */
const SECOND: Readonly<Record<string, Show>> = { CAP_AMBIENT: one(CAPABILITY_SET) };
const PUT = ["GET_PDEATHSIG", "GET_NAME", "GET_CHILD_SUBREAPER", "GET_TID_ADDRESS"];
/** Options whose further arguments have to be zero, and are written. */
const FULL = [
  "SET_NO_NEW_PRIVS",
  "GET_NO_NEW_PRIVS",
  "SET_THP_DISABLE",
  "GET_THP_DISABLE",
  "MCE_KILL_GET",
  "SET_IO_FLUSHER",
  "GET_IO_FLUSHER",
  "CAP_AMBIENT",
];
const NONE = [
  "GET_DUMPABLE",
  "GET_KEEPCAPS",
  "GET_TIMERSLACK",
  "GET_SECCOMP",
  "GET_TIMING",
  "GET_SECUREBITS",
];

const nameOf = (option: number) =>
  Object.entries(OPTIONS.names).find(([, value]) => value === option)?.[0] ?? "";

const first: Show = (seen, at) => {
  const name = nameOf(seen.int(0));
  if (NONE.includes(name)) return null;
  return TAKEN[name]?.(seen, at) ?? `0x${seen.whole(at).toString(16)}`;
};

const further: Show = (seen, at) => {
  const name = nameOf(seen.int(0));
  const isClearing = seen.int(1) === AMBIENT.names.CLEAR_ALL;
  if (at === 2 && SECOND[name] && !isClearing) return SECOND[name](seen, at);
  if (FULL.includes(name)) return hex(seen, at);
  return TAKEN[name] || NONE.includes(name) ? null : `0x${seen.whole(at).toString(16)}`;
};

/** `prctl`. */
export const PRCTL_SHAPES: Readonly<Record<string, CallShape>> = {
  prctl: [
    one(OPTIONS),
    afterIf((seen) => PUT.includes(nameOf(seen.int(0))), first),
    further,
    further,
    further,
  ],
};

/** An answer of `prctl`, and what it means. */
export function prctlText(option: number, answer: number): string {
  switch (nameOf(option)) {
    case "GET_DUMPABLE":
      return `${answer} (${nameText(DUMPABLE, answer)})`;
    case "MCE_KILL_GET":
      return `${answer} (${nameText(MCE_KILL, answer)})`;
    case "GET_SECUREBITS":
      return answer === 0 ? "0" : `0x${answer.toString(16)} (${maskText(SECURE, answer)})`;
    default:
      return `${answer}`;
  }
}
