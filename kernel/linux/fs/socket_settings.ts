/**
 * What is set about a socket: numbers, by level and option.
 *
 * @module
 */
import { Level, SocketOption } from "../abi/socket.ts";
import { SOCKET_BYTES } from "../bounds.ts";

/** Under what a setting of a socket is kept. */
export function settingKey(level: number, option: number): string {
  return `${level}:${option}`;
}

/** Options of those who want to know who sends: as numbers, and as a descriptor of a process. */
export const ASKING: readonly string[] = [SocketOption.PASSCRED, SocketOption.PASSPIDFD]
  .map((option) => settingKey(Level.SOCKET, option));

/** How many bytes have to wait before there is something to read. */
export const LOW_WATER = settingKey(Level.SOCKET, SocketOption.RCVLOWAT);

/** Whether urgent bytes are read with all others. */
export const URGENT_INLINE = settingKey(Level.SOCKET, SocketOption.OOBINLINE);

const SEND_BYTES = settingKey(Level.SOCKET, SocketOption.SNDBUF);

/** How much of what a socket has sent may wait elsewhere. */
export function sendBytesOf(settings: ReadonlyMap<string, number>): number {
  return settings.get(SEND_BYTES) ?? SOCKET_BYTES;
}
