/**
 * Every schedule of a setup, reduced or not, and the states that machines end in.
 *
 * @module
 */
import { Cast } from "../../lab/run/director.ts";
import { Search } from "../../lab/explore/search.ts";
import { fingerprint } from "../../lab/run/fingerprint.ts";
import { KernelWorld } from "../../lab/run/kernel_world.ts";
import type { Setup } from "../../lab/run/run.ts";
import { Stage } from "../../lab/run/stage.ts";
import type { World } from "../../lab/world.ts";

/** What came of all schedules. */
export interface Schedules {
  /** How many were run. */
  readonly count: number;
  /** The states at their ends. */
  readonly states: ReadonlySet<string>;
  /** How many steps the longest has. */
  readonly longest: number;
}

/** The same setup without its claims, which end runs early. */
export function withoutClaims(setup: Setup): Setup {
  return (world) => {
    const nothing = () => {};
    const claims = { always: nothing, never: nothing, sometimes: nothing, eventually: nothing };
    const names = Object.getOwnPropertyNames(KernelWorld.prototype) as (keyof World)[];
    const deeds = names.filter((name) => typeof world[name] === "function")
      .map((name) => [name, (world[name] as () => unknown).bind(world)]);
    setup({ ...Object.fromEntries(deeds), ...claims });
  };
}

/** Run all schedules of a setup, or so many. */
export function allSchedules(
  setup: Setup,
  { reduce = true, countMax = Infinity } = {},
): Schedules {
  const stage = new Stage(setup, new Cast(), { seed: 1, stepsMax: 1000, frames: 64 });
  const search = new Search({ reduce, preemptionsMax: Infinity });
  const states = new Set<string>();
  let [count, longest] = [0, 0];
  do {
    search.begin();
    const run = stage.newRun(search, null);
    run.go();
    const [failure] = run.kernel.system.failures;
    if (failure) throw failure.error;
    count++;
    longest = Math.max(longest, run.step);
    if (!search.redundant) states.add(fingerprint(run));
  } while (count < countMax && search.advance());
  return { count, states, longest };
}
