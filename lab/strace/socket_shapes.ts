/**
 * Calls about sockets, as a trace writes them.
 *
 * @module
 */
import {
  Family,
  Level,
  MessageSize,
  NetlinkProtocol,
  Protocol,
  Shutdown,
  SocketOption,
  SocketType,
} from "../../kernel/linux/abi/socket.ts";
import { OpenFlag } from "../../kernel/linux/abi/open.ts";
import { flagSet, maskText, nameText } from "./flag_set.ts";
import { messageHead, senderText } from "./message_shapes.ts";
import { isToKernel, netlinkAt } from "./netlink_text.ts";
import type { Seen } from "./seen.ts";
import {
  addressText,
  after,
  afterIf,
  type Argument,
  bytesAt,
  type CallShape,
  int,
  listAt,
  mask,
  one,
  type Show,
  type ShowBytes,
  shownAt,
  size,
  to,
  uint,
  wordText,
} from "./shape.ts";
import { FAMILIES, LEVELS, MESSAGE_FLAGS, OPTIONS } from "./socket_flags.ts";
import { addressOf } from "./socket_address.ts";
import { timespec, timevalText } from "./time_shapes.ts";
import { twoEnds } from "./file_shapes.ts";

const TYPES = flagSet("SOCK_", SocketType);
const TYPE_FLAGS = flagSet("SOCK_", { CLOEXEC: OpenFlag.CLOEXEC, NONBLOCK: OpenFlag.NONBLOCK });
const TYPE_FLAG_BITS = OpenFlag.CLOEXEC | OpenFlag.NONBLOCK;
const HOW = flagSet("SHUT_", Shutdown);
const PROTOCOLS = flagSet("IPPROTO_", Protocol);
const NETLINK = flagSet("NETLINK_", NetlinkProtocol);

const type: Show = (seen, at) => {
  const value = seen.uint(at);
  const flags = value & TYPE_FLAG_BITS;
  const name = nameText(TYPES, value & ~TYPE_FLAG_BITS);
  return flags !== 0 ? `${name}|${maskText(TYPE_FLAGS, flags)}` : name;
};

const protocol: Show = (seen, at) => {
  const family = seen.int(0);
  if (family === Family.INET || family === Family.INET6) return one(PROTOCOLS)(seen, at);
  return family === Family.NETLINK ? one(NETLINK)(seen, at) : int(seen, at);
};

const givenAddress = (lengthAt: number): Show => (seen, at) =>
  addressOf(seen, seen.address(at), seen.uint(lengthAt));

/** An address that was put down, and how long it is. */
const answeredAddress: Show = (seen, at) => {
  const length = seen.address(at + 1) === 0 ? null : seen.view(seen.address(at + 1), 4);
  return length
    ? addressOf(seen, seen.address(at), length.getUint32(0, true))
    : addressText(seen.whole(at));
};

const option: Show = (seen, at) => {
  const names = OPTIONS[seen.int(at - 1)];
  return names ? nameText(names, seen.int(at)) : `0x${seen.uint(at).toString(16)}`;
};

function optionText(seen: Seen, at: number, length: number): string {
  const option = seen.int(1) === Level.SOCKET ? seen.int(2) : undefined;
  const isTime = option === SocketOption.RCVTIMEO_OLD || option === SocketOption.SNDTIMEO_OLD;
  const shown = (bytes: number, show: ShowBytes) =>
    shownAt(seen, seen.address(at), { bytes, show });
  if (length >= 8 && option === SocketOption.LINGER) return shown(8, lingerText);
  if (length >= 16 && isTime) return shown(16, timevalText);
  if (length === 12 && option === SocketOption.PEERCRED) return shown(12, senderText);
  return length === 4 ? shown(4, wordText) : bytesAt(seen, seen.address(at), length);
}

function lingerText(view: DataView): string {
  return `{l_onoff=${view.getInt32(0, true)}, l_linger=${view.getInt32(4, true)}}`;
}

const lengthAt = (seen: Seen, at: number) =>
  seen.view(seen.address(at), 4)?.getUint32(0, true) ?? 0;

/** The length that there is room for, and the one that was put down where it is another. */
const length: Argument = {
  before: (seen, at) => {
    const view = seen.address(at) === 0 ? null : seen.view(seen.address(at), 4);
    if (view) seen.remembered.set(at, view.getUint32(0, true));
  },
  waits: (seen, at) => seen.address(at) !== 0,
  late: (seen, at) => {
    const [before, now] = [seen.remembered.get(at), lengthAt(seen, at)];
    if (before === undefined) return addressText(seen.whole(at));
    return seen.failed || before === now ? `[${before}]` : `[${before} => ${now}]`;
  },
};

/** An address that is put down, where one is wanted. */
const wantedAddress = afterIf((seen, at) => seen.address(at) !== 0, answeredAddress);

/** Bytes that are sent: a message to the kernel, or whatever they are. */
const sentBytes: Show = (seen, at) => payload(seen, at, seen.address(at + 1));
const receivedBytes = after((seen, at) => payload(seen, at, seen.answer!));

function payload(seen: Seen, at: number, length: number): string {
  const isAsked = isToKernel(seen, seen.int(0));
  const text = isAsked ? netlinkAt(seen, seen.address(at), length) : null;
  return text ?? bytesAt(seen, seen.address(at), length);
}

/** Messages with their heads, as many as went through. */
const heads = (filled: boolean): Show => (seen, at) =>
  listAt(seen, seen.address(at), {
    bytes: MessageSize.COUNTED,
    count: seen.answer ?? seen.uint(at + 1),
    show: (view) => {
      const sent = view.getUint32(MessageSize.HEAD, true);
      return `{msg_hdr=${messageHead(view, seen, filled ? sent : null)}${
        filled || seen.answer !== null ? `, msg_len=${sent}` : ""
      }}`;
    },
  });

/** The calls about sockets. */
export const SOCKET_SHAPES: Readonly<Record<string, CallShape>> = {
  socket: [one(FAMILIES), type, protocol],
  socketpair: [one(FAMILIES), type, protocol, twoEnds],
  bind: [int, givenAddress(2), uint],
  connect: [int, givenAddress(2), uint],
  accept: [int, wantedAddress, length],
  accept4: [int, wantedAddress, length, mask(TYPE_FLAGS)],
  getsockname: [int, wantedAddress, length],
  getpeername: [int, wantedAddress, length],
  sendto: [int, sentBytes, size, mask(MESSAGE_FLAGS), givenAddress(5), uint],
  recvfrom: [int, receivedBytes, size, mask(MESSAGE_FLAGS), wantedAddress, length],
  setsockopt: [int, one(LEVELS), option, (seen, at) => optionText(seen, at, seen.uint(4)), uint],
  getsockopt: [
    int,
    one(LEVELS),
    option,
    after((seen, at) => optionText(seen, at, lengthAt(seen, 4))),
    length,
  ],
  shutdown: [int, one(HOW)],
  sendmsg: [
    int,
    to(MessageSize.HEAD, (view, seen) => messageHead(view, seen, null)),
    mask(MESSAGE_FLAGS),
  ],
  recvmsg: [
    int,
    after(to(MessageSize.HEAD, (view, seen) => messageHead(view, seen, seen.answer!))),
    mask(MESSAGE_FLAGS),
  ],
  sendmmsg: [int, after(heads(false)), uint, mask(MESSAGE_FLAGS)],
  recvmmsg: [int, after(heads(true)), uint, mask(MESSAGE_FLAGS), timespec],
};
