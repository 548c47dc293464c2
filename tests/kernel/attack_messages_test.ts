/**
 * Attacks by means of channels, ports, waits and the small objects.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { failed, Right, Signal, Status, WaitAsyncOption } from "../../kernel/abi.ts";
import { type Operation, type Program, zx } from "../../kernel/client.ts";
import { attack } from "../support/attack.ts";
import { must } from "../support/making.ts";

/** The other end of a channel with one handle in a message, or what was answered. */
function* wrapped(handle: number): Operation<number> {
  const { out0, out1 } = yield* must(zx.channelCreate({}));
  yield* zx.channelWrite({ handle: out0, bytes: new Uint8Array(1), handles: [handle] });
  yield* zx.handleClose({ handle: out0 });
  return out1;
}

Deno.test("20,000 channels, each in a message in the next, are closed with the outermost", () => {
  const left = attack(function* ({ process }) {
    let handle = (yield* must(zx.eventCreate({}))).out;
    const before = process.realm.handles;
    for (let at = 0; at < 20_000; at++) handle = yield* wrapped(handle);
    yield* zx.handleClose({ handle });
    return process.realm.handles - before;
  });
  assertEquals(left, -1);
});

Deno.test("handles of everything, sent round in a ring of channels, arrive and are closed once", () => {
  attack(function* (attacker) {
    const { out0, out1 } = yield* must(zx.channelCreate({}));
    const kinds = [
      (yield* must(zx.eventCreate({}))).out,
      (yield* must(zx.portCreate({}))).out,
      (yield* must(zx.timerCreate({}))).out,
      (yield* must(zx.vmoCreate({ size: 4096 }))).out,
      attacker.self,
      attacker.jobHandle,
      (yield* must(zx.channelCreate({}))).out0,
    ];
    let handles = kinds;
    for (let at = 0; at < 500; at++) {
      const [to, from] = at % 2 ? [out0, out1] : [out1, out0];
      assertEquals(yield* zx.channelWrite({ handle: to, handles }), Status.OK);
      handles = [...(yield* must(zx.channelRead({ handle: from }))).handles];
    }
    yield* zx.handleCloseMany({ handles });
    return handles.length;
  });
});

Deno.test("a message with the same handle twice is refused, and one with its reader's own channel is out of reach", () => {
  const found = attack(function* () {
    const { out0, out1 } = yield* must(zx.channelCreate({}));
    const { out: event } = yield* must(zx.eventCreate({}));
    const statuses = [
      yield* zx.channelWrite({ handle: out0, handles: [event, event] }),
      yield* zx.channelWrite({ handle: out0, handles: [event] }),
    ];
    // The other end in its own line: whoever has this one can no longer reach it, but may close.
    statuses.push(yield* zx.channelWrite({ handle: out0, handles: [out1] }));
    statuses.push(yield* zx.handleClose({ handle: out1 }));
    return statuses;
  }, { cycles: 1 });
  const { OK, BAD_HANDLE } = Status;
  assertEquals(found, [BAD_HANDLE, BAD_HANDLE, OK, BAD_HANDLE]);
});

Deno.test("one signal that 20,000 waits of five ports and 500 threads wait for reaches each once", () => {
  const found = attack(function* (attacker) {
    const { out: event } = yield* must(zx.eventCreate({}));
    const ports: number[] = [];
    for (let at = 0; at < 5; at++) ports.push((yield* must(zx.portCreate({}))).out);
    for (let at = 0; at < 20_000; at++) {
      const options = at % 3 ? WaitAsyncOption.EDGE : 0;
      const wait = { handle: event, key: BigInt(at), signals: 1 << 24 + at % 8, options };
      yield* zx.objectWaitAsync({ ...wait, port: ports[at % 5]! });
    }
    let woken = 0;
    for (let at = 0; at < 500; at++) {
      attacker.thread((function* (): Program {
        yield* zx.objectWaitOne({ handle: event, signals: 1 << 24 });
        woken++;
      })());
    }
    yield* zx.nanosleep({ deadline: 1e9 });
    yield* zx.objectSignal({ handle: event, clear: 0, set: 0xff000000 });
    yield* zx.nanosleep({ deadline: 2e9 });
    let packets = 0;
    for (const handle of ports) {
      while (!failed(yield* zx.portWait({ handle, deadline: 0 }))) packets++;
    }
    return [woken, packets];
  });
  assertEquals(found, [500, 20_000]);
});

Deno.test("ports that are closed while packets come, threads wait and waits are taken back lose nothing", () => {
  attack(function* (attacker) {
    for (let at = 0; at < 200; at++) {
      const { out: port } = yield* must(zx.portCreate({}));
      const { out: event } = yield* must(zx.eventCreate({}));
      for (let n = 0; n < 3; n++) {
        attacker.thread((function* (): Program {
          yield* zx.portWait({ handle: port, deadline: 1e11 });
        })());
      }
      const wait = { handle: event, port, key: 1n, signals: Signal.SIGNALED };
      for (let n = 0; n < 10; n++) yield* zx.objectWaitAsync(wait);
      if (at & 1) yield* zx.objectSignal({ handle: event, clear: 0, set: Signal.SIGNALED });
      if (at & 2) yield* zx.handleClose({ handle: event });
      else if (at & 4) yield* zx.portCancel({ handle: port, source: event, key: 1n });
      if (at & 8) yield* zx.threadLegacyYield({});
      yield* zx.handleClose({ handle: port });
    }
    return true;
  });
});

Deno.test("10,000 timers that are set, set again, cancelled and closed in any order fire at most once", () => {
  const fired = attack(function* ({ process }) {
    const timers: number[] = [];
    const { out: port } = yield* must(zx.portCreate({}));
    for (let at = 0; at < 10_000; at++) {
      const { out: handle } = yield* must(zx.timerCreate({}));
      yield* zx.timerSet({ handle, deadline: 1e9 + (at * 7919) % 10_000, slack: at });
      if (at % 3 === 0) yield* zx.timerSet({ handle, deadline: 1e9 + at, slack: 2 ** 62 });
      if (at % 5 === 0) yield* zx.timerCancel({ handle });
      if (at % 7 === 0) yield* zx.handleClose({ handle });
      else {
        timers.push(handle);
        const wait = { handle, port, key: BigInt(at), signals: Signal.SIGNALED };
        if (at % 4 === 0) yield* zx.objectWaitAsync(wait);
      }
    }
    const set = process.realm.timeouts.size;
    yield* zx.nanosleep({ deadline: 2e9 });
    let packets = 0;
    while (!failed(yield* zx.portWait({ handle: port, deadline: 0 }))) packets++;
    return [timers.length, set, packets];
  });
  const all = Array.from({ length: 10_000 }, (_, at) => at).filter((at) => at % 7);
  const running = all.filter((at) => at % 5);
  assertEquals(fired, [all.length, running.length, running.filter((at) => at % 4 === 0).length]);
});

Deno.test("counters and clocks at the ends of their numbers refuse, or stay there", () => {
  const found = attack(function* () {
    const { out: counter } = yield* must(zx.counterCreate({}));
    const [most, least] = [2n ** 63n - 1n, -(2n ** 63n)];
    const statuses: unknown[] = [];
    for (const [start, more] of [[most, 1n], [least, -1n], [most, least], [0n, most]] as const) {
      yield* zx.counterWrite({ handle: counter, value: start });
      statuses.push(yield* zx.counterAdd({ handle: counter, value: more }));
    }
    const { out: clock } = yield* must(zx.clockCreate({}));
    const ends = [0n, most, least, 1n, -1n];
    for (const value of ends) {
      for (const rateAdjust of [0, 1000, -1000, 1001]) {
        const args = { value, rateAdjust, errorBound: 2n ** 64n - 1n };
        yield* zx.clockUpdate({ handle: clock, options: 7, args });
        yield* zx.clockUpdate({ handle: clock, options: 15, args: { ...args, reference: most } });
        const { now } = yield* must(zx.clockRead({ handle: clock }));
        if (now < least || now > most) statuses.push("beyond");
        yield* must(zx.clockGetDetails({ handle: clock }));
      }
    }
    return statuses;
  });
  const { OK, OUT_OF_RANGE } = Status;
  assertEquals(found, [OUT_OF_RANGE, OUT_OF_RANGE, OK, OK]);
});

Deno.test("a call's answers that come late, twice, to nobody or from a stranger are messages like others", () => {
  const found = attack(function* (attacker) {
    const { out0: client, out1: server } = yield* must(zx.channelCreate({}));
    const answers: unknown[] = [];
    for (let at = 0; at < 20; at++) {
      attacker.thread((function* (): Program {
        const args = { bytes: new Uint8Array(8).fill(at), bytesMax: 64 };
        const deadline = at % 2 ? 1e8 : 1e12;
        const answer = yield* zx.channelCall({ handle: client, args, deadline });
        answers.push(failed(answer) ? answer : answer.actualBytes);
      })());
    }
    yield* zx.nanosleep({ deadline: 1e9 });
    for (;;) {
      const message = yield* zx.channelRead({ handle: server });
      if (failed(message)) break;
      for (let n = 0; n < 2; n++) yield* zx.channelWrite({ handle: server, bytes: message.bytes });
    }
    yield* zx.channelWrite({ handle: server, bytes: new Uint8Array(4).fill(255) });
    yield* zx.nanosleep({ deadline: 2e9 });
    let late = 0;
    while (!failed(yield* zx.channelRead({ handle: client }))) late++;
    return [answers.filter((one) => one === 8).length, answers.length, late];
  });
  assertEquals(found, [10, 20, 31]);
});

Deno.test("64 waits for one object, closed under them, and rights that shrink to nothing", () => {
  const found = attack(function* (attacker) {
    const { out: handle } = yield* must(zx.eventCreate({}));
    const { out: weak } = yield* must(zx.handleDuplicate({ handle, rights: Right.WAIT }));
    const { out: none } = yield* must(zx.handleDuplicate({ handle, rights: 0 }));
    let answer: unknown;
    attacker.thread((function* (): Program {
      const items = Array.from({ length: 64 }, () => ({ handle: weak, signals: 1 << 24 }));
      const { status, pending } = yield* zx.objectWaitMany({ items });
      answer = [status, pending.every((one) => (one & Signal.HANDLE_CLOSED) !== 0)];
    })());
    yield* zx.nanosleep({ deadline: 1e9 });
    yield* zx.handleClose({ handle: weak });
    yield* zx.nanosleep({ deadline: 2e9 });
    const refused = yield* zx.objectWaitOne({ handle: none as never, signals: 1, deadline: 0 });
    return [answer, refused.status];
  });
  assertEquals(found, [[Status.CANCELED, true], Status.ACCESS_DENIED]);
});

Deno.test("calls with 8192 pieces of memory, and with one more, are one message or none", () => {
  const found = attack(function* () {
    const { out0, out1 } = yield* must(zx.channelCreate({}));
    const statuses: unknown[] = [];
    for (const length of [8192, 8193]) {
      const iovecs = Array.from({ length }, () => Uint8Array.of(1, 2, 3, 4));
      statuses.push(yield* zx.channelWrite({ handle: out0, bytes: iovecs as never, options: 2 }));
    }
    const message = yield* zx.channelRead({ handle: out1 });
    statuses.push(failed(message) ? message : message.bytes.length);
    return statuses;
  });
  assertEquals(found, [Status.OK, Status.OUT_OF_RANGE, 32_768]);
});
