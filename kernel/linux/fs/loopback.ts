/**
 * The one interface of the network that this machine has, to itself: what programs ask of it, by
 * `ioctl` and by messages to the kernel.
 *
 * @module
 */
import { joined } from "../pieces.ts";
import {
  Hardware,
  IFF_LOWER_UP,
  InterfaceFlag,
  InterfaceRequest,
  InterfaceSize,
} from "../abi/ioctl.ts";
import { Family } from "../abi/socket.ts";
import {
  AddressAttribute,
  AddressFlag,
  LinkAttribute,
  NetlinkAckFlag,
  NetlinkFlag,
  NetlinkGetFlag,
  NetlinkMessage,
  RouteMessage,
  Scope,
} from "../abi/netlink.ts";
import { Errno } from "../errno.ts";
import { bytesOf } from "../name.ts";
import type { Task } from "../task.ts";

/** What can be told of it in a word. */
export const Loopback = {
  NAME: "lo",
  INDEX: 1,
  MTU: 65536,
  QUEUE: 1000,
  TYPE: Hardware.LOOPBACK,
  /** What is set of its flags, not what comes of that. */
  SETTINGS: InterfaceFlag.UP | InterfaceFlag.LOOPBACK,
} as const;

const { NAME, INDEX, MTU, QUEUE } = Loopback;
/** Up, to itself, and running. */
const FLAGS = Loopback.SETTINGS | InterfaceFlag.RUNNING;
/** The same, and that there is a carrier. */
const ALL_FLAGS = FLAGS | IFF_LOWER_UP;
const ADDRESS = [127, 0, 0, 1];
const NETMASK = [255, 0, 0, 0];

const REQUESTS: readonly number[] = Object.values(InterfaceRequest);
const { NAME: NAME_SIZE, REQUEST: REQUEST_SIZE } = InterfaceSize;

/** Whether an `ioctl` asks for what is known of interfaces. */
export function isAboutInterfaces(request: number): boolean {
  return REQUESTS.includes(request);
}

/** Answer such an `ioctl`. */
export function interfaceIoctl(task: Task, request: number, argument: number): number {
  const { memory } = task.mm;
  if (request === InterfaceRequest.SIOCGIFCONF) return listInterfaces(task, argument);
  const bytes = memory.bytes(argument, REQUEST_SIZE);
  if (typeof bytes === "number") return Errno.EFAULT;
  const view = new DataView(bytes.buffer);
  if (request === InterfaceRequest.SIOCGIFNAME) {
    if (view.getInt32(NAME_SIZE, true) !== INDEX) return Errno.ENODEV;
    bytes.fill(0, 0, NAME_SIZE);
    bytes.set(bytesOf(NAME));
  } else {
    const end = bytes.indexOf(0);
    const name = String.fromCharCode(...bytes.subarray(0, end < 0 ? NAME_SIZE : end));
    if (name !== NAME) return Errno.ENODEV;
    fillFact(view, request);
  }
  return memory.write(argument, bytes) === 0 ? 0 : Errno.EFAULT;
}

/** Put down what is asked for, behind the name. */
function fillFact(view: DataView, request: number): void {
  const numbers: Readonly<Record<number, number>> = {
    [InterfaceRequest.SIOCGIFMETRIC]: 0,
    [InterfaceRequest.SIOCGIFMTU]: MTU,
    [InterfaceRequest.SIOCGIFINDEX]: INDEX,
    [InterfaceRequest.SIOCGIFTXQLEN]: QUEUE,
  };
  const number = numbers[request];
  if (number !== undefined) return view.setInt32(NAME_SIZE, number, true);
  if (request === InterfaceRequest.SIOCGIFFLAGS) return view.setInt16(NAME_SIZE, FLAGS, true);
  const bytes = new Uint8Array(view.buffer, NAME_SIZE);
  bytes.fill(0, 0, 16);
  view.setUint16(
    NAME_SIZE,
    request === InterfaceRequest.SIOCGIFHWADDR ? Hardware.LOOPBACK : Family.INET,
    true,
  );
  if (request === InterfaceRequest.SIOCGIFADDR) bytes.set(ADDRESS, 4);
  if (request === InterfaceRequest.SIOCGIFNETMASK) bytes.set(NETMASK, 4);
}

/** As many interfaces as there is room for, each with its address. */
function listInterfaces(task: Task, argument: number): number {
  const { memory } = task.mm;
  const room = memory.readU32(argument);
  const to = memory.readU64(argument + 8);
  if (room < 0 || to < 0) return Errno.EFAULT;
  const entry = new Uint8Array(REQUEST_SIZE);
  entry.set(bytesOf(NAME));
  entry[NAME_SIZE] = Family.INET;
  entry.set(ADDRESS, NAME_SIZE + 4);
  const isWanted = to !== 0 && room >= REQUEST_SIZE;
  if (isWanted && memory.write(to, entry) !== 0) return Errno.EFAULT;
  const length = to === 0 || isWanted ? REQUEST_SIZE : 0;
  return memory.writeU32(argument, length) === 0 ? 0 : Errno.EFAULT;
}

const HEADER = 16;
const FIRST_OWN = 16;
/** Of four kinds of messages about a thing, the third asks. */
const ASKS = 2;
/** The last kind of message that there is, and one between that was never used. */
const LAST_OWN = 123;
const NEVER_USED = 77;
const LINK_SIZE = 16;

/** What the kernel answers to a message about its network; `port` is whose message it is. */
export function answerRoute(asked: Uint8Array, port: number): Uint8Array[] {
  const answers: Uint8Array[] = [];
  const view = new DataView(asked.buffer, asked.byteOffset, asked.length);
  for (let at = 0; at + HEADER <= asked.length;) {
    const length = view.getUint32(at, true);
    if (length < HEADER || at + length > asked.length) break;
    const one = asked.subarray(at, at + length);
    answers.push(...answerOne(one, new Envelope(view.getUint32(at + 8, true), port)));
    at += Math.ceil(length / 4) * 4;
  }
  return answers;
}

function answerOne(asked: Uint8Array, envelope: Envelope): Uint8Array[] {
  const view = new DataView(asked.buffer, asked.byteOffset, asked.length);
  const type = view.getUint16(4, true);
  const flags = view.getUint16(6, true);
  if ((flags & NetlinkFlag.REQUEST) === 0) return [];
  const thanks = (flags & NetlinkFlag.ACK) !== 0 ? [envelope.error(asked, 0)] : [];
  if (type < FIRST_OWN) return thanks;
  if (type > LAST_OWN || type === NEVER_USED) return [envelope.error(asked, Errno.EOPNOTSUPP)];
  if (type % 4 !== ASKS) return [envelope.error(asked, Errno.EPERM)];
  if ((flags & NetlinkGetFlag.DUMP) === NetlinkGetFlag.DUMP) {
    const found = dumped(type, asked[HEADER] ?? 0, envelope);
    const end = envelope.wrap(NetlinkMessage.DONE, NetlinkFlag.MULTI, words(0));
    // What ends the answer comes with the last part of it for one family, and behind it for others.
    if (found.length === 0 || asked[HEADER] === Family.INET6) return [joined([...found, end])];
    return [joined(found), end];
  }
  if (type !== RouteMessage.GETLINK) return [envelope.error(asked, Errno.EOPNOTSUPP)];
  const index = asked.length >= HEADER + LINK_SIZE ? view.getInt32(HEADER + 4, true) : 0;
  if (index !== INDEX) return [envelope.error(asked, index > 0 ? Errno.ENODEV : Errno.EINVAL)];
  return [envelope.wrap(RouteMessage.NEWLINK, 0, linkBody()), ...thanks];
}

/** All that there is of a kind, for a family or for all of them. */
function dumped(type: number, family: number, envelope: Envelope): Uint8Array[] {
  const { MULTI } = NetlinkFlag;
  if (type === RouteMessage.GETLINK) {
    return [envelope.wrap(RouteMessage.NEWLINK, MULTI, linkBody())];
  }
  if (type !== RouteMessage.GETADDR) return [];
  return [Family.INET, Family.INET6].filter((one) => family === 0 || family === one)
    .map((one) => envelope.wrap(RouteMessage.NEWADDR, MULTI, addressBody(one)));
}

/** What messages of one conversation have in common. */
class Envelope {
  readonly #sequence: number;
  readonly #port: number;

  constructor(sequence: number, port: number) {
    this.#sequence = sequence;
    this.#port = port;
  }

  wrap(type: number, flags: number, body: Uint8Array): Uint8Array {
    const whole = new Uint8Array(HEADER + body.length);
    const view = new DataView(whole.buffer);
    view.setUint32(0, whole.length, true);
    view.setUint16(4, type, true);
    view.setUint16(6, flags, true);
    view.setUint32(8, this.#sequence, true);
    view.setUint32(12, this.#port, true);
    whole.set(body, HEADER);
    return whole;
  }

  error(asked: Uint8Array, errno: number): Uint8Array {
    // What was good is told of by its head alone.
    const told = new Uint8Array(errno === 0 ? HEADER : Math.ceil(asked.length / 4) * 4);
    told.set(asked.subarray(0, told.length));
    const flags = errno === 0 ? NetlinkAckFlag.CAPPED : 0;
    return this.wrap(NetlinkMessage.ERROR, flags, joined([words(errno), told]));
  }
}

function linkBody(): Uint8Array {
  const head = new Uint8Array(16);
  const view = new DataView(head.buffer);
  view.setUint16(2, Hardware.LOOPBACK, true);
  view.setInt32(4, INDEX, true);
  view.setUint32(8, ALL_FLAGS, true);
  const nobody = new Uint8Array(6);
  return joined([
    head,
    attribute(LinkAttribute.IFNAME, Uint8Array.of(...bytesOf(NAME), 0)),
    attribute(LinkAttribute.MTU, words(MTU)),
    attribute(LinkAttribute.TXQLEN, words(QUEUE)),
    attribute(LinkAttribute.ADDRESS, nobody),
    attribute(LinkAttribute.BROADCAST, nobody),
  ]);
}

function addressBody(family: number): Uint8Array {
  const isOld = family === Family.INET;
  const host = isOld ? Uint8Array.from(ADDRESS) : new Uint8Array(16);
  if (!isOld) host[15] = 1;
  const head = Uint8Array.of(
    family,
    isOld ? 8 : 128,
    AddressFlag.PERMANENT,
    Scope.HOST,
    INDEX,
    0,
    0,
    0,
  );
  const name = Uint8Array.of(...bytesOf(NAME), 0);
  const more = isOld
    ? [attribute(AddressAttribute.LOCAL, host), attribute(AddressAttribute.LABEL, name)]
    : [];
  return joined([head, attribute(AddressAttribute.ADDRESS, host), ...more]);
}

/** A part of a message, up to the next whole word. */
function attribute(type: number, value: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + Math.ceil(value.length / 4) * 4);
  new DataView(bytes.buffer).setUint16(0, 4 + value.length, true);
  bytes[2] = type;
  bytes.set(value, 4);
  return bytes;
}

function words(...numbers: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(numbers.length * 4);
  const view = new DataView(bytes.buffer);
  numbers.forEach((number, at) => view.setInt32(at * 4, number, true));
  return bytes;
}
