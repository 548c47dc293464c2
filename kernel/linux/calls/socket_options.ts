/**
 * What can be set about sockets, and asked.
 *
 * @module
 */
import type { Answer } from "../answer.ts";
import { Errno } from "../errno.ts";
import { Family, type Socket, socketOf, SocketType } from "../fs/socket.ts";
import type { Task } from "../task.ts";
import { readSigned64, SECOND, writeWords32, writeWords64 } from "./user_data.ts";

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
  PROTOCOL: 38,
  DOMAIN: 39,
} as const;
const BUFFER_BYTES = 212_992;
/** Whose the other end is where there is none. */
const NOBODY: readonly number[] = [0, -1, -1];
const MICROSECOND = 1000;

/** Levels of the network's own options, and the highest option of each. */
const INTERNET_LEVELS: Readonly<Record<number, number>> = { 0: 50, 6: 40, 17: 105, 41: 80 };
const SETTABLE: readonly number[] = [
  Option.REUSEADDR,
  Option.DONTROUTE,
  Option.BROADCAST,
  Option.SNDBUF,
  Option.RCVBUF,
  Option.KEEPALIVE,
  Option.OOBINLINE,
  Option.PRIORITY,
  Option.LINGER,
  Option.REUSEPORT,
  Option.PASSCRED,
  Option.RCVLOWAT,
  Option.TIMESTAMP,
];

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
  if (level !== SOL_SOCKET && !isKnown(made, level, option)) return refusal(made, level);
  if (level === SOL_SOCKET) {
    if (option === Option.RCVTIMEO || option === Option.SNDTIMEO) {
      return setPatience(task, made, option, { value, length });
    }
    if (!SETTABLE.includes(option)) return Errno.ENOPROTOOPT;
  }
  if (length < 4) return Errno.EINVAL;
  const word = task.mm.memory.readU32(value);
  if (word < 0) return Errno.EFAULT;
  const isBuffer = level === SOL_SOCKET && (option === Option.SNDBUF || option === Option.RCVBUF);
  made.settings.set(`${level}:${option}`, isBuffer ? Math.max(2304, 2 * word) : word);
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
  if (level === SOL_SOCKET && (option === Option.RCVTIMEO || option === Option.SNDTIMEO)) {
    const nanos = made.patience[option === Option.RCVTIMEO ? "receive" : "send"];
    const known = nanos === Infinity ? 0 : nanos;
    const words = [Math.floor(known / SECOND), Math.floor(known % SECOND / MICROSECOND)];
    if (!writeWords64(task, value, words)) return Errno.EFAULT;
    return writeWords32(task, length, [16]) ? 0 : Errno.EFAULT;
  }
  if (level !== SOL_SOCKET && !isKnown(made, level, option)) return refusal(made, level);
  const words = level === SOL_SOCKET
    ? socketWords(made, option)
    : [made.settings.get(`${level}:${option}`) ?? 0];
  if (!words) return Errno.ENOPROTOOPT;
  if (!writeWords32(task, value, words)) return Errno.EFAULT;
  return writeWords32(task, length, [words.length * 4]) ? 0 : Errno.EFAULT;
}

function socketWords(made: Socket, option: number): readonly number[] | null {
  const owner = made.peerOwner;
  const set = made.settings.get(`${SOL_SOCKET}:${option}`);
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
    case Option.PEERCRED:
      return owner ? [owner.pid, owner.uid, owner.gid] : NOBODY;
    case Option.ACCEPTCONN:
      return [made.backlog ? 1 : 0];
    case Option.LINGER:
      return [set ?? 0, 0];
    case Option.DOMAIN:
      return [made.family];
    case Option.PROTOCOL:
      return [made.family === Family.UNIX ? 0 : made.type === SocketType.DGRAM ? 17 : 6];
    default:
      return SETTABLE.includes(option) ? [set ?? (option === Option.RCVLOWAT ? 1 : 0)] : null;
  }
}
