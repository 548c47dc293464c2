/**
 * `deno task sweep`: explore every scenario of files in every way asked for; one row for each.
 *
 * A scenario is an item of a sweep as it is. What differs from one to the next, such as a policy or
 * the rights of a handle, is what the file declares scenarios with, in a loop.
 *
 * @module
 */
import { existsSync } from "@std/fs";
import { resolve, toFileUrl } from "@std/path";
import { ScenarioExit } from "../lab/telling/report.ts";
import { DECLARED } from "../lab/scenario.ts";
import { sentenceOf } from "../lab/scenario_error.ts";
import { command, CommandError, print, printError } from "./command.ts";
import { Interrupt } from "./run/interrupt.ts";
import { Progress } from "./run/progress.ts";
import { isScenario, type Question, severity } from "./run/scenario.ts";
import { itemsOf, numbersOf, type SweepAxes, type SweepItem } from "./sweep/sweep_item.ts";
import { rowOf, type SweepRow, tableOf } from "./sweep/sweep_row.ts";

if (import.meta.main) {
  await command({
    usage: "deno task sweep FILE… [FLAGS]",
    about: "Explores every scenario that files declare or export, in every way asked for.",
    flags: {
      "strategy=LIST": "of every, random and pct; every unless told",
      "seeds=LIST": "where chance begins, such as 1..20; 1 unless told",
      "preemptions=LIST": "bounds on interruptions, such as 0,1,2; none unless told",
      "steps=N": "at most so many steps in a schedule",
      "schedules=N": "at most so many schedules for each row",
      "json": "print the rows as JSON, with tokens",
    },
    example: "deno task sweep scripts/experiments/caretaker.ts --preemptions=0..2",
  }, async (args) => {
    if (args._.length === 0) throw new CommandError("no file named: deno task sweep FILE…");
    const one = (name: string) =>
      args[name] === undefined ? {} : { [name]: numbersOf(name, String(args[name]))[0]! };
    const list = (name: string) => args[name] === undefined ? [] : String(args[name]).split(",");
    const numbers = (name: string) =>
      args[name] === undefined ? [] : numbersOf(name, String(args[name]));
    const axes: SweepAxes = {
      strategies: args.strategy === undefined ? ["every"] : list("strategy"),
      seeds: args.seeds === undefined ? [1] : numbers("seeds"),
      preemptions: numbers("preemptions"),
      bounds: { ...one("steps"), ...one("schedules") },
    };
    const items: SweepItem[] = [];
    for (const file of args._) {
      for (const question of await questionsOf(file)) items.push(...itemsOf(file, question, axes));
    }
    const rows = await sweep(items);
    print(args.json ? JSON.stringify(rows, null, 2) : tableOf(rows));
    if (rows.length < items.length) {
      printError(`ended early: ${items.length - rows.length} of ${items.length} were not begun`);
    }
    return worstOf(rows, rows.length < items.length);
  });
}

/** Everything that a file asks. */
async function questionsOf(file: string): Promise<readonly Question[]> {
  const path = resolve(file);
  if (!existsSync(path)) throw new CommandError(`there is no file ${file}`);
  const before = DECLARED.length;
  try {
    const loaded: Readonly<Record<string, unknown>> = await import(toFileUrl(path).href);
    const exported = Object.values(loaded).flat().filter(isScenario);
    const found = new Set<Question>([...DECLARED.slice(before), ...exported]);
    if (found.size > 0) return [...found];
  } catch (error) {
    throw new CommandError(`${file}: ${sentenceOf(error)}`);
  }
  throw new CommandError(`${file} declares no scenario`);
}

/** Explore item after item; Ctrl-C ends it with what was found so far. */
async function sweep(items: readonly SweepItem[]): Promise<SweepRow[]> {
  using interrupt = await Interrupt.listen();
  const { signal } = interrupt;
  const rows: SweepRow[] = [];
  let tried = 0;
  const progress = new Progress("sweep");
  try {
    for (const item of items) {
      if (signal.aborted) break;
      const report = await item.question.explore({
        ...item.options,
        signal,
        onProgress: (schedules) => progress.show(tried + schedules),
      });
      tried += report.facts.schedules;
      progress.show(tried);
      rows.push(rowOf(item, report));
    }
  } finally {
    progress.clear();
  }
  return rows;
}

function worstOf(rows: readonly SweepRow[], endedEarly: boolean): number {
  const codes: number[] = rows.map(({ exitCode }) => exitCode);
  if (endedEarly) codes.push(ScenarioExit.incomplete);
  return codes.reduce((a, b) => severity(b) > severity(a) ? b : a, ScenarioExit.holds);
}
