/**
 * The ports of a machine: which sockets have them, at which of its addresses, and who is meant by one.
 *
 * @module
 */
import { Family, Ipv6Option, Level, SocketOption, SocketType } from "../abi/socket.ts";
import { Errno } from "../errno.ts";
import type { Socket } from "./socket.ts";

/** Every address, for sockets of each family. */
export const Anywhere: Readonly<Record<number, string>> = {
  [Family.INET]: "0.0.0.0",
  [Family.INET6]: "::",
};

/** The machine itself, in each family. */
const ITSELF: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" };
/** What an address of the older family begins with where it is written in the newer one. */
export const MAPPED = "::ffff:";
const REUSE_ADDRESS = `${Level.SOCKET}:${SocketOption.REUSEADDR}`;
const REUSE_PORT = `${Level.SOCKET}:${SocketOption.REUSEPORT}`;
/** That a socket of the newer family wants nobody of the older one. */
const NEW_ONLY = `${Level.IPV6}:${Ipv6Option.V6ONLY}`;

/** Where something of a network is. */
export interface Port {
  /** The address. */
  readonly host: string;
  /** Its number there. */
  readonly port: number;
}

/** A name of a network as an address and a port. */
export function portOf(name: string): Port {
  const at = name.lastIndexOf(":");
  return { host: name.slice(0, at), port: Number(name.slice(at + 1)) };
}

/** A name as sockets of a family write it: addresses of the older one are known in both. */
export function nameIn(family: number, name: string): string {
  const { host, port } = portOf(name);
  if (family === Family.INET6 && isOld(host)) return `${MAPPED}${host}:${port}`;
  return family === Family.INET && host.startsWith(MAPPED) ? name.slice(MAPPED.length) : name;
}

function isOld(host: string): boolean {
  return /^[0-9.]+$/.test(host);
}

/** An address as the older family writes it, if it is one of that. */
export function plainHost(host: string): string {
  return host.startsWith(MAPPED) ? host.slice(MAPPED.length) : host;
}

/** The ports that sockets have. */
export class Ports {
  readonly #sockets = new Map<string, Set<Socket>>();

  /** Every socket that has a port, and what it is found by. */
  *all(): Generator<readonly [name: string, socket: Socket]> {
    for (const sockets of this.#sockets.values()) {
      for (const one of sockets) {
        if (one.references > 0) yield [`${kindOf(one.type)}:${one.name}`, one];
      }
    }
  }

  /** Whom a socket of the same kind means by an address and a port; null for nobody. */
  find(from: Socket, { host, port }: Port): Socket | null {
    const wanted = ITSELF[host] ?? plainHost(host);
    const all = this.#living(from.type, port).filter((one) => accepts(one, wanted));
    const hears = from.type === SocketType.DGRAM
      ? choosing(all, from)
      : all.filter(({ backlog }) => backlog !== null);
    const exact = (one: Socket) => plainHost(portOf(one.name).host) === wanted;
    return hears.find(exact) ?? hears.find(({ family }) => family !== Family.INET6) ?? hears[0] ??
      null;
  }

  /** Give a socket a port at an address: 0, or EADDRINUSE. */
  take(socket: Socket, host: string, port: number): 0 | typeof Errno.EADDRINUSE {
    const key = keyOf(socket.type, port);
    const others = this.#living(socket.type, port);
    if (others.some((one) => isInTheWay(one, socket, host))) return Errno.EADDRINUSE;
    this.#sockets.set(key, new Set([...others, socket]));
    socket.name = `${host}:${port}`;
    return 0;
  }

  /** Take a socket's port away. */
  release(socket: Socket): void {
    this.#sockets.get(keyOf(socket.type, portOf(socket.name).port))?.delete(socket);
    socket.name = "";
  }

  /** Whether somebody listens already where a socket wants to. */
  isHeard(socket: Socket): boolean {
    const { host, port } = portOf(socket.name);
    return this.#living(socket.type, port).some((one) =>
      one !== socket && one.backlog !== null && isInTheWay(one, socket, host)
    );
  }

  #living(type: number, port: number): Socket[] {
    const all = this.#sockets.get(keyOf(type, port));
    return all ? [...all].filter(({ references }) => references > 0) : [];
  }
}

function keyOf(type: number, port: number): string {
  return `${kindOf(type)}:${port}`;
}

function kindOf(type: number): string {
  return type === SocketType.DGRAM ? "udp" : "tcp";
}

/** Whether what is for an address is for a socket. */
function accepts(one: Socket, wanted: string): boolean {
  const { host } = portOf(one.name);
  if (host === Anywhere[one.family]) {
    return isOld(wanted)
      ? one.family === Family.INET || isForBoth(one)
      : one.family !== Family.INET;
  }
  return plainHost(host) === wanted;
}

/** Those who hear somebody's datagrams: who is connected hears one only, and before all others. */
function choosing(all: readonly Socket[], from: Socket): readonly Socket[] {
  const { host, port } = portOf(from.sourceName);
  const isMeant = (one: Socket) => {
    const peer = portOf(one.peerName);
    return (ITSELF[peer.host] ?? plainHost(peer.host)) === plainHost(host) && peer.port === port;
  };
  const chosen = all.filter((one) => one.wasConnected && isMeant(one));
  return chosen.length > 0 ? chosen : all.filter((one) => !one.wasConnected);
}

function isForBoth({ family, settings }: Socket): boolean {
  return family === Family.INET6 && (settings.get(NEW_ONLY) ?? 0) === 0;
}

/** Whether a socket keeps another one from an address at its port. */
function isInTheWay(one: Socket, other: Socket, host: string): boolean {
  const { host: taken } = portOf(one.name);
  const isEverywhere = taken === Anywhere[one.family] || host === Anywhere[other.family];
  const meets = one.family === other.family
    ? isEverywhere || taken === host
    : isEverywhere && [one, other].every((each) =>
          each.family === Family.INET || isForBoth(each)
        ) &&
        [taken, host].includes("::") || plainHost(taken) === plainHost(host);
  if (!meets) return false;
  const both = (option: string) =>
    [one, other].every((each) => (each.settings.get(option) ?? 0) > 0);
  if (both(REUSE_PORT)) return false;
  return !(both(REUSE_ADDRESS) && one.backlog === null);
}
