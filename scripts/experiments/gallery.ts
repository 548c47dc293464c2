/**
 * The gallery: every experiment and its twin, one line each: the verdict, how much was tried, how
 * long the counterexample is, how long it took.
 *
 * @module
 */
import type { Report } from "@zandbox/zandbox";
import { type CommandOptions, Exit, helpOf, print, readArgs } from "../command.ts";
import type { Question } from "../run/scenario.ts";

/** The experiments, from the plainest to those that need most to be known. */
export const GALLERY: readonly string[] = [
  "handle_leak",
  "confused_deputy",
  "attenuation",
  "caretaker",
  "powerbox",
  "namespace",
  "sealed_box",
  "membrane",
  "job_policy",
  "exception_handler",
  "exception_order",
  "write_xor_execute",
  "time_of_check",
  "execve_race",
  "descriptors",
  "malicious_elf",
  "timing",
];

/** What became of one experiment, or of its twin. */
export interface Exhibit {
  /** Its file's name. */
  readonly name: string;
  /** Which of the two. */
  readonly which: "default" | "twin";
  /** What is concluded. */
  readonly verdict: string;
  /** How many schedules or trials were run. */
  readonly tried: number;
  /** How many steps the counterexample has; 0 without one. */
  readonly steps: number;
  /** How long it took. */
  readonly milliseconds: number;
}

/** What an experiment's file exports. */
export interface Experiment {
  /** What is asked. */
  readonly default: Question;
  /** The same with a mistake in it. */
  readonly twin: Question;
}

/** Load an experiment. */
export async function experiment(name: string): Promise<Experiment> {
  return await import(new URL(`${name}.ts`, import.meta.url).href);
}

const OPTIONS: CommandOptions = {
  usage: "deno task run scripts/experiments/gallery.ts [--json]",
  about: "Runs every experiment and its twin; ends with 1 if one answers otherwise than it should.",
  flags: { json: "print one JSON array" },
  example: "deno task run scripts/experiments/gallery.ts",
  operands: 0,
};

/** Run them all, and print a line for each. */
export default async function main(words: readonly string[]): Promise<number> {
  const args = readArgs(words, OPTIONS);
  if (args.help) {
    print(helpOf(OPTIONS));
    return Exit.ok;
  }
  const isJson = args.json === true;
  const exhibits: Exhibit[] = [];
  if (!isJson) print(lineOf("EXPERIMENT", "VERDICT", "TRIED", "STEPS", "SECONDS"));
  for (const name of GALLERY) {
    for (const which of ["default", "twin"] as const) {
      const began = performance.now();
      const report = await (await experiment(name))[which].explore();
      const exhibit = exhibitOf(name, which, report, performance.now() - began);
      exhibits.push(exhibit);
      if (!isJson) print(exhibitLine(exhibit));
    }
  }
  if (isJson) print(JSON.stringify(exhibits, null, 2));
  const seconds = exhibits.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / 1000;
  if (!isJson) print(`\n${exhibits.length} of them in ${seconds.toFixed(1)} s`);
  return exhibits.every(isExpected) ? 0 : 1;
}

function exhibitOf(
  name: string,
  which: Exhibit["which"],
  { verdict, facts }: Report,
  milliseconds: number,
): Exhibit {
  const steps = facts.counterexample?.steps ?? 0;
  return { name, which, verdict, tried: facts.schedules, steps, milliseconds };
}

function exhibitLine({ name, which, verdict, tried, steps, milliseconds }: Exhibit): string {
  const seconds = (milliseconds / 1000).toFixed(2);
  const title = which === "twin" ? "  its twin" : name;
  return lineOf(title, verdict, String(tried), steps === 0 ? "" : String(steps), seconds);
}

function lineOf(title: string, verdict: string, ...numbers: readonly string[]): string {
  const columns = numbers.map((number) => number.padStart(9));
  return `${title.padEnd(20)}${verdict.padEnd(14)}${columns.join("")}`;
}

/** Twins are there to be caught, and what is not modelled is never said to hold. */
function isExpected({ name, which, verdict }: Exhibit): boolean {
  if (which === "twin") return verdict === "violated";
  return verdict === (name === "timing" ? "not-modelled" : "holds");
}
