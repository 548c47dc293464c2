import { assert, assertEquals } from "@std/assert";
import {
  DEFAULT_RIGHTS,
  PacketType,
  Right,
  Signal,
  Status,
  WaitAsyncOption,
} from "../../kernel/abi.ts";
import { type Program, zx } from "../../kernel/client.ts";
import { Event } from "../../kernel/ipc/event.ts";
import { Port } from "../../kernel/ipc/port.ts";
import { NOWHERE, Registers } from "../support/registers.ts";
import { good, ScriptKernel } from "../support/scripts.ts";

const { SIGNALED, READABLE, PEER_CLOSED, USER_0 } = Signal;
const DATA = Uint8Array.from({ length: 32 }, (_, at) => at);

function* port() {
  return good(yield* zx.portCreate({})).out;
}

function* event() {
  return good(yield* zx.eventCreate({})).out;
}

function* channel() {
  const { out0, out1 } = good(yield* zx.channelCreate({}));
  return [out0, out1] as const;
}

/** The keys of the packets that are there. */
function* keys(handle: number) {
  const found: bigint[] = [];
  for (;;) {
    const packet = yield* zx.portWait({ handle, deadline: 0 });
    if (packet === Status.TIMED_OUT) return found;
    found.push(good(packet).packet.key);
  }
}

Deno.test("zx_port_queue and zx_port_wait carry a user packet as it is", () => {
  new ScriptKernel().run1(function* () {
    const handle = yield* port();
    const packet = { key: 2n ** 64n - 5n, status: -3, data: DATA };
    assertEquals(yield* zx.portQueue({ handle, packet }), Status.OK);
    const found = good(yield* zx.portWait({ handle })).packet;
    const body = { type: PacketType.USER, data: DATA } as const;
    assertEquals(found, { key: packet.key, status: -3, body });
  });
});

Deno.test("zx_port_wait waits for a packet, and answers TIMED_OUT where none comes", () => {
  const machine = new ScriptKernel();
  machine.run1(function* (process) {
    const handle = yield* port();
    assertEquals(yield* zx.portWait({ handle, deadline: 0 }), Status.TIMED_OUT);
    assertEquals(yield* zx.portWait({ handle, deadline: 5_000 }), Status.TIMED_OUT);
    machine.thread(process, queueAt(40_000, handle));
    assertEquals(good(yield* zx.portWait({ handle })).packet.key, 9n);
  });
});

function* queueAt(deadline: number, handle: number): Program {
  yield* zx.nanosleep({ deadline });
  yield* zx.portQueue({ handle, packet: { key: 9n } });
}

Deno.test("closing a port ends waiting at it with CANCELED, and its packets are gone", () => {
  const machine = new ScriptKernel();
  const seen: unknown[] = [];
  machine.run1(function* (process) {
    const handle = yield* port();
    machine.thread(process, waitForever(handle, seen));
    yield* zx.nanosleep({ deadline: 10_000 });
    yield* zx.handleClose({ handle });
    const other = yield* port();
    yield* zx.portQueue({ handle: other, packet: { key: 1n } });
    yield* zx.handleClose({ handle: other });
  });
  assertEquals([seen, machine.kernel.realm.kept], [[Status.CANCELED], 0]);
});

function* waitForever(handle: number, seen: unknown[]): Program {
  seen.push(yield* zx.portWait({ handle }));
}

Deno.test("a process that queues more than 4096 packets that nobody takes is ended", () => {
  const machine = new ScriptKernel();
  let queued = 0;
  const process = machine.spawn("flood", function* () {
    const handle = yield* port();
    for (;;) {
      yield* zx.portQueue({ handle, packet: { key: 1n } });
      queued++;
    }
  });
  machine.run();
  assertEquals([queued, process.returnCode, machine.kernel.realm.kept], [4096, -1028, 0]);
});

Deno.test("zx_object_wait_async brings a packet when a channel becomes readable, once", () => {
  new ScriptKernel().run1(function* () {
    const [queue, [one, other]] = [yield* port(), yield* channel()];
    const wait = { handle: other, port: queue, key: 1n, signals: READABLE | PEER_CLOSED };
    assertEquals(yield* zx.objectWaitAsync(wait), Status.OK);
    assertEquals(yield* zx.portWait({ handle: queue, deadline: 5_000 }), Status.TIMED_OUT);
    for (let n = 0; n < 2; n++) yield* zx.channelWrite({ handle: one });
    const { body } = good(yield* zx.portWait({ handle: queue })).packet;
    assert(body.type === PacketType.SIGNAL_ONE);
    assertEquals([body.trigger, body.observed], [READABLE | PEER_CLOSED, READABLE | 2]);
    assertEquals(yield* keys(queue), []);
  });
});

Deno.test("zx_object_wait_async brings a packet at once for what is there already", () => {
  new ScriptKernel().run1(function* () {
    const [queue, [one, other]] = [yield* port(), yield* channel()];
    yield* zx.channelWrite({ handle: one });
    yield* zx.objectWaitAsync({ handle: other, port: queue, key: 4n, signals: READABLE });
    assertEquals(yield* keys(queue), [4n]);
  });
});

Deno.test("an event that is raised again and again brings one packet for each wait", () => {
  new ScriptKernel().run1(function* () {
    const [queue, handle] = [yield* port(), yield* event()];
    for (let round = 0; round < 24; round++) {
      yield* zx.objectWaitAsync({ handle, port: queue, key: BigInt(round), signals: SIGNALED });
      yield* zx.objectSignal({ handle, set: SIGNALED });
      yield* zx.objectSignal({ handle, clear: SIGNALED });
      yield* zx.objectSignal({ handle, set: SIGNALED });
      yield* zx.objectSignal({ handle, clear: SIGNALED });
      assertEquals(yield* keys(queue), [BigInt(round)]);
    }
  });
});

Deno.test("many waits for one event become packets in the order they were made", () => {
  new ScriptKernel().run1(function* () {
    const [queue, handle] = [yield* port(), yield* event()];
    const wanted = Array.from({ length: 100 }, (_, n) => BigInt(n));
    for (const key of wanted) {
      yield* zx.objectWaitAsync({ handle, port: queue, key, signals: SIGNALED });
    }
    yield* zx.objectSignal({ handle, set: SIGNALED });
    assertEquals(yield* keys(queue), wanted);
  });
});

Deno.test("several threads at one port share its packets", () => {
  const machine = new ScriptKernel();
  const seen: bigint[] = [];
  machine.run1(function* (process) {
    const [queue, handle] = [yield* port(), yield* event()];
    for (let n = 0; n < 4; n++) machine.thread(process, taker(queue, seen));
    yield* zx.nanosleep({ deadline: 10_000 });
    for (let key = 0n; key < 20n; key++) {
      yield* zx.objectWaitAsync({ handle, port: queue, key, signals: SIGNALED });
    }
    yield* zx.objectSignal({ handle, set: SIGNALED });
    yield* zx.nanosleep({ deadline: 100_000 });
    yield* zx.handleClose({ handle: queue });
  });
  assertEquals(seen.sort((a, b) => Number(a - b)), Array.from({ length: 20 }, (_, n) => BigInt(n)));
});

function* taker(handle: number, seen: bigint[]): Program {
  for (;;) {
    const packet = yield* zx.portWait({ handle });
    if (packet === Status.CANCELED) return;
    seen.push(good(packet).packet.key);
  }
}

Deno.test("handles may be closed before the port or after it, with waits under way", () => {
  const machine = new ScriptKernel();
  const before = machine.kernel.realm.census();
  machine.run1(function* () {
    for (const order of [0, 1, 2, 3]) {
      const handles = [yield* port(), yield* event()];
      const [queue, source] = handles as [number, number];
      yield* zx.objectWaitAsync({ handle: source, port: queue, key: 1n, signals: SIGNALED });
      if (order > 1) yield* zx.objectSignal({ handle: source, set: SIGNALED });
      for (const handle of order % 2 ? handles : handles.reverse()) {
        yield* zx.handleClose({ handle });
      }
    }
  });
  assertEquals([machine.kernel.realm.census(), machine.kernel.realm.kept], [before, 0]);
});

Deno.test("zx_object_wait_async with EDGE waits for a signal to come, and not for one that is there", () => {
  new ScriptKernel().run1(function* () {
    const [queue, handle] = [yield* port(), yield* event()];
    const { EDGE } = WaitAsyncOption;
    yield* zx.objectSignal({ handle, set: SIGNALED });
    const wait = { handle, port: queue, signals: SIGNALED, options: EDGE };
    yield* zx.objectWaitAsync({ ...wait, key: 1n });
    yield* zx.objectSignal({ handle, set: USER_0 });
    assertEquals(yield* keys(queue), []);
    yield* zx.objectSignal({ handle, clear: SIGNALED });
    yield* zx.objectSignal({ handle, set: SIGNALED });
    assertEquals(yield* keys(queue), [1n]);
  });
});

Deno.test("zx_object_wait_async with TIMESTAMP tells when, and without it nothing", () => {
  const machine = new ScriptKernel();
  machine.run1(function* () {
    const [queue, handle] = [yield* port(), yield* event()];
    const wait = { handle, port: queue, signals: SIGNALED };
    const { TIMESTAMP, BOOT_TIMESTAMP } = WaitAsyncOption;
    const times: number[] = [];
    for (const options of [TIMESTAMP, BOOT_TIMESTAMP, 0]) {
      yield* zx.objectWaitAsync({ ...wait, key: 1n, options });
    }
    yield* zx.nanosleep({ deadline: 50_000 });
    const before = machine.kernel.realm.now;
    yield* zx.objectSignal({ handle, set: SIGNALED });
    for (let n = 0; n < 3; n++) {
      const { body } = good(yield* zx.portWait({ handle: queue })).packet;
      times.push(body.type === PacketType.SIGNAL_ONE ? body.timestamp : -1);
    }
    assert(times[0]! >= before && times[0] === times[1]);
    assertEquals(times[2], 0);
    const both = { ...wait, key: 1n, options: TIMESTAMP | BOOT_TIMESTAMP };
    assertEquals(yield* zx.objectWaitAsync(both), Status.INVALID_ARGS);
    assertEquals(yield* zx.objectWaitAsync({ ...both, options: 8 }), Status.INVALID_ARGS);
  });
});

Deno.test("zx_port_cancel takes back waits and packets of one handle under one key", () => {
  new ScriptKernel().run1(function* () {
    const [queue, handle, other] = [yield* port(), yield* event(), yield* event()];
    const wait = { handle, port: queue, signals: SIGNALED };
    for (const key of [1n, 1n, 2n]) yield* zx.objectWaitAsync({ ...wait, key });
    yield* zx.objectWaitAsync({ ...wait, handle: other, key: 1n });
    const cancel = { handle: queue, source: handle };
    assertEquals(yield* zx.portCancel({ ...cancel, key: 1n }), Status.OK);
    assertEquals(yield* zx.portCancel({ ...cancel, key: 1n }), Status.NOT_FOUND);
    for (const one of [handle, other]) yield* zx.objectSignal({ handle: one, set: SIGNALED });
    assertEquals(yield* zx.portCancel({ ...cancel, key: 2n }), Status.OK, "its packet is there");
    assertEquals(yield* keys(queue), [1n]);
  });
});

Deno.test("zx_port_cancel_key takes back everything under a key", () => {
  new ScriptKernel().run1(function* () {
    const [queue, handle] = [yield* port(), yield* event()];
    yield* zx.objectWaitAsync({ handle, port: queue, key: 1n, signals: SIGNALED });
    for (const key of [1n, 2n]) yield* zx.portQueue({ handle: queue, packet: { key } });
    assertEquals(yield* zx.portCancelKey({ handle: queue, key: 1n }), Status.OK);
    assertEquals(yield* zx.portCancelKey({ handle: queue, key: 1n }), Status.NOT_FOUND);
    const options = { handle: queue, key: 2n, options: 1 };
    assertEquals(yield* zx.portCancelKey(options), Status.INVALID_ARGS);
    yield* zx.objectSignal({ handle, set: SIGNALED });
    assertEquals(yield* keys(queue), [2n]);
  });
});

Deno.test("a thread's end brings a packet", () => {
  const machine = new ScriptKernel();
  machine.run1(function* (process) {
    const queue = yield* port();
    const thread = machine.thread(process, sleeper());
    const handle = machine.give(process, thread, DEFAULT_RIGHTS.thread);
    const signals = Signal.TASK_TERMINATED;
    yield* zx.objectWaitAsync({ handle, port: queue, key: 3n, signals });
    assertEquals(good(yield* zx.portWait({ handle: queue })).packet.key, 3n);
  });
});

function* sleeper(): Program {
  yield* zx.nanosleep({ deadline: 30_000 });
}

Deno.test("a process may cancel waits for itself", () => {
  const machine = new ScriptKernel();
  machine.run1(function* (process) {
    const queue = yield* port();
    const handle = machine.give(process, process, DEFAULT_RIGHTS.process);
    const signals = Signal.TASK_TERMINATED;
    yield* zx.objectWaitAsync({ handle, port: queue, key: 3n, signals });
    const cancel = { handle: queue, source: handle, key: 3n };
    assertEquals(yield* zx.portCancel(cancel), Status.OK);
  });
});

Deno.test("threads that wait, signal, cancel and close at any moment leave nothing behind", () => {
  const machine = new ScriptKernel();
  const before = machine.kernel.realm.census();
  machine.run1(function* (process) {
    for (let round = 0; round < 50; round++) {
      const [queue, handle] = [yield* port(), yield* event()];
      machine.thread(process, waitForever(queue, []));
      machine.thread(process, worry(queue, handle, round));
      yield* zx.objectWaitAsync({ handle, port: queue, key: 1n, signals: SIGNALED });
      yield* zx.nanosleep({ deadline: machine.kernel.realm.now + (round * 37) % 900 });
      yield* zx.handleClose({ handle: queue });
      yield* zx.handleClose({ handle });
    }
  });
  assertEquals([machine.kernel.realm.census(), machine.kernel.realm.kept], [before, 0]);
});

function* worry(queue: number, handle: number, round: number): Program {
  for (let n = 0; n < 5; n++) {
    yield* zx.objectSignal({ handle, set: SIGNALED });
    if (round % 3 === 0) yield* zx.portCancel({ handle: queue, source: handle, key: 1n });
    yield* zx.objectSignal({ handle, clear: SIGNALED });
    yield* zx.objectWaitAsync({ handle, port: queue, key: 1n, signals: SIGNALED });
  }
}

Deno.test("zx_port_queue and zx_port_wait want a place for a packet: INVALID_ARGS", () => {
  const program = new Registers();
  const { realm } = program.machine.kernel;
  const handle = program.give(new Port(realm), DEFAULT_RIGHTS.port);
  for (const at of [0, NOWHERE]) {
    assertEquals(program.call("zx_port_queue", handle, at), Status.INVALID_ARGS);
  }
  const packet = program.words(7, 0, 99, -5, 1, 2, 3, 4, 5, 6, 7, 8);
  assertEquals(program.call("zx_port_queue", handle, packet), Status.OK);
  const into = program.place(48);
  assertEquals(program.call("zx_port_wait", handle, 0, into), Status.OK);
  const words = [7, 0, PacketType.USER, 2 ** 32 - 5, 1, 2, 3, 4, 5, 6, 7, 8];
  assertEquals(words.map((_, at) => program.word(into + at * 4)), words);
  const event = program.give(new Event(realm), Right.WAIT);
  assertEquals(program.call("zx_object_wait_async", event, handle, 5, SIGNALED, 0), Status.OK);
  assertEquals(program.call("zx_port_wait", handle, 100, NOWHERE), "parked");
});
