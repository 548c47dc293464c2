/**
 * What can be set about sockets, and asked.
 *
 * @module
 */
import { SOCKET_BYTES, TCP_RECEIVE_BYTES_MAX } from "../bounds.ts";
import { MICROSECOND, SECOND } from "../duration.ts";
import type { Answer } from "../answer.ts";
import { Capability } from "../abi/capability.ts";
import { Errno } from "../errno.ts";
import { PidFile } from "../fs/pid_file.ts";
import { Poll } from "../abi/polling.ts";
import { Family, Level, Protocol, SocketOption, SocketType } from "../abi/socket.ts";
import type { Socket } from "../fs/socket.ts";
import { settingKey } from "../fs/socket_settings.ts";
import { socketOf } from "./socket_names.ts";
import type { Task } from "../task.ts";
import { readSigned64, writeBytes, writeWords32 } from "./user_data.ts";

const SOL_SOCKET = Level.SOCKET;
/** The least that buffers hold. */
const BUFFER_LEAST: Readonly<Record<number, number>> = {
  [SocketOption.SNDBUF]: 4608,
  [SocketOption.RCVBUF]: 2304,
};
/** Whose the other end is where there is none. */
const NOBODY: readonly number[] = [0, -1, -1];
const INT_MAX = 0x7fffffff;
/** What anybody may say of how urgent something is. */
const PRIORITY_MAX = 6;

/** Levels of the network's own options, and the highest option of each. */
const INTERNET_LEVELS: Readonly<Record<number, number>> = {
  [Level.IP]: 50,
  [Level.TCP]: 40,
  [Level.UDP]: 105,
  [Level.IPV6]: 80,
};
/** What is on or off. */
const SWITCHES: readonly number[] = [
  SocketOption.REUSEADDR,
  SocketOption.DONTROUTE,
  SocketOption.BROADCAST,
  SocketOption.KEEPALIVE,
  SocketOption.OOBINLINE,
  SocketOption.REUSEPORT,
  SocketOption.PASSCRED,
  SocketOption.PASSPIDFD,
  SocketOption.TIMESTAMP_OLD,
];
const NUMBERS: readonly number[] = [
  SocketOption.SNDBUF,
  SocketOption.RCVBUF,
  SocketOption.PRIORITY,
  SocketOption.LINGER,
  SocketOption.RCVLOWAT,
];
/** Where it is kept how long a socket lingers, which has no number of its own. */
const LINGER_TIME = -SocketOption.LINGER;
/** Who may go beyond what others may sets the same. */
const FORCED: Readonly<Record<number, number>> = {
  [SocketOption.SNDBUFFORCE]: SocketOption.SNDBUF,
  [SocketOption.RCVBUFFORCE]: SocketOption.RCVBUF,
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
  made.settings.set(settingKey(level, option), word);
  return 0;
}

function setOption(
  task: Task,
  made: Socket,
  { option, word, value, length }: Value,
): number {
  const keep = (kept: number, as = option) => {
    made.settings.set(settingKey(SOL_SOCKET, as), kept);
    return 0;
  };
  if (SWITCHES.includes(option)) return keep(word === 0 ? 0 : 1);
  switch (option) {
    case SocketOption.RCVTIMEO_OLD:
    case SocketOption.SNDTIMEO_OLD:
      return setPatience(task, made, option, { value, length });
    case SocketOption.SNDBUF:
    case SocketOption.RCVBUF: {
      // What is below zero is read as very large.
      const wanted = 2 * Math.min(word >>> 0, SOCKET_BYTES);
      return keep(Math.max(BUFFER_LEAST[option]!, wanted));
    }
    case SocketOption.SNDBUFFORCE:
    case SocketOption.RCVBUFFORCE: {
      const as = FORCED[option]!;
      if (!task.may(Capability.NET_ADMIN)) return Errno.EPERM;
      return keep(Math.max(BUFFER_LEAST[as]!, 2 * Math.min(Math.max(word, 0), INT_MAX >> 1)), as);
    }
    case SocketOption.PRIORITY: {
      const isFree = word >= 0 && word <= PRIORITY_MAX;
      return isFree || task.may(Capability.NET_ADMIN) ? keep(word) : Errno.EPERM;
    }
    case SocketOption.LINGER: {
      if (length < 8) return Errno.EINVAL;
      const time = task.mm.memory.readU32(value + 4);
      if (time < 0) return Errno.EFAULT;
      if (word !== 0) keep(time, LINGER_TIME);
      return keep(word === 0 ? 0 : 1);
    }
    case SocketOption.RCVLOWAT:
      return setLowWater(made, word);
    default:
      return Errno.ENOPROTOOPT;
  }
}

/** Have a socket wait for so many bytes, of which one over a network has room for no more than it has. */
function setLowWater(made: Socket, word: number): number {
  const room = made.settings.get(settingKey(SOL_SOCKET, SocketOption.RCVBUF));
  const most = made.isTcp ? (room ?? TCP_RECEIVE_BYTES_MAX) >> 1 : INT_MAX;
  const bytes = Math.min(word < 0 ? INT_MAX : word, most) || 1;
  made.settings.set(settingKey(SOL_SOCKET, SocketOption.RCVLOWAT), bytes);
  // What waits may be enough now.
  if (made.isTcp) made.queue.wake(made.poll() & (Poll.IN | Poll.RDNORM));
  return 0;
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
  socket.patience[option === SocketOption.RCVTIMEO_OLD ? "receive" : "send"] = nanos === 0
    ? Infinity
    : nanos;
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
  if (level === SOL_SOCKET && option === SocketOption.PEERGROUPS) {
    return tellGroups(task, made, { value, length, room });
  }
  const words = level === SOL_SOCKET
    ? socketWords(task, made, option)
    : [made.settings.get(settingKey(level, option)) ?? 0];
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
  const setting = (which: number) => made.settings.get(settingKey(SOL_SOCKET, which));
  const set = setting(option);
  switch (option) {
    case SocketOption.TYPE:
      return [made.type];
    case SocketOption.ERROR:
      return [-made.takeError()];
    case SocketOption.SNDBUF:
    case SocketOption.RCVBUF:
      return [set ?? SOCKET_BYTES];
    case SocketOption.RCVTIMEO_OLD:
    case SocketOption.SNDTIMEO_OLD:
      return patienceWords(
        made.patience[option === SocketOption.RCVTIMEO_OLD ? "receive" : "send"],
      );
    case SocketOption.PEERCRED:
      return owner ? [owner.process?.pid ?? 0, owner.uid, owner.gid] : NOBODY;
    case SocketOption.PEERPIDFD:
      if (!owner?.process) return Errno.ENODATA;
      if (task.linux.groups.get(owner.process.pid) !== owner.process) return Errno.EINVAL;
      return numberOrWords(task.addFile(new PidFile(owner.process), true));
    case SocketOption.ACCEPTCONN:
      return [made.backlog ? 1 : 0];
    case SocketOption.LINGER:
      return [set ?? 0, setting(LINGER_TIME) ?? 0];
    case SocketOption.DOMAIN:
      return [made.family];
    case SocketOption.PROTOCOL:
      if (made.family === Family.UNIX) return [0];
      return [made.type === SocketType.DGRAM ? Protocol.UDP : Protocol.TCP];
    case SocketOption.RCVLOWAT:
      return [made.lowWater];
    case SocketOption.SNDLOWAT:
      return [1];
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
