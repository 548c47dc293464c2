/**
 * What came of a scenario: the verdict, each claim, and the counterexample where there is one.
 *
 * @module
 */
import type { ClaimKind } from "../claim.ts";
import { ScenarioError } from "../scenario_error.ts";

/** Exit codes of a scenario. */
export const ScenarioExit: {
  readonly holds: 0;
  readonly violated: 1;
  readonly usage: 2;
  readonly selfCheck: 3;
  readonly incomplete: 4;
  readonly nondeterminism: 5;
} = { holds: 0, violated: 1, usage: 2, selfCheck: 3, incomplete: 4, nondeterminism: 5 };

/** What may be concluded. */
export type Verdict =
  /** Every schedule was covered, and every claim holds. */
  | "holds"
  /** A claim is wrong. */
  | "violated"
  /** Nothing wrong was found, but not everything was tried. */
  | "incomplete"
  /** Every schedule was covered, but the question is about something that no machine here has. */
  | "not-modelled"
  /** The scenario cannot be judged: a program or a claim throws. */
  | "broken"
  /** The same choices led to different runs. */
  | "nondeterministic"
  /** A program used authority that no rule could have given it: the engine is wrong. */
  | "unsound";

/** What came of one claim. */
export interface ClaimResult {
  /** The way it claims. */
  readonly kind: ClaimKind;
  /** Its sentence. */
  readonly name: string;
  /** Whether it holds; `vacuous`: it never had a chance to fail; `unreached`: it was never true. */
  readonly state: "holds" | "violated" | "vacuous" | "unreached" | "throws";
  /** What its predicate threw. */
  readonly error?: string;
}

/** A schedule in which a claim is wrong. */
export interface Counterexample {
  /** The claim. */
  readonly claim: string;
  /** Repeats the schedule. */
  readonly token: string;
  /** How many steps it has. */
  readonly steps: number;
  /** How often a program that could go on is interrupted in it. */
  readonly interruptions: number;
  /** How many steps it had when it was found. */
  readonly stepsAtFirst: number;
  /** Whether nothing shorter exists. */
  readonly shortest: boolean;
  /** What happened, program by program. */
  readonly story: readonly string[];
  /** Every denial in it, explained. */
  readonly denials: readonly string[];
}

/** What a report is made of. */
export interface ReportFacts {
  /** The scenario. */
  readonly scenario: string;
  /** What may be concluded. */
  readonly verdict: Verdict;
  /** How the schedules were chosen. */
  readonly strategy: string;
  /** What a run is called; a schedule unless told. */
  readonly unit?: string;
  /** How many schedules were run. */
  readonly schedules: number;
  /** How many of them ended early because what follows was covered elsewhere. */
  readonly redundant: number;
  /** Which bounds cut something off, or what is not modelled. */
  readonly bounds: readonly string[];
  /** Each claim. */
  readonly claims: readonly ClaimResult[];
  /** A schedule in which a claim is wrong. */
  readonly counterexample?: Counterexample;
  /** What is wrong with the scenario itself. */
  readonly failures: readonly string[];
  /** Programs that wait for what never comes, with their calls and in how many schedules. */
  readonly waiting: readonly string[];
  /** Handles that the scenario made and neither gave away nor disposed of, and where. */
  readonly kept: readonly string[];
  /** Those of them that nothing can come of, in sentences. */
  readonly leaks: readonly string[];
  /** Every denial of the run, explained. */
  readonly denials: readonly string[];
  /** What happened, where one run was asked for. */
  readonly story: readonly string[];
}

/** What came of a scenario. */
export class Report {
  /** The facts. */
  readonly facts: ReportFacts;

  /** A report of facts. */
  constructor(facts: ReportFacts) {
    this.facts = facts;
  }

  /** What may be concluded. */
  get verdict(): Verdict {
    return this.facts.verdict;
  }

  /** The code that a command ends with. */
  get exitCode(): number {
    const { verdict } = this.facts;
    if (verdict === "broken") return ScenarioExit.usage;
    if (verdict === "unsound") return ScenarioExit.selfCheck;
    if (verdict === "not-modelled") return ScenarioExit.incomplete;
    return verdict === "nondeterministic" ? ScenarioExit.nondeterminism : ScenarioExit[verdict];
  }

  /** Handles that the scenario has forgotten about, in sentences. */
  get leaks(): readonly string[] {
    return this.facts.leaks;
  }

  /** Refuse a scenario that has forgotten about a handle. */
  expectNoLeaks(): this {
    if (this.leaks.length > 0) throw new ScenarioError(this.leaks.join("; "));
    return this;
  }

  /** The facts, for `JSON.stringify`. */
  toJSON(): ReportFacts {
    return this.facts;
  }

  /** The report for people. */
  toString(): string {
    const { facts } = this;
    const isCut = facts.counterexample !== undefined || facts.verdict === "broken" ||
      facts.verdict === "nondeterministic";
    const lines = [headline(facts), ...facts.claims.map((claim) => claimLine(claim, isCut))];
    if (facts.claims.length === 0 && facts.schedules > 0) lines.push("  nothing is claimed");
    for (const failure of facts.failures) lines.push(`  broken: ${failure}`);
    for (const who of facts.waiting) lines.push(`  waits for ever: ${who}`);
    for (const leak of facts.leaks) lines.push(`  leak: ${leak}`);
    if (facts.kept.length > 0 && facts.story.length > 0) {
      lines.push(`  kept by the scenario: ${facts.kept.join(", ")}`);
    }
    if (facts.story.length > 0) lines.push("", ...facts.story.map((line) => `  ${line}`));
    if (facts.denials.length > 0) lines.push("", ...facts.denials.map((line) => `  ${line}`));
    if (facts.counterexample) lines.push("", ...counterexampleLines(facts.counterexample));
    return lines.join("\n");
  }

  /**
   * The report as a JUnit test suite. What is not known to hold is never a test that passes, and there
   * are failures and errors just where the exit code is not 0: a vacuous claim counts as skipped.
   */
  toJUnit(): string {
    const { facts } = this;
    const wrong = facts.claims.filter(({ state }) => state !== "holds" && state !== "vacuous");
    const cases = facts.claims.map((claim) => {
      if (claim.state === "vacuous") {
        return caseOf(facts, claim.name, `<skipped message="${xml(claimLine(claim).trim())}"/>`);
      }
      if (!wrong.includes(claim)) return caseOf(facts, claim.name);
      const { counterexample: found } = facts;
      const story = found?.claim === claim.name ? counterexampleLines(found).join("\n") : "";
      return caseOf(
        facts,
        claim.name,
        `<failure message="${xml(claimLine(claim).trim())}">${xml(story)}</failure>`,
      );
    });
    const errors = facts.failures.length > 0 ? facts.failures : unsettled(this, wrong.length);
    const bad = errors.map((error) =>
      caseOf(facts, "scenario", `<error message="${xml(error)}"/>`)
    );
    const [tests, failures] = [cases.length + bad.length, wrong.length];
    const skipped = vacuousIn(facts);
    const counts =
      `tests="${tests}" failures="${failures}" errors="${bad.length}" skipped="${skipped}"`;
    const head = `<testsuite name="${xml(facts.scenario)}" ${counts}>`;
    return [head, ...cases, ...bad, "</testsuite>"].join("\n");
  }

  /** How a console shows it. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  /** How Deno's notebooks show it. */
  [Symbol.for("Jupyter.display")](): Readonly<Record<string, string>> {
    return { "text/plain": this.toString(), "text/html": `<pre>${xml(this.toString())}</pre>` };
  }
}

function headline(facts: ReportFacts) {
  const { scenario, verdict, schedules, redundant, strategy, bounds, unit = "schedule" } = facts;
  const runs = counted(schedules, unit);
  const extra = redundant > 0 ? `, ${redundant} of them cut short as covered` : "";
  const bound = bounds.length > 0 ? `(${bounds.join(", ")})` : "";
  const tried = schedules === 0 ? "" : `, after ${runs} ${strategy}${extra}`;
  const vacuous = verdict === "holds" ? vacuousIn(facts) : 0;
  const but = vacuous > 0 ? `, but ${counted(vacuous, "claim")} could not fail` : "";
  return `${scenario}: ${verdict}${bound}${tried}${but}`;
}

function vacuousIn({ claims }: ReportFacts): number {
  return claims.filter(({ state }) => state === "vacuous").length;
}

/** A claim as a line; those that nothing was learnt of are open where the search ended early. */
function claimLine({ kind, name, state, error }: ClaimResult, early = false): string {
  if (early && (state === "vacuous" || state === "unreached")) {
    return `  open      ${kind} ${name} (the search ended before there was anything to judge)`;
  }
  const more = {
    holds: "",
    violated: "",
    vacuous: " (what it looks at never changed, so it could not fail)",
    unreached: " (it was never true)",
    throws: ` (${error})`,
  }[state];
  return `  ${state.padEnd(9)} ${kind} ${name}${more}`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function counterexampleLines(found: Counterexample): string[] {
  const { claim, steps, stepsAtFirst, interruptions, shortest, story, token } = found;
  const often = interruptions === 0 ? "" : `, ${counted(interruptions, "interruption")}`;
  const length = `${counted(steps, "step")}${often}; ${
    shortest ? "none is shorter" : "a shorter one may exist"
  }`;
  const first = stepsAtFirst > steps ? ` (found with ${stepsAtFirst})` : "";
  return [
    `counterexample to "${claim}": ${length}${first}`,
    ...story.map((line) => `  ${line}`),
    `repeat it: --replay=${token}`,
  ];
}

function caseOf({ scenario }: ReportFacts, name: string, inner = ""): string {
  return `  <testcase classname="${xml(scenario)}" name="${xml(name)}">${inner}</testcase>`;
}

/** What keeps a report from being settled, where no claim is wrong. */
function unsettled({ facts, exitCode }: Report, wrong: number): readonly string[] {
  return exitCode === ScenarioExit.holds || wrong > 0 ? [] : [headline(facts)];
}

/** Characters that XML has no place for. */
// deno-lint-ignore no-control-regex
const NO_XML = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;

function xml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;").replaceAll(NO_XML, "\ufffd");
}
