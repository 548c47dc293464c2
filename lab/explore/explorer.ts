/**
 * Explores a scenario: run after run, until nothing is left to try or a bound is reached.
 *
 * @module
 */
import { AuthorityCheck } from "../authority/authority_check.ts";
import type { Rule } from "../authority/closure.ts";
import { Denials } from "../telling/denials.ts";
import { Cast } from "../run/director.ts";
import type { Run, RunEnding, Setup, Strategy, Violation } from "../run/run.ts";
import { keptBy, type KeptHandles } from "../run/kept_handles.ts";
import { Stage } from "../run/stage.ts";
import type { Step } from "../step.ts";
import { NondeterminismError } from "../scenario_error.ts";
import { Search } from "./search.ts";
import { differenceOf, failuresOf, type Told } from "../telling/blame.ts";
import { Slice } from "../run/patience.ts";
import { AtRandom, ByPriority, Prefix } from "./strategies.ts";

/** How to explore. */
export interface Bounds {
  /** Every schedule, or a number of them by chance (`random`, `pct`). */
  readonly strategy: "every" | "random" | "pct";
  /** Whether steps that do not conflict are kept in one order. */
  readonly reduce: boolean;
  /** How many times an actor that could go on may be interrupted. */
  readonly preemptions: number;
  /** How many steps a schedule may have. */
  readonly steps: number;
  /** How many schedules may be run. */
  readonly schedules: number;
  /** Where chance begins. */
  readonly seed: number;
  /** How many frames of memory the machine has. */
  readonly frames: number;
  /** By which rules authority may spread: what is used beyond them is a breach. */
  readonly rules: readonly Rule[];
  /** Whether denials are gathered. */
  readonly explain?: boolean;
  /** For how many seconds the scenario's code may compute without a call. */
  readonly patience: number;
}

/** A schedule in which a claim is wrong. */
export interface Found {
  /** The claim and the step. */
  readonly violation: Violation;
  /** Who took each step. */
  readonly choices: readonly number[];
}

/** What was found. */
export class Exploration {
  /** The stage, with all that is known of the claims. */
  readonly stage: Stage;
  /** How many schedules were run. */
  schedules = 0;
  /** How many of them were given up because what follows was covered elsewhere. */
  redundant = 0;
  /** The most steps that a schedule had. */
  longest = 0;
  /** Which bounds cut something off. */
  readonly cut = new Set<string>();
  /** A schedule in which a claim is wrong. */
  found: Found | null = null;
  /** What programs threw, in sentences. */
  readonly failures = new Set<string>();
  /** Who waits for what never comes, in how many schedules. */
  readonly waiting = new Map<string, number>();
  /** What the scenario keeps of the handles that it makes. */
  handles: KeptHandles = { kept: [], leaks: [] };
  /** What was denied. */
  readonly denials = new Denials();
  /** The self-check of the engine. */
  readonly check: AuthorityCheck;
  /** Whether everything was tried that was to be tried. */
  finished = false;

  /** An exploration that has not begun. */
  constructor(stage: Stage, rules: readonly Rule[]) {
    this.stage = stage;
    this.check = new AuthorityCheck(rules);
  }
}

const PCT_CHANGES = 3;
const REPEATS = 8;
const LOOK = (): void => {};

/** Explores, a slice of runs at a time. */
export class Explorer {
  readonly #bounds: Bounds;
  readonly #setup: Setup;
  readonly #times: number;
  #search: Search;
  readonly #blamed = new Set<string>();
  /** What was found so far. */
  exploration: Exploration;
  #growth = 0;
  /** The first schedule and the last, with what happened in them. */
  readonly #told: {
    readonly choices: readonly number[];
    readonly steps: readonly Step[] | null;
  }[] = [];

  /** Explore what a setup makes; `times` is how many times as long it may take as it was given. */
  constructor(setup: Setup, bounds: Bounds, times = 1) {
    this.#setup = setup;
    this.#bounds = bounds;
    this.#times = times;
    this.exploration = new Exploration(this.#newStage(new Cast()), bounds.rules);
    this.#search = this.#newSearch();
  }

  /** Run a slice of schedules; answers whether the exploration is over. */
  slice(): boolean {
    const { exploration } = this;
    try {
      return exploration.stage.guarded(() => {
        const slice = new Slice();
        while (!exploration.finished && !slice.over) this.#runOne();
        return exploration.finished;
      });
    } catch (error) {
      const found = error instanceof NondeterminismError && this.difference(REPEATS);
      throw found ? new NondeterminismError(found) : error;
    }
  }

  /**
   * What does not happen again as it did, in the first schedule or the last; null where all does.
   * Where something is known to differ, more times tell more.
   */
  difference(times = 1): string | null {
    const { stage } = this.exploration;
    return stage.guarded(() => {
      for (const { choices, steps } of Array.from({ length: times }, () => this.#told).flat()) {
        const told = steps ? { choices, steps } : this.#tellAgain(choices);
        const found = differenceOf(stage, told, this.#tellAgain(choices));
        if (found) return found;
      }
      return null;
    });
  }

  #runOne(): void {
    const { exploration } = this;
    if (exploration.schedules >= this.#bounds.schedules) {
      if (this.#bounds.strategy === "every") exploration.cut.add("schedules");
      exploration.finished = true;
      return;
    }
    this.#search.begin();
    const { explain = false } = this.#bounds;
    // The first schedule is told; of the others only those calls are looked at that are news. What
    // machine code calls is known only where all of it is looked at.
    const { processor } = exploration.stage;
    const looks = explain || exploration.schedules === 0 || processor ? LOOK : null;
    const run = exploration.stage.newRun(this.#strategy(), looks, exploration.check);
    exploration.check.begin(run);
    const ending = run.go();
    exploration.check.end(run);
    if (exploration.schedules === 0) exploration.handles = keptBy(run);
    if (exploration.schedules === 0) this.#tell(run.choices, run.history);
    if (explain) exploration.denials.add(run.history);
    exploration.schedules++;
    if (exploration.stage.growth !== this.#growth) return this.#startAgain(run, ending);
    this.#note(run, ending);
    if (exploration.found) exploration.finished = true;
    else if (this.#bounds.strategy === "every" && !this.#search.advance()) {
      if (this.#search.cut) exploration.cut.add("preemptions");
      exploration.finished = true;
    }
    if (exploration.finished) this.#tell(run.choices);
  }

  #tell(choices: readonly number[], steps?: readonly Step[]): void {
    this.#told.push({ choices: [...choices], steps: steps ? [...steps] : null });
  }

  #tellAgain(choices: readonly number[]): Told {
    const run = this.exploration.stage.newRun(new Prefix(choices), LOOK);
    run.go();
    return { choices: run.choices, steps: run.history };
  }

  #note(run: Run, ending: RunEnding): void {
    const { exploration } = this;
    exploration.longest = Math.max(exploration.longest, run.step);
    const { failures } = run.kernel.system;
    if (failures.length > 0) this.#blame(run);
    if (ending === "steps") exploration.cut.add("steps");
    if (ending === "stopped") exploration.redundant++;
    if (ending === "over") {
      const words = run.waiting.map(({ program, call }) => `${program} in ${call}`).join(", ");
      if (words) exploration.waiting.set(words, (exploration.waiting.get(words) ?? 0) + 1);
    }
    if (run.violation) exploration.found = { violation: run.violation, choices: [...run.choices] };
  }

  /** Programs have thrown something; to find out where takes other runs, so each is asked once. */
  #blame(run: Run): void {
    const { exploration } = this;
    const text = run.kernel.system.failures.map(({ name, error }) => `${name} ${error}`).join("\n");
    if (this.#blamed.has(text)) return;
    this.#blamed.add(text);
    for (const failure of failuresOf(run, exploration.stage)) exploration.failures.add(failure);
  }

  /** A claim looks at more than was known: what was left out may matter after all. */
  #startAgain(run: Run, ending: RunEnding): void {
    const { exploration } = this;
    this.#growth = exploration.stage.growth;
    if (run.violation) {
      this.#note(run, ending);
      exploration.finished = true;
    }
    this.#search = this.#newSearch();
  }

  #strategy(): Strategy {
    const { strategy, seed } = this.#bounds;
    const { schedules, longest } = this.exploration;
    if (strategy === "random") return new AtRandom(seed + schedules);
    if (strategy === "pct") {
      return new ByPriority(seed + schedules, { changes: PCT_CHANGES, steps: longest || 16 });
    }
    return this.#search;
  }

  #newSearch(): Search {
    const { reduce, preemptions } = this.#bounds;
    // What a reduced search leaves out may be all that fits within a bound on interruptions.
    return new Search({ reduce: reduce && preemptions === Infinity, preemptionsMax: preemptions });
  }

  #newStage(cast: Cast): Stage {
    const { seed, steps, frames, patience } = this.#bounds;
    const times = this.#times;
    return new Stage(this.#setup, cast, { seed, stepsMax: steps, frames, patience, times });
  }
}

/** Count how often an actor that could go on was interrupted. */
export class Interruptions implements Strategy {
  /** How often so far. */
  count = 0;
  readonly #inner: Strategy;

  /** Count those of another strategy. */
  constructor(inner: Strategy) {
    this.#inner = inner;
  }

  choose(...[ready, previous]: Parameters<Strategy["choose"]>): ReturnType<Strategy["choose"]> {
    const actor = this.#inner.choose(ready, previous);
    if (actor && previous && actor !== previous && ready.includes(previous)) this.count++;
    return actor;
  }
}
