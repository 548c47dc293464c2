import { assertEquals } from "@std/assert";
import { DEFAULT_RIGHTS, Signal, SocketOption, Status } from "../../kernel/abi.ts";
import { zx } from "../../kernel/client.ts";
import { Socket, SOCKET_BYTES_MAX } from "../../kernel/ipc/socket.ts";
import { NOWHERE, Registers } from "../support/registers.ts";
import { good, ScriptKernel } from "../support/scripts.ts";

const { READABLE, WRITABLE, PEER_CLOSED } = Signal;
const { SOCKET_WRITE_DISABLED, SOCKET_PEER_WRITE_DISABLED, USER_0 } = Signal;
const { DATAGRAM, PEEK, WRITE_DISABLED, WRITE_ENABLED } = SocketOption;
const BYTES = (...bytes: number[]) => Uint8Array.from(bytes);

function* socket(options: number = SocketOption.STREAM) {
  const { out0, out1 } = good(yield* zx.socketCreate({ options }));
  return [out0, out1] as const;
}

function* signals(handle: number) {
  return (yield* zx.objectWaitOne({ handle, signals: 0, deadline: 0 })).observed;
}

function* read(handle: number, size: number, options = 0) {
  const result = yield* zx.socketRead({ handle, size, options });
  return typeof result === "number" ? result : [...result.buffer];
}

function* write(handle: number, buffer: Uint8Array) {
  const result = yield* zx.socketWrite({ handle, buffer });
  return typeof result === "number" ? result : result.actual;
}

Deno.test("zx_socket_create answers two ends that are related, and knows two kinds", () => {
  new ScriptKernel().run1(function* (process) {
    const ends = yield* socket();
    const objects = ends.map((end) => process.handleTable.get(end)!.object);
    assertEquals(objects[0]!.relatedKoid, objects[1]!.koid);
    assertEquals(process.handleTable.get(ends[0])!.rights, DEFAULT_RIGHTS.socket);
    assertEquals(yield* zx.socketCreate({ options: 2 }), Status.INVALID_ARGS);
  });
});

Deno.test("zx_socket_read answers SHOULD_WAIT while nothing is there", () => {
  new ScriptKernel().run1(function* () {
    const [one] = yield* socket();
    assertEquals(yield* read(one, 5), Status.SHOULD_WAIT);
    assertEquals(yield* read(one, 5, PEEK), Status.SHOULD_WAIT);
    assertEquals(yield* zx.socketRead({ handle: one, options: 16 }), Status.INVALID_ARGS);
    const odd = { handle: one, buffer: BYTES(1), options: 1 };
    assertEquals(yield* zx.socketWrite(odd), Status.INVALID_ARGS);
  });
});

Deno.test("bytes that are written to one end are read at the other, and signals follow", () => {
  new ScriptKernel().run1(function* () {
    const [one, other] = yield* socket();
    assertEquals([yield* signals(one), yield* signals(other)], [WRITABLE, WRITABLE]);
    assertEquals(yield* write(one, BYTES(1, 2, 3)), 3);
    assertEquals([yield* signals(one), yield* signals(other)], [WRITABLE, WRITABLE | READABLE]);
    assertEquals([yield* read(other, 2), yield* read(other, 2)], [[1, 2], [3]]);
    assertEquals(yield* signals(other), WRITABLE);
    yield* zx.handleClose({ handle: one });
    assertEquals(yield* signals(other), PEER_CLOSED);
  });
});

Deno.test("zx_socket_read with PEEK leaves what it reads, of streams and of datagrams", () => {
  new ScriptKernel().run1(function* () {
    for (const kind of [SocketOption.STREAM, DATAGRAM]) {
      const [one, other] = yield* socket(kind);
      yield* write(one, BYTES(1, 2, 3));
      assertEquals(yield* read(other, 9, PEEK), [1, 2, 3]);
      assertEquals(yield* read(other, 2, PEEK), [1, 2]);
      assertEquals(yield* read(other, 9), [1, 2, 3]);
      assertEquals(yield* read(other, 9, PEEK), Status.SHOULD_WAIT);
    }
  });
});

Deno.test("a stream takes what there is room for, then SHOULD_WAIT, and loses nothing", () => {
  new ScriptKernel().run1(function* () {
    const [one, other] = yield* socket();
    const sent = Uint8Array.from({ length: SOCKET_BYTES_MAX + 9 }, (_, at) => at * 31);
    assertEquals(yield* write(one, sent), SOCKET_BYTES_MAX);
    assertEquals(yield* write(one, BYTES(1)), Status.SHOULD_WAIT);
    assertEquals(yield* signals(one), 0);
    const found = yield* read(other, SOCKET_BYTES_MAX + 9);
    assertEquals(found, [...sent.subarray(0, SOCKET_BYTES_MAX)]);
    assertEquals(yield* signals(one), WRITABLE);
  });
});

Deno.test("a datagram is written whole or not at all, and read whole or cut short", () => {
  new ScriptKernel().run1(function* () {
    const [one, other] = yield* socket(DATAGRAM);
    for (const bytes of [BYTES(1, 2, 3), BYTES(4)]) yield* write(one, bytes);
    assertEquals([yield* read(other, 2), yield* read(other, 9)], [[1, 2], [4]]);
    assertEquals(yield* write(one, new Uint8Array(SOCKET_BYTES_MAX + 1)), Status.OUT_OF_RANGE);
    assertEquals(yield* write(one, new Uint8Array(SOCKET_BYTES_MAX)), SOCKET_BYTES_MAX);
    assertEquals(yield* write(one, BYTES(1)), Status.SHOULD_WAIT);
    assertEquals(yield* write(one, BYTES()), Status.INVALID_ARGS);
  });
});

Deno.test("a socket whose peer is gone says PEER_CLOSED once it is drained", () => {
  new ScriptKernel().run1(function* () {
    const [one, other] = yield* socket();
    yield* write(one, BYTES(1));
    yield* zx.handleClose({ handle: one });
    assertEquals(yield* signals(other), PEER_CLOSED | READABLE);
    assertEquals([yield* read(other, 5), yield* read(other, 5)], [[1], Status.PEER_CLOSED]);
    assertEquals(yield* write(other, BYTES(1)), Status.PEER_CLOSED);
    const signal = { handle: other, set: USER_0 };
    assertEquals(yield* zx.objectSignalPeer(signal), Status.PEER_CLOSED);
    const peer = { handle: other, dispositionPeer: WRITE_DISABLED };
    assertEquals(yield* zx.socketSetDisposition(peer), Status.PEER_CLOSED);
  });
});

Deno.test("an end that may not write says BAD_STATE, and its peer reads what is left", () => {
  new ScriptKernel().run1(function* () {
    const [one, other] = yield* socket();
    yield* write(one, BYTES(1, 2));
    const off = { handle: one, disposition: WRITE_DISABLED };
    assertEquals(yield* zx.socketSetDisposition(off), Status.OK);
    assertEquals(yield* signals(one), SOCKET_WRITE_DISABLED);
    assertEquals(yield* signals(other), WRITABLE | READABLE | SOCKET_PEER_WRITE_DISABLED);
    assertEquals(yield* write(one, BYTES(3)), Status.BAD_STATE);
    assertEquals(yield* write(other, BYTES(4)), 1);
    const on = { handle: one, disposition: WRITE_ENABLED };
    assertEquals(yield* zx.socketSetDisposition(on), Status.BAD_STATE);
    assertEquals([yield* read(other, 9), yield* read(other, 9)], [[1, 2], Status.BAD_STATE]);
    assertEquals(yield* zx.socketSetDisposition(on), Status.OK);
    assertEquals(yield* signals(one), WRITABLE | READABLE);
    assertEquals([yield* write(one, BYTES(3)), yield* read(other, 9)], [1, [3]]);
  });
});

Deno.test("an end may forbid its peer to write, and then reads only what is there", () => {
  new ScriptKernel().run1(function* () {
    const [one, other] = yield* socket();
    yield* write(other, BYTES(1));
    const off = { handle: one, dispositionPeer: WRITE_DISABLED };
    assertEquals(yield* zx.socketSetDisposition(off), Status.OK);
    assertEquals(yield* write(other, BYTES(2)), Status.BAD_STATE);
    assertEquals(yield* write(one, BYTES(3)), 1);
    assertEquals([yield* read(one, 9), yield* read(one, 9)], [[1], Status.BAD_STATE]);
    const both = { handle: one, disposition: WRITE_DISABLED | WRITE_ENABLED };
    assertEquals(yield* zx.socketSetDisposition(both), Status.INVALID_ARGS);
    const odd = { handle: one, dispositionPeer: 4 };
    assertEquals(yield* zx.socketSetDisposition(odd), Status.INVALID_ARGS);
  });
});

function setup() {
  const program = new Registers();
  const [one, other] = Socket.create(program.machine.kernel.realm);
  const rights = DEFAULT_RIGHTS.socket;
  return { program, one: program.give(one, rights), other: program.give(other, rights) };
}

Deno.test("zx_socket_read of nothing answers nothing while there is something, else SHOULD_WAIT", () => {
  const { program, one, other } = setup();
  const actual = program.words(9, 9);
  assertEquals(program.call("zx_socket_read", other, 0, 0, 0, actual), Status.SHOULD_WAIT);
  program.call("zx_socket_write", one, 0, program.place(64), 60, 0);
  assertEquals(program.call("zx_socket_read", other, 0, 0, 0, actual), Status.OK);
  assertEquals(program.word(actual), 0);
});

Deno.test("zx_socket_write of nothing is fine, and a place that is not there is INVALID_ARGS", () => {
  const { program, one, other } = setup();
  const actual = program.words(9, 9);
  assertEquals(program.call("zx_socket_write", one, 0, 0, 0, actual), Status.OK);
  assertEquals(program.word(actual), 0);
  for (const at of [0, NOWHERE]) {
    assertEquals(program.call("zx_socket_write", one, 0, at, 5, 0), Status.INVALID_ARGS);
  }
  assertEquals(program.call("zx_socket_read", other, 0, 0, 5, 0), Status.INVALID_ARGS);
  program.call("zx_socket_write", one, 0, program.place(8), 8, 0);
  for (const at of [0, NOWHERE]) {
    assertEquals(program.call("zx_socket_read", other, 0, at, 5, 0), Status.INVALID_ARGS);
  }
  assertEquals(program.call("zx_socket_read", other, 0, program.place(8), 8, actual), Status.OK);
  assertEquals(program.word(actual), 8, "what could not be delivered is still there");
});
