/**
 * What can be set about sockets, and asked.
 *
 * @module
 */
import type { Answer } from "../answer.ts";
import { Capability } from "../credentials.ts";
import { Errno } from "../errno.ts";
import { PidFile } from "../fs/pid_file.ts";
import { Family, type Socket, socketOf, SocketType } from "../fs/socket.ts";
import type { Task } from "../task.ts";
import { readSigned64, SECOND, writeBytes, writeWords32 } from "./user_data.ts";

const SOL_SOCKET = 1;
const Option = {
  REUSEADDR: 2,
  TYPE: 3,
  ERROR: 4,
  DONTROUTE: 5,
  BROADCAST: 6,
  SNDBUF: 7,
  RCVBUF: 8,
  KEEPALIVE: 9,
  OOBINLINE: 10,
  PRIORITY: 12,
  LINGER: 13,
  REUSEPORT: 15,
  PASSCRED: 16,
  PEERCRED: 17,
  RCVLOWAT: 18,
  RCVTIMEO: 20,
  SNDTIMEO: 21,
  TIMESTAMP: 29,
  ACCEPTCONN: 30,
  SNDBUFFORCE: 32,
  RCVBUFFORCE: 33,
  PROTOCOL: 38,
  DOMAIN: 39,
  PEERGROUPS: 59,
  PASSPIDFD: 76,
  PEERPIDFD: 77,
} as const;
const BUFFER_BYTES = 212_992;
/** The least that buffers hold. */
const BUFFER_LEAST: Readonly<Record<number, number>> = {
  [Option.SNDBUF]: 4608,
  [Option.RCVBUF]: 2304,
};
/** Whose the other end is where there is none. */
const NOBODY: readonly number[] = [0, -1, -1];
const MICROSECOND = 1000;
const INT_MAX = 0x7fffffff;
/** What anybody may say of how urgent something is. */
const PRIORITY_MAX = 6;

/** Levels of the network's own options, and the highest option of each. */
const INTERNET_LEVELS: Readonly<Record<number, number>> = { 0: 50, 6: 40, 17: 105, 41: 80 };
/** What is on or off. */
const SWITCHES: readonly number[] = [
  Option.REUSEADDR,
  Option.DONTROUTE,
  Option.BROADCAST,
  Option.KEEPALIVE,
  Option.OOBINLINE,
  Option.REUSEPORT,
  Option.PASSCRED,
  Option.PASSPIDFD,
  Option.TIMESTAMP,
];
const NUMBERS: readonly number[] = [
  Option.SNDBUF,
  Option.RCVBUF,
  Option.PRIORITY,
  Option.LINGER,
  Option.RCVLOWAT,
];
/** Where it is kept how long a socket lingers, which has no number of its own. */
const LINGER_TIME = -Option.LINGER;
/** Who may go beyond what others may sets the same. */
const FORCED: Readonly<Record<number, number>> = {
  [Option.SNDBUFFORCE]: Option.SNDBUF,
  [Option.RCVBUFFORCE]: Option.RCVBUF,
};

/** What an option is to be. */
interface Value {
  /** Which one. */
  readonly option: number;
  /** Its first word. */
  readonly word: number;
  /** Where it is. */
  readonly value: number;
  /** How long it is. */
  readonly length: number;
}

/** `setsockopt`. */
export function setsockopt(
  task: Task,
  fd: number,
  level: number,
  option: number,
  value: number,
  length: number,
): Answer {
  const made = socketOf(task, fd);
  if (typeof made === "number") return made;
  if (length < 0) return Errno.EINVAL;
  if (level !== SOL_SOCKET && !isKnown(made, level, option)) return refusal(made, level);
  if (length < 4) return Errno.EINVAL;
  const word = task.mm.memory.readU32(value);
  if (word < 0) return Errno.EFAULT;
  if (level === SOL_SOCKET) return setOption(task, made, { option, word: word | 0, value, length });
  made.settings.set(`${level}:${option}`, word);
  return 0;
}

function setOption(
  task: Task,
  made: Socket,
  { option, word, value, length }: Value,
): number {
  const keep = (kept: number, as = option) => {
    made.settings.set(`${SOL_SOCKET}:${as}`, kept);
    return 0;
  };
  if (SWITCHES.includes(option)) return keep(word === 0 ? 0 : 1);
  switch (option) {
    case Option.RCVTIMEO:
    case Option.SNDTIMEO:
      return setPatience(task, made, option, { value, length });
    case Option.SNDBUF:
    case Option.RCVBUF: {
      // What is below zero is read as very large.
      const wanted = 2 * Math.min(word >>> 0, BUFFER_BYTES);
      return keep(Math.max(BUFFER_LEAST[option]!, wanted));
    }
    case Option.SNDBUFFORCE:
    case Option.RCVBUFFORCE: {
      const as = FORCED[option]!;
      if (!task.may(Capability.NET_ADMIN)) return Errno.EPERM;
      return keep(Math.max(BUFFER_LEAST[as]!, 2 * Math.min(Math.max(word, 0), INT_MAX >> 1)), as);
    }
    case Option.PRIORITY: {
      const isFree = word >= 0 && word <= PRIORITY_MAX;
      return isFree || task.may(Capability.NET_ADMIN) ? keep(word) : Errno.EPERM;
    }
    case Option.LINGER: {
      if (length < 8) return Errno.EINVAL;
      const time = task.mm.memory.readU32(value + 4);
      if (time < 0) return Errno.EFAULT;
      if (word !== 0) keep(time, LINGER_TIME);
      return keep(word === 0 ? 0 : 1);
    }
    case Option.RCVLOWAT:
      return keep(word < 0 ? INT_MAX : word || 1);
    default:
      return Errno.ENOPROTOOPT;
  }
}
function isKnown({ family }: Socket, level: number, option: number): boolean {
  return family !== Family.UNIX && option >= 0 && option <= (INTERNET_LEVELS[level] ?? -1);
}

function refusal({ family }: Socket, level: number): number {
  return family !== Family.UNIX && level in INTERNET_LEVELS ? Errno.ENOPROTOOPT : Errno.EOPNOTSUPP;
}

function setPatience(
  task: Task,
  socket: Socket,
  option: number,
  { value, length }: { value: number; length: number },
): number {
  if (length < 16) return Errno.EINVAL;
  const seconds = readSigned64(task, value);
  const micros = readSigned64(task, value + 8);
  if (seconds === null || micros === null) return Errno.EFAULT;
  if (micros < 0 || micros >= SECOND / MICROSECOND) return Errno.EDOM;
  const nanos = Math.max(0, seconds) * SECOND + micros * MICROSECOND;
  socket.patience[option === Option.RCVTIMEO ? "receive" : "send"] = nanos === 0 ? Infinity : nanos;
  return 0;
}

/** `getsockopt`. */
export function getsockopt(
  task: Task,
  fd: number,
  level: number,
  option: number,
  value: number,
  length: number,
): Answer {
  const made = socketOf(task, fd);
  if (typeof made === "number") return made;
  if (level !== SOL_SOCKET && !isKnown(made, level, option)) return refusal(made, level);
  const room = task.mm.memory.readU32(length);
  if (room < 0) return Errno.EFAULT;
  if (room > INT_MAX) return Errno.EINVAL;
  if (level === SOL_SOCKET && option === Option.PEERGROUPS) {
    return tellGroups(task, made, { value, length, room });
  }
  const words = level === SOL_SOCKET
    ? socketWords(task, made, option)
    : [made.settings.get(`${level}:${option}`) ?? 0];
  if (typeof words === "number") return words;
  const bytes = new Uint8Array(new Int32Array(words).buffer).subarray(0, room);
  if (writeBytes(task, value, bytes) !== 0) return Errno.EFAULT;
  return writeWords32(task, length, [bytes.length]) ? 0 : Errno.EFAULT;
}

/** The further groups of whose the other end is. */
function tellGroups(
  task: Task,
  { peerOwner }: Socket,
  { value, length, room }: { value: number; length: number; room: number },
): number {
  if (!peerOwner) return Errno.ENODATA;
  const size = peerOwner.groups.length * 4;
  if (!writeWords32(task, length, [size])) return Errno.EFAULT;
  if (room < size) return Errno.ERANGE;
  return writeWords32(task, value, peerOwner.groups) ? 0 : Errno.EFAULT;
}

function socketWords(task: Task, made: Socket, option: number): readonly number[] | number {
  const owner = made.peerOwner;
  const setting = (which: number) => made.settings.get(`${SOL_SOCKET}:${which}`);
  const set = setting(option);
  switch (option) {
    case Option.TYPE:
      return [made.type];
    case Option.ERROR: {
      const { error } = made;
      made.error = 0;
      return [-error];
    }
    case Option.SNDBUF:
    case Option.RCVBUF:
      return [set ?? BUFFER_BYTES];
    case Option.RCVTIMEO:
    case Option.SNDTIMEO:
      return patienceWords(made.patience[option === Option.RCVTIMEO ? "receive" : "send"]);
    case Option.PEERCRED:
      return owner ? [owner.process?.pid ?? 0, owner.uid, owner.gid] : NOBODY;
    case Option.PEERPIDFD:
      if (!owner?.process) return Errno.ENODATA;
      if (task.linux.groups.get(owner.process.pid) !== owner.process) return Errno.EINVAL;
      return numberOrWords(task.addFile(new PidFile(owner.process), true));
    case Option.ACCEPTCONN:
      return [made.backlog ? 1 : 0];
    case Option.LINGER:
      return [set ?? 0, setting(LINGER_TIME) ?? 0];
    case Option.DOMAIN:
      return [made.family];
    case Option.PROTOCOL:
      return [made.family === Family.UNIX ? 0 : made.type === SocketType.DGRAM ? 17 : 6];
    case Option.RCVLOWAT:
      return [set ?? 1];
    default:
      return isSettable(option) ? [set ?? 0] : Errno.ENOPROTOOPT;
  }
}

function isSettable(option: number): boolean {
  return SWITCHES.includes(option) || NUMBERS.includes(option);
}

function numberOrWords(answer: number): readonly number[] | number {
  return answer < 0 ? answer : [answer];
}

/** How long a socket waits, as seconds and microseconds. */
function patienceWords(nanos: number): readonly number[] {
  const known = nanos === Infinity ? 0 : nanos;
  const seconds = Math.floor(known / SECOND);
  return [seconds, Math.floor(seconds / 2 ** 32), Math.floor(known % SECOND / MICROSECOND), 0];
}
