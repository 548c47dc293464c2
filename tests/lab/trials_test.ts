/**
 * Trials: every combination once, the shortest story, tokens, and what cannot be judged.
 *
 * @module
 */
import { assertEquals, assertMatch } from "@std/assert";
import { type Trial, trials } from "../../lab/trials.ts";

/** Two dice, each told of only where it shows more than one. */
function dice(trial: Trial): void {
  const shown = ["first", "second"].map((which) => trial.pick(which, [1, 2, 3]));
  for (const one of shown) if (one > 1) trial.tell("die", `shows ${one}`);
  trial.always("they show less than four", shown[0]! + shown[1]! < 4);
  trial.sometimes("they show the same", shown[0] === shown[1]);
}

Deno.test("every combination is tried once, and the shortest story is told", async () => {
  const report = await trials("dice", dice).explore();
  assertEquals([report.verdict, report.exitCode, report.facts.schedules], ["violated", 1, 9]);
  assertMatch(report.toString(), /^dice: violated, after 9 trials one by one/);
  const { story, steps, shortest } = report.facts.counterexample!;
  assertEquals({ story, steps, shortest }, {
    story: ["die", "    1  shows 3"],
    steps: 1,
    shortest: true,
  });
});

Deno.test("a token repeats its trial, and is refused by other trials", async () => {
  const one = trials("dice", dice);
  const { token, story } = (await one.explore()).facts.counterexample!;
  const again = one.run({ replay: token });
  assertEquals([again.verdict, again.facts.story], ["violated", story]);
  const other = trials("cards", dice).run({ replay: token });
  assertEquals([other.verdict, other.exitCode], ["broken", 2]);
  assertMatch(other.toString(), /the token is for another scenario/);
});

Deno.test("trials in which nothing is wrong hold, and one of them is incomplete", async () => {
  const fine = trials("fine", (trial) => trial.always("it is", trial.pick("n", [1, 2]) > 0));
  assertEquals((await fine.explore()).verdict, "holds");
  assertEquals([fine.run().verdict, fine.run().exitCode], ["incomplete", 4]);
  const cut = await fine.explore({ schedules: 1 });
  assertEquals([cut.verdict, cut.facts.bounds], ["incomplete", ["trials"]]);
});

Deno.test("what was never true in any trial is violated", async () => {
  const report = await trials("never", (trial) => trial.sometimes("it is", false)).explore();
  assertEquals(report.verdict, "violated");
});

Deno.test("trials that throw are broken, those that differ nondeterministic", async () => {
  const broken = await trials("broken", (trial) => void trial.pick("nothing", [])).explore();
  assertEquals([broken.verdict, broken.exitCode], ["broken", 2]);
  assertMatch(broken.toString(), /there is nothing to pick for nothing/);
  let count = 0;
  const moody = trials("moody", (trial) => trial.tell("mood", `${count++}`));
  assertEquals([moody.run().verdict, moody.run().exitCode], ["nondeterministic", 5]);
});
