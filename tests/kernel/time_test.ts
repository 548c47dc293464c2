import { assert, assertEquals } from "@std/assert";
import { ClockOption, DEFAULT_RIGHTS, failed, Right, Signal, Status } from "../../kernel/abi.ts";
import { zx } from "../../kernel/client.ts";
import { Clock } from "../../kernel/ipc/clock.ts";
import { Counter } from "../../kernel/ipc/counter.ts";
import { NOWHERE, Registers } from "../support/registers.ts";
import { good, ScriptKernel } from "../support/scripts.ts";

const { MONOTONIC, CONTINUOUS } = ClockOption;

function* signalled(handle: number) {
  return (yield* zx.objectWaitOne({ handle, signals: Signal.SIGNALED, deadline: 0 })).status === 0;
}

Deno.test("zx_clock_get_monotonic never goes back, and a sleep moves it on by the time slept", () => {
  new ScriptKernel().run1(function* () {
    const before = yield* zx.clockGetMonotonic({});
    yield* zx.nanosleep({ deadline: before + 1_000_000 });
    const after = yield* zx.clockGetMonotonic({});
    assert(after >= before + 1_000_000 && after < before + 1_001_000);
    assert((yield* zx.clockGetBoot({})) >= after);
  });
});

Deno.test("zx_ticks_get counts as fast as zx_ticks_per_second says", () => {
  new ScriptKernel().run1(function* () {
    const [ticks, time] = [yield* zx.ticksGet({}), yield* zx.clockGetMonotonic({})];
    yield* zx.nanosleep({ deadline: 5_000_000 });
    const [later, timeLater] = [yield* zx.ticksGetBoot({}), yield* zx.clockGetMonotonic({})];
    const seconds = (timeLater - time) / 1e9;
    assert(Math.abs((later - ticks) / (yield* zx.ticksPerSecond({})) - seconds) < 1e-6);
  });
});

Deno.test("zx_deadline_after adds to the time now, and stops at the last time and the first", () => {
  new ScriptKernel().run1(function* () {
    const now = yield* zx.clockGetMonotonic({});
    const after = yield* zx.deadlineAfter({ nanoseconds: 500 });
    assert(after >= now + 500 && after < now + 2_000);
    assertEquals(yield* zx.deadlineAfter({ nanoseconds: 2 ** 63 - 1024 }), 2 ** 63 - 1024);
    assertEquals(yield* zx.deadlineAfter({ nanoseconds: Infinity }), 2 ** 63 - 1024);
    const past = yield* zx.deadlineAfter({ nanoseconds: -(2 ** 63) });
    assert(past < -(2 ** 62) && past >= -(2 ** 63));
  });
});

Deno.test("zx_timer_set raises a signal at the deadline, and zx_timer_cancel takes it back", () => {
  new ScriptKernel().run1(function* () {
    const handle = good(yield* zx.timerCreate({})).out;
    yield* zx.timerSet({ handle, deadline: 50_000, slack: 0 });
    assert(!(yield* signalled(handle)));
    const wait = yield* zx.objectWaitOne({ handle, signals: Signal.SIGNALED });
    assertEquals([wait.observed, yield* zx.clockGetMonotonic({})], [Signal.SIGNALED, 50_100]);
    yield* zx.timerSet({ handle, deadline: 90_000, slack: 0 });
    assert(!(yield* signalled(handle)), "setting it anew takes the signal back");
    yield* zx.timerSet({ handle, deadline: 0, slack: 0 });
    assert(yield* signalled(handle), "a time that has passed fires at once");
    yield* zx.timerCancel({ handle });
    yield* zx.nanosleep({ deadline: 100_000 });
    assert(!(yield* signalled(handle)));
  });
});

Deno.test("zx_timer_create knows three ways to be late and two clocks", () => {
  new ScriptKernel().run1(function* () {
    for (const options of [0, 1, 2]) {
      const handle = good(yield* zx.timerCreate({ options, clock: options % 2 })).out;
      const set = { handle, deadline: 9, slack: 100 };
      assertEquals(yield* zx.timerSet(set), Status.OK);
      assertEquals(yield* zx.timerSet({ ...set, slack: -1 }), Status.OUT_OF_RANGE);
    }
    assertEquals(yield* zx.timerCreate({ options: 3 }), Status.INVALID_ARGS);
    assertEquals(yield* zx.timerCreate({ clock: 2 }), Status.INVALID_ARGS);
  });
});

Deno.test("zx_clock_update starts a clock, sets it and changes its rate", () => {
  const machine = new ScriptKernel();
  machine.run1(function* () {
    const args = { backstop: 500n };
    const { out: handle } = good(yield* zx.clockCreate({ args }));
    const now = function* () {
      return good(yield* zx.clockRead({ handle })).now;
    };
    assertEquals(yield* now(), 500n);
    const rate = { rateAdjust: 100 };
    assertEquals(yield* zx.clockUpdate({ handle, args: rate }), Status.BAD_STATE);
    assertEquals(yield* zx.clockUpdate({ handle, args: {} }), Status.INVALID_ARGS);
    assertEquals(yield* zx.clockUpdate({ handle, args: { value: 499n } }), Status.INVALID_ARGS);
    assertEquals(yield* zx.clockUpdate({ handle, args: { value: 1_000_000n } }), Status.OK);
    const started = { handle, signals: Signal.CLOCK_STARTED };
    assertEquals((yield* zx.objectWaitOne(started)).observed, Signal.CLOCK_STARTED);
    const [one, from] = [yield* now(), machine.kernel.realm.now];
    yield* zx.nanosleep({ deadline: from + 1_000_000 });
    const elapsed = machine.kernel.realm.now - from;
    assertEquals(yield* now(), one + BigInt(elapsed + 100));
    const fast = { rateAdjust: 1001 };
    assertEquals(yield* zx.clockUpdate({ handle, args: fast }), Status.INVALID_ARGS);
  });
});

Deno.test("zx_clock_update does not let a monotonic clock go back nor a continuous one jump", () => {
  new ScriptKernel().run1(function* () {
    for (const [options, later] of [[MONOTONIC, 0], [MONOTONIC | CONTINUOUS, -10]] as const) {
      const { out: handle } = good(yield* zx.clockCreate({ options }));
      assertEquals(yield* zx.clockUpdate({ handle, args: { value: 1_000n } }), Status.OK);
      assertEquals(yield* zx.clockUpdate({ handle, args: { value: 999n } }), Status.INVALID_ARGS);
      assertEquals(yield* zx.clockUpdate({ handle, args: { value: 90_000n } }), later);
      assertEquals(yield* zx.clockUpdate({ handle, args: { rateAdjust: -7 } }), Status.OK);
    }
    assertEquals(yield* zx.clockCreate({ options: CONTINUOUS }), Status.INVALID_ARGS);
    assertEquals(yield* zx.clockCreate({ options: 1n << 40n }), Status.INVALID_ARGS);
  });
});

Deno.test("an update raises CLOCK_UPDATED for a moment, for those who wait for it", () => {
  const machine = new ScriptKernel();
  const seen: unknown[] = [];
  machine.run1(function* (process) {
    const { out: handle } = good(yield* zx.clockCreate({}));
    machine.thread(
      process,
      (function* () {
        seen.push(yield* zx.objectWaitOne({ handle, signals: Signal.CLOCK_UPDATED }));
      })(),
    );
    yield* zx.nanosleep({ deadline: 10_000 });
    yield* zx.clockUpdate({ handle, args: { value: 1n } });
    const now = yield* zx.objectWaitOne({ handle, signals: 0, deadline: 0 });
    assertEquals(now.observed, Signal.CLOCK_STARTED);
  });
  assertEquals(seen, [{ status: 0, observed: Signal.CLOCK_STARTED | Signal.CLOCK_UPDATED }]);
});

const VERSION = 2 ** 58;

Deno.test("the clock calls read and fill in structures whose version is in the options", () => {
  const program = new Registers();
  const { realm } = program.machine.kernel;
  const clock = Clock.create(realm, 0, 7n);
  assert(!failed(clock));
  const handle = program.give(clock, DEFAULT_RIGHTS.clock);
  const v1 = program.addresses([50, 600, 70]);
  assertEquals(program.call("zx_clock_update", handle, VERSION + 128, v1), Status.INVALID_ARGS);
  const update = (version: number, flags: bigint, at: number) =>
    program.callBig("zx_clock_update", handle, (BigInt(version) << 58n) | flags, at);
  assertEquals(update(1, 7n, v1), Status.OK);
  assertEquals(update(1, 8n, v1), Status.INVALID_ARGS);
  assertEquals(update(3, 1n, v1), Status.INVALID_ARGS);
  assertEquals(update(1, 1n, NOWHERE), Status.INVALID_ARGS);
  assertEquals(update(1, 0n, v1), Status.INVALID_ARGS);
  const details = program.place(112);
  const detail = (options: bigint, at: number) =>
    program.callBig("zx_clock_get_details", handle, options, at);
  assertEquals(detail(0n, details), Status.INVALID_ARGS);
  assertEquals(detail(1n << 58n, NOWHERE), Status.INVALID_ARGS);
  assertEquals(detail(1n << 58n, details), Status.OK);
  assertEquals([8, 24, 32, 36, 64, 104].map((at) => program.word(details + at)), [
    7,
    600,
    1_000_050,
    1_000_000,
    70,
    1,
  ]);
  const v2 = program.addresses([0, 5_000, 2_000, 0]);
  assertEquals(update(2, 9n, v2), Status.OK);
  assertEquals([program.call("zx_clock_read", handle, details), program.word(details)], [0, 2999]);
});

Deno.test("zx_clock_create reads its backstop where the options say so", () => {
  const program = new Registers();
  const [out, args] = [program.place(8), program.addresses([900])];
  const create = (options: bigint, at: number) =>
    program.callBig("zx_clock_create", options, at, out);
  assertEquals(create(1n << 58n, args), Status.OK);
  const now = program.place(8);
  program.call("zx_clock_read", program.word(out), now);
  assertEquals(program.word(now), 900);
  assertEquals(create(0n, 0), Status.OK);
  for (const [options, at] of [[0n, args], [1n << 58n, 0], [2n << 58n, args]] as const) {
    assertEquals(create(options, at), Status.INVALID_ARGS);
  }
});

Deno.test("zx_counter_add counts within 64 bits, and signals tell whether it is positive", () => {
  new ScriptKernel().run1(function* (process) {
    const { out: handle } = good(yield* zx.counterCreate({}));
    const value = function* () {
      return good(yield* zx.counterRead({ handle })).value;
    };
    const signals = function* () {
      return (yield* zx.objectWaitOne({ handle, signals: 0, deadline: 0 })).observed;
    };
    assertEquals([yield* value(), yield* signals()], [0n, Signal.COUNTER_NON_POSITIVE]);
    assertEquals(yield* zx.counterAdd({ handle, value: 5 }), Status.OK);
    assertEquals([yield* value(), yield* signals()], [5n, Signal.COUNTER_POSITIVE]);
    assertEquals(yield* zx.counterWrite({ handle, value: 2n ** 63n - 1n }), Status.OK);
    assertEquals(yield* zx.counterAdd({ handle, value: 1 }), Status.OUT_OF_RANGE);
    assertEquals(yield* zx.counterWrite({ handle, value: -(2n ** 63n) }), Status.OK);
    assertEquals(yield* zx.counterAdd({ handle, value: -1n }), Status.OUT_OF_RANGE);
    assertEquals([yield* value(), yield* signals()], [-(2n ** 63n), Signal.COUNTER_NON_POSITIVE]);
    assert(process.handleTable.get(handle)!.object instanceof Counter);
    const { out } = good(yield* zx.handleDuplicate({ handle, rights: Right.READ }));
    assertEquals(yield* zx.counterWrite({ handle: out, value: 1 }), Status.ACCESS_DENIED);
    assertEquals(yield* zx.counterCreate({ options: 1 }), Status.INVALID_ARGS);
  });
});
