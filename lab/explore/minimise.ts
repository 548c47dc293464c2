/**
 * Shortens a counterexample: fewest interruptions first, then fewest steps, then fewest programs.
 *
 * @module
 */
import type { Stage } from "../run/stage.ts";
import { type Found, Interruptions } from "./explorer.ts";
import { Search } from "./search.ts";
import { Replay } from "./strategies.ts";

/** How many schedules may be run to shorten one. */
const SCHEDULES_MAX = 20_000;
/** How many may be run to find one as short with fewer programs in it. */
const EQUALS_MAX = 4_000;

/** A counterexample that is as short as it could be made. */
export interface Minimised extends Found {
  /** How often a program that could go on was interrupted. */
  readonly interruptions: number;
  /** Whether nothing shorter exists. */
  readonly proven: boolean;
}

/** Runs on the way to a shorter one: many, and it may pause between any two. */
type Work<T> = Generator<void, T>;

/** Find the shortest schedule in which the same claim is wrong. */
export function* minimise(stage: Stage, found: Found): Work<Minimised> {
  const counter = new Interruptions(new Replay(found.choices));
  stage.newRun(counter, null).go();
  const { stepsMax } = stage;
  const left = { schedules: SCHEDULES_MAX };
  for (let interruptions = 0; interruptions <= counter.count; interruptions++) {
    stage.stepsMax = Math.min(stepsMax, Math.max(found.choices.length * 2, 32));
    const best = yield* shortestWith(stage, found, interruptions, left);
    if (best) {
      const fewest = yield* withFewestPrograms(stage, best, interruptions);
      stage.stepsMax = stepsMax;
      return { ...fewest, interruptions, proven: left.schedules > 0 };
    }
    if (left.schedules <= 0) break;
  }
  stage.stepsMax = stepsMax;
  return { ...found, interruptions: counter.count, proven: false };
}

function* shortestWith(
  stage: Stage,
  { violation: { record } }: Found,
  interruptions: number,
  left: { schedules: number },
): Work<Found | null> {
  const search = new Search({ reduce: false, preemptionsMax: interruptions });
  let best: Found | null = null;
  do {
    if (left.schedules-- <= 0) break;
    search.begin();
    yield;
    const run = stage.newRun(search, null);
    run.go();
    if (run.violation?.record !== record) continue;
    best = { violation: run.violation, choices: [...run.choices] };
    stage.stepsMax = run.step - 1;
  } while (search.advance());
  return best;
}

/** Of the schedules that are as short, one in which the fewest programs take part. */
function* withFewestPrograms(stage: Stage, short: Found, interruptions: number): Work<Found> {
  let best = short;
  stage.stepsMax = short.choices.length;
  const search = new Search({ reduce: false, preemptionsMax: interruptions });
  let left = EQUALS_MAX;
  do {
    if (left-- <= 0 || programsIn(best) === 1) break;
    search.begin();
    yield;
    const run = stage.newRun(search, null);
    run.go();
    if (run.violation?.record !== short.violation.record) continue;
    const found = { violation: run.violation, choices: [...run.choices] };
    if (programsIn(found) < programsIn(best)) best = found;
  } while (search.advance());
  return best;
}

function programsIn({ choices }: Found): number {
  return new Set(choices).size;
}
