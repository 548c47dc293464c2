/**
 * The items of a sweep: every scenario of every file, with every way to explore it that was asked for.
 *
 * @module
 */
import type { ExploreOptions } from "../../lab/scenario.ts";
import { CommandError } from "../command.ts";
import type { Question } from "../run/scenario.ts";

/** One thing to explore, in one way. */
export interface SweepItem {
  /** The file it is from. */
  readonly file: string;
  /** What is asked. */
  readonly question: Question;
  /** How. */
  readonly options: ExploreOptions;
}

/** What a sweep goes over. */
export interface SweepAxes {
  /** How schedules are chosen. */
  readonly strategies: readonly string[];
  /** Where chance begins, for the strategies that have it. */
  readonly seeds: readonly number[];
  /** How many interruptions there may be, where every schedule is tried; none given: as many as one likes. */
  readonly preemptions: readonly number[];
  /** What is the same for all. */
  readonly bounds: Pick<ExploreOptions, "steps" | "schedules">;
}

/** The most items that one range may make. */
const RANGE_MAX = 100_000;

/** Every way to explore one question. */
export function itemsOf(file: string, question: Question, axes: SweepAxes): SweepItem[] {
  // Trials have no schedules, and so there is one way only.
  if (!question.travel) return [{ file, question, options: {} }];
  return axes.strategies.flatMap((name) => waysOf(name, axes))
    .map((way) => ({ file, question, options: { ...axes.bounds, ...way } }));
}

/** Numbers as a flag has them: `3`, `1..20`, `0,1,2`. */
export function numbersOf(flag: string, text: string): number[] {
  return text.split(",").flatMap((part) => {
    const [, first, last = first] = /^(\d+)(?:\.\.(\d+))?$/.exec(part) ?? [];
    const count = Number(last) - Number(first) + 1;
    if (first === undefined || count < 1 || count > RANGE_MAX) {
      throw new CommandError(`--${flag}=${text} is no list of numbers, such as 0,1,2 or 1..20`);
    }
    return Array.from({ length: count }, (_, at) => Number(first) + at);
  });
}

function waysOf(strategy: string, { seeds, preemptions }: SweepAxes): ExploreOptions[] {
  if (strategy === "random" || strategy === "pct") {
    return seeds.map((seed) => ({ strategy, seed }));
  }
  if (strategy !== "every") {
    throw new CommandError(`there is no strategy ${strategy}; there is every, random and pct`);
  }
  if (preemptions.length === 0) return [{ strategy }];
  return preemptions.map((preemptions) => ({ strategy, preemptions }));
}
