/**
 * Every schedule of a setup, reduced or not, and the states that machines end in.
 *
 * @module
 */
import { Cast } from "../../lab/director.ts";
import { Search } from "../../lab/explore/search.ts";
import { fingerprint } from "../../lab/fingerprint.ts";
import type { Setup } from "../../lab/run.ts";
import { Stage } from "../../lab/stage.ts";

/** What came of all schedules. */
export interface Schedules {
  /** How many were run. */
  readonly count: number;
  /** The states at their ends. */
  readonly states: ReadonlySet<string>;
}

/** Run all schedules of a setup. */
export function allSchedules(setup: Setup, { reduce = true } = {}): Schedules {
  const stage = new Stage(setup, new Cast(), { seed: 1, stepsMax: 1000, frames: 64 });
  const search = new Search({ reduce, preemptionsMax: Infinity });
  const states = new Set<string>();
  let count = 0;
  do {
    search.begin();
    const run = stage.newRun(search, null);
    run.go();
    const [failure] = run.kernel.system.failures;
    if (failure) throw failure.error;
    count++;
    if (!search.redundant) states.add(fingerprint(run));
  } while (search.advance());
  return { count, states };
}
