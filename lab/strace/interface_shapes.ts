/**
 * What is asked about interfaces of the network by `ioctl`, as a trace writes it: the name goes in, and
 * the rest is there where the call could answer.
 *
 * @module
 */
import {
  Hardware,
  InterfaceFlag,
  InterfaceRequest,
  InterfaceSize,
} from "../../kernel/linux/abi/ioctl.ts";
import { flagSet, maskText, nameIn, nameText } from "./flag_set.ts";
import { quoted } from "./quoted.ts";
import type { Seen } from "./seen.ts";
import { addressText } from "./shape.ts";
import { addressOf } from "./socket_address.ts";

const { NAME: NAME_SIZE, REQUEST: REQUEST_SIZE } = InterfaceSize;
const FLAGS = flagSet("IFF_", InterfaceFlag);
const KINDS = flagSet("ARPHRD_", Hardware);

type Fact = (seen: Seen, where: number, view: DataView) => string;

const number: Fact = (_seen, _where, view) => `${view.getInt32(NAME_SIZE, true)}`;
const address: Fact = (seen, where) => addressOf(seen, where + NAME_SIZE, NAME_SIZE);
const flags: Fact = (_seen, _where, view) => maskText(FLAGS, view.getUint16(NAME_SIZE, true));
const hardware: Fact = (_seen, _where, view) => {
  const bytes = [...new Uint8Array(view.buffer, NAME_SIZE + 2, 6)];
  const text = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(":");
  return `{sa_family=${nameText(KINDS, view.getUint16(NAME_SIZE, true))}, sa_data=${text}}`;
};

/** Those that ask for an interface's name, or for all of them. */
type ByNumber = "SIOCGIFNAME" | "SIOCGIFCONF";

/** What the others ask for: the field, and how that is written. */
const FACTS: Readonly<
  Record<Exclude<keyof typeof InterfaceRequest, ByNumber>, readonly [field: string, fact: Fact]>
> = {
  SIOCGIFFLAGS: ["ifr_flags", flags],
  SIOCGIFADDR: ["ifr_addr", address],
  SIOCGIFBRDADDR: ["ifr_broadaddr", address],
  SIOCGIFNETMASK: ["ifr_netmask", address],
  SIOCGIFMETRIC: ["ifr_metric", number],
  SIOCGIFMTU: ["ifr_mtu", number],
  SIOCGIFHWADDR: ["ifr_hwaddr", hardware],
  SIOCGIFINDEX: ["ifr_ifindex", number],
  SIOCGIFTXQLEN: ["ifr_qlen", number],
};

/** Whether a request asks about one interface. */
export function isAboutInterface(request: number): boolean {
  const name = nameIn(InterfaceRequest, request);
  return name !== undefined && name !== "SIOCGIFCONF";
}

/** What is asked, and what was answered. */
export function interfaceText(seen: Seen, request: number, where: number): string {
  if (where === 0) return "NULL";
  const view = seen.view(where, REQUEST_SIZE);
  if (view === null) return addressText(where);
  const letters = new Uint8Array(view.buffer, 0, NAME_SIZE);
  const end = letters.indexOf(0);
  const name = `ifr_name=${quoted(end < 0 ? letters : letters.subarray(0, end))}`;
  const asked = nameIn(InterfaceRequest, request);
  if (asked === "SIOCGIFNAME") {
    const index = `ifr_ifindex=${view.getInt32(NAME_SIZE, true)}`;
    return seen.failed ? `{${index}}` : `{${index}, ${name}}`;
  }
  if (asked === undefined || asked === "SIOCGIFCONF") return addressText(where);
  const [field, fact] = FACTS[asked];
  return seen.failed ? `{${name}}` : `{${name}, ${field}=${fact(seen, where, view)}}`;
}
