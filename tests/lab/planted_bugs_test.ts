/**
 * Bugs that were planted on purpose: each is found, and by the shortest way there is.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { Cast } from "../../lab/run/director.ts";
import { Interruptions } from "../../lab/explore/explorer.ts";
import { Search } from "../../lab/explore/search.ts";
import type { Setup } from "../../lab/run/run.ts";
import { scenario } from "../../lab/scenario.ts";
import { Stage } from "../../lab/run/stage.ts";
import { MEMORY_BUGS } from "../support/planted_memory.ts";
import { MESSAGE_BUGS } from "../support/planted_messages.ts";

const BUGS = { ...MEMORY_BUGS, ...MESSAGE_BUGS };

/** The fewest interruptions, and with these the fewest steps, of all schedules that violate a claim. */
function shortest(setup: Setup): readonly [interruptions: number, steps: number] {
  const stage = new Stage(setup, new Cast(), { seed: 1, stepsMax: 100, frames: 64 });
  const search = new Search({ reduce: false, preemptionsMax: Infinity });
  let best: readonly [number, number] = [Infinity, Infinity];
  do {
    search.begin();
    const counter = new Interruptions(search);
    // The search hears of steps itself; only choices go through the counter.
    const run = stage.newRun({
      choose: (ready, previous) => counter.choose(ready, previous),
      stepped: (actor, footprint) => search.stepped(actor, footprint),
      woke: (actor, by) => search.woke(actor, by),
    }, null);
    run.go();
    if (!run.violation) continue;
    const isBetter = counter.count < best[0] || (counter.count === best[0] && run.step < best[1]);
    if (isBetter) best = [counter.count, run.step];
  } while (search.advance());
  return best;
}

Deno.test("there are at least thirty planted bugs", () => {
  assert(Object.keys(BUGS).length >= 30, `${Object.keys(BUGS).length}`);
});

for (const [bug, setup] of Object.entries(BUGS)) {
  Deno.test(`found by the shortest way: ${bug}`, async () => {
    const report = await scenario(bug, setup).explore();
    assertEquals([report.verdict, report.exitCode], ["violated", 1], `${report}`);
    const { interruptions, steps, shortest: isProven } = report.facts.counterexample!;
    assertEquals([interruptions, steps], shortest(setup), `${report}`);
    assert(isProven);
    const bounded = await scenario(bug, setup).explore({ preemptions: interruptions });
    assertEquals(bounded.verdict, "violated", "it is found within its bound");
    if (interruptions === 0) return;
    const tooFew = await scenario(bug, setup).explore({ preemptions: interruptions - 1 });
    assertEquals([tooFew.verdict, tooFew.exitCode], ["incomplete", 4]);
  });
}
