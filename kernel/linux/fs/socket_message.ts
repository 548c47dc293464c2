/**
 * What goes from socket to socket: bytes, files whose descriptors are on their way, and who sent them.
 *
 * @module
 */
import type { Group } from "../group.ts";
import type { Linux } from "../linux.ts";
import type { OpenFile } from "./open_file.ts";
import type { SendRoom } from "./send_room.ts";

/** What waits in a socket. */
export interface SocketMessage {
  /** Its bytes. */
  bytes: Uint8Array;
  /** Descriptors' files that come with it; the socket holds them. */
  files: OpenFile[];
  /** The name of the socket that sent it. */
  readonly from: string;
  /** Who sent it; null where nobody wanted to know, or nothing was sent. */
  readonly sender: Sender | null;
  /** How much memory it takes while it waits. */
  truesize?: number;
  /** Whose room it takes while it waits; null if nobody's is counted. */
  readonly room?: SendRoom | null;
  /** How long it was before a part of it was taken, where the rest is gone. */
  readonly length?: number;
  /** Whether it is none: there will be no more packets. */
  readonly isEnd?: boolean;
  /** Whether it is a byte that was sent to be taken before all others. */
  readonly isUrgent?: boolean;
  /** Whether what comes behind it is for another call. */
  readonly isLast?: boolean;
}

/** Who sent a message, or whose a socket is, for who asks at the other end. */
export interface Sender {
  /** The process; null for the kernel itself. */
  readonly process: Group | null;
  /** Its user. */
  readonly uid: number;
  /** Its group. */
  readonly gid: number;
}

/** Whose a socket is. */
export interface SocketOwner extends Sender {
  /** Further groups of its user. */
  readonly groups: readonly number[];
}

/** What goes with the bytes of a message. */
export interface Beside {
  /** Files whose descriptors are sent. */
  readonly files: readonly OpenFile[];
  /** Who the sender says it is; null if it says nothing. */
  readonly sender: Sender | null;
}

/** How bytes are sent. */
export interface Sending extends Beside {
  /** Whether the last of them is urgent. */
  readonly isUrgent: boolean;
  /** Whose room they take; null if nobody's is counted. */
  readonly room?: SendRoom | null;
}

/** Bytes are sent with nothing beside them. */
export const ALONE: Sending = { files: [], sender: null, isUrgent: false };

/** The kernel, where it is who sends. */
export const KERNEL: Sender = { process: null, uid: 0, gid: 0 };

/** Who writes now; null if nobody does. */
export function writerOf({ current }: Linux): Sender | null {
  if (!current) return null;
  const { uid, gid } = current.credentials;
  return { process: current.group, uid, gid };
}

/** Where there is no more to come: no bytes, or no packets. */
export function nothing(isEnd: boolean): SocketMessage {
  return { bytes: new Uint8Array(), files: [], from: "", sender: KERNEL, isEnd };
}

/** Whether two messages come from the same sender. */
export function isSame(one: Sender | null, other: Sender | null): boolean {
  return one?.process === other?.process && one?.uid === other?.uid && one?.gid === other?.gid;
}
