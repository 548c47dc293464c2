/**
 * The names of what sockets are asked.
 *
 * @module
 */
import {
  Family,
  IpOption,
  Ipv6Option,
  Level,
  MessageFlag,
  SocketOption,
  TcpOption,
} from "../../kernel/linux/abi/socket.ts";
import { type FlagSet, flagSet } from "./flag_set.ts";

/** Families of addresses. */
export const FAMILIES: FlagSet = flagSet("AF_", Family);

/** Whose an option is. */
export const LEVELS: FlagSet = flagSet("SOL_", Level);

/** What is wanted of a message. */
export const MESSAGE_FLAGS: FlagSet = flagSet("MSG_", MessageFlag);

/** Options by level. */
export const OPTIONS: Readonly<Record<number, FlagSet>> = {
  [Level.IP]: flagSet("IP_", IpOption),
  [Level.SOCKET]: flagSet("SO_", SocketOption),
  [Level.TCP]: flagSet("TCP_", TcpOption),
  [Level.IPV6]: flagSet("IPV6_", Ipv6Option),
};
