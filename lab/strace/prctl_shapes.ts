/**
 * `prctl`, whose arguments are what its first one says, as a trace writes it.
 *
 * @module
 */
import { flagSet, nameText } from "./flag_set.ts";
import { afterIf, type CallShape, one, type Show, signal, signalText, text, to } from "./shape.ts";

const OPTIONS = flagSet("PR_", {
  SET_PDEATHSIG: 1,
  GET_PDEATHSIG: 2,
  GET_DUMPABLE: 3,
  SET_DUMPABLE: 4,
  GET_KEEPCAPS: 7,
  SET_KEEPCAPS: 8,
  SET_NAME: 15,
  GET_NAME: 16,
  GET_SECCOMP: 21,
  SET_SECCOMP: 22,
  CAPBSET_READ: 23,
  CAPBSET_DROP: 24,
  SET_TIMERSLACK: 29,
  GET_TIMERSLACK: 30,
  SET_MM: 35,
  SET_CHILD_SUBREAPER: 36,
  GET_CHILD_SUBREAPER: 37,
  SET_NO_NEW_PRIVS: 38,
  GET_NO_NEW_PRIVS: 39,
  CAP_AMBIENT: 47,
  SET_VMA: 0x53564d41,
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
  CAPBSET_READ: plain,
  CAPBSET_DROP: plain,
  SET_TIMERSLACK: plain,
  SET_CHILD_SUBREAPER: plain,
  GET_CHILD_SUBREAPER: to(4, (view) => `[${view.getInt32(0, true)}]`),
  SET_NO_NEW_PRIVS: plain,
};
const PUT = ["GET_PDEATHSIG", "GET_NAME", "GET_CHILD_SUBREAPER"];
/** Options whose further arguments have to be zero, and are written. */
const FULL = ["SET_NO_NEW_PRIVS", "GET_NO_NEW_PRIVS"];
const NONE = ["GET_DUMPABLE", "GET_KEEPCAPS", "GET_TIMERSLACK", "GET_SECCOMP"];

const nameOf = (option: number) =>
  Object.entries(OPTIONS.names).find(([, value]) => value === option)?.[0] ?? "";

const first: Show = (seen, at) => {
  const name = nameOf(seen.int(0));
  if (NONE.includes(name)) return null;
  return TAKEN[name]?.(seen, at) ?? `0x${seen.whole(at).toString(16)}`;
};

const further: Show = (seen, at) => {
  const name = nameOf(seen.int(0));
  if (FULL.includes(name)) return plain(seen, at);
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

/** What an answer of `prctl` means. */
export function prctlNote(option: number, answer: number): string {
  return nameOf(option) === "GET_DUMPABLE" ? ` (${nameText(DUMPABLE, answer)})` : "";
}
