/**
 * `prctl`, whose arguments are what its first one says, as a trace writes it.
 *
 * @module
 */
import { Capability } from "../../kernel/linux/abi/capability.ts";
import {
  Ambient,
  Dumpable,
  MceKill,
  Mdwe,
  Prctl,
  SecureBit,
} from "../../kernel/linux/abi/prctl.ts";
import { SeccompMode } from "../../kernel/linux/abi/seccomp.ts";
import { flagSet, maskText, nameIn, nameText } from "./flag_set.ts";
import { filterProgram, SECCOMP_MODE } from "./seccomp_shapes.ts";
import type { Seen } from "./seen.ts";
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
  word,
} from "./shape.ts";

const OPTIONS = flagSet("PR_", Prctl);
const AMBIENT = flagSet("PR_CAP_AMBIENT_", Ambient);
const MCE_KILL = flagSet("PR_MCE_KILL_", MceKill);
const MDWE = flagSet("PR_MDWE_", Mdwe);
const SECURE = flagSet("SECBIT_", SecureBit);
const DUMPABLE = flagSet("SUID_DUMP_", Dumpable);
const CAPABILITIES = flagSet("CAP_", Capability);
type Option = keyof typeof Prctl;

const plain: Show = (seen, at) => `${seen.whole(at)}`;
const signalPut: Show = to(4, (view) => `[${signalText(view.getInt32(0, true))}]`);

/** What stands behind each option; nothing behind those that are not here. */
const TAKEN: Readonly<Partial<Record<Option, Show>>> = {
  SET_PDEATHSIG: signal,
  GET_PDEATHSIG: signalPut,
  SET_DUMPABLE: one(DUMPABLE),
  SET_KEEPCAPS: plain,
  SET_NAME: text,
  GET_NAME: text,
  SET_TIMING: plain,
  SET_SECUREBITS: mask(SECURE),
  CAPBSET_READ: one(CAPABILITIES),
  CAPBSET_DROP: one(CAPABILITIES),
  SET_SECCOMP: one(SECCOMP_MODE),
  SET_TIMERSLACK: plain,
  SET_CHILD_SUBREAPER: plain,
  GET_CHILD_SUBREAPER: word,
  SET_NO_NEW_PRIVS: plain,
  GET_NO_NEW_PRIVS: hex,
  GET_TID_ADDRESS: to(8, (view) => `[${addressText(view.getBigUint64(0, true))}]`),
  SET_THP_DISABLE: plain,
  GET_THP_DISABLE: plain,
  MCE_KILL_GET: plain,
  SET_IO_FLUSHER: plain,
  GET_IO_FLUSHER: plain,
  CAP_AMBIENT: one(AMBIENT),
  SET_MDWE: mask(MDWE),
  GET_MDWE: plain,
  SET_MEMORY_MERGE: plain,
  GET_MEMORY_MERGE: plain,
};
/** What stands behind that. */
const SECOND: Readonly<Partial<Record<Option, Show>>> = { CAP_AMBIENT: one(CAPABILITIES) };
const PUT: readonly Option[] = [
  "GET_PDEATHSIG",
  "GET_NAME",
  "GET_CHILD_SUBREAPER",
  "GET_TID_ADDRESS",
];
/** Options whose further arguments have to be zero, and are written. */
const FULL: readonly Option[] = [
  "SET_NO_NEW_PRIVS",
  "GET_NO_NEW_PRIVS",
  "SET_THP_DISABLE",
  "GET_THP_DISABLE",
  "MCE_KILL_GET",
  "SET_IO_FLUSHER",
  "GET_IO_FLUSHER",
  "CAP_AMBIENT",
  "SET_MDWE",
  "GET_MDWE",
  "SET_MEMORY_MERGE",
  "GET_MEMORY_MERGE",
];
const NONE: readonly Option[] = [
  "GET_DUMPABLE",
  "GET_KEEPCAPS",
  "GET_TIMERSLACK",
  "GET_SECCOMP",
  "GET_TIMING",
  "GET_SECUREBITS",
];

const optionOf = (seen: Seen) => nameIn(Prctl, seen.int(0));

const first: Show = (seen, at) => {
  const name = optionOf(seen);
  if (name && NONE.includes(name)) return null;
  return (name && TAKEN[name])?.(seen, at) ?? hex(seen, at);
};

const further: Show = (seen, at) => {
  const name = optionOf(seen);
  if (name === undefined) return hex(seen, at);
  const isClearing = seen.int(1) === Ambient.CLEAR_ALL;
  if (at === 2 && SECOND[name] && !isClearing) return SECOND[name](seen, at);
  if (FULL.includes(name)) return hex(seen, at);
  if (name === "SET_SECCOMP") return furtherOfFilter(seen, at);
  return TAKEN[name] || NONE.includes(name) ? null : hex(seen, at);
};

/** What stands behind how calls are to be filtered: a program, or nothing, or what nobody knows. */
const furtherOfFilter: Show = (seen, at) => {
  const mode = seen.whole(1);
  if (mode === BigInt(SeccompMode.STRICT)) return null;
  if (mode !== BigInt(SeccompMode.FILTER)) return hex(seen, at);
  return at === 2 ? filterProgram(seen, at) : null;
};

/** `prctl`. */
export const PRCTL_SHAPES: Readonly<Record<string, CallShape>> = {
  prctl: [
    one(OPTIONS),
    afterIf((seen) => PUT.some((name) => name === optionOf(seen)), first),
    further,
    further,
    further,
  ],
};

/** An answer of `prctl`, and what it means. */
export function prctlText(option: number, answer: number): string {
  switch (option) {
    case Prctl.GET_DUMPABLE:
      return `${answer} (${nameText(DUMPABLE, answer)})`;
    case Prctl.MCE_KILL_GET:
      return `${answer} (${nameText(MCE_KILL, answer)})`;
    case Prctl.GET_SECUREBITS:
      return answer === 0 ? "0" : `0x${answer.toString(16)} (${maskText(SECURE, answer)})`;
    default:
      return `${answer}`;
  }
}
