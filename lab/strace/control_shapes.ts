/**
 * `fcntl` and `ioctl`, whose last argument is what the one before it says.
 *
 * @module
 */
import { DescriptorFlag, Fcntl, LOCK_SIZE, OwnerKind } from "../../kernel/linux/abi/fcntl.ts";
import {
  SETTINGS_SIZE,
  SettingsAt,
  SPEED_BITS,
  TerminalLocal,
  TerminalOutput,
  TerminalSpeed,
  WINDOW_SIZE,
} from "../../kernel/linux/abi/terminal.ts";
import { Flush, InterfaceRequest, Ioctl } from "../../kernel/linux/abi/ioctl.ts";
import { SeccompRequest } from "../../kernel/linux/abi/seccomp.ts";
import { interfaceText, isAboutInterface } from "./interface_shapes.ts";
import { FCNTL, LOCKS, openText, SEALS, WHENCE } from "./file_flags.ts";
import { flagSet, maskText, nameIn, nameText, prefixed } from "./flag_set.ts";
import {
  addressText,
  afterIf,
  type CallShape,
  hex,
  int,
  one,
  type Show,
  signalText,
  to,
  word,
} from "./shape.ts";
import { DECISIONS } from "./seccomp_shapes.ts";
import type { Seen } from "./seen.ts";

const OWNERS = flagSet("F_OWNER_", OwnerKind);
const DECISION = flagSet("", prefixed("SECCOMP_IOCTL_", SeccompRequest));
const DESCRIPTOR = flagSet("FD_", DescriptorFlag);
const LEASES = LOCKS;

const lock = (withOwner: boolean): Show =>
  to(LOCK_SIZE, (view) => {
    const owner = withOwner ? `, l_pid=${view.getInt32(24, true)}` : "";
    return `{l_type=${nameText(LOCKS, view.getInt16(0, true))}, l_whence=${
      nameText(WHENCE, view.getInt16(2, true))
    }, l_start=${view.getBigInt64(8, true)}, l_len=${view.getBigInt64(16, true)}${owner}}`;
  });

const owner: Show = to(
  8,
  (view) => `{type=${nameText(OWNERS, view.getInt32(0, true))}, pid=${view.getInt32(4, true)}}`,
);

/** What `fcntl` takes, by what it is asked; nothing for the rest. */
const CONTROLS: Readonly<Partial<Record<keyof typeof Fcntl, Show>>> = {
  DUPFD: int,
  DUPFD_CLOEXEC: int,
  DUPFD_QUERY: int,
  GET_RW_HINT: hex,
  SET_RW_HINT: hex,
  SETFD: (seen, at) => maskText(DESCRIPTOR, seen.uint(at)),
  SETFL: (seen, at) => openText(seen.uint(at)),
  SETLK: lock(false),
  SETLKW: lock(false),
  GETLK: lock(true),
  OFD_SETLK: lock(false),
  OFD_SETLKW: lock(false),
  OFD_GETLK: lock(true),
  SETOWN: int,
  SETSIG: (seen, at) => signalText(seen.int(at)),
  SETOWN_EX: owner,
  GETOWN_EX: owner,
  SETLEASE: (seen, at) => nameText(LEASES, seen.int(at)),
  SETPIPE_SZ: int,
  ADD_SEALS: (seen, at) => maskText(SEALS, seen.uint(at)),
};

const asked: Show = (seen, at) => {
  const command = seen.int(at - 1);
  const name = nameIn(Fcntl, command);
  if (name === undefined) return hex(seen, at);
  return CONTROLS[name]?.(seen, at) ?? null;
};

/** Whether an answer has to be waited for: it is put where the argument leads. */
const PUTS: readonly number[] = [Fcntl.GETLK, Fcntl.OFD_GETLK, Fcntl.GETOWN_EX];

/** `fcntl`. */
export const control: CallShape = [
  int,
  one(FCNTL),
  afterIf((seen, at) => PUTS.includes(seen.int(at - 1)), asked),
];

const LETTERS = [
  ["opost", SettingsAt.OUTPUT, TerminalOutput.OPOST],
  ["isig", SettingsAt.LOCAL, TerminalLocal.ISIG],
  ["icanon", SettingsAt.LOCAL, TerminalLocal.ICANON],
  ["echo", SettingsAt.LOCAL, TerminalLocal.ECHO],
] as const;

/** What a terminal does with what goes through it, in short. */
const terminal: Show = to(SETTINGS_SIZE, (view) => {
  const speed = nameIn(TerminalSpeed, view.getUint32(SettingsAt.CONTROL, true) & SPEED_BITS) ??
    "B???";
  const words = LETTERS.map(([name, at, bit]) =>
    (view.getUint32(at, true) & bit) !== 0 ? name : `-${name}`
  );
  return `{${[speed, ...words].join(" ")} ...}`;
});

const window: Show = to(WINDOW_SIZE, (view) =>
  `{${
    ["ws_row", "ws_col", "ws_xpixel", "ws_ypixel"]
      .map((name, at) => `${name}=${view.getUint16(at * 2, true)}`).join(", ")
  }}`);

const QUEUES = flagSet("TC", Flush);

/** What devices take, and whether they put it down. */
const DEVICE: Readonly<Partial<Record<keyof typeof Ioctl, readonly [show: Show, isPut: boolean]>>> =
  {
    TCGETS: [terminal, true],
    TCSETS: [terminal, false],
    TCSETSW: [terminal, false],
    TCSETSF: [terminal, false],
    TIOCGWINSZ: [window, true],
    TIOCSWINSZ: [window, false],
    TIOCGPGRP: [word, true],
    TIOCSPGRP: [word, false],
    TIOCGSID: [word, true],
    TIOCOUTQ: [word, true],
    FIONREAD: [word, true],
    FIONBIO: [word, false],
    FIOASYNC: [word, false],
    TIOCGPTN: [word, true],
    TIOCSPTLCK: [word, false],
    SIOCATMARK: [word, true],
    FIOCLEX: [() => null, false],
    FIONCLEX: [() => null, false],
    TIOCNOTTY: [() => null, false],
    TIOCEXCL: [() => null, false],
    TIOCNXCL: [() => null, false],
    TIOCSCTTY: [int, false],
    TCSBRK: [int, false],
    TCXONC: [int, false],
    TCFLSH: [(seen, at) => nameText(QUEUES, seen.int(at)), false],
  };

function deviceOf(request: number): readonly [show: Show, isPut: boolean] {
  const name = nameIn(Ioctl, request);
  const decision = nameIn(SeccompRequest, request);
  if (decision) return DECISIONS[decision];
  return (name && DEVICE[name]) ?? [numberOrAddress, false];
}

/** `ioctl`. */
export const deviceControl: CallShape = [
  int,
  (seen, at) => {
    const request = seen.uint(at);
    return nameIn(Ioctl, request) ?? nameIn(InterfaceRequest, request) ??
      nameIn(DECISION.names, request) ?? requestText(request);
  },
  {
    late: (seen, at) => {
      const request = seen.uint(at - 1);
      if (isAboutInterface(request)) return interfaceText(seen, request, seen.address(at));
      return deviceOf(request)[1] && seen.failed
        ? addressText(seen.whole(at))
        : deviceOf(request)[0](seen, at);
    },
    waits: (seen, at) => {
      const request = seen.uint(at - 1);
      return isAboutInterface(request) || deviceOf(request)[1];
    },
  },
];

function numberOrAddress(seen: Seen, at: number): string {
  return addressText(seen.whole(at)).replace("NULL", "0");
}

/** A request that has no name: what is in its number. */
function requestText(request: number): string {
  const directions = ["_IOC_NONE", "_IOC_WRITE", "_IOC_READ", "_IOC_READ|_IOC_WRITE"];
  const part = (value: number) => value === 0 ? "0" : `0x${value.toString(16)}`;
  const [type, number, bytes] = [(request >>> 8) & 0xff, request & 0xff, (request >>> 16) & 0x3fff];
  return `_IOC(${directions[request >>> 30]}, ${part(type)}, ${part(number)}, ${part(bytes)})`;
}
