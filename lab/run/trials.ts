/**
 * Trials: a question to whole machines, asked once for every combination of what may be picked.
 *
 * Where a scenario tries every order of a few programs' steps, trials try every file, every flag or
 * every moment that the question names, each on a machine of its own.
 *
 * @module
 */
import { KernelBug } from "../../kernel/invariant.ts";
import { withoutChance } from "./chance.ts";
import { choicesOf, hashOf, tokenOf } from "../explore/token.ts";
import { Refusals, type TalkingMachine } from "../telling/refusals.ts";
import { type ClaimResult, Report, type ReportFacts } from "../telling/report.ts";
import type { ExploreOptions, RunOptions } from "../scenario.ts";
import { sentenceOf } from "../scenario_error.ts";

/** One trial. */
export interface Trial {
  /** One of several things; each has its turn in a trial of its own. */
  pick<T>(what: string, among: readonly T[]): T;
  /** Explain what this machine refuses from now on, where explanations are wanted. */
  watch(machine: TalkingMachine): void;
  /** Say for the story what somebody did. */
  tell(who: string, what: string): void;
  /** Claim something that holds in every trial. */
  always(name: string, holds: boolean): void;
  /** Claim something that is true in some trial. */
  sometimes(name: string, isTrue: boolean): void;
}

/** Declared trials: they run and report as a scenario does. */
export interface Trials {
  /** Their name. */
  readonly name: string;
  /** Do the first of them, or that of a token. */
  run(options?: RunOptions): Report;
  /** Do all of them. */
  explore(options?: ExploreOptions): Promise<Report>;
}

/**
 * Declare trials. Nothing happens before they are run.
 *
 * @example
 * ```ts
 * import { trials } from "@zandbox/zandbox";
 *
 * const sums = trials("small sums are small", (trial) => {
 *   const [a, b] = [trial.pick("a", [1, 2]), trial.pick("b", [1, 2])];
 *   trial.tell("adder", `${a} and ${b} are ${a + b}`);
 *   trial.always("at most 3", a + b <= 3);
 * });
 * const report = await sums.explore();
 * if (report.facts.counterexample?.story.at(-1) !== "    1  2 and 2 are 4") throw new Error();
 * ```
 */
export function trials(name: string, act: (trial: Trial) => void): Trials {
  return new DeclaredTrials(name, act);
}

const TRIALS_MAX = 100_000;

class DeclaredTrials implements Trials {
  readonly name: string;
  readonly #act: (trial: Trial) => void;
  readonly #hash: string;

  constructor(name: string, act: (trial: Trial) => void) {
    this.name = name;
    this.#act = act;
    this.#hash = hashOf(`${name}\n${act}`);
  }

  run({ replay, forcePrefix = false, explain = false }: RunOptions = {}): Report {
    return this.#try(() => {
      const picks = replay === undefined ? [] : choicesOf(replay, this.#hash, forcePrefix);
      const [one, again] = [this.#once(picks, explain), this.#once(picks)];
      const same = JSON.stringify(one.story) === JSON.stringify(again.story);
      const claims = new Claims();
      claims.add(one);
      const verdict = !same ? "nondeterministic" : one.wrong ? "violated" : "incomplete";
      const { story, denials } = one;
      const bounds = ["one trial"];
      return this.#report({ verdict, claims: claims.results(false), bounds, story, denials });
    });
  }

  async explore(options: ExploreOptions = {}): Promise<Report> {
    const { schedules = TRIALS_MAX, signal, explain = false } = options;
    const claims = new Claims();
    const denials = new Set<string>();
    let worst: OneTrial | null = null;
    let count = 0;
    for (let picks: readonly number[] | null = []; picks; count++) {
      if (count === schedules || signal?.aborted) {
        const bound = signal?.aborted ? "aborted" : "trials";
        return this.#found(claims, { worst, count, bounds: [bound], denials });
      }
      const one = this.#try(() => this.#once(picks!, explain));
      if (one instanceof Report) return one;
      for (const text of one.refusals) denials.add(text);
      claims.add(one);
      if (one.wrong && (!worst || one.told < worst.told)) worst = one;
      picks = one.next();
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    return this.#found(claims, { worst, count, bounds: [], denials });
  }

  #found(
    claims: Claims,
    { worst, count, bounds, denials }: {
      readonly worst: OneTrial | null;
      readonly count: number;
      readonly bounds: readonly string[];
      readonly denials: ReadonlySet<string>;
    },
  ): Report {
    const results = claims.results(bounds.length === 0);
    const isWrong = results.some(({ state }) => state === "violated");
    const verdict = isWrong ? "violated" : bounds.length > 0 ? "incomplete" : "holds";
    const counterexample = worst && {
      claim: worst.wrong!,
      token: tokenOf(this.#hash, worst.picks),
      steps: worst.told,
      interruptions: 0,
      stepsAtFirst: worst.told,
      shortest: bounds.length === 0,
      denials: worst.denials,
      story: worst.story,
    };
    return this.#report({
      verdict,
      claims: results,
      bounds,
      schedules: count,
      denials: worst?.denials ?? [...denials].flatMap((text) => text.split("\n")),
      ...(counterexample ? { counterexample } : {}),
    });
  }

  #once(picks: readonly number[], explain = false): OneTrial {
    const one = new OneTrial(picks, explain ? new Refusals() : null);
    withoutChance(() => this.#act(one));
    return one;
  }

  #report(facts: Pick<ReportFacts, "verdict" | "claims" | "bounds"> & Partial<ReportFacts>) {
    return new Report({
      scenario: this.name,
      strategy: "one by one",
      unit: "trial",
      schedules: 1,
      redundant: 0,
      failures: [],
      waiting: [],
      kept: [],
      leaks: [],
      denials: [],
      story: [],
      ...facts,
    });
  }

  #try<T>(deed: () => T): T | Report {
    try {
      return deed();
    } catch (error) {
      if (error instanceof KernelBug) throw error;
      const failures = [sentenceOf(error)];
      return this.#report({ verdict: "broken", claims: [], bounds: [], schedules: 0, failures });
    }
  }
}

class OneTrial implements Trial {
  readonly picks: number[] = [];
  readonly story: string[] = [];
  readonly claims: { kind: "always" | "sometimes"; name: string; isTrue: boolean }[] = [];
  told = 0;
  wrong: string | null = null;
  readonly #given: readonly number[];
  readonly #refusals: Refusals | null;
  readonly #counts: number[] = [];
  #who = "";

  constructor(given: readonly number[], refusals: Refusals | null) {
    this.#given = given;
    this.#refusals = refusals;
  }

  /** What was refused, as lines. */
  get denials(): readonly string[] {
    return this.refusals.flatMap((text) => text.split("\n"));
  }

  /** What was refused, each a text of several lines. */
  get refusals(): readonly string[] {
    return this.#refusals?.texts ?? [];
  }

  watch(machine: TalkingMachine): void {
    this.#refusals?.watch(machine);
  }

  pick<T>(what: string, among: readonly T[]): T {
    const at = Math.min(this.#given[this.picks.length] ?? 0, among.length - 1);
    if (at < 0) throw new Error(`there is nothing to pick for ${what}`);
    this.picks.push(at);
    this.#counts.push(among.length);
    return among[at]!;
  }

  tell(who: string, what: string): void {
    if (who !== this.#who) this.story.push(who);
    this.#who = who;
    this.story.push(`  ${String(++this.told).padStart(3)}  ${what}`);
  }

  always(name: string, isTrue: boolean): void {
    this.claims.push({ kind: "always", name, isTrue });
    if (!isTrue) this.wrong ??= name;
  }

  sometimes(name: string, isTrue: boolean): void {
    this.claims.push({ kind: "sometimes", name, isTrue });
  }

  /** The picks of the trial that comes after this one; null after the last. */
  next(): number[] | null {
    const picks = [...this.picks];
    for (let at = picks.length - 1; at >= 0; at--) {
      if (picks[at]! + 1 < this.#counts[at]!) return [...picks.slice(0, at), picks[at]! + 1];
    }
    return null;
  }
}

/** What became of claims over many trials. */
class Claims {
  readonly #known = new Map<string, { kind: "always" | "sometimes"; no: number; yes: number }>();

  add({ claims }: OneTrial): void {
    for (const { kind, name, isTrue } of claims) {
      const known = this.#known.get(name) ?? { kind, no: 0, yes: 0 };
      this.#known.set(name, known);
      if (isTrue) known.yes++;
      else known.no++;
    }
  }

  results(complete: boolean): ClaimResult[] {
    return [...this.#known].map(([name, { kind, no, yes }]) => {
      if (kind === "always") return { kind, name, state: no > 0 ? "violated" : "holds" };
      return { kind, name, state: yes > 0 ? "holds" : complete ? "violated" : "unreached" };
    });
  }
}
