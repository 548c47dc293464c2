import { assert, assertEquals } from "@std/assert";
import { Right, RIGHTS_BASIC, RIGHTS_IO, Signal, Status } from "../../kernel/abi.ts";
import { zx } from "../../kernel/client.ts";
import { good, ScriptKernel } from "../support/scripts.ts";

const BYTES = (...bytes: number[]) => Uint8Array.from(bytes);

function* channel() {
  const { out0, out1 } = good(yield* zx.channelCreate({}));
  return [out0, out1] as const;
}

function* event() {
  return good(yield* zx.eventCreate({})).out;
}

function* signals(handle: number) {
  return (yield* zx.objectWaitOne({ handle, signals: 0, deadline: 0 })).observed;
}

function* holds(handle: number) {
  return (yield* zx.handleCheckValid({ handle })) === Status.OK;
}

Deno.test("what zx_channel_read fills in is an array of its own, however often messages pass", () => {
  const machine = new ScriptKernel();
  const found = machine.run1(function* () {
    const [one, other] = yield* channel();
    const sent = BYTES(1, 2, 3, 4);
    const got: Uint8Array[] = [];
    for (let at = 0; at < 3; at++) {
      yield* zx.channelWrite({ handle: one, bytes: sent });
      sent[0] = 10 + at;
      got.push(good(yield* zx.channelRead({ handle: other })).bytes);
      got[at]![3] = 20 + at;
    }
    return got.map((bytes) => [...bytes, bytes.buffer.byteLength]);
  });
  assertEquals(found, [[1, 2, 3, 20, 4], [10, 2, 3, 21, 4], [11, 2, 3, 22, 4]]);
});

Deno.test("zx_channel_create answers two ends that are writable and know each other", () => {
  const machine = new ScriptKernel();
  const found = machine.run1(function* (process) {
    const [one, other] = yield* channel();
    const table = process.handleTable;
    const objects = [one, other].map((end) => table.get(end)!.object);
    return {
      related: objects[0]!.relatedKoid === objects[1]!.koid,
      rights: table.get(one)!.rights,
      signals: [yield* signals(one), yield* signals(other)],
      options: yield* zx.channelCreate({ options: 1 }),
    };
  });
  assertEquals(found, {
    related: true,
    rights: (RIGHTS_BASIC & ~Right.DUPLICATE) | RIGHTS_IO | Right.SIGNAL | Right.SIGNAL_PEER,
    signals: [Signal.WRITABLE, Signal.WRITABLE],
    options: Status.INVALID_ARGS,
  });
});

Deno.test("zx_channel_write makes the other end readable until everything is read", () => {
  new ScriptKernel().run1(function* () {
    const [one, other] = yield* channel();
    for (const byte of [1, 2]) yield* zx.channelWrite({ handle: one, bytes: BYTES(byte) });
    assertEquals(yield* signals(other), Signal.WRITABLE | Signal.READABLE);
    assertEquals(yield* signals(one), Signal.WRITABLE);
    for (const byte of [1, 2]) {
      assertEquals(good(yield* zx.channelRead({ handle: other })).bytes, BYTES(byte));
    }
    assertEquals(yield* signals(other), Signal.WRITABLE);
  });
});

Deno.test("zx_channel_read answers SHOULD_WAIT on an empty channel and PEER_CLOSED when it is over", () => {
  new ScriptKernel().run1(function* () {
    const [one, other] = yield* channel();
    assertEquals(yield* zx.channelRead({ handle: other }), Status.SHOULD_WAIT);
    yield* zx.channelWrite({ handle: one, bytes: BYTES(5) });
    yield* zx.handleClose({ handle: one });
    assertEquals(yield* signals(other), Signal.READABLE | Signal.PEER_CLOSED);
    assertEquals(good(yield* zx.channelRead({ handle: other })).bytes, BYTES(5));
    assertEquals(yield* zx.channelRead({ handle: other }), Status.PEER_CLOSED);
    assertEquals(yield* zx.channelWrite({ handle: other }), Status.PEER_CLOSED);
    assertEquals(yield* signals(other), Signal.PEER_CLOSED);
  });
});

Deno.test("messages of any size up to 65536 bytes and 64 handles arrive as they were sent", () => {
  new ScriptKernel().run1(function* () {
    const [one, other] = yield* channel();
    for (const [size, count] of [[0, 0], [1, 1], [4095, 2], [4096, 63], [65536, 64]] as const) {
      const bytes = Uint8Array.from({ length: size }, (_, at) => at * 7);
      const handles: number[] = [];
      for (let n = 0; n < count; n++) handles.push(yield* event());
      assertEquals(yield* zx.channelWrite({ handle: one, bytes, handles }), Status.OK);
      const message = good(yield* zx.channelRead({ handle: other }));
      assertEquals(message.bytes, bytes);
      assertEquals([message.handles.length, message.actualBytes, message.actualHandles], [
        count,
        size,
        count,
      ]);
      yield* zx.handleCloseMany({ handles: message.handles });
    }
  });
});

Deno.test("zx_channel_write refuses more than 65536 bytes or 64 handles with OUT_OF_RANGE", () => {
  new ScriptKernel().run1(function* () {
    const [one] = yield* channel();
    const bytes = new Uint8Array(65537);
    assertEquals(yield* zx.channelWrite({ handle: one, bytes }), Status.OUT_OF_RANGE);
    const handles: number[] = [];
    for (let n = 0; n < 65; n++) handles.push(yield* event());
    assertEquals(yield* zx.channelWrite({ handle: one, handles }), Status.OUT_OF_RANGE);
    assert(!(yield* holds(handles[64]!)), "they are gone all the same");
  });
});

Deno.test("zx_channel_write takes all handles, whatever it answers", () => {
  new ScriptKernel().run1(function* () {
    const [one, other] = yield* channel();
    const lost = function* (give: { handle: number; options?: number; bytes?: Uint8Array }) {
      const handles = [yield* event(), yield* event()];
      const status = yield* zx.channelWrite({ ...give, handles });
      return [status, yield* holds(handles[0]!), yield* holds(handles[1]!)];
    };
    assertEquals(yield* lost({ handle: one }), [Status.OK, false, false]);
    assertEquals(yield* lost({ handle: one, options: 8 }), [Status.INVALID_ARGS, false, false]);
    assertEquals(yield* lost({ handle: 7 }), [Status.BAD_HANDLE, false, false]);
    assertEquals(yield* lost({ handle: yield* event() }), [Status.WRONG_TYPE, false, false]);
    const { out } = good(yield* zx.handleReplace({ handle: one, rights: Right.READ }));
    assertEquals(yield* lost({ handle: out }), [Status.ACCESS_DENIED, false, false]);
    yield* zx.handleClose({ handle: out });
    assertEquals(yield* lost({ handle: other }), [Status.PEER_CLOSED, false, false]);
  });
});

Deno.test("a handle that is sent twice or names nothing is BAD_HANDLE, and the others are closed", () => {
  new ScriptKernel().run1(function* () {
    const [one, other] = yield* channel();
    const twice = yield* event();
    const handles = [twice, twice, yield* event()];
    assertEquals(yield* zx.channelWrite({ handle: one, handles }), Status.BAD_HANDLE);
    assert(!(yield* holds(handles[0]!)) && !(yield* holds(handles[2]!)));
    assertEquals(yield* zx.channelWrite({ handle: one, handles: [3] }), Status.BAD_HANDLE);
    assertEquals(yield* zx.channelRead({ handle: other }), Status.SHOULD_WAIT);
  });
});

Deno.test("a handle without the right TRANSFER is not sent: ACCESS_DENIED, and it is closed", () => {
  new ScriptKernel().run1(function* () {
    const [one] = yield* channel();
    const rights = RIGHTS_BASIC & ~Right.TRANSFER;
    const { out } = good(yield* zx.handleReplace({ handle: yield* event(), rights }));
    const handles = [yield* event(), out];
    assertEquals(yield* zx.channelWrite({ handle: one, handles }), Status.ACCESS_DENIED);
    assertEquals([yield* holds(handles[0]!), yield* holds(out)], [false, false]);
  });
});

Deno.test("zx_channel_write does not send an end of a channel into itself: NOT_SUPPORTED", () => {
  new ScriptKernel().run1(function* () {
    const [one, other] = yield* channel();
    const status = yield* zx.channelWrite({ handle: one, handles: [one] });
    assertEquals(status, Status.NOT_SUPPORTED);
    assertEquals(yield* signals(other), Signal.PEER_CLOSED);
  });
});

Deno.test("an end may be sent to its own peer, and channels through channels", () => {
  new ScriptKernel().run1(function* () {
    const [one, other] = yield* channel();
    const [inner, far] = yield* channel();
    yield* zx.channelWrite({ handle: inner, bytes: BYTES(9) });
    yield* zx.channelWrite({ handle: one, handles: [far] });
    const { handles } = good(yield* zx.channelRead({ handle: other }));
    assertEquals(good(yield* zx.channelRead({ handle: handles[0]! })).bytes, BYTES(9));
    assertEquals(yield* zx.channelWrite({ handle: one, handles: [other] }), Status.OK);
  });
});

Deno.test("zx_channel_read answers BUFFER_TOO_SMALL and leaves the message, unless it may discard", () => {
  new ScriptKernel().run1(function* () {
    const [one, other] = yield* channel();
    const tries = [{ numBytes: 2 }, { numHandles: 0 }, { numBytes: 0, numHandles: 0 }];
    for (const room of tries) {
      const sent = yield* event();
      yield* zx.channelWrite({ handle: one, bytes: BYTES(1, 2, 3), handles: [sent] });
      const read = { handle: other, ...room };
      assertEquals(yield* zx.channelRead(read), Status.BUFFER_TOO_SMALL);
      assertEquals(yield* zx.channelRead({ ...read, options: 1 }), Status.BUFFER_TOO_SMALL);
      assertEquals(yield* zx.channelRead({ handle: other }), Status.SHOULD_WAIT);
    }
    assertEquals(yield* zx.channelRead({ handle: other, options: 2 }), Status.NOT_SUPPORTED);
  });
});

Deno.test("handles of a message that zx_channel_read discards are closed", () => {
  new ScriptKernel().run1(function* () {
    const [one, other] = yield* channel();
    const [kept, sent] = yield* channel();
    yield* zx.channelWrite({ handle: one, bytes: BYTES(1), handles: [sent] });
    yield* zx.channelRead({ handle: other, options: 1, numBytes: 0 });
    assertEquals(yield* signals(kept), Signal.PEER_CLOSED);
  });
});

Deno.test("handles under way are closed with the channel that they are in", () => {
  new ScriptKernel().run1(function* () {
    const [one, other] = yield* channel();
    const [kept, sent] = yield* channel();
    yield* zx.channelWrite({ handle: one, handles: [sent] });
    assertEquals(yield* signals(kept), Signal.WRITABLE);
    yield* zx.handleClose({ handle: other });
    assertEquals(yield* signals(kept), Signal.PEER_CLOSED);
    assertEquals(yield* signals(one), Signal.PEER_CLOSED);
  });
});

Deno.test("zx_channel_read_etc tells type and rights of each handle", () => {
  new ScriptKernel().run1(function* (process) {
    const [one, other] = yield* channel();
    const { out } = good(
      yield* zx.handleReplace({ handle: yield* event(), rights: Right.TRANSFER | Right.WAIT }),
    );
    yield* zx.channelWrite({ handle: one, bytes: BYTES(1), handles: [out, yield* event()] });
    const { handles } = good(yield* zx.channelReadEtc({ handle: other }));
    assertEquals(handles.map(({ type, rights }) => [type, rights]), [
      [5, Right.TRANSFER | Right.WAIT],
      [5, RIGHTS_BASIC | Right.SIGNAL],
    ]);
    assert(handles.every(({ handle }) => process.handleTable.get(handle) !== null));
  });
});

Deno.test("readers in several threads get each message once", () => {
  const machine = new ScriptKernel();
  const seen: number[] = [];
  const process = machine.spawn("writer", function* (process) {
    const [one, other] = yield* channel();
    for (let n = 0; n < 4; n++) machine.thread(process, reader(other, seen));
    for (let n = 0; n < 200; n++) {
      yield* zx.channelWrite({ handle: one, bytes: BYTES(n) });
      if (n % 3 === 0) yield* zx.nanosleep({ deadline: 0 });
    }
    yield* zx.handleClose({ handle: one });
  });
  machine.run();
  assertEquals(seen.sort((a, b) => a - b), Array.from({ length: 200 }, (_, n) => n));
  assertEquals(process.state, "dead");
});

function* reader(handle: number, seen: number[]) {
  for (;;) {
    yield* zx.objectWaitOne({ handle, signals: Signal.READABLE | Signal.PEER_CLOSED });
    const message = yield* zx.channelRead({ handle });
    if (message === Status.PEER_CLOSED) return;
    if (message !== Status.SHOULD_WAIT) seen.push(good(message).bytes[0]!);
  }
}

Deno.test("a process that fills a channel with 3500 messages that nobody reads is ended", () => {
  const machine = new ScriptKernel();
  let written = 0;
  const process = machine.spawn("flood", function* () {
    const [one] = yield* channel();
    for (;;) {
      yield* zx.channelWrite({ handle: one });
      written++;
    }
  });
  machine.run();
  assertEquals([written, process.state, process.returnCode], [3500, "dead", -1028]);
  assertEquals(machine.kernel.realm.kept, 0);
});
