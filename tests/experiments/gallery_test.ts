/**
 * The experiments: each does what its page says, its twin is caught with the shortest story there is,
 * and the token of that story repeats it.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { RightName } from "../../kernel/abi.ts";
import type { Verdict } from "../../lab/telling/report.ts";
import { experiment, GALLERY } from "../../scripts/experiments/gallery.ts";
import type { Question } from "../../scripts/run/scenario.ts";

/** What is expected of an experiment. */
interface Expected {
  /** The verdict, where it is another than `holds`. */
  readonly verdict?: Verdict;
  /** How many steps the twin's counterexample has. */
  readonly steps: number;
  /** How often a program is interrupted in it. */
  readonly interruptions?: number;
  /** The claim that is wrong. */
  readonly claim: string;
  /** What must be in the story, in this order. */
  readonly words: readonly string[];
}

const LINES_MAX = 59;

const EXPECTED: Readonly<Record<string, Expected>> = {
  confused_deputy: {
    claim: "what a client asks for lands in what it handed over",
    steps: 5,
    words: ["channelWrite(requests/0", "sends out", "vmoWrite(billing"],
  },
  caretaker: {
    claim: "what bob requests after the revocation is not served",
    steps: 8,
    words: ["TIMED_OUT", "handleClose(control/0) → OK", '"please"', "vmoRead(secret", "S3CRET"],
  },
  attenuation: {
    claim: "p2 is sent and holds at most what p1 was sent",
    steps: 4,
    words: ["archive", "sends letter", "p2", "gets letter"],
  },
  handle_leak: {
    claim: "the stranger holds the secret",
    steps: 5,
    words: ["channelWrite(log/0, sends report and secret) → OK", "gets report and secret"],
  },
  job_policy: {
    claim: "a process is born in the sandbox",
    steps: 6,
    words: [
      "worker",
      "channelWrite(launcher/0)",
      "launcher",
      "processCreate(sandbox, name: born) → OK",
    ],
  },
  exception_handler: {
    claim: "the watcher ends the ward",
    steps: 9,
    words: ["taskCreateExceptionChannel(ward)", "gets exception", "taskKill(ward) → OK"],
  },
  exception_order: {
    claim: "the outer job hears of it",
    steps: 26,
    words: [
      "taskCreateExceptionChannel(outer)",
      'buffer: "0"',
      "EXCEPTION_STRATEGY",
      'buffer: "1"',
      'buffer: "2"',
      "EXCEPTION_STATE",
    ],
  },
  powerbox: {
    claim: "the app holds the diary",
    steps: 12,
    words: ["sends shelf/0", "gets shelf/0", "handleDuplicate(diary", "gets diary"],
  },
  namespace: {
    claim: "what is not below /data is opened",
    steps: 15,
    interruptions: 1,
    words: [
      '"link"',
      '"notes    "',
      "mover",
      '"../secret"',
      "server",
      "vmoRead(/secret",
      '"S3CRET"',
    ],
  },
  time_of_check: {
    claim: "what is loaded is what was checked",
    steps: 4,
    interruptions: 1,
    words: ['→ "good"', "stranger", '"evil"', "launcher", '→ "evil"'],
  },
  sealed_box: {
    claim: "mallory holds the letter",
    steps: 11,
    words: ["eventCreate", "mallory", "channelWrite(hers/0", "sends letter", "gets letter"],
  },
  membrane: {
    claim: "a knock after the revocation arrives",
    steps: 13,
    words: [
      "gets door/0",
      "sends door/0",
      "the owner revokes",
      "insider",
      "knock",
      "porter",
      "knock",
    ],
  },
  descriptors: {
    claim: "it has what it was given, and no more",
    steps: 3,
    words: [
      "opens /secret with CLOEXEC",
      "socket without CLOEXEC",
      "three streams and socket",
    ],
  },
  execve_race: {
    claim: "what runs was checked",
    steps: 6,
    words: ["openat", "stranger", "puts another file", "pread64", "execve", "ends with 66"],
  },
  malicious_elf: {
    claim: "the kernel goes on",
    steps: 2,
    words: ["no program headers", "panics, first_vmo.unwrap()", "the kernel pays"],
  },
  write_xor_execute: {
    claim: "no page is writable and executable at once",
    steps: 25,
    words: ["r-x", "ACCESS_DENIED", "vmoReplaceAsExecutable", "vmarMap(vmar 1027, rwx", "→ OK"],
  },
  timing: {
    verdict: "not-modelled",
    claim: "the spy sees time go by",
    steps: 7,
    interruptions: 1,
    words: [
      "spy",
      "vmoRead(ticks",
      "counter",
      "vmoWrite(ticks",
      "spy",
      "processExit(code: 3) → ends",
    ],
  },
};

Deno.test("the gallery, its tests and the README know the same experiments", async () => {
  assertEquals([...GALLERY].sort(), Object.keys(EXPECTED).sort());
  const readme = await Deno.readTextFile("README.md");
  const named = [...readme.matchAll(/^- `(\w+)` — /gm)].map(([, name]) => name);
  assertEquals(named, [...GALLERY]);
  for (const [, name, item] of readme.matchAll(/^- `(\w+)` — ((?:.|\n {2})*)/gm)) {
    const told = /(\d+)\s+steps/.exec(item!);
    if (told) assertEquals(Number(told[1]), EXPECTED[name!]!.steps, name);
  }
});

for (const [name, expected] of Object.entries(EXPECTED)) {
  const { verdict = "holds" } = expected;
  Deno.test(`the experiment ${name} answers ${verdict}, and no claim of it is empty`, async () => {
    const report = await (await experiment(name)).default.explore();
    assertEquals(report.verdict, verdict, report.toString());
    const empty = report.facts.claims.filter(({ state }) => state !== "holds");
    assertEquals(empty, []);
  });

  Deno.test(`the twin of ${name} is caught, and its token repeats the story`, async () => {
    const { twin } = await experiment(name);
    const report = await twin.explore();
    assertEquals([report.verdict, report.exitCode], ["violated", 1]);
    const found = report.facts.counterexample;
    assert(found, report.toString());
    const { interruptions = 0, claim, steps, words } = expected;
    assertEquals(
      { claim: found.claim, steps: found.steps, interruptions: found.interruptions },
      { claim, steps, interruptions },
    );
    assert(found.shortest);
    assertInOrder(found.story.join("\n"), words);
    const again = twin.run({ replay: found.token });
    assertEquals([again.verdict, again.facts.story], ["violated", found.story]);
  });

  Deno.test(`the experiment ${name} can be read at a glance`, async () => {
    const text = await Deno.readTextFile(`scripts/experiments/${name}.ts`);
    assert(text.split("\n").length <= LINES_MAX + 1, `${name} is longer than ${LINES_MAX} lines`);
    for (const word of ["Asked:", "Expected:", "Try:"]) assertStringIncludes(text, word);
  });
}

/** The exports besides: a third way, and what becomes of it. */
const OTHERS: readonly (readonly [name: string, other: string, verdict: Verdict])[] = [
  ["namespace", "tidy", "violated"],
  ["descriptors", "zcore", "violated"],
  ["descriptors", "zircon", "holds"],
  ["malicious_elf", "linux", "holds"],
];

for (const [name, other, verdict] of OTHERS) {
  Deno.test(`the experiment ${name} has a third way, ${other}: ${verdict}`, async () => {
    const loaded: Record<string, Question> = { ...await experiment(name) };
    assertEquals((await loaded[other]!.explore()).verdict, verdict);
  });
}

Deno.test("what could be reached is known beforehand, from the rights alone", async () => {
  const reached: readonly (readonly [name: string, ...what: [string, string, RightName]])[] = [
    ["handle_leak", "stranger", "secret", "READ"],
    ["attenuation", "p2", "letter", "WRITE"],
    ["exception_handler", "watcher", "ward", "DESTROY"],
  ];
  for (const [name, program, object, right] of reached) {
    const { default: good, twin } = await experiment(name);
    const could = [good, twin].map((one) =>
      [...one.authority!().closure].some((fact) =>
        fact.program === program && fact.object === object && fact.right === right
      )
    );
    assertEquals(could, [false, true], name);
  }
});

function assertInOrder(text: string, words: readonly string[]): void {
  let at = 0;
  for (const word of words) {
    at = text.indexOf(word, at);
    assert(at >= 0, `${word} is missing, or stands too early, in:\n${text}`);
  }
}
