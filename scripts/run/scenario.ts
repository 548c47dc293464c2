/**
 * Running declared scenarios from the command line: their flags, their reports, their exit codes.
 *
 * @module
 */
import { type Args, parseArgs } from "@std/cli";
import type { AuthorityReport } from "../../lab/authority/authority_report.ts";
import type { ExploreOptions, RunOptions, Scenario } from "../../lab/scenario.ts";
import { ScenarioError, sentenceOf } from "../../lab/scenario_error.ts";
import { type Report, ScenarioExit } from "../../lab/telling/report.ts";
import { debug } from "./debugger.ts";
import { Interrupt } from "./interrupt.ts";
import { Progress } from "./progress.ts";
import { CommandError, print } from "../command.ts";

/** The flags that a scenario takes, each with what it means. */
export const SCENARIO_FLAGS: Readonly<Record<string, string>> = {
  "once": "one schedule, everybody in turn, and its story",
  "seed=N": "one schedule chosen by chance, and its story; with --strategy, where chance begins",
  "replay=TOKEN": "the schedule of a token, and its story",
  "force-prefix": "follow a token that does not fit as far as it does",
  "debug": "go back and forth in one run, by commands from standard input",
  "compare=A,B": "what its programs in machine code could use if A loaded them, and if B did",
  "explain": "explain every denial: of the run, the counterexample, or all schedules or trials",
  "authority": "who holds what at first, what is used, what could be besides; no claims",
  "graph=KIND": "who holds what at first, drawn: dot (for Graphviz) or svg",
  "strategy=NAME": "every (unless told), random or pct",
  "preemptions=N": "interrupt a program that could go on at most so often",
  "steps=N": "at most so many steps in a schedule (1000 unless told)",
  "schedules=N": "at most so many schedules (100000 unless told)",
  "patience=N": "seconds that its code may compute without a call (10 unless told)",
  "twin": "the scenario with the mistake in it, which the file exports as twin",
  "export=NAME": "the scenario that the file exports under this name",
  "json": "print reports as JSON; differences and authority, too",
  "junit": "print reports as JUnit XML",
};

/** What a file may ask: a scenario, or trials. */
export type Question =
  & Pick<Scenario, "name" | "run" | "explore">
  & Partial<Pick<Scenario, "travel" | "compare" | "authority" | "setup">>;

/** Whether a value is a declared scenario, or declared trials. */
export function isScenario(value: unknown): value is Question {
  const one = value as Partial<Question> | null | undefined;
  return typeof one?.explore === "function" && typeof one.run === "function";
}

/** The flags that stand before the file's name, as words again. */
export function flagWords(args: Args): string[] {
  const names = Object.keys(SCENARIO_FLAGS).map((flag) => flag.split("=")[0]!);
  return names.filter((name) => args[name] !== undefined && args[name] !== false)
    .map((name) => args[name] === true ? `--${name}` : `--${name}=${args[name]}`);
}

/** Run scenarios as the words say; answers the exit code, that of the worst. */
export async function runScenarios(
  scenarios: readonly Question[],
  words: readonly string[],
  file: string,
): Promise<number> {
  const args = readFlags(words);
  if (args.debug) return await debugFirst(scenarios, args);
  if (args.authority || args.graph !== undefined) return await showAuthority(scenarios, args);
  if (typeof args.compare === "string") return compareAll(scenarios, args.compare, args);
  let worst: number = ScenarioExit.holds;
  const reports: Report[] = [];
  for (const scenario of scenarios) {
    const report = await runOne(scenario, args);
    reports.push(report);
    if (severity(report.exitCode) > severity(worst)) worst = report.exitCode;
  }
  print(textOf(reports, args, file));
  return worst;
}

/** The name under which a file is to export the scenario, if one is named. */
export function exportNamed(words: readonly string[]): string {
  const { export: name, twin } = readFlags(words);
  if (typeof name === "string") return name;
  return twin ? "twin" : "default";
}

function runOne(scenario: Question, args: Args): Report | Promise<Report> {
  const isSeeded = args.seed !== undefined && args.strategy === undefined;
  const once = args.once || isSeeded || args.replay !== undefined;
  return once ? scenario.run(runOptions(args)) : explore(scenario, args);
}

/** Explore with progress on a terminal; Ctrl-C ends it with what was found so far. */
async function explore(scenario: Question, args: Args): Promise<Report> {
  using interrupt = await Interrupt.listen();
  const progress = new Progress(scenario.name);
  try {
    return await scenario.explore({
      ...exploreOptions(args),
      explain: args.explain === true,
      signal: interrupt.signal,
      onProgress: (schedules) => progress.show(schedules),
    });
  } finally {
    progress.clear();
  }
}

function runOptions(args: Args): RunOptions {
  return {
    explain: args.explain === true,
    forcePrefix: args["force-prefix"] === true,
    ...(args.seed === undefined ? {} : { seed: numberOf(args, "seed") }),
    ...(typeof args.replay === "string" ? { replay: args.replay } : {}),
    ...(args.steps === undefined ? {} : { steps: numberOf(args, "steps") }),
    ...patienceOf(args),
  };
}

function patienceOf(args: Args): Pick<RunOptions, "patience"> {
  if (args.patience === undefined) return {};
  const patience = numberOf(args, "patience");
  if (patience === 0) throw new CommandError("--patience=0 leaves no time for anything");
  return { patience };
}

function compareAll(questions: readonly Question[], models: string, args: Args): number {
  const [first, second, ...rest] = models.split(",");
  if (!first || !second || rest.length > 0) {
    throw new CommandError(`--compare=${models} names no two load models, such as zircon,linux`);
  }
  return asked(() => {
    const found = questions.flatMap((one) => one.compare?.(first, second) ?? []);
    print(args.json ? JSON.stringify(found, null, 2) : found.join("\n\n"));
    return ScenarioExit.holds;
  });
}

/** Do what may turn out not to be possible; that is wrong usage. */
function asked<T>(deed: () => T): T {
  try {
    return deed();
  } catch (error) {
    if (error instanceof ScenarioError) throw new CommandError(sentenceOf(error));
    throw error;
  }
}

async function debugFirst([question]: readonly Question[], args: Args): Promise<number> {
  const { travel } = question!;
  if (!travel) {
    throw new CommandError("only a scenario's run goes back and forth; trials are repeated whole");
  }
  await debug(question!.name, asked(() => travel.call(question, runOptions(args))));
  return ScenarioExit.holds;
}

/** Print who holds what in each scenario, as text or drawn. */
async function showAuthority(questions: readonly Question[], args: Args): Promise<number> {
  const found: unknown[] = [];
  for (const question of questions) {
    if (!question.authority) {
      throw new CommandError("only a scenario knows who holds what; trials have whole machines");
    }
    const report = asked(() => question.authority!(runOptions(args)));
    const { held, observed, closure, gap } = report;
    if (args.json) found.push({ scenario: question.name, held, observed, closure, gap });
    else print(await authorityText(report, args.graph));
  }
  if (args.json) print(JSON.stringify(found.length === 1 ? found[0] : found, null, 2));
  return ScenarioExit.holds;
}

function authorityText(report: AuthorityReport, kind: unknown): string | Promise<string> {
  if (kind === "dot") return report.toDot();
  if (kind === "svg") return report.toSvg();
  if (kind !== undefined) throw new CommandError(`there is no graph ${kind}; there is dot and svg`);
  const { held, observed, gap } = report;
  const sets = { "held at first": held, "used": observed, "could be used besides": gap };
  return Object.entries(sets).map(([title, set]) => {
    const lines = set.size === 0 ? ["nothing"] : `${set}`.split("\n");
    return [`${title}:`, ...lines.map((line) => `  ${line}`)].join("\n");
  }).join("\n\n");
}

function exploreOptions(args: Args): ExploreOptions {
  const given = ["preemptions", "steps", "schedules", "seed"].filter((name) =>
    args[name] !== undefined
  );
  const numbers = {
    ...Object.fromEntries(given.map((name) => [name, numberOf(args, name)])),
    ...patienceOf(args),
  };
  const { strategy } = args;
  if (strategy === undefined) return numbers;
  if (strategy !== "every" && strategy !== "random" && strategy !== "pct") {
    throw new CommandError(`there is no strategy ${strategy}; there is every, random and pct`);
  }
  return { ...numbers, strategy };
}

function readFlags(words: readonly string[]): Args {
  const names = Object.keys(SCENARIO_FLAGS).map((flag) => flag.split("="));
  const args = parseArgs(words, {
    boolean: names.filter((parts) => parts.length === 1).map(([name]) => name!),
    string: names.filter((parts) => parts.length === 2).map(([name]) => name!),
    unknown: (flag) => {
      throw new CommandError(`a scenario takes no flag ${flag} (deno task run --help lists them)`);
    },
  });
  for (const [name, value] of names) {
    if (value !== undefined && (args[name!] === "" || args[name!] === true)) {
      throw new CommandError(`--${name} needs a value: --${name}=${value}`);
    }
  }
  const [word] = args._;
  if (word !== undefined) {
    throw new CommandError(`a scenario takes no argument ${word}, only flags`);
  }
  const clash = CLASHES.find((names) => names.filter((name) => isGiven(args, name)).length > 1);
  if (clash) {
    const names = clash.filter((name) => isGiven(args, name)).map((name) => `--${name}`);
    throw new CommandError(`${names.join(" and ")} ask for different things; give one of them`);
  }
  if (args["force-prefix"] && args.replay === undefined) {
    throw new CommandError("--force-prefix follows a token: --replay=TOKEN --force-prefix");
  }
  return args;
}

/** Flags of which one may be given. */
const CLASHES = [
  ["json", "junit"],
  ["replay", "seed"],
  ["replay", "strategy"],
  ["once", "strategy"],
  ["debug", "compare", "authority", "graph"],
  ["debug", "json"],
  ["graph", "json"],
  ...["debug", "compare", "authority", "graph"].map((name) => [name, "junit"]),
  ["twin", "export"],
];

function isGiven(args: Args, name: string): boolean {
  return args[name] !== undefined && args[name] !== false;
}

function numberOf(args: Args, name: string): number {
  const number = Number(args[name]);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new CommandError(`--${name}=${args[name]} is no whole number that is not negative`);
}

function textOf(reports: readonly Report[], args: Args, file: string): string {
  if (args.json) return JSON.stringify(reports.length === 1 ? reports[0] : reports, null, 2);
  if (!args.junit) {
    // The whole command, to be pasted: a token is for the scenario that this export is.
    const which = args.twin ? " --twin" : args.export ? ` --export=${args.export}` : "";
    const again = `repeat it: deno task run ${file}${which} --replay=`;
    return reports.join("\n\n").replaceAll("repeat it: --replay=", again);
  }
  return `<testsuites>\n${reports.map((report) => report.toJUnit()).join("\n")}\n</testsuites>`;
}

/** Codes by how bad they are: what a person must look at first comes last. */
export function severity(code: number): number {
  const order: readonly number[] = [
    ScenarioExit.holds,
    ScenarioExit.incomplete,
    ScenarioExit.violated,
    ScenarioExit.usage,
    ScenarioExit.nondeterminism,
    ScenarioExit.selfCheck,
  ];
  return order.indexOf(code);
}
