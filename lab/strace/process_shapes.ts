/**
 * Calls about processes and threads, as a trace writes them.
 *
 * @module
 */
import {
  NAME_FIELD,
  NAME_FIELDS,
  RandomFlag,
  SYSTEM_FACTS_SIZE,
} from "../../kernel/linux/abi/system.ts";
import {
  CloneFlag,
  Compare,
  IdType,
  LIMIT_SIZE,
  Persona,
  PriorityOf,
  Resource,
  SequenceFlag,
  USAGE_SIZE,
  UsageOf,
  Wait,
  WaitWhom,
} from "../../kernel/linux/abi/process.ts";
import {
  codeOf,
  CONTINUED,
  isDumped,
  isStopped,
  signalOf,
} from "../../kernel/linux/exit_status.ts";
import { OpenFlag } from "../../kernel/linux/abi/open.ts";
import { Capability, CapabilityVersion } from "../../kernel/linux/abi/capability.ts";
import { cloneText, threeCloneText } from "./clone_shapes.ts";
import { AT_FLAGS } from "./file_flags.ts";
import { flagSet, maskText, nameText, prefixed } from "./flag_set.ts";
import type { Seen } from "./seen.ts";
import {
  address,
  addressText,
  after,
  answeredNoise,
  type CallShape,
  dirfd,
  int,
  list,
  listAt,
  mask,
  octal,
  one,
  path,
  plainHex,
  type Show,
  signalText,
  size,
  stringAt,
  text,
  to,
  uint,
  word,
} from "./shape.ts";
import { quoted } from "./quoted.ts";
import { POLICY } from "./scheduling_shapes.ts";
import { sigInfo } from "./signal_shapes.ts";
import { secondsText, timespec } from "./time_shapes.ts";

const WAIT = flagSet("W", Wait);
const WAIT4 = flagSet("", { ...prefixed("W", Wait), ...prefixed("__W", WaitWhom) });
const ID_TYPES = flagSet("P_", IdType);
const USAGE = flagSet("RUSAGE_", UsageOf);
const PRIORITY = flagSet("PRIO_", PriorityOf);
const KCMP = flagSet("KCMP_", Compare);
const RESOURCES = flagSet("RLIMIT_", Resource);
const CAPABILITIES = flagSet("CAP_", Capability);
const CAPABILITY_VERSIONS = flagSet("_LINUX_CAPABILITY_VERSION_", CapabilityVersion);
const PERSONALITY = flagSet("", { PER_LINUX: 0, ...Persona });
const UNLIMITED = 0xffffffffffffffffn;

function limitText(value: bigint, unlimited: string): string {
  if (value === UNLIMITED) return unlimited;
  return value > 1024n && value % 1024n === 0n ? `${value / 1024n}*1024` : `${value}`;
}

function limits(unlimited: string): Show {
  return to(LIMIT_SIZE, (view) => {
    const [soft, hard] = [0, 8].map((at) => limitText(view.getBigUint64(at, true), unlimited));
    return `{rlim_cur=${soft}, rlim_max=${hard}}`;
  });
}

const usage = to(USAGE_SIZE, (view) => {
  const times = `ru_utime=${secondsText(view, 0, "usec")}, ru_stime=${
    secondsText(view, 16, "usec")
  }`;
  return `{${times}, ...}`;
});

/** What a child became, in the words of the macros that ask. */
function statusText(status: number): string {
  const signal = signalOf(status);
  if (status === CONTINUED) return "{WIFCONTINUED(s)}";
  if (isStopped(status)) return `{WIFSTOPPED(s) && WSTOPSIG(s) == ${signalText(codeOf(status))}}`;
  if (signal === 0) return `{WIFEXITED(s) && WEXITSTATUS(s) == ${codeOf(status)}}`;
  const core = isDumped(status) ? " && WCOREDUMP(s)" : "";
  return `{WIFSIGNALED(s) && WTERMSIG(s) == ${signalText(signal)}${core}}`;
}

const childStatus: Show = (seen, at) => {
  if (seen.answer === 0) return addressText(seen.whole(at));
  return to(4, (view) => `[${statusText(view.getUint32(0, true))}]`)(seen, at);
};
const childUsage: Show = (seen, at) =>
  seen.answer === 0 ? addressText(seen.whole(at)) : usage(seen, at);

const names = to(NAME_FIELDS * NAME_FIELD, (view) => {
  const part = (at: number) => {
    const bytes = new Uint8Array(view.buffer, at * NAME_FIELD, NAME_FIELD);
    return quoted(bytes.subarray(0, bytes.indexOf(0)));
  };
  return `{sysname=${part(0)}, nodename=${part(1)}, ...}`;
});

const system = to(SYSTEM_FACTS_SIZE, (view) => {
  const at = (offset: number) => view.getBigUint64(offset, true);
  const words = ["totalram", "freeram", "sharedram", "bufferram", "totalswap", "freeswap"]
    .map((name, index) => `${name}=${at(32 + index * 8)}`).join(", ");
  return `{uptime=${at(0)}, loads=[${at(8)}, ${at(16)}, ${at(24)}], ${words}, procs=${
    view.getUint16(80, true)
  }, totalhigh=${at(88)}, freehigh=${at(96)}, mem_unit=${view.getUint32(104, true)}}`;
});

/** A list of strings up to the zero at its end. */
function strings(seen: Seen, at: number): string {
  const where = seen.address(at);
  const shown: string[] = [];
  for (let index = 0; index < 32; index++) {
    const pointer = seen.view(where + index * 8, 8)?.getBigUint64(0, true);
    if (pointer === undefined) return index === 0 ? addressText(where) : `[${shown.join(", ")}]`;
    if (pointer === 0n) return `[${shown.join(", ")}]`;
    shown.push(stringAt(seen, Number(pointer), 32));
  }
  return `[${shown.join(", ")}, ...]`;
}

const program: Show = (seen, at) => seen.address(at) === 0 ? "NULL" : strings(seen, at);

const environment: Show = (seen, at) => {
  const where = seen.address(at);
  if (where === 0 || seen.view(where, 8) === null) return addressText(where);
  let count = 0;
  while (count < 100_000 && (seen.view(where + count * 8, 8)?.getBigUint64(0, true) ?? 0n) !== 0n) {
    count++;
  }
  const many = count === 1 ? "1 var" : `${count} vars`;
  return `${addressText(where)} /* ${many} */`;
};

const processors: Show = (seen, at) => {
  const bytes = seen.answer !== null && seen.answer > 0 && seen.row.name === "sched_getaffinity"
    ? seen.answer
    : Math.min(seen.uint(1), 128);
  return to(bytes, (view) => {
    const found: number[] = [];
    for (let one = 0; one < bytes * 8; one++) {
      if ((view.getUint8(one >> 3) & (1 << (one & 7))) !== 0) found.push(one);
    }
    return `[${found.join(" ")}]`;
  })(seen, at);
};

const ids: Show = (seen, at) => {
  const count = seen.answer ?? 0;
  return count === 0 && seen.int(0) === 0
    ? addressText(seen.whole(at))
    : listAt(seen, seen.address(at), {
      bytes: 4,
      count,
      show: (view) => `${view.getUint32(0, true)}`,
    });
};

const id = (view: DataView) => `${view.getInt32(0, true)}`;
/** Capabilities by name, in three sets of two words each. */
const capabilities = to(24, (view) => {
  const sets = ["effective", "permitted", "inheritable"].map((name, at) => {
    const bits = BigInt(view.getUint32(at * 4, true)) |
      (BigInt(view.getUint32(12 + at * 4, true)) << 32n);
    const found = Object.entries(CAPABILITIES.names)
      .filter(([, bit]) => (bits & (1n << BigInt(bit))) !== 0n)
      .map(([one]) => `1<<${CAPABILITIES.prefix}${one}`);
    return `${name}=${found.join("|") || "0"}`;
  });
  return `{${sets.join(", ")}}`;
});
const capabilityHead = to(8, (view) => {
  const version = view.getUint32(0, true);
  const name = nameText(CAPABILITY_VERSIONS, version);
  return `{version=${name}, pid=${view.getInt32(4, true)}}`;
});

/** The calls about processes. */
export const PROCESS_SHAPES: Readonly<Record<string, CallShape>> = {
  clone: cloneText,
  clone3: threeCloneText,
  execve: [path, program, environment],
  execveat: [dirfd, path, program, environment, mask(AT_FLAGS)],
  wait4: [int, after(childStatus), mask(WAIT4), after(childUsage)],
  waitid: [one(ID_TYPES), int, after(sigInfo), mask(WAIT), after(usage)],
  getrusage: [one(USAGE), after(usage)],
  unshare: [mask(flagSet("CLONE_", CloneFlag))],
  get_robust_list: [
    int,
    after(to(8, (view) => `[${addressText(view.getBigUint64(0, true))}]`)),
    after(to(8, (view) => `[${view.getBigUint64(0, true)}]`)),
  ],
  rseq: [address, plainHex, mask(flagSet("RSEQ_FLAG_", SequenceFlag)), plainHex],
  getrlimit: [one(RESOURCES), after(limits("RLIM_INFINITY"))],
  setrlimit: [one(RESOURCES), limits("RLIM_INFINITY")],
  prlimit64: [int, one(RESOURCES), limits("RLIM64_INFINITY"), after(limits("RLIM64_INFINITY"))],
  getpriority: [one(PRIORITY), int],
  setpriority: [one(PRIORITY), int, int],
  sched_setscheduler: [int, one(POLICY), word],
  sched_setparam: [int, word],
  pidfd_open: [int, mask(flagSet("PIDFD_", { NONBLOCK: OpenFlag.NONBLOCK }))],
  sched_getparam: [int, after(word)],
  sched_setaffinity: [int, uint, processors],
  sched_getaffinity: [int, uint, after(processors)],
  sched_get_priority_max: [one(POLICY)],
  sched_get_priority_min: [one(POLICY)],
  sched_rr_get_interval: [int, after(timespec)],
  setreuid: [int, int],
  setregid: [int, int],
  setresuid: [int, int, int],
  setresgid: [int, int, int],
  getresuid: [after(word), after(word), after(word)],
  getresgid: [after(word), after(word), after(word)],
  getgroups: [int, after(ids)],
  setgroups: [int, list(4, id, 0)],
  uname: [after(names)],
  sysinfo: [after(system)],
  sethostname: [text, int],
  setdomainname: [text, int],
  umask: [octal],
  getcpu: [after(word), after(word), () => "NULL"],
  kcmp: [int, int, one(KCMP), uint, uint],
  capget: [capabilityHead, after(capabilities)],
  capset: [capabilityHead, capabilities],
  personality: [
    (seen, at) =>
      seen.uint(at) === 0xffffffff ? "0xffffffff" : maskText(PERSONALITY, seen.uint(at)),
  ],
  getrandom: [answeredNoise, size, mask(flagSet("GRND_", RandomFlag))],
};
