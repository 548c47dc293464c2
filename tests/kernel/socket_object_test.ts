import { assert, assertEquals } from "@std/assert";
import { failed, Signal, SocketOption, Status } from "../../kernel/abi.ts";
import { Fifo } from "../../kernel/ipc/fifo.ts";
import { Socket, SOCKET_BYTES_MAX } from "../../kernel/ipc/socket.ts";
import { Handle } from "../../kernel/object/handle.ts";
import { testRealm } from "../support/realm.ts";

function socket(isDatagram = false) {
  const realm = testRealm();
  const [one, other] = Socket.create(realm, isDatagram);
  return { realm, one, other, mine: new Handle(one, 0), yours: new Handle(other, 0) };
}

function written(socket: Socket, size: number, fill = 1): unknown {
  const result = socket.write(new Uint8Array(size).fill(fill));
  return failed(result) ? result : result.written;
}

function read(socket: Socket, size: number): number[] {
  const target = new Uint8Array(size);
  const count = socket.peek(target);
  socket.skip(count);
  return [...target.subarray(0, count)];
}

Deno.test("a stream socket has no boundaries between writes", () => {
  const { one, other } = socket();
  one.write(Uint8Array.of(1, 2, 3));
  one.write(Uint8Array.of(4, 5));
  assertEquals([read(other, 2), read(other, 9)], [[1, 2], [3, 4, 5]]);
});

Deno.test("a stream carries any number of bytes through any sizes of writes and reads", () => {
  const { realm, one, other, mine, yours } = socket();
  let [sent, received] = [0, 0];
  for (let step = 1; received < 3_000_000; step++) {
    const part = Uint8Array.from({ length: (step * 7919) % 30_000 }, (_, at) => (sent + at) % 251);
    const result = one.write(part);
    if (!failed(result)) sent += result.written;
    for (const byte of read(other, (step * 104729) % 50_000)) {
      if (byte !== received++ % 251) assertEquals(byte, (received - 1) % 251);
    }
  }
  mine.close();
  yours.close();
  assertEquals([realm.kept, realm.census()], [0, {}]);
});

Deno.test("a full socket takes what fits, then nothing, and is writable again when read", () => {
  const { one, other } = socket();
  assertEquals(written(one, SOCKET_BYTES_MAX + 5), SOCKET_BYTES_MAX);
  assertEquals([written(one, 1), one.signals], [Status.SHOULD_WAIT, 0]);
  read(other, 1);
  assertEquals([one.signals, written(one, 5)], [Signal.WRITABLE, 1]);
});

Deno.test("a datagram is read whole or cut short, and never joined", () => {
  const { one, other } = socket(true);
  one.write(Uint8Array.of(1, 2, 3));
  one.write(Uint8Array.of(4));
  assertEquals([other.available, other.buffered], [3, 4]);
  assertEquals([read(other, 2), read(other, 9), other.signals & 1], [[1, 2], [4], 0]);
  assertEquals(written(one, SOCKET_BYTES_MAX + 1), Status.OUT_OF_RANGE);
  assertEquals(written(one, 0), Status.INVALID_ARGS);
  assertEquals(written(one, SOCKET_BYTES_MAX), SOCKET_BYTES_MAX);
  assertEquals(written(one, 1), Status.SHOULD_WAIT);
});

Deno.test("forbidding writes lets the other end read what is there, then says BAD_STATE", () => {
  const { one, other } = socket();
  written(one, 1);
  assertEquals(one.setDisposition(SocketOption.WRITE_DISABLED, 0), Status.OK);
  assertEquals([written(one, 1), written(other, 1)], [Status.BAD_STATE, 1]);
  assertEquals(one.signals & ~1, Signal.SOCKET_WRITE_DISABLED);
  assertEquals(other.signals & ~3, Signal.SOCKET_PEER_WRITE_DISABLED);
  assertEquals(one.setDisposition(SocketOption.WRITE_ENABLED, 0), Status.BAD_STATE);
  read(other, 1);
  assertEquals(other.readState, Status.BAD_STATE);
  assertEquals(other.setDisposition(0, SocketOption.WRITE_ENABLED), Status.OK);
  assertEquals([other.readState, written(one, 1)], [Status.SHOULD_WAIT, 1]);
});

Deno.test("thresholds are signals that hold from so many bytes, or so much room, on", () => {
  const { one, other } = socket();
  other.setReadThreshold(4);
  one.setWriteThreshold(SOCKET_BYTES_MAX - 4);
  const [reads, writes] = [Signal.SOCKET_READ_THRESHOLD, Signal.SOCKET_WRITE_THRESHOLD];
  assertEquals([other.signals & reads, one.signals & writes], [0, writes]);
  written(one, 4);
  assertEquals([other.signals & reads, one.signals & writes], [reads, writes]);
  written(one, 1);
  assertEquals(one.signals & writes, 0);
  read(other, 2);
  assertEquals([other.signals & reads, one.signals & writes], [0, writes]);
  other.setReadThreshold(0);
  assertEquals(other.setReadThreshold(SOCKET_BYTES_MAX + 1), Status.INVALID_ARGS);
});

Deno.test("a socket whose peer is gone answers what was sent, then PEER_CLOSED", () => {
  const { one, other, mine } = socket();
  written(one, 2);
  mine.close();
  assertEquals([other.readState, read(other, 5), other.readState], [0, [1, 1], Status.PEER_CLOSED]);
  assertEquals(written(other, 1), Status.PEER_CLOSED);
  assertEquals(other.setWriteThreshold(1), Status.PEER_CLOSED);
  assertEquals(other.signals, Signal.PEER_CLOSED);
});

function fifo(count: number, size: number) {
  const made = Fifo.create(testRealm(), count, size);
  assert(!failed(made));
  return made;
}

Deno.test("a fifo carries whole records in order, as many as fit, round and round", () => {
  const [one, other] = fifo(4, 3);
  let next = 0;
  for (let round = 0; round < 10; round++) {
    const bytes = Uint8Array.from({ length: 9 }, () => next++);
    assertEquals(one.write(bytes), { count: 3 });
    assertEquals(other.peek(9), bytes);
    other.skip(3);
  }
  assertEquals(one.write(new Uint8Array(15)), { count: 4 });
  assertEquals([one.write(new Uint8Array(3)), one.signals], [Status.SHOULD_WAIT, 0]);
  other.skip(1);
  assertEquals([one.signals, other.pending], [Signal.WRITABLE, 3]);
});

Deno.test("a fifo has at least one record of one byte and at most 4096 bytes", () => {
  for (const [count, size] of [[0, 1], [1, 0], [4097, 1], [2, 2049]] as const) {
    assertEquals(Fifo.create(testRealm(), count, size), Status.OUT_OF_RANGE);
  }
  fifo(3, 5);
});
