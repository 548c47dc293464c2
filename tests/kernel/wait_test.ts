import { assertEquals } from "@std/assert";
import { DEFAULT_RIGHTS, Right, Signal, Status } from "../../kernel/abi.ts";
import { type Program, zx } from "../../kernel/client.ts";
import { NOWHERE, Registers } from "../support/registers.ts";
import { good, ScriptKernel } from "../support/scripts.ts";
import { Event } from "../../kernel/ipc/event.ts";

const { SIGNALED, USER_0, USER_1, HANDLE_CLOSED, PEER_CLOSED, READABLE, WRITABLE } = Signal;

function* event() {
  return good(yield* zx.eventCreate({})).out;
}

function* channel() {
  const { out0, out1 } = good(yield* zx.channelCreate({}));
  return [out0, out1] as const;
}

/** Signals an event at a time. */
function* signalAt(deadline: number, handle: number, set: number, clear = 0): Program {
  yield* zx.nanosleep({ deadline });
  yield* zx.objectSignal({ handle, set, clear });
}

Deno.test("zx_object_wait_one answers at once with a signal that is there", () => {
  new ScriptKernel().run1(function* () {
    const handle = yield* event();
    yield* zx.objectSignal({ handle, set: SIGNALED | USER_0 });
    const wait = yield* zx.objectWaitOne({ handle, signals: SIGNALED });
    assertEquals(wait, { status: Status.OK, observed: SIGNALED | USER_0 });
  });
});

Deno.test("zx_object_wait_one waits for a signal that comes later", () => {
  const machine = new ScriptKernel();
  machine.run1(function* (process) {
    const handle = yield* event();
    machine.thread(process, signalAt(50_000, handle, SIGNALED));
    const wait = yield* zx.objectWaitOne({ handle, signals: SIGNALED, deadline: 90_000 });
    assertEquals(wait, { status: Status.OK, observed: SIGNALED });
  });
});

Deno.test("waiting for no signals at all ends at the deadline with TIMED_OUT", () => {
  new ScriptKernel().run1(function* () {
    const handle = yield* event();
    const wait = yield* zx.objectWaitOne({ handle, signals: 0, deadline: 5_000 });
    assertEquals(wait, { status: Status.TIMED_OUT, observed: 0 });
    yield* zx.objectSignal({ handle, set: SIGNALED });
    yield* zx.objectSignal({ handle, clear: SIGNALED });
    const again = yield* zx.objectWaitOne({ handle, signals: SIGNALED, deadline: 9_000 });
    assertEquals(again, { status: Status.TIMED_OUT, observed: 0 });
  });
});

Deno.test("a signal that came and went before a wait is not seen by it", () => {
  const machine = new ScriptKernel();
  machine.run1(function* (process) {
    const handle = yield* event();
    machine.thread(process, signalAt(10_000, handle, USER_0));
    machine.thread(process, signalAt(20_000, handle, SIGNALED, USER_0));
    const one = yield* zx.objectWaitOne({ handle, signals: SIGNALED });
    assertEquals(one.observed, SIGNALED);
    yield* zx.objectSignal({ handle, clear: SIGNALED });
    machine.thread(process, signalAt(30_000, handle, USER_0));
    machine.thread(process, signalAt(40_000, handle, SIGNALED, USER_0));
    const many = yield* zx.objectWaitMany({ items: [{ handle, signals: SIGNALED }] });
    assertEquals(many.pending, [SIGNALED]);
  });
});

Deno.test("zx_object_wait_many answers the signals of all when one of them is ready", () => {
  const machine = new ScriptKernel();
  machine.run1(function* (process) {
    const handles = [yield* event(), yield* event(), yield* event()];
    const items = handles.map((handle) => ({ handle, signals: SIGNALED }));
    yield* zx.objectSignal({ handle: handles[2]!, set: USER_1 });
    machine.thread(process, signalAt(40_000, handles[1]!, SIGNALED | USER_0));
    const later = yield* zx.objectWaitMany({ items });
    assertEquals(later, { status: Status.OK, pending: [0, SIGNALED | USER_0, USER_1] });
    assertEquals(yield* zx.objectWaitMany({ items, deadline: 0 }), later);
    yield* zx.objectSignal({ handle: handles[1]!, clear: SIGNALED });
    const none = yield* zx.objectWaitMany({ items, deadline: 50_000 });
    assertEquals(none, { status: Status.TIMED_OUT, pending: [0, USER_0, USER_1] });
  });
});

Deno.test("zx_object_wait_many sees a write to any of several channels, and to all of them", () => {
  new ScriptKernel().run1(function* () {
    const [a, b] = [yield* channel(), yield* channel()];
    const items = [a, b].map(([, handle]) => ({ handle, signals: READABLE }));
    yield* zx.channelWrite({ handle: b[0] });
    const one = yield* zx.objectWaitMany({ items });
    assertEquals(one.pending, [WRITABLE, WRITABLE | READABLE]);
    yield* zx.channelWrite({ handle: a[0] });
    const both = yield* zx.objectWaitMany({ items });
    assertEquals(both.pending, [WRITABLE | READABLE, WRITABLE | READABLE]);
  });
});

Deno.test("zx_object_wait_many refuses more than 64 objects, and bad handles among them", () => {
  new ScriptKernel().run1(function* () {
    const handle = yield* event();
    const items = Array.from({ length: 65 }, () => ({ handle, signals: SIGNALED }));
    const many = yield* zx.objectWaitMany({ items });
    assertEquals(many.status, Status.OUT_OF_RANGE);
    const most = yield* zx.objectWaitMany({ items: items.slice(1), deadline: 0 });
    assertEquals(most.status, Status.TIMED_OUT);
    const bad = yield* zx.objectWaitMany({ items: [items[0]!, { handle: 3, signals: 1 }] });
    assertEquals(bad.status, Status.BAD_HANDLE);
    const { out } = good(yield* zx.handleDuplicate({ handle, rights: Right.SIGNAL }));
    const mute = yield* zx.objectWaitMany({ items: [{ handle: out, signals: 1 }] });
    assertEquals(mute.status, Status.ACCESS_DENIED);
  });
});

Deno.test("zx_object_wait_many with nothing to wait for sleeps until its deadline", () => {
  const machine = new ScriptKernel();
  machine.run1(function* () {
    const wait = yield* zx.objectWaitMany({ items: [], deadline: 70_000 });
    assertEquals(wait.status, Status.TIMED_OUT);
    assertEquals(machine.kernel.realm.now, 70_000);
  });
});

Deno.test("closing a handle ends the waits by it with CANCELED and HANDLE_CLOSED", () => {
  const machine = new ScriptKernel();
  const seen: unknown[] = [];
  machine.run1(function* (process) {
    const [one, other] = [yield* event(), yield* event()];
    machine.thread(process, waiter([one], seen));
    machine.thread(process, waiter([other, one], seen));
    yield* zx.nanosleep({ deadline: 10_000 });
    yield* zx.handleClose({ handle: one });
  });
  assertEquals(seen, [
    { status: Status.CANCELED, pending: [HANDLE_CLOSED] },
    { status: Status.CANCELED, pending: [0, HANDLE_CLOSED] },
  ]);
});

function* waiter(handles: number[], seen: unknown[]): Program {
  const items = handles.map((handle) => ({ handle, signals: SIGNALED }));
  seen.push(yield* zx.objectWaitMany({ items }));
}

Deno.test("several threads that wait by one handle all see its signal", () => {
  const machine = new ScriptKernel();
  const seen: unknown[] = [];
  machine.run1(function* (process) {
    const handle = yield* event();
    for (let n = 0; n < 5; n++) machine.thread(process, waiter([handle], seen));
    yield* zx.nanosleep({ deadline: 10_000 });
    yield* zx.objectSignal({ handle, set: SIGNALED });
    yield* zx.nanosleep({ deadline: 50_000 });
  });
  assertEquals(seen, Array(5).fill({ status: Status.OK, pending: [SIGNALED] }));
});

Deno.test("a wait by one handle goes on when another handle to the object is closed", () => {
  const machine = new ScriptKernel();
  machine.run1(function* (process) {
    const [one, far] = yield* channel();
    const handle = yield* event();
    const { out } = good(yield* zx.handleDuplicate({ handle, rights: Right.SAME_RIGHTS }));
    const seen: unknown[] = [];
    machine.thread(process, waiter([out], seen));
    yield* zx.nanosleep({ deadline: 10_000 });
    yield* zx.handleClose({ handle });
    assertEquals(seen, []);
    yield* zx.channelWrite({ handle: one, handles: [out] });
    yield* zx.nanosleep({ deadline: 20_000 });
    assertEquals(seen, [{ status: Status.CANCELED, pending: [HANDLE_CLOSED] }]);
    const { handles } = good(yield* zx.channelRead({ handle: far }));
    assertEquals(yield* zx.objectSignal({ handle: handles[0]!, set: SIGNALED }), Status.OK);
  });
});

Deno.test("a handle that went through a channel names the same object under another value", () => {
  new ScriptKernel().run1(function* (process) {
    const [one, other] = yield* channel();
    const handle = yield* event();
    const koid = process.handleTable.get(handle)!.object.koid;
    yield* zx.channelWrite({ handle: one, handles: [handle] });
    const status = yield* zx.objectSignal({ handle, set: SIGNALED });
    assertEquals(status, Status.BAD_HANDLE);
    const { handles } = good(yield* zx.channelRead({ handle: other }));
    assertEquals(process.handleTable.get(handles[0]!)!.object.koid, koid);
  });
});

Deno.test("what cannot be waited for answers NOT_SUPPORTED", () => {
  const machine = new ScriptKernel();
  machine.run1(function* (process) {
    const port = process.handleTable.get(good(yield* zx.portCreate({})).out)!.object;
    const handle = machine.give(process, port, Right.WAIT | Right.WRITE);
    const one = yield* zx.objectWaitOne({ handle, signals: 1 });
    const many = yield* zx.objectWaitMany({ items: [{ handle, signals: 1 }] });
    const wait = { handle, port: handle, key: 1n, signals: 1 };
    const later = yield* zx.objectWaitAsync(wait);
    const cancel = yield* zx.portCancel({ handle, source: handle, key: 1n });
    assertEquals([one.status, many.status, later, cancel], Array(4).fill(Status.NOT_SUPPORTED));
  });
});

Deno.test("zx_object_signal and zx_object_signal_peer change userspace's own signals alone", () => {
  new ScriptKernel().run1(function* () {
    const [one, other] = yield* channel();
    assertEquals(yield* zx.objectSignal({ handle: one, set: READABLE }), Status.INVALID_ARGS);
    assertEquals(yield* zx.objectSignalPeer({ handle: one, set: SIGNALED }), Status.INVALID_ARGS);
    assertEquals(yield* zx.objectSignalPeer({ handle: one, set: USER_0 }), Status.OK);
    const wait = yield* zx.objectWaitOne({ handle: other, signals: USER_0 });
    assertEquals(wait.observed, WRITABLE | USER_0);
    yield* zx.handleClose({ handle: one });
    const status = yield* zx.objectSignalPeer({ handle: other, set: USER_0 });
    assertEquals(status, Status.PEER_CLOSED);
    assertEquals((yield* zx.objectWaitOne({ handle: other, signals: PEER_CLOSED })).status, 0);
  });
});

Deno.test("zx_object_signal_peer answers NOT_SUPPORTED where there are no peers", () => {
  const machine = new ScriptKernel();
  machine.run1(function* (process) {
    const object = process.handleTable.get(yield* event())!.object;
    const handle = machine.give(process, object, Right.SIGNAL_PEER);
    assertEquals(yield* zx.objectSignalPeer({ handle, set: USER_0 }), Status.NOT_SUPPORTED);
  });
});

Deno.test("zx_object_wait_many fills in what it saw, or says that it cannot", () => {
  const program = new Registers();
  const event = new Event(program.machine.kernel.realm);
  const handle = program.give(event, DEFAULT_RIGHTS.event);
  event.updateSignals(0, USER_0);
  const items = program.words(handle, USER_0, 0);
  assertEquals(program.call("zx_object_wait_many", items, 1, 0), Status.OK);
  assertEquals(program.word(items + 8), USER_0);
  assertEquals(program.call("zx_object_wait_many", NOWHERE, 1, 0), Status.INVALID_ARGS);
  const wait = program.call("zx_object_wait_one", handle, USER_0, 0, NOWHERE);
  assertEquals(wait, Status.INVALID_ARGS);
  assertEquals(program.call("zx_object_wait_one", handle, USER_0, 0, 0), Status.OK);
});
