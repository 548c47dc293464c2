/**
 * What is asked about interfaces of the network by `ioctl`, as a trace writes it: the name goes in, and
 * the rest is there where the call could answer.
 *
 * @module
 */
import { flagSet, maskText, nameText } from "./flag_set.ts";
import { quoted } from "./quoted.ts";
import type { Seen } from "./seen.ts";
import { addressText } from "./shape.ts";
import { addressOf } from "./socket_address.ts";

const NAME_SIZE = 16;
const REQUEST_SIZE = 40;
const FLAGS = flagSet("IFF_", {
  UP: 1,
  BROADCAST: 2,
  DEBUG: 4,
  LOOPBACK: 8,
  POINTOPOINT: 16,
  RUNNING: 64,
});
const KINDS = flagSet("ARPHRD_", { ETHER: 1, LOOPBACK: 772 });

type Fact = (seen: Seen, where: number, view: DataView) => string;

const number: Fact = (_seen, _where, view) => `${view.getInt32(NAME_SIZE, true)}`;
const address: Fact = (seen, where) => addressOf(seen, where + NAME_SIZE, NAME_SIZE);
const flags: Fact = (_seen, _where, view) => maskText(FLAGS, view.getUint16(NAME_SIZE, true));
const hardware: Fact = (_seen, _where, view) => {
  const bytes = [...new Uint8Array(view.buffer, NAME_SIZE + 2, 6)];
  const text = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(":");
  return `{sa_family=${nameText(KINDS, view.getUint16(NAME_SIZE, true))}, sa_data=${text}}`;
};

/** What each request asks for, by its number: its name, the field, and how that is written. */
const REQUESTS: Readonly<Record<number, readonly [name: string, field: string, fact: Fact]>> = {
  0x8913: ["SIOCGIFFLAGS", "ifr_flags", flags],
  0x8915: ["SIOCGIFADDR", "ifr_addr", address],
  0x8919: ["SIOCGIFBRDADDR", "ifr_broadaddr", address],
  0x891b: ["SIOCGIFNETMASK", "ifr_netmask", address],
  0x891d: ["SIOCGIFMETRIC", "ifr_metric", number],
  0x8921: ["SIOCGIFMTU", "ifr_mtu", number],
  0x8927: ["SIOCGIFHWADDR", "ifr_hwaddr", hardware],
  0x8933: ["SIOCGIFINDEX", "ifr_ifindex", number],
  0x8942: ["SIOCGIFTXQLEN", "ifr_qlen", number],
};
const NAME = 0x8910;

/** What a request about interfaces is called; null for another one. */
export function interfaceRequest(request: number): string | null {
  return request === NAME ? "SIOCGIFNAME" : REQUESTS[request]?.[0] ?? null;
}

/** What is asked, and what was answered. */
export function interfaceText(seen: Seen, request: number, where: number): string {
  if (where === 0) return "NULL";
  const view = seen.view(where, REQUEST_SIZE);
  if (view === null) return addressText(where);
  const letters = new Uint8Array(view.buffer, 0, NAME_SIZE);
  const end = letters.indexOf(0);
  const name = `ifr_name=${quoted(end < 0 ? letters : letters.subarray(0, end))}`;
  if (request === NAME) {
    const index = `ifr_ifindex=${view.getInt32(NAME_SIZE, true)}`;
    return seen.failed ? `{${index}}` : `{${index}, ${name}}`;
  }
  const [, field, fact] = REQUESTS[request]!;
  return seen.failed ? `{${name}}` : `{${name}, ${field}=${fact(seen, where, view)}}`;
}
