/**
 * What a port hands out: who it is for, and what happened.
 *
 * @module
 */
import { PacketType } from "../abi.ts";
import { Queued } from "../object/queue.ts";

/** What a program put into a packet itself. */
export interface UserPacket {
  /** Which kind of packet it is. */
  readonly type: typeof PacketType.USER;
  /** Its 32 bytes. */
  readonly data: Uint8Array;
}

/** Signals that were waited for. */
export interface SignalPacket {
  /** Which kind of packet it is. */
  readonly type: typeof PacketType.SIGNAL_ONE;
  /** What was waited for. */
  readonly trigger: number;
  /** What was there. */
  readonly observed: number;
  /** When, for those who asked; else 0. */
  readonly timestamp: number;
}

/** An interrupt. */
export interface InterruptPacket {
  /** Which kind of packet it is. */
  readonly type: typeof PacketType.INTERRUPT;
  /** When it was triggered. */
  readonly timestamp: number;
}

/** Pages that a pager is to supply. */
export interface PageRequestPacket {
  /** Which kind of packet it is. */
  readonly type: typeof PacketType.PAGE_REQUEST;
  /** What the pager is to do. */
  readonly command: number;
  /** From where. */
  readonly offset: number;
  /** How many bytes. */
  readonly length: number;
}

/** What happened. */
export type PacketBody = UserPacket | SignalPacket | InterruptPacket | PageRequestPacket;

/** Somebody who wants to know when a packet of theirs has left its port. */
export interface PacketSource {
  /** The packet was taken by a program, or thrown away. */
  packetLeft(packet: Packet, taken: boolean): void;
}

/** One packet. */
export class Packet extends Queued {
  /** What the program knows it by. */
  readonly key: bigint;
  /** The status that came with it. */
  readonly status: number;
  /** What happened. */
  readonly body: PacketBody;
  /** Who put it in. */
  readonly source: PacketSource;

  /** A packet that stands nowhere yet. */
  constructor(key: bigint, body: PacketBody, source: PacketSource, status = 0) {
    super();
    this.key = key;
    this.body = body;
    this.source = source;
    this.status = status;
  }
}

/** How many bytes a packet has in memory. */
export const PACKET_SIZE = 48;

/** A packet as it lies in a program's memory. */
export function encodePacket(packet: Pick<Packet, "key" | "status" | "body">): Uint8Array {
  const { key, status, body } = packet;
  const bytes = new Uint8Array(PACKET_SIZE);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, key, true);
  view.setUint32(8, body.type, true);
  view.setInt32(12, status, true);
  switch (body.type) {
    case PacketType.USER:
      bytes.set(body.data, 16);
      break;
    case PacketType.SIGNAL_ONE:
      view.setUint32(16, body.trigger, true);
      view.setUint32(20, body.observed, true);
      view.setUint32(24, 1, true);
      view.setBigInt64(32, BigInt(Math.floor(body.timestamp)), true);
      break;
    case PacketType.INTERRUPT:
      view.setBigInt64(16, BigInt(Math.floor(body.timestamp)), true);
      break;
    case PacketType.PAGE_REQUEST:
      view.setUint16(16, body.command, true);
      view.setBigUint64(24, BigInt(body.offset), true);
      view.setBigUint64(32, BigInt(body.length), true);
      break;
    default:
      body satisfies never;
  }
  return bytes;
}
