/**
 * The explorer against enumeration: fewer schedules, the same states at the end.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import type { Setup } from "../../lab/run/run.ts";
import { Cast } from "../../lab/run/director.ts";
import { AtRandom } from "../../lab/explore/strategies.ts";
import { fingerprint } from "../../lab/run/fingerprint.ts";
import { Stage } from "../../lab/run/stage.ts";
import { stepText } from "../../lab/telling/step_text.ts";
import { zx } from "../../lab/calls.ts";
import { experiment, GALLERY } from "../../scripts/experiments/gallery.ts";
import { MEMORY_BUGS } from "../support/planted_memory.ts";
import { MESSAGE_BUGS } from "../support/planted_messages.ts";
import { allSchedules, withoutClaims } from "../support/schedules.ts";
import { randomSetup } from "../support/random_scenario.ts";
import { SeededRandom } from "../support/seeded_random.ts";

const USER_0 = 1 << 24;

function compare(setup: Setup): { naive: number; reduced: number } {
  const naive = allSchedules(setup, { reduce: false });
  const reduced = allSchedules(setup);
  assertEquals([...reduced.states].sort(), [...naive.states].sort());
  assert(reduced.count <= naive.count);
  return { naive: naive.count, reduced: reduced.count };
}

Deno.test("steps that have nothing to do with each other are tried in one order only", () => {
  const { naive, reduced } = compare((world) => {
    for (const name of ["a", "b", "c"]) {
      const event = world.event(`${name}'s event`);
      world.program(name, [event], function* (event) {
        yield* zx.objectSignal({ handle: event, set: USER_0 });
        yield* zx.objectSignal({ handle: event, clear: USER_0 });
      });
    }
  });
  assertEquals({ naive, reduced }, { naive: 1680, reduced: 1 });
});

Deno.test("three programs that add one to the same byte end with one, two or three", () => {
  const { naive, reduced } = compare((world) => {
    const counter = world.vmo("counter");
    for (const name of ["a", "b", "c"]) {
      world.program(name, [counter.only("READ", "WRITE")], function* (counter) {
        const read = yield* zx.vmoRead({ handle: counter, offset: 0, bufferSize: 1 });
        const before = typeof read === "number" ? 0 : read.buffer[0]!;
        yield* zx.vmoWrite({ handle: counter, offset: 0, buffer: Uint8Array.of(before + 1) });
      });
    }
  });
  assertEquals(naive, 1680);
  assert(reduced < 50, `${reduced} schedules`);
});

Deno.test("who waits is woken in every schedule, whoever wakes it", () => {
  compare((world) => {
    const event = world.event("event");
    const memory = world.vmo("memory");
    for (const at of [0, 1]) {
      world.program(`waker ${at}`, [event.only("SIGNAL"), memory.only("WRITE")], function* (e, m) {
        yield* zx.vmoWrite({ handle: m, offset: 0, buffer: Uint8Array.of(at) });
        yield* zx.objectSignal({ handle: e, set: USER_0 });
      });
    }
    world.program("waiter", [event.only("WAIT"), memory.only("WRITE")], function* (event, memory) {
      yield* zx.objectWaitOne({ handle: event, signals: USER_0 });
      yield* zx.vmoWrite({ handle: memory, offset: 0, buffer: Uint8Array.of(9) });
    });
  });
});

Deno.test("a handle that travels through two channels, and a sender that ends early", () => {
  compare((world) => {
    const [front, back] = world.channel("first");
    const [left, right] = world.channel("second");
    world.program("sender", [front, world.event("gift")], function* (front, gift) {
      yield* zx.channelWrite({ handle: front, handles: [gift] });
    });
    world.program("middle", [back, left], function* (back, left) {
      const message = yield* zx.channelRead({ handle: back });
      if (typeof message === "number") return;
      yield* zx.channelWrite({ handle: left, handles: message.handles });
    });
    world.program("end", [right], function* (right) {
      yield* zx.objectWaitOne({ handle: right, signals: 1 << 0 | 1 << 2 });
      yield* zx.channelRead({ handle: right });
    });
  });
});

Deno.test("whoever closes the last handle closes the peer, in either order", () => {
  compare((world) => {
    const [one, other] = world.eventPair("pair");
    const memory = world.vmo("memory");
    const shares = [one.only("SIGNAL"), one.only("SIGNAL")];
    one[Symbol.dispose]();
    shares.forEach((share, at) => {
      world.program(`holder ${at}`, [share, memory.only("WRITE")], function* (share, memory) {
        yield* zx.handleClose({ handle: share });
        const seen = yield* zx.vmoWrite({ handle: memory, offset: at, buffer: Uint8Array.of(1) });
        if (seen !== 0) yield* zx.processExit({ code: 1 });
      });
    });
    world.program("watcher", [other, memory.only("READ", "WRITE")], function* (other, memory) {
      const seen = yield* zx.objectSignalPeer({ handle: other, set: USER_0 });
      yield* zx.vmoWrite({ handle: memory, offset: 2, buffer: Uint8Array.of(-seen) });
    });
  });
});

Deno.test("a deadline comes when nobody can go on, and not before", () => {
  const { states } = allSchedules((world) => {
    const event = world.event("event");
    world.program("patient", [event.only("WAIT")], function* (event) {
      yield* zx.objectWaitOne({ handle: event, signals: USER_0, deadline: 5 });
    });
    world.program("late", [event.only("SIGNAL")], function* (event) {
      yield* zx.nanosleep({ deadline: 10 });
      yield* zx.objectSignal({ handle: event, set: USER_0 });
    });
  });
  assertEquals(states.size, 1);
});

Deno.test("random scenarios of up to twelve steps end in the same states, reduced or not", () => {
  const random = new SeededRandom(7);
  const rounds = Deno.args.includes("--long") ? 400 : 8;
  for (let round = 0; round < rounds; round++) compare(randomSetup(random));
});

/** So many steps a scenario may have to be enumerated, and so many schedules in a short test. */
const [STEPS_MAX, SCHEDULES_MAX] = [12, Deno.args.includes("--long") ? Infinity : 60];

Deno.test("every scenario of up to twelve steps ends in the same states, reduced or not", async () => {
  const experiments = await Promise.all(GALLERY.map((name) => experiment(name)));
  const declared = experiments.flatMap(({ default: one, twin }) => [one, twin]);
  const setups = [
    ...declared.flatMap(({ setup }) => setup ? [setup] : []),
    ...Object.values({ ...MEMORY_BUGS, ...MESSAGE_BUGS }),
  ].map(withoutClaims);
  let compared = 0;
  for (const setup of setups) {
    const reduced = allSchedules(setup, { countMax: SCHEDULES_MAX });
    if (reduced.count === SCHEDULES_MAX || reduced.longest > STEPS_MAX) continue;
    compare(setup);
    compared++;
  }
  assert(compared >= 30, `${compared} scenarios are so short`);
});

Deno.test("the same seed twice makes the same run, step by step and byte by byte", () => {
  const random = new SeededRandom(23);
  const rounds = Deno.args.includes("--long") ? 10_000 : 2_000;
  for (let round = 0; round < rounds; round++) {
    const setup = randomSetup(random);
    const [one, other] = [traceOf(setup, round), traceOf(setup, round)];
    assertEquals(one, other);
  }
});

/** Everything that a run at random does, and where it ends. */
function traceOf(setup: Setup, seed: number): string {
  const stage = new Stage(setup, new Cast(), { seed, stepsMax: 100, frames: 64 });
  const steps: string[] = [];
  const run = stage.newRun(new AtRandom(seed), (step) => steps.push(stepText(step)));
  run.go();
  return [...steps, fingerprint(run)].join("\n");
}
