/**
 * What is asked of sockets.
 *
 * @module
 */

/**
 * What their names are like: nothing, paths, addresses of a network with ports. To one of the family
 * NETLINK the kernel itself speaks.
 */
export const Family = {
  UNSPEC: 0,
  UNIX: 1,
  INET: 2,
  INET6: 10,
  NETLINK: 16,
  PACKET: 17,
  VSOCK: 40,
} as const;

/** The kinds of sockets. */
export const SocketType = { STREAM: 1, DGRAM: 2, RAW: 3, RDM: 4, SEQPACKET: 5 } as const;

/** How they speak over a network. */
export const Protocol = { IP: 0, ICMP: 1, TCP: 6, UDP: 17, IPV6: 41 } as const;

/** With which part of the kernel one of the family NETLINK speaks. */
export const NetlinkProtocol = {
  ROUTE: 0,
  SOCK_DIAG: 4,
  KOBJECT_UEVENT: 15,
  GENERIC: 16,
} as const;

/** Which directions `shutdown` ends. */
export const Shutdown = { RD: 0, WR: 1, RDWR: 2 } as const;

/** Whose an option is. */
export const Level = { IP: 0, SOCKET: 1, TCP: 6, UDP: 17, IPV6: 41, NETLINK: 270 } as const;

/** The options of all sockets. */
export const SocketOption = {
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
  PEERGROUPS: 59,
  PASSPIDFD: 76,
  PEERPIDFD: 77,
} as const;

/** The options of addresses of four bytes. */
export const IpOption = { TOS: 1, TTL: 2, HDRINCL: 3, OPTIONS: 4, RECVERR: 11 } as const;

/** The options of streams over a network. */
export const TcpOption = {
  NODELAY: 1,
  MAXSEG: 2,
  CORK: 3,
  KEEPIDLE: 4,
  KEEPINTVL: 5,
  KEEPCNT: 6,
} as const;

/** The options of addresses of sixteen bytes. */
export const Ipv6Option = { V6ONLY: 26, UNICAST_HOPS: 16 } as const;

/** The bytes of addresses: of what all begin with, of each family's, and of the largest. */
export const AddressSize = {
  FAMILY: 2,
  NETLINK: 12,
  INET: 16,
  INET6: 28,
  UNIX: 110,
  LARGEST: 128,
} as const;

/** How a message is sent or received, and what became of it. */
export const MessageFlag = {
  OOB: 1,
  PEEK: 2,
  DONTROUTE: 4,
  CTRUNC: 8,
  TRUNC: 0x20,
  DONTWAIT: 0x40,
  EOR: 0x80,
  WAITALL: 0x100,
  ERRQUEUE: 0x2000,
  NOSIGNAL: 0x4000,
  MORE: 0x8000,
  WAITFORONE: 0x10000,
  CMSG_CLOEXEC: 0x40000000,
} as const;

/** What goes with the bytes of a message: descriptors, who sent it, a descriptor of that process. */
export const ControlMessage = { RIGHTS: 1, CREDENTIALS: 2, PIDFD: 4 } as const;

/** The bytes of a `struct msghdr`, and of one with how much of it went through. */
export const MessageSize = { HEAD: 56, COUNTED: 64 } as const;

/** The bytes before each thing that goes with a message. */
export const CONTROL_HEAD_SIZE = 16;
