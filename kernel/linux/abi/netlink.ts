/**
 * Messages to the kernel about its network, and what it answers.
 *
 * @module
 */

/** What a message is that is no family's own. */
export const NetlinkMessage = { NOOP: 1, ERROR: 2, DONE: 3, OVERRUN: 4 } as const;

/** What a message about the network is: of four kinds about a thing, the third asks. */
export const RouteMessage = {
  NEWLINK: 16,
  DELLINK: 17,
  GETLINK: 18,
  SETLINK: 19,
  NEWADDR: 20,
  DELADDR: 21,
  GETADDR: 22,
  NEWROUTE: 24,
  DELROUTE: 25,
  GETROUTE: 26,
  NEWNEIGH: 28,
  DELNEIGH: 29,
  GETNEIGH: 30,
  NEWRULE: 32,
  DELRULE: 33,
  GETRULE: 34,
  NEWQDISC: 36,
  DELQDISC: 37,
  GETQDISC: 38,
} as const;

/** What is said of any message. */
export const NetlinkFlag = { REQUEST: 1, MULTI: 2, ACK: 4, ECHO: 8, DUMP_INTR: 16 } as const;

/** What is said of one that asks. */
export const NetlinkGetFlag = { DUMP: 0x300, ROOT: 0x100, MATCH: 0x200, ATOMIC: 0x400 } as const;

/** What is said of one that makes something. */
export const NetlinkNewFlag = {
  REPLACE: 0x100,
  EXCL: 0x200,
  CREATE: 0x400,
  APPEND: 0x800,
} as const;

/** What is said of one that answers how another one ended. */
export const NetlinkAckFlag = { CAPPED: 0x100, ACK_TLVS: 0x200 } as const;

/** What is told of an interface. */
export const LinkAttribute = {
  ADDRESS: 1,
  BROADCAST: 2,
  IFNAME: 3,
  MTU: 4,
  LINK: 5,
  TXQLEN: 13,
} as const;

/** What is told of an address. */
export const AddressAttribute = { ADDRESS: 1, LOCAL: 2, LABEL: 3, BROADCAST: 4, FLAGS: 8 } as const;

/** What an address is like, as bits. */
export const AddressFlag = { SECONDARY: 1, NODAD: 2, PERMANENT: 0x80 } as const;

/** How far an address is known. */
export const Scope = { UNIVERSE: 0, SITE: 200, LINK: 253, HOST: 254, NOWHERE: 255 } as const;
