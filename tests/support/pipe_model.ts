/**
 * What sockets and fifos are, written down as plainly as possible: lists of bytes, of datagrams and of
 * records. The kernel is held against it.
 *
 * @module
 */
import { Signal, Status } from "../../kernel/abi.ts";

const ROOM = 256 * 1024;

/** What kind of pipe it is. */
export type PipeKind = "stream" | "datagram" | "fifo";

/** One end: what waits in it to be read. A stream's pieces are single bytes. */
export class ModelEnd {
  readonly kind: PipeKind;
  peer: ModelEnd | null = null;
  pieces: number[][] = [];
  isWritable = true;
  isPeerWritable = true;
  readThreshold = 0;
  writeThreshold = 0;
  /** How many records a fifo holds, and how many bytes each has. */
  readonly count: number;
  readonly elementSize: number;

  constructor(kind: PipeKind, count = 0, elementSize = 0) {
    this.kind = kind;
    this.count = count;
    this.elementSize = elementSize;
  }

  /** Two ends. */
  static pair(kind: PipeKind, count = 0, elementSize = 0): [ModelEnd, ModelEnd] {
    const [one, other] = [1, 2].map(() => new ModelEnd(kind, count, elementSize));
    one!.peer = other!;
    other!.peer = one!;
    return [one!, other!];
  }

  /** How many bytes wait. */
  get size(): number {
    return this.pieces.reduce((sum, { length }) => sum + length, 0);
  }

  /** How many more bytes, or records, the other end takes. */
  get room(): number {
    const { peer } = this;
    if (!peer) return 0;
    return this.kind === "fifo" ? this.count - peer.pieces.length : ROOM - peer.size;
  }

  /** The signals, each from what it means. */
  get signals(): number {
    const { room, size } = this;
    const may = this.peer !== null && this.isWritable && room > 0;
    const signals = [
      size > 0 && Signal.READABLE,
      may && Signal.WRITABLE,
      this.peer === null && Signal.PEER_CLOSED,
      !this.isWritable && Signal.SOCKET_WRITE_DISABLED,
      !this.isPeerWritable && Signal.SOCKET_PEER_WRITE_DISABLED,
      this.readThreshold > 0 && size >= this.readThreshold && Signal.SOCKET_READ_THRESHOLD,
      may && this.writeThreshold > 0 && room >= this.writeThreshold &&
      Signal.SOCKET_WRITE_THRESHOLD,
    ];
    return signals.reduce<number>((all, one) => all | (one || 0), 0) >>> 0;
  }

  /** Send bytes; answers how many went, or a status. */
  write(bytes: number[]): number | { written: number } {
    const { peer, kind, room } = this;
    if (!peer) return Status.PEER_CLOSED;
    if (!this.isWritable) return Status.BAD_STATE;
    if (kind === "datagram") {
      if (bytes.length === 0) return Status.INVALID_ARGS;
      if (bytes.length > ROOM) return Status.OUT_OF_RANGE;
      if (bytes.length > room) return Status.SHOULD_WAIT;
      peer.pieces.push(bytes);
      return { written: bytes.length };
    }
    if (bytes.length > 0 && room === 0) return Status.SHOULD_WAIT;
    const part = bytes.slice(0, room);
    if (part.length > 0) peer.pieces = [[...peer.pieces.flat(), ...part]];
    return { written: part.length };
  }

  /** Read bytes, or only look at them. */
  read(most: number, peek: boolean): number | number[] {
    if (this.pieces.length === 0) {
      if (!this.peer) return Status.PEER_CLOSED;
      return this.isPeerWritable ? Status.SHOULD_WAIT : Status.BAD_STATE;
    }
    const [first, ...rest] = this.pieces;
    const part = first!.slice(0, most);
    const left = first!.slice(most);
    if (!peek) this.pieces = this.kind === "datagram" || left.length === 0 ? rest : [left];
    return part;
  }

  /** Put records in; answers how many went, or a status. */
  put(records: number[][]): number {
    const { peer, room } = this;
    if (records.length === 0) return Status.OUT_OF_RANGE;
    if (!peer) return Status.PEER_CLOSED;
    if (room === 0) return Status.SHOULD_WAIT;
    const part = records.slice(0, room);
    peer.pieces.push(...part);
    return part.length;
  }

  /** Take records out. */
  get(most: number): number | number[][] {
    if (most === 0) return Status.OUT_OF_RANGE;
    if (this.pieces.length === 0) return this.peer ? Status.SHOULD_WAIT : Status.PEER_CLOSED;
    return this.pieces.splice(0, most);
  }

  /** Forbid or allow writing here and there: 0 leaves it, 1 forbids, 2 allows. */
  dispose(own: number, others: number): number {
    const { peer } = this;
    if (others !== 0 && !peer) return Status.PEER_CLOSED;
    const mayEnable = (end: ModelEnd) => end.isWritable || !end.peer || end.peer.size === 0;
    if (own === 2 && !mayEnable(this)) return Status.BAD_STATE;
    if (others === 2 && !mayEnable(peer!)) return Status.BAD_STATE;
    if (own !== 0) this.#allow(own === 2);
    if (others !== 0) peer!.#allow(others === 2);
    return Status.OK;
  }

  /** The end is closed. */
  close(): void {
    if (this.peer) this.peer.peer = null;
    this.peer = null;
    this.pieces = [];
  }

  #allow(writable: boolean): void {
    this.isWritable = writable;
    if (this.peer) this.peer.isPeerWritable = writable;
  }
}
