/**
 * Messages to the kernel about its network and what it answers, as a trace writes them.
 *
 * @module
 */
import {
  AddressAttribute,
  AddressFlag,
  LinkAttribute,
  NetlinkAckFlag,
  NetlinkFlag,
  NetlinkGetFlag,
  NetlinkMessage,
  NetlinkNewFlag,
  RouteMessage,
  Scope,
} from "../../kernel/linux/abi/netlink.ts";
import { Hardware, IFF_LOWER_UP, InterfaceFlag } from "../../kernel/linux/abi/ioctl.ts";
import { Family } from "../../kernel/linux/abi/socket.ts";
import { Errno } from "../../kernel/linux/errno.ts";
import { Socket } from "../../kernel/linux/fs/socket.ts";
import { flagSet, maskText, nameIn, nameText } from "./flag_set.ts";
import { quoted, quotedHex } from "./quoted.ts";
import type { Seen } from "./seen.ts";
import { hostText } from "./socket_address.ts";
import { FAMILIES } from "./socket_flags.ts";

const HEADER = 16;
const ATTRIBUTE = 4;
const LINK = 16;
const ADDRESS = 8;
const FIRST_OWN = 16;
const LOOPBACK = 1;
const KINDS = 4;
const ASKS = 2;
const LONGEST = 1 << 16;

const TYPES = flagSet("NLMSG_", NetlinkMessage);
const ROUTES = flagSet("RTM_", RouteMessage);
const FLAGS = flagSet("NLM_F_", NetlinkFlag);
const GET_FLAGS = flagSet("NLM_F_", { ...NetlinkFlag, ...NetlinkGetFlag });
const NEW_FLAGS = flagSet("NLM_F_", { ...NetlinkFlag, ...NetlinkNewFlag });
const ACK_FLAGS = flagSet("NLM_F_", { ...NetlinkFlag, ...NetlinkAckFlag });
const INTERFACE_FLAGS = flagSet("IFF_", { ...InterfaceFlag, LOWER_UP: IFF_LOWER_UP });
const ADDRESS_FLAGS = flagSet("IFA_F_", AddressFlag);
const SCOPES = flagSet("RT_SCOPE_", Scope);
const MATERIALS = flagSet("ARPHRD_", { NETROM: 0, ...Hardware });
const LINK_ATTRIBUTES = flagSet("IFLA_", LinkAttribute);
const ADDRESS_ATTRIBUTES = flagSet("IFA_", AddressAttribute);

/** Whether a descriptor leads to the kernel itself. */
export function isToKernel({ task }: Seen, fd: number): boolean {
  const file = task.file(fd);
  return file instanceof Socket && file.family === Family.NETLINK;
}

/** So many bytes of memory as messages; null where they are not there. */
export function netlinkAt(seen: Seen, where: number, length: number): string | null {
  const view = length > LONGEST ? null : seen.view(where, length);
  return view && (length < HEADER ? quotedHex(bytesOf(view)) : messagesText(view));
}

function messagesText(view: DataView): string {
  const found: string[] = [];
  for (let at = 0; at + HEADER <= view.byteLength;) {
    const length = view.getUint32(at, true);
    const end = Math.min(at + Math.max(length, HEADER), view.byteLength);
    found.push(messageText(part(view, at, end)));
    if (length < HEADER) break;
    at += Math.ceil(length / 4) * 4;
  }
  return found.length === 1 ? found[0]! : `[${found.join(", ")}]`;
}

function part(view: DataView, from: number, to = view.byteLength): DataView {
  return new DataView(view.buffer, view.byteOffset + from, Math.max(0, to - from));
}

/** A message: its head, and what is behind that. */
function messageText(view: DataView): string {
  const type = view.getUint16(4, true);
  const kind = nameText(type < FIRST_OWN ? TYPES : ROUTES, type);
  const flags = maskText(flagsOf(type), view.getUint16(6, true));
  const head = `{nlmsg_len=${view.getUint32(0, true)}, nlmsg_type=${kind}, nlmsg_flags=${flags}, ` +
    `nlmsg_seq=${view.getUint32(8, true)}, nlmsg_pid=${view.getInt32(12, true)}}`;
  if (view.byteLength === HEADER) return head;
  return `[${head}, ${bodyText(type, part(view, HEADER))}]`;
}

function flagsOf(type: number) {
  if (type === NetlinkMessage.ERROR) return ACK_FLAGS;
  if (type < FIRST_OWN) return FLAGS;
  return type % KINDS === ASKS ? GET_FLAGS : type % KINDS === 0 ? NEW_FLAGS : FLAGS;
}

function bodyText(type: number, body: DataView): string {
  if (type === NetlinkMessage.DONE && body.byteLength >= 4) return `${body.getInt32(0, true)}`;
  if (type === NetlinkMessage.ERROR && body.byteLength >= 4) {
    const error = body.getInt32(0, true);
    const name = error < 0 ? nameIn(Errno, error) : undefined;
    if (body.byteLength < 4 + HEADER) return `{error=${name ? `-${name}` : error}}`;
    const end = Math.min(4 + Math.max(HEADER, asked(body, error)), body.byteLength);
    const text = `{error=${name ? `-${name}` : error}, msg=${messageText(part(body, 4, end))}}`;
    return end < body.byteLength ? `[${text}, ${quotedHex(bytesOf(part(body, end)))}]` : text;
  }
  if (type < FIRST_OWN) return quotedHex(bytesOf(body));
  const family = nameText(FAMILIES, body.getUint8(0));
  switch (type - type % KINDS) {
    case RouteMessage.NEWLINK:
      return linkText(family, body);
    case RouteMessage.NEWADDR:
      return addressText(family, body);
    case RouteMessage.NEWROUTE:
      return `{rtm_family=${family}, ...}`;
    case RouteMessage.NEWNEIGH:
      return `{ndm_family=${family}, ...}`;
    default: {
      const rest = bytesOf(part(body, 1));
      return rest.length === 0
        ? `{family=${family}}`
        : `{family=${family}, data=${quotedHex(rest)}}`;
    }
  }
}

/** How much of the message is there that an answer is about: of a good one its head alone. */
function asked(body: DataView, error: number): number {
  return error === 0 ? HEADER : body.getUint32(4, true);
}

function bytesOf(view: DataView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

function indexText(index: number): string {
  return index === LOOPBACK ? `if_nametoindex("lo")` : `${index}`;
}

function linkText(family: string, body: DataView): string {
  if (body.byteLength < LINK) return `{ifi_family=${family}, ...}`;
  const change = body.getUint32(12, true);
  const head = `{ifi_family=${family}, ifi_type=${nameText(MATERIALS, body.getUint16(2, true))}, ` +
    `ifi_index=${indexText(body.getInt32(4, true))}, ` +
    `ifi_flags=${maskText(INTERFACE_FLAGS, body.getUint32(8, true))}, ` +
    `ifi_change=${change === 0 ? "0" : `0x${change.toString(16)}`}}`;
  return head + attributesText(part(body, LINK), (type, value) => {
    const name = nameText(LINK_ATTRIBUTES, type);
    switch (type) {
      case LinkAttribute.IFNAME:
        return [name, wordText(value)];
      case LinkAttribute.ADDRESS:
      case LinkAttribute.BROADCAST:
        return [name, hardwareText(value)];
      case LinkAttribute.LINK:
      case LinkAttribute.MTU:
      case LinkAttribute.TXQLEN:
        return [name, numberText(value)];
      default:
        return [name, quotedHex(bytesOf(value))];
    }
  });
}

function addressText(family: string, body: DataView): string {
  if (body.byteLength < ADDRESS) return `{ifa_family=${family}, ...}`;
  const head = `{ifa_family=${family}, ifa_prefixlen=${body.getUint8(1)}, ` +
    `ifa_flags=${maskText(ADDRESS_FLAGS, body.getUint8(2))}, ` +
    `ifa_scope=${nameText(SCOPES, body.getUint8(3))}, ` +
    `ifa_index=${indexText(body.getUint32(4, true))}}`;
  return head + attributesText(part(body, ADDRESS), (type, value) => {
    const name = nameText(ADDRESS_ATTRIBUTES, type);
    switch (type) {
      case AddressAttribute.ADDRESS:
      case AddressAttribute.LOCAL:
      case AddressAttribute.BROADCAST:
        return [name, hostText(body.getUint8(0), bytesOf(value))];
      case AddressAttribute.LABEL:
        return [name, wordText(value)];
      case AddressAttribute.FLAGS:
        return [name, maskText(ADDRESS_FLAGS, value.getUint32(0, true))];
      default:
        return [name, quotedHex(bytesOf(value))];
    }
  });
}

/** What is told behind the head, each with its length and its name. */
function attributesText(
  view: DataView,
  show: (type: number, value: DataView) => readonly [name: string, value: string],
): string {
  const found: string[] = [];
  for (let at = 0; at + ATTRIBUTE <= view.byteLength;) {
    const length = view.getUint16(at, true);
    if (length < ATTRIBUTE || at + length > view.byteLength) break;
    const value = part(view, at + ATTRIBUTE, at + length);
    const [name, text] = show(view.getUint16(at + 2, true), value);
    found.push(`[{nla_len=${length}, nla_type=${name}}, ${text}]`);
    at += Math.ceil(length / 4) * 4;
  }
  if (found.length === 0) return "";
  return `, ${found.length === 1 ? found[0] : `[${found.join(", ")}]`}`;
}

function wordText(value: DataView): string {
  const bytes = bytesOf(value);
  const end = bytes.indexOf(0);
  return quoted(end < 0 ? bytes : bytes.subarray(0, end));
}

function numberText(value: DataView): string {
  return value.byteLength >= 4 ? `${value.getUint32(0, true)}` : quotedHex(bytesOf(value));
}

function hardwareText(value: DataView): string {
  return [...bytesOf(value)].map((byte) => byte.toString(16).padStart(2, "0")).join(":");
}
