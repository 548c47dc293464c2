/**
 * Which kind of queue holds what waits in a socket.
 *
 * @module
 */
import { SocketType } from "../abi/socket.ts";
import { LocalStream } from "./local_stream.ts";
import { type Ground, ReceiveQueue } from "./receive_queue.ts";
import type { Receiver } from "./stream_queue.ts";
import { TcpStream } from "./tcp_stream.ts";

/** A socket that is to have one. */
export interface QueueOwner extends Receiver {
  /** Its kind: a `SocketType`. */
  readonly type: number;
  /** Whether it is a stream over a network. */
  readonly isTcp: boolean;
}

/** What holds what waits in a socket. */
export function queueFor(ground: Ground, socket: QueueOwner): ReceiveQueue {
  if (socket.type !== SocketType.STREAM) return new ReceiveQueue(ground);
  return socket.isTcp ? new TcpStream(ground, socket) : new LocalStream(ground, socket);
}
