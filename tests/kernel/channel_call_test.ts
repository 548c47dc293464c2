import { assert, assertEquals } from "@std/assert";
import { HandleOp, Right, Signal, Status } from "../../kernel/abi.ts";
import { type Program, zx } from "../../kernel/client.ts";
import { good, ScriptKernel } from "../support/scripts.ts";

const REQUEST = Uint8Array.of(0, 0, 0, 0, 1, 2);
const READABLE = Signal.READABLE | Signal.PEER_CLOSED;

function* channel() {
  const { out0, out1 } = good(yield* zx.channelCreate({}));
  return [out0, out1] as const;
}

function* event() {
  return good(yield* zx.eventCreate({})).out;
}

function* holds(handle: number) {
  return (yield* zx.handleCheckValid({ handle })) === Status.OK;
}

/** Answers every message with its number, these bytes and the handles that came with it. */
function* echo(handle: number, tail: number[] = [7]): Program {
  for (;;) {
    yield* zx.objectWaitOne({ handle, signals: READABLE });
    const message = yield* zx.channelRead({ handle });
    if (message === Status.PEER_CLOSED) return;
    const { bytes, handles } = good(message);
    const answer = Uint8Array.of(...bytes.subarray(0, 4), ...tail);
    yield* zx.channelWrite({ handle, bytes: answer, handles });
  }
}

Deno.test("zx_channel_call sends bytes and handles and gets those of the answer", () => {
  const machine = new ScriptKernel();
  machine.run1(function* (process) {
    const [one, other] = yield* channel();
    machine.thread(process, echo(other));
    const plain = good(yield* zx.channelCall({ handle: one, args: { bytes: REQUEST } }));
    assertEquals([plain.bytes[4], plain.actualBytes, plain.actualHandles], [7, 5, 0]);
    const handles = [yield* event()];
    const args = { bytes: REQUEST, handles };
    const more = good(yield* zx.channelCall({ handle: one, args }));
    assertEquals([more.handles.length, more.actualHandles], [1, 1]);
    assert(!(yield* holds(handles[0]!)) && (yield* holds(more.handles[0]!)));
    yield* zx.handleClose({ handle: one });
  });
});

Deno.test("the kernel numbers calls itself, each differently, from 0x80000000 on", () => {
  const machine = new ScriptKernel();
  const seen: number[] = [];
  machine.run1(function* (process) {
    const [one, other] = yield* channel();
    for (let n = 0; n < 3; n++) machine.thread(process, caller(one));
    yield* zx.nanosleep({ deadline: 10_000 });
    const requests = [];
    for (let n = 0; n < 3; n++) requests.push(good(yield* zx.channelRead({ handle: other })));
    for (const { bytes } of requests.reverse()) {
      seen.push(new DataView(bytes.buffer).getUint32(0, true));
      yield* zx.channelWrite({ handle: other, bytes });
    }
  });
  assertEquals(new Set(seen).size, 3);
  assert(seen.every((number) => number >= 0x80000000));
});

function* caller(handle: number): Program {
  good(yield* zx.channelCall({ handle, args: { bytes: REQUEST } }));
}

Deno.test("an answer under another number does not end a call: it waits to be read", () => {
  const machine = new ScriptKernel();
  machine.run1(function* (process) {
    const [one, other] = yield* channel();
    const status = { end: -1 };
    machine.thread(process, timedCaller(one, status));
    yield* zx.nanosleep({ deadline: 10_000 });
    yield* zx.channelWrite({ handle: other, bytes: Uint8Array.of(1, 2, 3, 4) });
    assertEquals(good(yield* zx.channelRead({ handle: one })).bytes, Uint8Array.of(1, 2, 3, 4));
    yield* zx.nanosleep({ deadline: 90_000 });
    assertEquals(status.end, Status.TIMED_OUT);
  });
});

function* timedCaller(handle: number, status: { end: number }, deadline = 50_000): Program {
  const end = yield* zx.channelCall({ handle, deadline, args: { bytes: REQUEST } });
  status.end = typeof end === "number" ? end : Status.OK;
}

Deno.test("zx_channel_call answers TIMED_OUT at its deadline, and the late answer can be read", () => {
  const machine = new ScriptKernel();
  machine.run1(function* () {
    const [one, other] = yield* channel();
    const args = { bytes: REQUEST };
    const status = yield* zx.channelCall({ handle: one, deadline: 5_000, args });
    assertEquals(status, Status.TIMED_OUT);
    const { bytes } = good(yield* zx.channelRead({ handle: other }));
    yield* zx.channelWrite({ handle: other, bytes });
    assertEquals(good(yield* zx.channelRead({ handle: one })).bytes, bytes);
  });
});

Deno.test("zx_channel_call answers PEER_CLOSED when the peer goes, before or meanwhile", () => {
  const machine = new ScriptKernel();
  machine.run1(function* (process) {
    const [one, other] = yield* channel();
    const status = { end: -1 };
    machine.thread(process, timedCaller(one, status, Infinity));
    yield* zx.nanosleep({ deadline: 10_000 });
    yield* zx.handleClose({ handle: other });
    yield* zx.nanosleep({ deadline: 20_000 });
    assertEquals(status.end, Status.PEER_CLOSED);
    const args = { bytes: REQUEST };
    assertEquals(yield* zx.channelCall({ handle: one, args }), Status.PEER_CLOSED);
  });
});

Deno.test("a call ends with CANCELED when its handle is closed or sent away", () => {
  const machine = new ScriptKernel();
  machine.run1(function* (process) {
    const [carrier, far] = yield* channel();
    for (const way of ["close", "send"]) {
      const [one] = yield* channel();
      const status = { end: -1 };
      machine.thread(process, timedCaller(one, status, Infinity));
      yield* zx.nanosleep({ deadline: machine.kernel.realm.now + 10_000 });
      if (way === "close") yield* zx.handleClose({ handle: one });
      else yield* zx.channelWrite({ handle: carrier, handles: [one] });
      yield* zx.nanosleep({ deadline: machine.kernel.realm.now + 10_000 });
      assertEquals(status.end, Status.CANCELED);
    }
    yield* zx.handleClose({ handle: far });
  });
});

Deno.test("zx_channel_call loses an answer that is too large for the room: BUFFER_TOO_SMALL", () => {
  const machine = new ScriptKernel();
  machine.run1(function* (process) {
    const [one, other] = yield* channel();
    machine.thread(process, echo(other));
    const few = { bytes: REQUEST, bytesMax: 4 };
    assertEquals(yield* zx.channelCall({ handle: one, args: few }), Status.BUFFER_TOO_SMALL);
    const [kept, sent] = yield* channel();
    const none = { bytes: REQUEST, handles: [sent], handlesMax: 0 };
    assertEquals(yield* zx.channelCall({ handle: one, args: none }), Status.BUFFER_TOO_SMALL);
    const { observed } = yield* zx.objectWaitOne({ handle: kept, signals: 0, deadline: 0 });
    assertEquals(observed, Signal.PEER_CLOSED);
    assertEquals(yield* zx.channelRead({ handle: one }), Status.SHOULD_WAIT);
    yield* zx.handleClose({ handle: one });
  });
});

Deno.test("zx_channel_call takes its handles whatever it answers", () => {
  new ScriptKernel().run1(function* () {
    const [one, other] = yield* channel();
    const { out: mute } = good(
      yield* zx.handleReplace({ handle: (yield* channel())[0], rights: Right.WRITE }),
    );
    const tries = [
      { handle: one, bytes: Uint8Array.of(1, 2, 3), options: 0, status: Status.INVALID_ARGS },
      { handle: one, bytes: REQUEST, options: 1, status: Status.INVALID_ARGS },
      { handle: one, bytes: new Uint8Array(65537), options: 0, status: Status.OUT_OF_RANGE },
      { handle: 3, bytes: REQUEST, options: 0, status: Status.BAD_HANDLE },
      { handle: mute, bytes: REQUEST, options: 0, status: Status.ACCESS_DENIED },
    ];
    for (const { handle, bytes, options, status } of tries) {
      const handles = [yield* event()];
      const args = { bytes, handles };
      assertEquals(yield* zx.channelCall({ handle, options, args }), status);
      assert(!(yield* holds(handles[0]!)));
    }
    assertEquals(yield* zx.channelRead({ handle: other }), Status.SHOULD_WAIT);
  });
});

Deno.test("zx_channel_call_etc sends duplicates and tells what the answer's handles are", () => {
  const machine = new ScriptKernel();
  machine.run1(function* (process) {
    const [one, other] = yield* channel();
    machine.thread(process, echo(other));
    const handle = yield* event();
    const rights = Right.WAIT | Right.TRANSFER;
    const copy = { operation: HandleOp.DUPLICATE, handle, type: 5, rights };
    const args = { bytes: [REQUEST.subarray(0, 4), REQUEST.subarray(4)], handles: [copy] };
    const answer = good(yield* zx.channelCallEtc({ handle: one, options: 2, args }));
    assertEquals(answer.handles.map(({ type, rights }) => [type, rights]), [[5, rights]]);
    assert(yield* holds(handle));
    const bad = { operation: HandleOp.MOVE, handle, type: 4, rights };
    const status = yield* zx.channelCallEtc({ handle: one, args: { ...args, handles: [bad] } });
    assertEquals(status, Status.INVALID_ARGS, "several places of bytes need the option");
    assert(!(yield* holds(handle)));
    yield* zx.handleClose({ handle: one });
  });
});

Deno.test("zx_channel_call_noretry does what zx_channel_call does", () => {
  const machine = new ScriptKernel();
  machine.run1(function* (process) {
    const [one, other] = yield* channel();
    machine.thread(process, echo(other));
    good(yield* zx.channelCallNoretry({ handle: one, args: { bytes: REQUEST } }));
    yield* zx.handleClose({ handle: one });
  });
});

Deno.test("a process that ends during its call leaves nothing behind", () => {
  const machine = new ScriptKernel();
  const before = machine.kernel.realm.census();
  machine.spawn("caller", function* (process) {
    const [one] = yield* channel();
    machine.thread(process, caller(one));
    yield* zx.nanosleep({ deadline: 10_000 });
    yield* zx.processExit({ code: 3 });
  });
  machine.run();
  const { realm } = machine.kernel;
  assertEquals([realm.census(), realm.handles, realm.kept], [before, 0, 0]);
});
