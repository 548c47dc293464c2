/**
 * Scenarios: verdicts, counterexamples, tokens, and what happens to those that cannot be judged.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { Signal, Status, TaskReturnCode } from "../../kernel/abi.ts";
import type { HandleTo } from "../../kernel/handle_value.ts";
import { scenario } from "../../lab/scenario.ts";
import type { Setup } from "../../lab/run/run.ts";
import { zx } from "../../lab/calls.ts";
import { receive } from "../../lab/receive.ts";

const USER_0 = 1 << 24;

/** Two programs that each read a byte and write it back with one more. */
const lostUpdate: Setup = (world) => {
  const counter = world.vmo("counter");
  for (const name of ["a", "b"]) {
    world.program(name, [counter.only("READ", "WRITE")], function* (counter) {
      const read = yield* zx.vmoRead({ handle: counter, offset: 0, bufferSize: 1 });
      const before = typeof read === "number" ? 0 : read.buffer[0]!;
      yield* zx.vmoWrite({ handle: counter, offset: 0, buffer: Uint8Array.of(before + 1) });
    });
  }
  world.eventually("both are counted", (view) => view.bytes(counter, 1)[0] === 2);
};

Deno.test("declaring a scenario runs nothing", () => {
  scenario("never run", () => {
    throw new Error("it ran");
  });
});

Deno.test("a lost update is found with one interruption, and no shorter way exists", async () => {
  const report = await scenario("lost update", lostUpdate).explore();
  assertEquals(report.verdict, "violated");
  const found = report.facts.counterexample!;
  assertEquals([found.interruptions, found.steps, found.shortest], [1, 6, true]);
});

Deno.test("of counterexamples as short as each other, the one with the fewest programs is told", async () => {
  const report = await scenario("two ways", (world) => {
    const bell = world.event("bell");
    world.program("a", [bell.only("WAIT")], function* (bell) {
      yield* zx.objectWaitOne({ handle: bell, signals: USER_0 << 5 });
    });
    world.program("b", [bell.only("SIGNAL")], function* (bell) {
      for (let at = 0; at < 3; at++) yield* zx.objectSignal({ handle: bell, set: USER_0 << at });
    });
    world.never("a third step is taken", (view) => view.step === 3);
  }).explore();
  const { steps, story } = report.facts.counterexample!;
  assertEquals([steps, story.filter((line) => !line.startsWith(" "))], [3, ["b"]], `${report}`);
});

Deno.test("a bound on interruptions that hides the lost update makes the verdict incomplete", async () => {
  const report = await scenario("lost update", lostUpdate).explore({ preemptions: 0 });
  assertEquals([report.verdict, report.exitCode], ["incomplete", 4]);
  assertEquals(report.facts.bounds, ["preemptions"]);
});

Deno.test("a token repeats its schedule, and is refused by another scenario", async () => {
  const one = scenario("lost update", lostUpdate);
  const { token, story } = (await one.explore()).facts.counterexample!;
  const again = one.run({ replay: token });
  assertEquals(again.verdict, "violated");
  assertEquals(again.facts.story, story);
  const other = scenario("something else", lostUpdate);
  assertMatch(other.run({ replay: token }).toString(), /the token is for another scenario/);
  assertEquals(other.run({ replay: token, forcePrefix: true }).verdict, "violated");
  assertMatch(one.run({ replay: token.replace(":1:", ":0:") }).toString(), /from engine 0/);
  assertMatch(one.run({ replay: "nonsense" }).toString(), /is no replay token/);
});

Deno.test("chance finds the lost update too, and the same seed finds the same", async () => {
  for (const strategy of ["random", "pct"] as const) {
    const one = scenario("lost update", lostUpdate);
    const bounds = { strategy, seed: 3, schedules: 200 };
    const first = await one.explore(bounds);
    assertEquals(first.verdict, "violated");
    assertEquals((await one.explore(bounds)).toJSON(), first.toJSON());
  }
});

Deno.test("a claim about who holds what is checked in the order that matters to it", async () => {
  const report = await scenario("two keys", (world) => {
    const vault = world.event("vault");
    const handles = [1, 2].map(() => vault.only("SIGNAL"));
    world.program("a", [handles[0]!], function* (key) {
      yield* zx.handleClose({ handle: key });
    });
    world.program("b", [handles[1]!], function* (key) {
      yield* zx.handleClose({ handle: key });
    });
    world.always("a gives its key up before b", (view) => {
      return view.holds("b", vault) || !view.holds("a", vault);
    });
  }).explore();
  assertEquals(report.verdict, "violated");
});

Deno.test("a claim that could not fail is called vacuous, one that was never true unreached", async () => {
  const report = await scenario("quiet", (world) => {
    const event = world.event("event");
    world.program("a", [event.only("SIGNAL")], function* (event) {
      yield* zx.objectSignal({ handle: event, set: USER_0 });
    });
    world.program("b", [], function* () {});
    world.always("b never writes", (view) => !view.did("b", "vmoWrite"));
    world.sometimes("b writes", (view) => view.did("b", "vmoWrite") !== undefined);
  }).explore();
  assertEquals(report.facts.claims.map(({ state }) => state), ["vacuous", "violated"]);
});

Deno.test("a program can be killed at any time, and a call can fail as planned", async () => {
  const report = await scenario("faults", (world) => {
    const settings = { faults: [{ call: "eventCreate", nth: 2, status: "NO_MEMORY" }] } as const;
    world.program("maker", [], function* () {
      yield* zx.eventCreate({});
      const second = yield* zx.eventCreate({});
      if (second === -4) yield* zx.processExit({ code: 4 });
    }, settings);
    world.anytime("somebody kills the maker", () => world.kill("maker"));
    world.sometimes("the maker gives up", (view) => view.exitCode("maker") === 4);
    world.sometimes(
      "the maker is killed",
      (view) => view.exitCode("maker") === TaskReturnCode.SYSCALL_KILL,
    );
  }).explore();
  assertEquals(report.toString().split("\n").slice(1).filter((line) => !/ holds /.test(line)), []);
  assertEquals(report.verdict, "holds");
});

Deno.test("what a scenario says is not modelled is never said to hold", async () => {
  const report = await scenario("a fast machine", (world) => {
    world.notModelled("caches");
    world.program("a", [], function* () {
      yield* zx.eventCreate();
    });
    world.never("it sleeps", (view) => view.did("a", "nanosleep") !== undefined);
  }).explore();
  assertEquals([report.verdict, report.exitCode], ["not-modelled", 4]);
  assertMatch(report.toString(), /^a fast machine: not-modelled\(caches\)/);
});

Deno.test("waiting for a message ends with a status where waiting is not allowed", async () => {
  const report = await scenario("no right to wait", (world) => {
    const [, receiving] = world.channel("mail");
    world.program("a", [receiving.only("READ")], function* (mail) {
      const message = yield* receive(mail as never);
      yield* zx.processExit({ code: typeof message === "number" ? -message : 0 });
    });
    world.eventually("it is told so", (view) => view.exitCode("a") === -Status.ACCESS_DENIED);
  }).explore();
  assertEquals(report.verdict, "holds", report.toString());
});

Deno.test("a story names signals and kills, and leaves out what says nothing", async () => {
  const report = await scenario("a short story", (world) => {
    const job = world.job("strict", { NEW_EVENT: "KILL" });
    const [sending, receiving] = world.channel("mail");
    world.program("a", [sending, receiving], function* (sending, receiving) {
      yield* zx.channelWrite({ handle: sending, bytes: new TextEncoder().encode("hi\0") });
      const items = [{ handle: receiving, signals: Signal.READABLE }];
      yield* zx.objectWaitMany({ items });
      yield* receive(receiving);
      yield* zx.eventCreate();
    }, { job });
  }).run();
  assertEquals(report.facts.story.map((line) => line.trim().replace(/^\d+ +/, "")), [
    "a",
    'channelWrite(mail/0, bytes: "hi") → OK',
    "objectWaitMany(mail/1 READABLE) → OK",
    "objectWaitOne(mail/1, READABLE|PEER_CLOSED) → OK",
    'channelRead(mail/1) → "hi"',
    "eventCreate() → is killed",
  ]);
});

Deno.test("denials of all schedules are explained, each kind once, and how often it was met", async () => {
  const one = scenario("a race for a handle", (world) => {
    const event = world.event("bell");
    world.program("ringer", [event.only("SIGNAL", "DUPLICATE")], function* (bell) {
      yield* zx.handleDuplicate({ handle: bell, rights: 1 << 31 });
      yield* zx.objectWaitOne({ handle: bell as never, signals: USER_0, deadline: 0 });
    });
    world.anytime("somebody kills the ringer", () => world.kill("ringer"));
    world.never("it rings", (view) => view.signals(event) !== 0);
  });
  assertEquals((await one.explore()).facts.denials, []);
  const { denials, schedules } = (await one.explore({ explain: true })).facts;
  assertMatch(
    denials[0]!,
    /^step \d, ringer: zx_object_wait_one is refused with ACCESS_DENIED on event bell, in \d+ of \d+/,
  );
  assertEquals(denials.filter((line) => line.startsWith("step")).length, 1);
  const [, some, all] = /in (\d+) of (\d+) schedules$/.exec(denials[0]!)!;
  assertEquals(Number(all), schedules);
  assert(Number(some) < schedules, "in some it is killed before");
});

const BROKEN: readonly (readonly [what: string, setup: Setup, sentence: RegExp])[] = [
  ["throws", (world) => {
    world.program("bad", [], function* () {
      throw new Error("out of cheese");
    });
  }, /program bad throws: out of cheese \(scenario_test.ts:\d+\)/],
  ["awaits", (world) => {
    world.program("bad", [], (async () => {}) as never);
  }, /program bad is no generator.*never awaits/],
  ["yields something that is no call", (world) => {
    world.program("bad", [], function* () {
      yield 5 as never;
    });
  }, /program bad yields number where it must make a call/],
  ["asks for a random number", (world) => {
    world.program("bad", [], function* () {
      yield* zx.nanosleep({ deadline: Math.random() });
    });
  }, /Math.random differs from run to run.*scenario_test.ts:\d+/],
  ["asks for the time", (world) => {
    world.program("bad", [], function* () {
      yield* zx.nanosleep({ deadline: Date.now() });
    });
  }, /Date.now differs from run to run/],
  ["has two programs of one name", (world) => {
    world.program("bad", [], function* () {});
    world.program("bad", [], function* () {});
  }, /two programs are named bad.*scenario_test.ts:\d+/],
  ["gives a handle away twice", (world) => {
    const event = world.event("bell");
    world.program("a", [event], function* () {});
    world.program("b", [event], function* () {});
  }, /the handle to bell is gone/],
  ["claims something in a way that throws", (world) => {
    world.program("a", [], function* () {});
    world.always("it is fine", () => {
      throw new Error("no view of this");
    });
  }, /always it is fine \(no view of this \(scenario_test.ts:\d+\)\)/],
];

for (const [what, setup, sentence] of BROKEN) {
  Deno.test(`a scenario that ${what} is broken, with a sentence that names the line`, async () => {
    const one = scenario(what, setup);
    for (const report of [await one.explore(), one.run()]) {
      assertEquals([report.verdict, report.exitCode], ["broken", 2]);
      assertMatch(report.toString(), sentence);
    }
  });
}

Deno.test("a scenario that depends on more than the schedule is called nondeterministic", () => {
  let runs = 0;
  const report = scenario("moody", (world) => {
    const mood = runs++;
    world.program("a", [], function* () {
      yield* zx.nanosleep({ deadline: mood });
    });
  }).run();
  assertEquals([report.verdict, report.exitCode], ["nondeterministic", 5]);
});

Deno.test("an exploration can be ended early, and says that it is incomplete", async () => {
  const ended = AbortSignal.abort();
  const report = await scenario("long", (world) => {
    for (const name of ["a", "b", "c", "d"]) {
      world.program(name, [], function* () {
        for (let at = 0; at < 9; at++) yield* zx.eventCreate({});
      });
    }
    world.never("somebody sleeps", (view) => view.last.call === "nanosleep");
  }).explore({ signal: ended });
  assertEquals([report.verdict, report.facts.bounds], ["incomplete", ["aborted"]]);
  assert(report.facts.schedules > 0);
});

Deno.test("reports are text, JSON and JUnit", async () => {
  const report = await scenario("lost <update>", lostUpdate).explore();
  assertMatch(report.toString(), /^lost <update>: violated, after \d+ schedules/);
  assertEquals(JSON.parse(JSON.stringify(report)).verdict, "violated");
  assertMatch(report.toJUnit(), /<testsuite name="lost &lt;update&gt;" tests="1" failures="1"/);
});

Deno.test("JUnit counts its tests, tells the story, and never passes what is not known to hold", async () => {
  const bell = scenario("a \x07 > b", lostUpdate);
  for (const report of [await bell.explore(), await bell.explore({ preemptions: 0 })]) {
    const text = report.toJUnit();
    const [, tests, failures, errors] = /tests="(\d+)" failures="(\d+)" errors="(\d+)"/.exec(text)!;
    assertEquals(Number(tests), text.split("<testcase ").length - 1);
    assertEquals(Number(failures) + Number(errors), 1, text);
    assertMatch(text, /name="a \ufffd &gt; b"/);
  }
  assertMatch((await bell.explore()).toJUnit(), />counterexample to[^<]*vmoWrite\(counter/);
});

scenario("a declared scenario registers itself as a test", (world) => {
  const event = world.event("event");
  world.program("raiser", [event.only("SIGNAL")], function* (event) {
    yield* zx.objectSignal({ handle: event, set: USER_0 });
  });
  world.eventually("it is raised", (view) => (view.signals(event) & USER_0) !== 0);
}).test();

Deno.test("a program may be any function that answers a generator, made anew or not", async () => {
  const raise = function* (event: HandleTo<"Event", "SIGNAL">) {
    yield* zx.objectSignal({ handle: event, set: 1 << 24 });
  };
  for (const kind of ["one for all runs", "made anew", "an arrow"]) {
    const bells = scenario(`bells, ${kind}`, (world) => {
      const bell = world.event("bell");
      const anew = function* (event: HandleTo<"Event", "SIGNAL">) {
        yield* raise(event);
      };
      const main = kind === "made anew" ? anew : kind === "an arrow" ? anew.bind(null) : raise;
      for (const name of ["a", "b"]) {
        const arrow = (event: HandleTo<"Event", "SIGNAL">) => main(event);
        world.program(name, [bell.only("SIGNAL")], kind === "an arrow" ? arrow : main);
      }
      world.eventually("it rings", (view) => view.signals(bell) !== 0);
    });
    const report = await bells.explore({ reduce: false });
    // All six, after the one in which the claim said what it looks at.
    assertEquals([report.verdict, report.facts.schedules], ["holds", 7], kind);
  }
});
