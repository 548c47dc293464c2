/**
 * Sweeps: every scenario of files in every way asked for, a row each.
 *
 * @module
 */
import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { CommandError } from "../../scripts/command.ts";
import { Progress } from "../../scripts/run/progress.ts";
import { numbersOf } from "../../scripts/sweep/sweep_item.ts";
import { denoTask } from "../support/command_line.ts";

const CARETAKER = "scripts/experiments/caretaker.ts";

Deno.test("a sweep goes over strategies, seeds and bounds, and ends with the worst code", async () => {
  const flags = ["--strategy=every,random", "--preemptions=0..1", "--seeds=3,5", "--schedules=50"];
  const { code, out, err } = await denoTask("sweep", CARETAKER, ...flags, "--json");
  assertEquals([code, err], [1, ""]);
  const rows: Record<string, unknown>[] = JSON.parse(out);
  const ways = rows.map((row) => [row.strategy, row.seed, row.preemptions].join());
  const once = ["every,,0", "every,,1", "random,3,", "random,5,"];
  assertEquals(ways, [...once, ...once]);
  assertEquals(rows[0]!.verdict, "incomplete");
  assertEquals(rows.slice(4).map(({ verdict }) => verdict), Array(4).fill("violated"));
  const again = await denoTask("run", CARETAKER, "--twin", `--replay=${rows[4]!.replay}`);
  assertEquals(again.code, 1, again.out);
});

Deno.test("a sweep over all there is holds where every scenario does, trials among them", async () => {
  const folder = await Deno.makeTempDir({ dir: "/tmp" });
  try {
    await Deno.writeTextFile(`${folder}/rights.ts`, RIGHTS);
    const { code, out } = await denoTask("sweep", `${folder}/rights.ts`);
    assertEquals(code, 0, out);
    assertMatch(out, /^SCENARIO +STRATEGY +SEED +PREEMPTIONS +VERDICT +TRIED +STEPS\n/);
    assertMatch(out, /asks for READ +every +holds +\d+\nasks for WRITE +every +holds +\d+\n/);
    assertMatch(out, /sums +trials +holds +2\n$/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

const RIGHTS = `import { Right, scenario, trials, zx } from "@zandbox/zandbox";
for (const right of ["READ", "WRITE"] as const) {
  scenario("asks for " + right, (world) => {
    const letter = world.vmo("letter", "Dear Ada").only("READ", "DUPLICATE");
    world.program("asker", [letter], function* (handle) {
      yield* zx.handleDuplicate({ handle, rights: Right[right] });
    });
    world.never("it can write", (view) => view.holds("asker", letter, "WRITE"));
  });
}
export const sums = trials("sums", (trial) => trial.always("small", trial.pick("n", [1, 2]) < 3));
`;

Deno.test("a sweep that cannot be is refused with a sentence and code 2", async () => {
  const refused: readonly (readonly [words: readonly string[], sentence: RegExp])[] = [
    [[], /^no file named: deno task sweep FILE…/],
    [["nowhere.ts"], /^there is no file nowhere\.ts/],
    [["scripts/experiments/gallery.ts"], /declares no scenario/],
    [[CARETAKER, "--strategy=luck"], /there is no strategy luck; there is every, random and pct/],
  ];
  for (const [words, sentence] of refused) {
    const { code, err } = await denoTask("sweep", ...words);
    assertEquals(code, 2, err);
    assertMatch(err, sentence);
  }
});

Deno.test("numbers are listed one by one or as a range, and nothing else is a list", () => {
  assertEquals(numbersOf("seeds", "7,1..3"), [7, 1, 2, 3]);
  for (const text of ["", "a", "3..1", "-1", "1..999999999", "1,,2"]) {
    assertThrows(() => numbersOf("seeds", text), CommandError, `--seeds=${text} is no list`);
  }
});

/** What is written to a screen by a progress that is shown so many schedules, a second apart. */
function shown(isTerminal: boolean, schedules: readonly number[]): string {
  let [now, text] = [0, ""];
  const progress = new Progress("race", {
    isTerminal: () => isTerminal,
    writeSync: (bytes) => (text += new TextDecoder().decode(bytes), bytes.length),
    now: () => now,
  });
  for (const count of schedules) {
    now += 1000;
    progress.show(count);
  }
  progress.clear();
  return text;
}

Deno.test("progress is one line on a terminal, after two seconds, and is cleared in the end", () => {
  assertEquals(
    shown(true, [100, 200, 600]),
    "\r\x1b[Krace: 200 schedules, 100 a second; Ctrl-C ends with what was found" +
      "\r\x1b[Krace: 600 schedules, 200 a second; Ctrl-C ends with what was found\r\x1b[K",
  );
  assertEquals(shown(true, [100]), "");
  assertEquals(shown(false, [100, 200, 600]), "");
});
