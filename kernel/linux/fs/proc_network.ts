/**
 * /proc/net: sockets and the interface of this machine, as tables.
 *
 * @module
 */
import type { Linux } from "../linux.ts";
import { Family, SocketType } from "../abi/socket.ts";
import { Socket } from "./socket.ts";

const State = { ESTABLISHED: 1, CLOSE: 7, LISTEN: 10 } as const;
/** States of sockets without a network: alone, on the way, joined. */
const Joined = { ALONE: 1, ON_ITS_WAY: 2, JOINED: 3 } as const;
const ACCEPTS = 0x10000;
const NOWHERE = "0".repeat(16);
const LINE = 149;
const DATAGRAM_LINE = 127;
const ANY_PORT = "0000";
const ANY: Readonly<Record<number, string>> = {
  [Family.INET]: "0".repeat(8),
  [Family.INET6]: "0".repeat(32),
};
const STREAMS_OLD =
  "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";
const STREAMS_NEW =
  "  sl  local_address                         remote_address                     " +
  "   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
const DATAGRAMS_OLD =
  "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt" +
  "   uid  timeout inode ref pointer drops";
const DATAGRAMS_NEW =
  "  sl  local_address                         remote_address                   " +
  "     st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops\n";
const INTERFACES =
  "Inter-|   Receive                                                |  Transmit\n" +
  " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop " +
  "fifo colls carrier compressed\n" +
  "    lo:       0       0    0    0    0     0          0         0        0       0    0    0" +
  "    0     0       0          0\n";
const ROUTES =
  "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT";
const NEIGHBOURS =
  "IP address       HW type     Flags       HW address            Mask     Device\n";
const NETLINK =
  "sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode\n";
const PACKETS = "sk               RefCnt Type Proto  Iface R Rmem   User   Inode\n";
const OWN_ADDRESS = "00000000000000000000000000000001";

/** The tables by name, with what is in each when it is opened. */
export function networkFiles(linux: Linux): Readonly<Record<string, () => string>> {
  const streams = (family: number) => of(linux, family, SocketType.STREAM);
  const datagrams = (family: number) => of(linux, family, SocketType.DGRAM);
  return {
    arp: () => NEIGHBOURS,
    dev: () => INTERFACES,
    dev_mcast: () => "",
    if_inet6: () => `${OWN_ADDRESS} 01 80 10 80       lo\n`,
    ipv6_route: () =>
      `${OWN_ADDRESS} 80 ${ANY[Family.INET6]} 00 ${ANY[Family.INET6]} 00000000 00000001 00000000 ` +
      "80200001       lo\n",
    netlink: () => NETLINK + of(linux, Family.NETLINK).map(netlinkLine).join(""),
    packet: () => PACKETS,
    raw: () => `${DATAGRAMS_OLD.slice(1)}\n`,
    raw6: () => DATAGRAMS_NEW,
    route: () => `${ROUTES.padEnd(127)}\n`,
    sockstat: () => countsText(linux),
    sockstat6: () =>
      `TCP6: inuse ${streams(Family.INET6).length}\nUDP6: inuse ${
        datagrams(Family.INET6).length
      }\nUDPLITE6: inuse 0\nRAW6: inuse 0\nFRAG6: inuse 0 memory 0\n`,
    tcp: () => `${STREAMS_OLD.padEnd(LINE)}\n${streams(Family.INET).map(streamLine).join("")}`,
    tcp6: () => STREAMS_NEW + streams(Family.INET6).map(streamLine).join(""),
    udp: () =>
      `${DATAGRAMS_OLD.padEnd(DATAGRAM_LINE)}\n${
        datagrams(Family.INET).map(datagramLine).join("")
      }`,
    udp6: () => DATAGRAMS_NEW + datagrams(Family.INET6).map(datagramLine).join(""),
    unix: () =>
      "Num       RefCount Protocol Flags    Type St Inode Path\n" +
      of(linux, Family.UNIX).map(unixLine).join(""),
  };
}

/** Every socket of a family that somebody has, or can accept. */
function of({ tasks }: Linux, family: number, type: number | null = null): Socket[] {
  const found = new Set<Socket>();
  for (const { files } of tasks.values()) {
    for (const descriptor of files.descriptors()) {
      const file = files.get(descriptor);
      if (!(file instanceof Socket)) continue;
      found.add(file);
      for (const one of file.backlog ?? []) found.add(one);
    }
  }
  const isMeant = (one: Socket) => one.family === family && (type ?? one.type) === one.type;
  // What has no name and no other end is not in the tables of a network.
  const isKnown = (one: Socket) => family === Family.UNIX || one.name !== "" || one.peer !== null;
  const all = [...found].filter((one) => isMeant(one) && isKnown(one));
  return all.sort((one, other) => other.inode.ino - one.inode.ino);
}

function hex(value: number, width: number): string {
  return value.toString(16).toUpperCase().padStart(width, "0");
}

function unixLine(one: Socket): string {
  const isJoined = one.peer !== null;
  const state = one.isAwaited ? Joined.ON_ITS_WAY : isJoined ? Joined.JOINED : Joined.ALONE;
  const numbers = [
    hex(isJoined ? 3 : 2, 8),
    hex(0, 8),
    hex(one.backlog ? ACCEPTS : 0, 8),
    hex(one.type, 4),
    hex(state, 2),
    `${one.isAwaited ? 0 : one.inode.ino}`.padStart(5),
  ];
  const name = one.name === "" ? "" : ` ${one.name.replaceAll("\0", "@")}`;
  return `${NOWHERE}: ${numbers.join(" ")}${name}\n`;
}

/** An address as the tables have it: words of the network, as this machine reads them. */
function addressOf(name: string, family: number): string {
  const at = name.lastIndexOf(":");
  if (at < 0) return `${ANY[family]}:${ANY_PORT}`;
  const [host, port] = [name.slice(0, at), hex(Number(name.slice(at + 1)), 4)];
  if (host === "::1") return `${"0".repeat(24)}01000000:${port}`;
  if (!/^[0-9]+\./.test(host)) return `${ANY[family]}:${port}`;
  const bytes = host.split(".").map((part) => hex(Number(part), 2));
  return `${bytes.reverse().join("")}:${port}`;
}

/** What the lines of all sockets of a network have in common, up to the number of the file. */
function commonOf(one: Socket, state: number, waiting: number): string {
  const { family } = one;
  const peer = one.peer || one.peerName !== "" ? one.peerName : "";
  const ino = one.isAwaited ? 0 : one.inode.ino;
  return `${addressOf(one.name, family)} ${addressOf(peer, family)} ${hex(state, 2)} ` +
    `00000000:${hex(waiting, 8)} 00:00000000 00000000 ${`${one.inode.uid}`.padStart(5)} ` +
    `${"0".padStart(8)} ${ino}`;
}

function streamLine(one: Socket, at: number): string {
  const state = one.backlog ? State.LISTEN : one.peer ? State.ESTABLISHED : State.CLOSE;
  const waiting = one.backlog ? one.backlog.length : one.bytesWaiting;
  const end = one.backlog ? "100 0 0 10 0" : "20 4 30 10 -1";
  const line = `${`${at}`.padStart(4)}: ${commonOf(one, state, waiting)} ` +
    `${one.references} ${NOWHERE} ${end}`;
  return `${one.family === Family.INET ? line.padEnd(LINE) : line}\n`;
}

function datagramLine(one: Socket, at: number): string {
  const state = one.peerName !== "" ? State.ESTABLISHED : State.CLOSE;
  const line = `${`${at}`.padStart(5)}: ${commonOf(one, state, one.bytesWaiting)} 2 ${NOWHERE} 0`;
  return `${one.family === Family.INET ? line.padEnd(DATAGRAM_LINE) : line}\n`;
}

function netlinkLine(one: Socket): string {
  const fields = [NOWHERE, "0".padEnd(3), one.name.padEnd(10), "00000000"];
  const counts = [one.bytesWaiting, 0, 0].map((count) => `${count}`.padEnd(8));
  return `${fields.join(" ")} ${counts.join(" ")} 2        0        ${
    `${one.inode.ino}`.padEnd(8)
  }\n`;
}

function countsText(linux: Linux): string {
  const families = [Family.UNIX, Family.INET, Family.INET6, Family.NETLINK];
  const all = families.reduce((sum, family) => sum + of(linux, family).length, 0);
  const streams = of(linux, Family.INET, SocketType.STREAM).length;
  const datagrams = of(linux, Family.INET, SocketType.DGRAM).length;
  return `sockets: used ${all}\nTCP: inuse ${streams} orphan 0 tw 0 alloc ${streams} mem 0\n` +
    `UDP: inuse ${datagrams} mem 0\nUDPLITE: inuse 0\nRAW: inuse 0\nFRAG: inuse 0 memory 0\n`;
}
