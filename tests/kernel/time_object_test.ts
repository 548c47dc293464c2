import { assert, assertEquals } from "@std/assert";
import { ClockOption, failed, Signal, Status, TIME_INFINITE } from "../../kernel/abi.ts";
import { Clock } from "../../kernel/ipc/clock.ts";
import { Counter } from "../../kernel/ipc/counter.ts";
import { Timer } from "../../kernel/ipc/timer.ts";
import { Handle } from "../../kernel/object/handle.ts";
import { testRealm } from "../support/realm.ts";

function clock(options = 0, backstop = 0n) {
  const realm = testRealm();
  const made = Clock.create(realm, options, backstop);
  assert(!failed(made));
  return { realm, clock: made };
}

Deno.test("a timer fires at its deadline, at once when that has passed, and never when cancelled", () => {
  const realm = testRealm();
  const timer = new Timer(realm, 0);
  const handle = new Handle(timer, 0);
  timer.set(100, 5);
  assertEquals([timer.deadline, timer.slack, realm.timeouts.next], [100, 5, 100]);
  realm.timeouts.fireDue(realm.now = 100);
  assertEquals(timer.signals, Signal.SIGNALED);
  timer.set(200, 0);
  assertEquals(timer.signals, 0);
  timer.cancel();
  timer.set(100, 0);
  assertEquals(timer.signals, Signal.SIGNALED);
  timer.set(TIME_INFINITE, 0);
  assertEquals([timer.signals, realm.timeouts.size], [0, 0]);
  timer.set(300, 0);
  handle.close();
  assertEquals([realm.timeouts.size, realm.census()], [0, {}]);
});

Deno.test("a clock shows its backstop until it is started, then follows the machine's time", () => {
  const { realm, clock: one } = clock(0, 500n);
  realm.now = 1000;
  assertEquals([one.read(), one.started], [500n, false]);
  assertEquals(one.update({ rateAdjust: 1 }), Status.BAD_STATE);
  assertEquals(one.update({ value: 499n }), Status.INVALID_ARGS);
  assertEquals(one.update({ value: 700n }), Status.OK);
  realm.now = 1010;
  assertEquals([one.read(), one.started], [710n, true]);
  assertEquals(one.update({ value: 600n }), Status.OK);
});

Deno.test("a clock's rate is the machine's plus parts per million, without a jump", () => {
  const { realm, clock: one } = clock();
  one.update({ value: 0n });
  realm.now = 1_000_000;
  assertEquals(one.update({ rateAdjust: -1000 }), Status.OK);
  assertEquals(one.read(), 1_000_000n);
  realm.now = 3_000_000;
  assertEquals(one.read(), 2_998_000n);
  assertEquals(one.update({ rateAdjust: 1001 }), Status.INVALID_ARGS);
  assertEquals(one.details.transform, {
    referenceOffset: 1_000_000n,
    syntheticOffset: 1_000_000n,
    syntheticTicks: 999_000,
    referenceTicks: 1_000_000,
  });
});

Deno.test("a monotonic clock never goes back, and a continuous one is set just once", () => {
  const { MONOTONIC, CONTINUOUS } = ClockOption;
  const { realm, clock: monotonic } = clock(MONOTONIC);
  monotonic.update({ value: 50n });
  realm.now = 10;
  assertEquals(monotonic.update({ value: 59n }), Status.INVALID_ARGS);
  assertEquals(monotonic.update({ value: 60n }), Status.OK);
  const { clock: continuous } = clock(MONOTONIC | CONTINUOUS);
  assertEquals(continuous.update({ value: 1n }), Status.OK);
  assertEquals(continuous.update({ value: 2n }), Status.INVALID_ARGS);
  assertEquals(continuous.update({ rateAdjust: 5 }), Status.OK);
  assertEquals(Clock.create(testRealm(), CONTINUOUS, 0n), Status.INVALID_ARGS);
  assertEquals(Clock.create(testRealm(), 1 << 10, 0n), Status.INVALID_ARGS);
});

Deno.test("no update makes a clock show less than its backstop, nor a monotonic one go back", () => {
  const { realm, clock: one } = clock(0, 500n);
  realm.now = 1000;
  // It would show 700 at the moment that is named, and 400 now.
  assertEquals(one.update({ value: 700n, reference: 1300n }), Status.INVALID_ARGS);
  assertEquals(one.update({ value: 300n, reference: 700n }), Status.OK);
  assertEquals(one.read(), 600n);
  const { realm: other, clock: monotonic } = clock(ClockOption.MONOTONIC);
  assertEquals(monotonic.update({ value: 100n }), Status.OK);
  other.now = 10;
  assertEquals(monotonic.update({ value: 205n, reference: 110n }), Status.INVALID_ARGS);
  assertEquals(monotonic.update({ value: 210n, reference: 110n }), Status.OK);
  assertEquals(monotonic.update({ rateAdjust: 5, reference: 10n }), Status.INVALID_ARGS);
  assertEquals(monotonic.update({ value: 300n, second: true }), Status.INVALID_ARGS);
  assertEquals(monotonic.update({ value: 300n }), Status.OK);
});

Deno.test("a clock tells when what was last said of it", () => {
  const { realm, clock: one } = clock();
  assertEquals(one.details.errorBound, 2n ** 64n - 1n);
  realm.now = 5;
  one.update({ value: 1n });
  realm.now = 9;
  one.update({ errorBound: 3n });
  const { lastValueUpdate, lastRateAdjust, lastErrorBound, errorBound, generation } = one.details;
  assertEquals([lastValueUpdate, lastRateAdjust, lastErrorBound], [5n, 5n, 9n]);
  assertEquals([errorBound, generation], [3n, 2]);
});

Deno.test("a clock that starts by itself shows the machine's time", () => {
  const { realm, clock: one } = clock(ClockOption.AUTO_START);
  realm.now = 77;
  assertEquals([one.started, one.read()], [true, 77n]);
  assertEquals(Clock.create(testRealm(), ClockOption.AUTO_START, 1n), Status.INVALID_ARGS);
});

Deno.test("a counter says whether it is positive and does not go beyond 64 bits", () => {
  const counter = new Counter(testRealm());
  assertEquals(counter.signals, Signal.COUNTER_NON_POSITIVE);
  assertEquals(counter.add(2n ** 63n - 1n), Status.OK);
  assertEquals([counter.signals, counter.add(1n)], [Signal.COUNTER_POSITIVE, Status.OUT_OF_RANGE]);
  counter.value = -(2n ** 63n);
  assertEquals(counter.add(-1n), Status.OUT_OF_RANGE);
  assertEquals(counter.signals, Signal.COUNTER_NON_POSITIVE);
});
