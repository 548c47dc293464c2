/**
 * What came of one item of a sweep, as a row of a table.
 *
 * @module
 */
import type { Report } from "../../lab/telling/report.ts";
import type { SweepItem } from "./sweep_item.ts";

/** A row. */
export interface SweepRow {
  /** The file. */
  readonly file: string;
  /** The scenario. */
  readonly scenario: string;
  /** How schedules were chosen. */
  readonly strategy: string;
  /** Where chance began; null where there was none. */
  readonly seed: number | null;
  /** The bound on interruptions; null where there was none. */
  readonly preemptions: number | null;
  /** What is concluded. */
  readonly verdict: string;
  /** The code that goes with it. */
  readonly exitCode: number;
  /** How many schedules or trials were run. */
  readonly tried: number;
  /** How many steps the counterexample has; null without one. */
  readonly steps: number | null;
  /** What repeats the counterexample; null without one. */
  readonly replay: string | null;
  /** What is wrong with the scenario itself. */
  readonly failures: readonly string[];
}

const HEAD = ["SCENARIO", "STRATEGY", "SEED", "PREEMPTIONS", "VERDICT", "TRIED", "STEPS"];

/** The row of an item. */
export function rowOf({ file, question, options }: SweepItem, report: Report): SweepRow {
  const { counterexample, schedules, failures } = report.facts;
  return {
    file,
    scenario: question.name,
    strategy: options.strategy ?? "trials",
    seed: options.seed ?? null,
    preemptions: options.preemptions ?? null,
    verdict: report.verdict,
    exitCode: report.exitCode,
    tried: schedules,
    steps: counterexample?.steps ?? null,
    replay: counterexample?.token ?? null,
    failures,
  };
}

/** Rows as a table, with what is wrong below it. */
export function tableOf(rows: readonly SweepRow[]): string {
  const cells = [HEAD, ...rows.map(cellsOf)];
  const widths = HEAD.map((_, at) => Math.max(...cells.map((row) => row[at]!.length)));
  const lines = cells.map((row) =>
    row.map((cell, at) => cell.padEnd(widths[at]!)).join("  ").trimEnd()
  );
  const wrong = rows.flatMap(({ scenario, failures }) =>
    failures.map((failure) => `broken: ${scenario}: ${failure}`)
  );
  return [...lines, ...new Set(wrong)].join("\n");
}

function cellsOf({ scenario, strategy, seed, preemptions, verdict, tried, steps }: SweepRow) {
  const numbers = [seed, preemptions].map((one) => one === null ? "" : String(one));
  return [scenario, strategy, ...numbers, verdict, String(tried), steps === null ? "" : `${steps}`];
}
