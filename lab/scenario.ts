/**
 * Scenarios: a name and a setup. Declaring one runs nothing.
 *
 * @module
 */
import { KernelBug } from "../kernel/invariant.ts";
import { type AuthorityReport, AuthorityWatch } from "./authority/authority_report.ts";
import { breachText } from "./authority/authority_check.ts";
import { type Rule, RULES } from "./authority/closure.ts";
import { differenceOf, failuresOf } from "./telling/blame.ts";
import { Cast } from "./run/director.ts";
import { type Bounds, Explorer, type Found } from "./explore/explorer.ts";
import { minimise } from "./explore/minimise.ts";
import { keptBy } from "./run/kept_handles.ts";
import { compareModels, type ModelDifference } from "./load/model_comparison.ts";
import { AtRandom, InTurn, Replay } from "./explore/strategies.ts";
import { choicesOf, hashOf, tokenOf } from "./explore/token.ts";
import { type Counterexample, Report, type ReportFacts, type Verdict } from "./telling/report.ts";
import type { Run, Setup, Strategy } from "./run/run.ts";
import { PATIENCE_SECONDS, Stage } from "./run/stage.ts";
import { OutOfPatience, patiently, patientlyInPieces } from "./run/patience.ts";
import { claimResults, verdictOf } from "./run/verdict.ts";
import { NondeterminismError, ScenarioError, sentenceOf } from "./scenario_error.ts";
import { denialText, storyOf } from "./telling/step_text.ts";
import type { Step } from "./step.ts";
import { RepeatedRun, type Travel } from "./travel.ts";

/** How to explore a scenario. */
export interface ExploreOptions extends Partial<Bounds> {
  /** Ends the exploration early; what was found until then is reported as incomplete. */
  readonly signal?: AbortSignal;
  /** Whether denials are explained: those of the counterexample, or of all schedules without one. */
  readonly explain?: boolean;
  /** Told now and then how many schedules have been run. */
  readonly onProgress?: (schedules: number) => void;
  /** For how many seconds the scenario's code may compute without a call; 10 unless told. */
  readonly patience?: number;
}

/** How to run a scenario once. */
export interface RunOptions {
  /** Lets chance choose who takes each step; everybody in turn, unless told. */
  readonly seed?: number;
  /** Follows a replay token. */
  readonly replay?: string;
  /** Whether a token that does not fit is followed as far as it does. */
  readonly forcePrefix?: boolean;
  /** Whether every denial is explained in the report. */
  readonly explain?: boolean;
  /** How many steps there may be; 10,000 unless told. */
  readonly steps?: number;
  /** How many frames of memory the machine has; 256 unless told. */
  readonly frames?: number;
  /** For how many seconds the scenario's code may compute without a call; 10 unless told. */
  readonly patience?: number;
  /** By which rules authority may spread: all, unless told. What is used beyond them is a breach. */
  readonly rules?: readonly Rule[];
}

/** A declared scenario. */
export interface Scenario {
  /** Its name. */
  readonly name: string;
  /** Sets its world up, for those who run it in their own way. */
  readonly setup: Setup;
  /** Run it once. */
  run(options?: RunOptions): Report;
  /** Try every schedule, or as many as the bounds allow. */
  explore(options?: ExploreOptions): Promise<Report>;
  /** Run it once, and say what its programs held, used, and could have come to use. */
  authority(options?: RunOptions): AuthorityReport;
  /**
   * Load each of its programs in machine code in two models of loading, such as `zircon` and `linux`,
   * and say what only one of them gives.
   */
  compare(first: string, second: string): readonly ModelDifference[];
  /** Run it once, to go back and forth in. */
  travel(options?: RunOptions): Travel;
  /** Register it as a test of Deno's: one run twice the same, and every schedule. */
  test(options?: ExploreOptions): void;
}

const BOUNDS: Bounds = {
  strategy: "every",
  reduce: true,
  preemptions: Infinity,
  steps: 1000,
  schedules: 100_000,
  seed: 1,
  frames: 256,
  rules: RULES,
  patience: PATIENCE_SECONDS,
};

const STEPS_MAX = 10_000;

/** The scenarios that were declared, in order. */
export const DECLARED: Scenario[] = [];

/**
 * Declare a scenario. Setup is called anew for every run, so what it remembers must live in it.
 *
 * @example
 * ```ts
 * import { scenario, zx } from "@zandbox/zandbox";
 *
 * const peace = scenario("nobody raises the alarm", (world) => {
 *   const alarm = world.event("alarm");
 *   world.program("guard", [alarm.only("SIGNAL")], function* (alarm) {
 *     yield* zx.objectSignal({ handle: alarm, set: 1 << 24 });
 *   });
 *   world.never("the alarm is raised", (view) => (view.signals(alarm) & 1 << 24) !== 0);
 * });
 * const report = await peace.explore();
 * if (report.verdict !== "violated") throw new Error("the guard raises it");
 * ```
 */
export function scenario(name: string, setup: Setup): Scenario {
  const declared = new DeclaredScenario(name, setup);
  DECLARED.push(declared);
  return declared;
}

class DeclaredScenario implements Scenario {
  readonly name: string;
  readonly setup: Setup;
  readonly #hash: string;

  constructor(name: string, setup: Setup) {
    this.name = name;
    this.setup = setup;
    this.#hash = hashOf(`${name}\n${setup}`);
  }

  run(options: RunOptions = {}): Report {
    return this.#try(() => patiently((times) => this.#runOnce(options, times)));
  }

  async explore(options: ExploreOptions = {}): Promise<Report> {
    const bounds = { ...BOUNDS, ...options };
    return await patientlyInPieces((times) => this.#explore(bounds, times));
  }

  async #explore(bounds: Bounds & ExploreOptions, times: number): Promise<Report> {
    const { signal, onProgress } = bounds;
    const explorer = new Explorer(this.setup, bounds, times);
    const { exploration } = explorer;
    const soFar = () => ({
      claims: claimResults(exploration.stage.records, null, false),
      schedules: exploration.schedules,
      strategy: strategyText(bounds),
    });
    for (;;) {
      const over = this.#try(() => explorer.slice(), soFar);
      if (over instanceof Report) return over;
      if (over) break;
      if (signal?.aborted) {
        exploration.cut.add("aborted");
        break;
      }
      onProgress?.(exploration.schedules);
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    return this.#try(() => this.#conclude(explorer, bounds), soFar);
  }

  authority(options: RunOptions = {}): AuthorityReport {
    return patiently((times) => {
      const stage = this.#stage(options, times);
      const { steps, watch } = this.#tell(stage, this.#strategy(options), options);
      return watch.report(steps);
    });
  }

  compare(first: string, second: string): readonly ModelDifference[] {
    const stage = this.#stage({});
    const { world } = stage.guarded(() => stage.newRun(new InTurn(), null));
    if (world.files.length > 0) {
      return world.files.map((one) => compareModels(one, [first, second]));
    }
    throw new ScenarioError(`${this.name} has no program in machine code that could be loaded`);
  }

  travel(options: RunOptions = {}): Travel {
    return patiently((times) => {
      return new RepeatedRun(this.#stage(options, times), this.#strategy(options), this.#hash);
    });
  }

  test(options: ExploreOptions = {}): void {
    const { Deno: host } = globalThis as { readonly Deno?: { readonly test?: TestRunner } };
    if (!host?.test) throw new ScenarioError("there is no Deno here to register tests with");
    host.test(this.name, async () => {
      const { patience } = options;
      const once = this.run(patience === undefined ? {} : { patience });
      // One schedule in which a claim is wrong is not the shortest, and has no token.
      const isJudged = once.verdict === "incomplete" || once.verdict === "violated";
      const report = isJudged ? await this.explore(options) : once;
      if (report.exitCode !== 0) throw new Error(report.toString());
    });
  }

  #runOnce(options: RunOptions, times: number): Report {
    const stage = this.#stage(options, times);
    const told = this.#tell(stage, this.#strategy(options), options);
    const again = this.#tell(this.#stage(options, times), new Replay(told.run.choices));
    const story = storyOf(told.steps, told.run.history);
    const failures = failuresOf(told.run, stage);
    const [one, other] = [told, again].map(({ run }) => ({
      choices: run.choices,
      steps: run.history,
    }));
    const difference = failures.length > 0 ? null : differenceOf(stage, one!, other!);
    if (difference) failures.push(difference);
    const { breach } = told.watch.report(told.steps);
    for (const { program, object, right } of breach) {
      failures.push(breachText(program, object, right));
    }
    const found = told.run.violation;
    const denials = options.explain ? denialsIn(told.run.history) : [];
    const claims = claimResults(stage.records, found?.record ?? null, false);
    return new Report({
      scenario: this.name,
      verdict: breach.size > 0 ? "unsound" : verdictOf({
        failures,
        claims,
        found: found !== null,
        cut: ["one schedule"],
        leftOut: stage.leftOut,
        sameTwice: difference === null,
      }),
      strategy: options.replay ? "repeated" : options.seed === undefined ? "in turn" : "at random",
      schedules: 1,
      redundant: 0,
      bounds: ["one schedule"],
      claims,
      failures,
      waiting: told.run.waiting.map(({ program, call }) => `${program} in ${call}`),
      ...keptBy(told.run),
      denials,
      story,
    });
  }

  #conclude(explorer: Explorer, bounds: Bounds & ExploreOptions): Report {
    const { exploration } = explorer;
    const { stage, found, cut } = exploration;
    const complete = bounds.strategy === "every" && cut.size === 0 && found === null;
    const { breaches } = exploration.check;
    const failures = [...exploration.failures, ...breaches];
    const difference = failures.length > 0 ? null : explorer.difference();
    if (difference) failures.push(difference);
    const claims = claimResults(stage.records, found?.violation.record ?? null, complete);
    const wrong = found && !difference ? this.#counterexample(stage, found) : null;
    const bounded = complete || found !== null ? [] : cut.size > 0 ? [...cut] : ["by chance"];
    const verdict = breaches.size > 0 ? "unsound" : verdictOf({
      failures,
      claims,
      found: found !== null,
      cut: bounded,
      leftOut: stage.leftOut,
      sameTwice: difference === null,
    });
    return new Report({
      scenario: this.name,
      verdict,
      strategy: strategyText(bounds),
      schedules: exploration.schedules,
      redundant: exploration.redundant,
      bounds: verdict === "not-modelled" ? [...stage.leftOut] : bounded,
      claims,
      ...(wrong ? { counterexample: wrong } : {}),
      failures,
      waiting: [...exploration.waiting].map(([who, times]) => `${who} (${times} schedules)`),
      ...exploration.handles,
      denials: bounds.explain ? wrong?.denials ?? exploration.denials.lines : [],
      story: [],
    });
  }

  #counterexample(stage: Stage, found: Found): Counterexample & { denials: readonly string[] } {
    const best = stage.work(minimise(stage, found));
    const { steps, run } = this.#tell(stage, new Replay(best.choices));
    if (run.violation?.record !== found.violation.record) throw new NondeterminismError(DIFFERENT);
    return {
      denials: denialsIn(run.history),
      claim: best.violation.record.name,
      token: tokenOf(this.#hash, best.choices),
      steps: best.choices.length,
      interruptions: best.interruptions,
      stepsAtFirst: found.choices.length,
      shortest: best.proven,
      story: storyOf(steps, run.history),
    };
  }

  #strategy({ seed, replay, forcePrefix = false }: RunOptions): Strategy {
    if (replay !== undefined) {
      return new Replay(choicesOf(replay, this.#hash, forcePrefix), forcePrefix);
    }
    return seed === undefined ? new InTurn() : new AtRandom(seed);
  }

  /** Run once and keep what happens. */
  #tell(stage: Stage, strategy: Strategy, { rules = RULES }: RunOptions = {}): Told {
    const steps: Step[] = [];
    return stage.guarded(() => {
      const run = stage.newRun(strategy, (step, run) => {
        steps.push(step);
        watch.stepped(run);
      });
      const watch = new AuthorityWatch(run, rules);
      run.go();
      return { run, steps, watch };
    });
  }

  #stage(
    { steps = STEPS_MAX, frames = BOUNDS.frames, patience = PATIENCE_SECONDS }: RunOptions,
    times = 1,
  ): Stage {
    const { seed } = BOUNDS;
    return new Stage(this.setup, new Cast(), { seed, stepsMax: steps, frames, patience, times });
  }

  /** Do something that the scenario's author may have made impossible; `soFar` is what was found. */
  #try<T>(deed: () => T, soFar?: () => Partial<ReportFacts>): T | Report {
    try {
      return deed();
    } catch (error) {
      if (error instanceof KernelBug || error instanceof OutOfPatience) throw error;
      const verdict = error instanceof NondeterminismError ? "nondeterministic" : "broken";
      return this.#broken(verdict, sentenceOf(error), soFar?.());
    }
  }

  #broken(verdict: Verdict, sentence: string, soFar: Partial<ReportFacts> = {}): Report {
    return new Report({
      scenario: this.name,
      verdict,
      strategy: "",
      schedules: 0,
      redundant: 0,
      bounds: [],
      claims: [],
      failures: [sentence],
      waiting: [],
      kept: [],
      leaks: [],
      denials: [],
      story: [],
      ...soFar,
    });
  }
}

const DIFFERENT =
  "the choices that violated a claim do not violate it again: something depends on more";

function strategyText({ strategy }: Bounds): string {
  return { every: "one by one", random: "at random", pct: "by priority" }[strategy];
}

/** A run with all that happened in it. */
interface Told {
  readonly run: Run;
  readonly steps: Step[];
  readonly watch: AuthorityWatch;
}

type TestRunner = (name: string, test: () => Promise<void>) => void;

function denialsIn(steps: readonly Step[]): string[] {
  return steps.flatMap((step) => step.denial ? denialText(step, step.denial) : []);
}
