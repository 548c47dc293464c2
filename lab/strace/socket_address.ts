/**
 * The address of a socket, as a trace writes it.
 *
 * @module
 */
import { AddressSize, Family } from "../../kernel/linux/abi/socket.ts";
import { nameText } from "./flag_set.ts";
import { quoted, quotedHex } from "./quoted.ts";
import type { Seen } from "./seen.ts";
import { addressText } from "./shape.ts";
import { FAMILIES } from "./socket_flags.ts";

/** An address of so many bytes in memory. */
export function addressOf(seen: Seen, where: number, length: number): string {
  if (where === 0) return "NULL";
  const view = length < AddressSize.FAMILY
    ? null
    : seen.view(where, Math.min(length, AddressSize.LARGEST));
  if (view === null) return addressText(where);
  const family = view.getUint16(0, true);
  const rest = new Uint8Array(view.buffer, 2);
  return `{sa_family=${nameText(FAMILIES, family)}${restText(family, view, rest)}}`;
}

function restText(family: number, view: DataView, rest: Uint8Array): string {
  if (rest.length === 0) return "";
  if (family === Family.UNIX) return `, sun_path=${pathText(rest)}`;
  if (family === Family.INET && view.byteLength >= 8) {
    const host = hostText(family, rest.subarray(2, 6));
    return `, sin_port=htons(${view.getUint16(2)}), sin_addr=${host}`;
  }
  if (family === Family.INET6 && view.byteLength >= 24) return sixText(view);
  if (family === Family.NETLINK && view.byteLength >= 12) {
    const groups = view.getUint32(8, true).toString(16).padStart(8, "0");
    return `, nl_pid=${view.getInt32(4, true)}, nl_groups=${groups}`;
  }
  return `, sa_data=${quoted(rest)}`;
}

/** A path, or a name behind a zero that is none. */
function pathText(bytes: Uint8Array): string {
  if (bytes[0] === 0) return `@${quoted(bytes.subarray(1))}`;
  const end = bytes.indexOf(0);
  return quoted(end < 0 ? bytes : bytes.subarray(0, end));
}

function sixText(view: DataView): string {
  return `, sin6_port=htons(${view.getUint16(2)}), sin6_flowinfo=htonl(${view.getUint32(4)}), ${
    sixHost(new Uint8Array(view.buffer, view.byteOffset + 8, 16), ", &sin6_addr")
  }, sin6_scope_id=0`;
}

/** The address of a machine in a network. */
export function hostText(family: number, bytes: Uint8Array): string {
  if (family === Family.INET && bytes.length === 4) return `inet_addr("${bytes.join(".")}")`;
  if (family === Family.INET6 && bytes.length === 16) return sixHost(bytes, "");
  return quotedHex(bytes);
}

function sixHost(bytes: Uint8Array, then: string): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const words = Array.from({ length: 8 }, (_, at) => view.getUint16(at * 2).toString(16));
  const host = words.join(":").replace(/(^|:)0(:0)+(:|$)/, "::");
  return `inet_pton(AF_INET6, "${host}"${then})`;
}
