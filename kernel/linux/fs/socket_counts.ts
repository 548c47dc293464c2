/**
 * What is told of a socket to who asks by `ioctl`: how much waits, and where.
 *
 * @module
 */
import { Ioctl } from "../abi/ioctl.ts";
import { Family, SocketType } from "../abi/socket.ts";
import { Errno } from "../errno.ts";
import type { Socket } from "./socket.ts";

/** What is told, or why not. */
export function countTold(socket: Socket, request: number): number {
  switch (request) {
    case Ioctl.FIONREAD:
      return socket.backlog ? Errno.EINVAL : socket.bytesNext;
    case Ioctl.TIOCOUTQ:
      return socket.isTcp && socket.backlog ? Errno.EINVAL : socket.peer?.bytesWaiting ?? 0;
    case Ioctl.SIOCATMARK:
      if (socket.type === SocketType.STREAM) return socket.isAtMark ? 1 : 0;
      return socket.family === Family.UNIX ? Errno.EOPNOTSUPP : Errno.ENOTTY;
    default:
      return Errno.ENOTTY;
  }
}
