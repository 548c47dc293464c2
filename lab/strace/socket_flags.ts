/**
 * The names of what sockets are asked.
 *
 * @module
 */
import { Family } from "../../kernel/linux/fs/socket.ts";
import { type FlagSet, flagSet } from "./flag_set.ts";

/** Families of addresses. */
export const FAMILIES: FlagSet = flagSet("AF_", {
  UNSPEC: 0,
  UNIX: Family.UNIX,
  INET: Family.INET,
  INET6: Family.INET6,
  NETLINK: Family.NETLINK,
  PACKET: 17,
  VSOCK: 40,
});

/** Whose an option is. */
export const LEVELS: FlagSet = flagSet("SOL_", {
  IP: 0,
  SOCKET: 1,
  TCP: 6,
  UDP: 17,
  IPV6: 41,
  NETLINK: 270,
});

/** What is wanted of a message. */
export const MESSAGE_FLAGS: FlagSet = flagSet("MSG_", {
  OOB: 1,
  PEEK: 2,
  DONTROUTE: 4,
  CTRUNC: 8,
  TRUNC: 32,
  DONTWAIT: 64,
  EOR: 128,
  WAITALL: 256,
  ERRQUEUE: 0x2000,
  NOSIGNAL: 0x4000,
  MORE: 0x8000,
  WAITFORONE: 0x10000,
  CMSG_CLOEXEC: 0x40000000,
});

/** Options by level. */
export const OPTIONS: Readonly<Record<number, FlagSet>> = {
  0: flagSet("IP_", { TOS: 1, TTL: 2, HDRINCL: 3, OPTIONS: 4, RECVERR: 11 }),
  1: flagSet("SO_", {
    DEBUG: 1,
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
    SNDLOWAT: 19,
    RCVTIMEO_OLD: 20,
    SNDTIMEO_OLD: 21,
    TIMESTAMP_OLD: 29,
    ACCEPTCONN: 30,
    SNDBUFFORCE: 32,
    RCVBUFFORCE: 33,
    PROTOCOL: 38,
    DOMAIN: 39,
  }),
  6: flagSet("TCP_", { NODELAY: 1, MAXSEG: 2, CORK: 3, KEEPIDLE: 4, KEEPINTVL: 5, KEEPCNT: 6 }),
  41: flagSet("IPV6_", { V6ONLY: 26, UNICAST_HOPS: 16 }),
};
