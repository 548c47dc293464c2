/**
 * Scenarios that cannot be judged, as a person runs them: a sentence that names the line, the
 * documented exit code, and the rest of the report.
 *
 * @module
 */
import { assertEquals, assertMatch } from "@std/assert";
import { denoTask } from "../support/command_line.ts";

const HEAD = `import { scenario, zx } from "@zandbox/zandbox";
export default scenario("bad", (world) => {
  const bell = world.event("bell");
  world.always("it is quiet", (view) => view.signals(bell) === 0);
`;

interface Bad {
  /** The setup's lines, from the fifth of the file. */
  readonly body: string;
  readonly code: number;
  readonly sentence: RegExp;
  readonly flags?: readonly string[];
}

const BAD: Readonly<Record<string, Bad>> = {
  "misspells an action of a policy": {
    body: `  world.job("sandbox", { NEW_VMO: "DENI" as never });`,
    code: 2,
    sentence: /a job's policy knows no DENI; there is ALLOW, DENY.*\(bad\.ts:5\)/,
  },
  "misspells a condition of a policy": {
    body: `  world.job("sandbox", { NEW_VM: "DENY" } as never);`,
    code: 2,
    sentence: /a job's policy knows no NEW_VM; there is BAD_HANDLE/,
  },
  "awaits in a program": {
    body: `  world.program("p", [], (async function* () {}) as never);`,
    code: 2,
    sentence: /broken: program p throws: program p is no generator[^]*a program never awaits/,
  },
  "uses Date": {
    body:
      `  world.program("p", [], function* () {\n    yield* zx.nanosleep({ deadline: Date.now() });\n  });`,
    code: 2,
    sentence: /Date\.now differs from run to run.*\(bad\.ts:6\)/,
  },
  "uses Math.random": {
    body:
      `  world.program("p", [], function* () {\n    yield* zx.nanosleep({ deadline: Math.random() });\n  });`,
    code: 2,
    sentence: /Math\.random differs from run to run.*\(bad\.ts:6\)/,
  },
  "never yields": {
    body: `  world.program("p", [], function* () {\n    for (;;) {}\n  });`,
    code: 2,
    sentence: /program p never yields: it has an endless loop with no call in it \(bad\.ts:5\)/,
  },
  "throws": {
    body: `  world.program("p", [], function* () {\n    throw new Error("out of luck");\n  });`,
    code: 2,
    sentence: /program p throws: out of luck \(bad\.ts:6\)/,
  },
  "has two programs of one name": {
    body: `  world.program("p", [], function* () {});\n  world.program("p", [], function* () {});`,
    code: 2,
    sentence: /two programs are named p.*\(bad\.ts:6\)/,
  },
  "has a claim that throws": {
    body:
      `  world.always("odd", () => {\n    throw new Error("no view");\n  });\n  world.program("p", [], function* () {});`,
    code: 2,
    sentence: /throws +always odd \(no view \(bad\.ts:6\)\)/,
  },
  "leaks handles": {
    body: `  world.event("spare");\n  world.program("p", [], function* () {});`,
    code: 4,
    sentence: /kept by the scenario: bell \(bad\.ts:3\), spare \(bad\.ts:5\)/,
    flags: ["--once"],
  },
  "leaks a handle, in whatever order": {
    body: `  world.event("spare");\n  world.program("p", [bell], function* () {});`,
    code: 0,
    sentence: /leak: spare \(bad\.ts:5\) is given to no program and not disposed of/,
  },
  "leaks an end of a channel": {
    body: `  const [one, other] = world.channel("line");\n` +
      `  world.program("p", [bell, other], function* () {});`,
    code: 0,
    sentence: /leak: line\/0 \(bad\.ts:5\) stays with the scenario: whoever has the other end/,
  },
  "depends on more than the schedule": {
    body: `  const mood = globalThis.mood = (globalThis.mood ?? 0) + 1;\n` +
      `  world.program("p", [], function* () {\n    yield* zx.nanosleep({ deadline: mood });\n  });`,
    code: 5,
    sentence: /step 1 of p was once nanosleep\(deadline: 1\).*and then nanosleep.*\(bad\.ts:7\)/,
    flags: ["--once"],
  },
  "depends on more than the schedule, in every schedule": {
    body: `  const mood = globalThis.mood = (globalThis.mood ?? 0) + 1;\n` +
      `  world.program("p", [], function* () {\n    yield* zx.nanosleep({ deadline: mood });\n  });`,
    code: 5,
    sentence: /nondeterministic, after[^]*must be made in its setup/,
  },
  "never yields again after its first call": {
    body: `  world.program("p", [], function* () {\n    yield* zx.nanosleep({ deadline: 1 });\n` +
      `    for (let at = 1; at > 0; at = at % 7 + 1) {}\n  });`,
    code: 2,
    sentence: /program p never yields: after nanosleep it went on for a second.*\(bad\.ts:6\)/,
    flags: ["--patience=1"],
  },
  "has a claim that never answers": {
    body: `  world.always("odd", () => {\n    for (;;) if (bell.koid === 0) return true;\n  });\n` +
      `  world.program("p", [], function* () {});`,
    code: 2,
    sentence: /always odd never answers, in a second \(bad\.ts:5\)/,
    flags: ["--patience=1"],
  },
  "has a setup that never ends": {
    body: `  for (let at = 1; at > 0; at = at % 7 + 1) {}`,
    code: 2,
    sentence: /the setup never ends: it went on for a second after bell \(bad\.ts:3\)/,
    flags: ["--patience=1"],
  },
  "is wrong": {
    body: `  world.program("p", [bell], function* (bell) {\n` +
      `    yield* zx.objectSignal({ handle: bell, set: 1 << 24 });\n  });`,
    code: 1,
    sentence: /violated {2}always it is quiet[^]*repeat it: deno task run .* --replay=v1:/,
  },
  "is not tried out": {
    body:
      `  for (const name of ["a", "b"]) {\n    world.program(name, [bell.only("WAIT")], function* (b) {\n` +
      `      yield* zx.objectWaitOne({ handle: b, signals: 1 << 24, deadline: 1 });\n    });\n  }\n` +
      `  world.always("steps are seen", (view) => view.step > 0);`,
    code: 4,
    sentence: /incomplete\(schedules\)/,
    flags: ["--schedules=1"],
  },
};

for (const [what, { body, code, sentence, flags = [] }] of Object.entries(BAD)) {
  Deno.test(`deno task run of a scenario that ${what} ends with ${code} and says why`, async () => {
    const folder = await Deno.makeTempDir({ dir: "/tmp" });
    try {
      const text = `${HEAD}${body}\n});\ndeclare global { var mood: number | undefined; }\n`;
      await Deno.writeTextFile(`${folder}/bad.ts`, text);
      const ran = await denoTask("run", `${folder}/bad.ts`, ...flags);
      assertMatch(ran.out, sentence, ran.err);
      assertEquals([ran.code, ran.err], [code, ""], ran.out);
      if (code !== 2 || what.includes("has a claim")) assertMatch(ran.out, /always it is quiet/);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

Deno.test("a token of another scenario, of another engine or of no engine is refused", async () => {
  const file = "scripts/experiments/confused_deputy.ts";
  const refused: readonly (readonly [token: string, sentence: RegExp])[] = [
    ["v1:00000000:1:AAA", /the token is for another scenario \(00000000, this one is \w+\)/],
    ["v1:00000000:0:AAA", /the token is from engine 0, this is engine 1/],
    ["sesame", /sesame is no replay token: one looks like v1:HASH:ENGINE:WORD/],
  ];
  for (const [token, sentence] of refused) {
    const { code, out } = await denoTask("run", file, `--replay=${token}`);
    assertEquals(code, 2, out);
    assertMatch(out, sentence);
  }
  const forced = await denoTask("run", file, "--replay=v1:00000000:1:AAA", "--force-prefix");
  assertMatch(forced.out, /after 1 schedule repeated/);
});

Deno.test("reports come as JSON and as JUnit, and denials are explained", async () => {
  const file = "scripts/experiments/confused_deputy.ts";
  const json = await denoTask("run", file, "--twin", "--json");
  assertEquals([json.code, JSON.parse(json.out).verdict], [1, "violated"]);
  const junit = await denoTask("run", file, "--junit");
  assertEquals(junit.code, 0);
  assertMatch(junit.out, /<testsuites>\n<testsuite name="confused deputy, by handle" tests="2"/);
});

Deno.test("what never had a chance to fail is skipped in JUnit, where the code is 0", async () => {
  const folder = await Deno.makeTempDir({ dir: "/tmp" });
  try {
    const text = `${HEAD}  world.program("p", [world.event("other")], function* () {});\n});\n`;
    await Deno.writeTextFile(`${folder}/bad.ts`, text);
    const junit = await denoTask("run", `${folder}/bad.ts`, "--junit");
    assertEquals(junit.code, 0);
    assertMatch(junit.out, /tests="1" failures="0" errors="0" skipped="1"/);
    assertMatch(junit.out, /name="it is quiet"><skipped message="vacuous {3}always it is quiet/);
    const text2 = await denoTask("run", `${folder}/bad.ts`);
    assertMatch(text2.out, /bad: holds, after 2 schedules one by one, but 1 claim could not fail/);
    const authority = await denoTask("run", `${folder}/bad.ts`, "--authority", "--json");
    assertEquals(JSON.parse(authority.out).held[0].object, "other");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a promise that nobody awaits ends with code 2 and its line", async () => {
  const folder = await Deno.makeTempDir({ dir: "/tmp" });
  try {
    const late = `  world.program("p", [], function* () {\n    void oops();\n  });\n});\n` +
      `async function oops() {\n  throw new Error("late");\n}\n`;
    await Deno.writeTextFile(`${folder}/bad.ts`, `${HEAD}${late}`);
    const { code, out, err } = await denoTask("run", `${folder}/bad.ts`);
    assertEquals(code, 2);
    assertMatch(out, /always it is quiet/);
    assertMatch(err, /bad\.ts, line 10: late \(in a promise that nobody awaits/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
