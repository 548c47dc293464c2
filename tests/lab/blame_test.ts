/**
 * What is said where a scenario cannot be judged: each sentence has the line, also where the host
 * knows none.
 *
 * @module
 */
import { assertEquals, assertMatch } from "@std/assert";
import { type RightName, scenario, type View, type World, zx } from "@zandbox/zandbox";

/** What makes a scenario impossible to judge, and the sentence for it. */
const ODD: Readonly<Record<string, readonly [setup: (world: World) => void, said: RegExp]>> = {
  "a claim that is async": [
    (world) => world.always("odd", (async () => await true) as never),
    /it must answer true or false, and answers a promise: it may not be async \(blame_test\.ts:\d+\)/,
  ],
  "a claim that answers nothing": [
    (world) => world.never("odd", (() => {}) as never),
    /and answers undefined \(blame_test/,
  ],
  "a claim that throws what is no error": [
    (world) => {
      world.always("odd", () => {
        throw "a word";
      });
    },
    /a word \(blame_test\.ts:\d+\)/,
  ],
  "a claim that asks for a right that there is not": [
    (world) => {
      const bell = world.event("bell");
      world.never("odd", (view) => view.holds("p", bell, "SIGNEL" as RightName));
    },
    /there is no right SIGNEL; there is DUPLICATE.*\(blame_test/,
  ],
  "a claim that is no function": [
    (world) => world.never("odd", undefined as never),
    /never odd has nothing to ask: write \(view\) => … \(blame_test/,
  ],
  "rights that there are not": [
    (world) => void world.event("bell").only("WIAT" as never),
    /there is no right WIAT.*\(blame_test/,
  ],
  "a program that yields a promise": [
    (world) => {
      world.program("q", [], function* () {
        yield Promise.resolve() as never;
      });
    },
    /program q yields a promise where it must make a call.*\(blame_test\.ts:\d+\)/,
  ],
  "a program that throws a word": [
    (world) => {
      world.program("q", [], function* () {
        throw "a word";
      });
    },
    /program q throws: a word \(blame_test\.ts:\d+\)/,
  ],
  "a program that names the scenario's own handle": [
    (world) => {
      const bell = world.event("bell");
      world.program("q", [], function* () {
        yield* zx.objectSignal({ handle: bell as never, set: 1 });
      });
    },
    /handle is an object.*\(blame_test\.ts:\d+\); bell is the scenario's: list it, and use what/,
  ],
  "a program that makes things of the scenario": [
    (world) => {
      world.program("q", [], function* () {
        world.event("late");
      });
    },
    /late comes after the first step: a program makes objects with calls.*\(blame_test/,
  ],
  "a program without a name": [
    (world) => void world.program("", [], function* () {}),
    /a program needs a name/,
  ],
  "a program without a function": [
    (world) => void world.program("q", [], undefined as never),
    /program q has no function to run/,
  ],
  "a program with no list of handles": [
    (world) => void world.program("q", world.event("bell") as never, function* () {}),
    /program q gets a list of handles/,
  ],
  "a program with a hole in its handles": [
    (world) => void world.program("q", [undefined as never], function* () {}),
    /what program q gets at 0 is undefined, and no handle/,
  ],
  "a program in no job": [
    (world) => {
      const bell = world.event("bell");
      world.program("q", [], function* () {}, { job: bell as never });
    },
    /bell is no job that anything could be in/,
  ],
  "a death before the first step": [
    (world) => void world.program("q", [], function* () {}, { killAfter: 0 }),
    /program q cannot be killed after 0 steps/,
  ],
  "a failure that there is not": [
    (world) => {
      const faults = [{ call: "vmoCreate", status: "NO_MEM" as never }] as const;
      world.program("q", [], function* () {}, { faults });
    },
    /vmoCreate cannot fail with NO_MEM/,
  ],
  "a failure before the first": [
    (world) => {
      const faults = [{ call: "vmoCreate", nth: 0, status: "NO_MEMORY" }] as const;
      world.program("q", [], function* () {}, { faults });
    },
    /vmoCreate is not made for the 0th time/,
  ],
};

for (const [what, [setup, said]] of Object.entries(ODD)) {
  Deno.test(`${what} is told with its line`, async () => {
    const odd = scenario("odd", (world) => {
      world.program("p", [], function* () {});
      setup(world);
    });
    for (const report of [odd.run(), await odd.explore()]) {
      assertEquals([report.verdict, report.exitCode], ["broken", 2], `${report}`);
      assertMatch(`${report}`, said);
      assertMatch(`${report}`, /\(blame_test\.ts:\d+\)/);
    }
  });
}

const CHANCE: Readonly<Record<string, () => unknown>> = {
  "Math.random": () => Math.random(),
  "crypto.randomUUID": () => crypto.randomUUID(),
  "crypto.getRandomValues": () => crypto.getRandomValues(new Uint8Array(1)),
  "performance.now": () => performance.now(),
  "Date.now": () => Date.now(),
  "Date": () => new Date(),
  "setTimeout": () => setTimeout(() => {}, 0),
  "queueMicrotask": () => queueMicrotask(() => {}),
  "fetch": () => fetch("http://localhost"),
};

for (const [name, ask] of Object.entries(CHANCE)) {
  Deno.test(`${name} is refused in a program, in a claim and in a setup, and is there again`, async () => {
    const before = Object.getOwnPropertyDescriptors(globalThis);
    const setups: readonly ((world: World) => void)[] = [
      (world) => {
        world.program("p", [], function* () {
          ask();
        });
      },
      (world) => {
        world.program("p", [], function* () {});
        world.always("odd", () => ask() !== null);
      },
      () => void ask(),
    ];
    for (const setup of setups) {
      const odd = scenario("odd", setup);
      for (const report of [odd.run(), await odd.explore()]) {
        assertEquals(report.exitCode, 2, `${report}`);
        assertMatch(`${report}`, new RegExp(`${name} (differs|comes back|asks).*blame_test`));
      }
    }
    assertEquals(Object.getOwnPropertyDescriptors(globalThis), before);
  });
}

Deno.test("whatever may be asked of the time is asked again after a run that had to be ended", async () => {
  const endless = scenario("endless", (world) => {
    world.program("p", [], function* () {
      for (let at = 1; at > 0; at = at % 7 + 1);
    });
  });
  const report = await endless.explore({ patience: 1 });
  assertMatch(
    `${report}`,
    /program p never yields: it went on for a second without a call \(blame/,
  );
  assertEquals([typeof Date.now(), typeof Math.random()], ["number", "number"]);
});

Deno.test("what takes longer than it was given and makes calls is given more", () => {
  const slow = scenario("slow", (world) => {
    world.program("p", [], function* () {
      for (let at = 0; at < 1500; at++) {
        for (let work = 0; work < 2e6; work++);
        yield* zx.nanosleep({ deadline: 0 });
      }
    });
    world.always("it comes on", (view: View) => view.step > 0);
  });
  assertEquals(slow.run({ patience: 0.5 }).verdict, "incomplete");
});

Deno.test("a run that went on too long leaves nothing behind: the next one is like others", async () => {
  const odd = scenario("endless at first", (world) => {
    world.program("p", [], function* () {
      yield* zx.nanosleep({ deadline: 1 });
      while (world !== undefined);
    });
  });
  const good = scenario("good", (world) => {
    world.program("p", [], function* () {
      yield* zx.nanosleep({ deadline: 1 });
    });
    world.eventually("it ends", (view) => !view.alive("p"));
  });
  const before = `${await good.explore()}`;
  assertEquals(odd.run({ patience: 1 }).exitCode, 2);
  assertEquals(`${await good.explore()}`, before);
});
