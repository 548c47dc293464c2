import { assertEquals } from "@std/assert";
import { InfoTopic, Property, Signal, SocketOption, Status } from "../../kernel/abi.ts";
import { zx } from "../../kernel/client.ts";
import { SOCKET_BYTES_MAX } from "../../kernel/ipc/socket.ts";
import { good, ScriptKernel } from "../support/scripts.ts";

const { SOCKET_READ_THRESHOLD, SOCKET_WRITE_THRESHOLD } = Signal;
const RX = Property.SOCKET_RX_THRESHOLD.number;
const TX = Property.SOCKET_TX_THRESHOLD.number;

function* socket(options: number = SocketOption.STREAM) {
  const { out0, out1 } = good(yield* zx.socketCreate({ options }));
  return [out0, out1] as const;
}

function* write(handle: number, size: number) {
  return yield* zx.socketWrite({ handle, buffer: new Uint8Array(size) });
}

function* info(handle: number) {
  const { number: topic, record } = InfoTopic.SOCKET;
  const { buffer } = good(yield* zx.objectGetInfo({ handle, topic }));
  return record.decode(buffer);
}

function* set(handle: number, property: number, bytes: number) {
  const value = new Uint8Array(8);
  new DataView(value.buffer).setBigUint64(0, BigInt(bytes), true);
  return yield* zx.objectSetProperty({ handle, property, value });
}

function* get(handle: number, property: number) {
  const found = yield* zx.objectGetProperty({ handle, property, valueSize: 8 });
  if (typeof found === "number") return found;
  return Number(new DataView(found.value.buffer).getBigUint64(0, true));
}

Deno.test("zx_object_get_info tells how many bytes wait at a socket's ends", () => {
  new ScriptKernel().run1(function* () {
    const [one, other] = yield* socket();
    yield* write(one, 60);
    yield* write(one, 40);
    const most = { rxBufMax: SOCKET_BYTES_MAX, txBufMax: SOCKET_BYTES_MAX, options: 0 };
    const none = { rxBufSize: 0, rxBufAvailable: 0, txBufSize: 0 };
    assertEquals(yield* info(one), { ...most, ...none, txBufSize: 100 });
    assertEquals(yield* info(other), { ...most, ...none, rxBufSize: 100, rxBufAvailable: 100 });
    yield* zx.socketRead({ handle: other, size: 30 });
    assertEquals((yield* info(other)).rxBufAvailable, 70);
    const [datagrams, reader] = yield* socket(SocketOption.DATAGRAM);
    for (const size of [5, 7]) yield* write(datagrams, size);
    const { rxBufSize, rxBufAvailable, options } = yield* info(reader);
    assertEquals([rxBufSize, rxBufAvailable, options], [12, 5, SocketOption.DATAGRAM]);
  });
});

Deno.test("bytes that wait where writing was forbidden are still counted and can be read", () => {
  new ScriptKernel().run1(function* () {
    for (const way of ["disposition", "dispositionPeer"] as const) {
      const [one, other] = yield* socket();
      yield* write(one, 9);
      const handle = way === "disposition" ? one : other;
      yield* zx.socketSetDisposition({ handle, [way]: SocketOption.WRITE_DISABLED });
      assertEquals((yield* info(other)).rxBufAvailable, 9);
      assertEquals(good(yield* zx.socketRead({ handle: other })).actual, 9);
      assertEquals(yield* zx.socketRead({ handle: other }), Status.BAD_STATE);
      assertEquals(yield* write(one, 1), Status.BAD_STATE);
    }
  });
});

Deno.test("a socket's thresholds are properties up to the size of its buffer", () => {
  new ScriptKernel().run1(function* () {
    const [one] = yield* socket();
    for (const property of [RX, TX]) {
      assertEquals(yield* get(one, property), 0);
      assertEquals(yield* set(one, property, 4096), Status.OK);
      assertEquals(yield* get(one, property), 4096);
      const more = SOCKET_BYTES_MAX + 1;
      assertEquals(yield* set(one, property, more), Status.INVALID_ARGS);
      assertEquals(yield* set(one, property, 0), Status.OK);
    }
  });
});

Deno.test("threshold signals follow what is written and read", () => {
  new ScriptKernel().run1(function* () {
    const [one, other] = yield* socket();
    const signals = function* () {
      const wait = { signals: 0, deadline: 0 };
      const reads = (yield* zx.objectWaitOne({ handle: other, ...wait })).observed;
      const writes = (yield* zx.objectWaitOne({ handle: one, ...wait })).observed;
      return [(reads & SOCKET_READ_THRESHOLD) !== 0, (writes & SOCKET_WRITE_THRESHOLD) !== 0];
    };
    assertEquals(yield* signals(), [false, false]);
    yield* set(other, RX, 100);
    yield* set(one, TX, SOCKET_BYTES_MAX - 100);
    assertEquals(yield* signals(), [false, true]);
    yield* write(one, 100);
    assertEquals(yield* signals(), [true, true]);
    yield* write(one, 1);
    assertEquals(yield* signals(), [true, false]);
    yield* zx.socketRead({ handle: other, size: 2 });
    assertEquals(yield* signals(), [false, true]);
    yield* set(other, RX, 50);
    yield* set(one, TX, 0);
    assertEquals(yield* signals(), [true, false]);
  });
});

Deno.test("the write threshold of a socket whose peer is gone is PEER_CLOSED", () => {
  new ScriptKernel().run1(function* () {
    const [one, other] = yield* socket();
    yield* zx.handleClose({ handle: one });
    assertEquals([yield* get(other, TX), yield* set(other, TX, 1)], Array(2).fill(-24));
    assertEquals([yield* set(other, RX, 1), yield* get(other, RX)], [Status.OK, 1]);
  });
});
