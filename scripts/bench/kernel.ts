/**
 * How fast the kernel is: system calls, messages, and what many of everything cost.
 *
 * Times are those on a processor, not on the wall, so that a busy host does not count; rates of calls and
 * trips are of one thread, in an engine of its own each. Where both sides of a comparison are processes,
 * the wall's time is taken for both, in turns, and the best of each.
 *
 * @module
 */
import type { Bench } from "./bench.ts";
import { callRates } from "./kernel/calls.ts";
import { logCosts } from "./kernel/log_costs.ts";
import { manyObjects } from "./kernel/many.ts";
import { queueCosts } from "./kernel/queues.ts";
import { roundTrips } from "./kernel/round_trips.ts";

/** One measured number, beside what it should be. */
export interface Figure {
  /** What was measured. */
  readonly name: string;
  /** The number. */
  readonly value: number;
  /** Its unit. */
  readonly unit: string;
  /** What it should be at least, or, for what should be small, at most. */
  readonly target?: { readonly least: number } | { readonly most: number };
}

const PARTS: Readonly<Record<string, () => Figure[] | Promise<Figure[]>>> = {
  calls: callRates,
  trips: roundTrips,
  log: logCosts,
  many: manyObjects,
  queues: queueCosts,
};

/** The kernel's own numbers, beside what they should be; `--only` chooses among its parts. */
export const kernelBench: Bench = {
  name: "kernel",
  parts: Object.keys(PARTS),
  async run({ print, only }) {
    const figures: Record<string, number> = {};
    for (const [name, part] of Object.entries(PARTS)) {
      if (only !== null && !only.includes(name)) continue;
      for (const figure of await part()) {
        figures[`${figure.name}, ${figure.unit}`] = figure.value;
        print(line(figure));
      }
    }
    return { rows: [], geomean: null, figures };
  },
};

function line({ name, value, unit, target }: Figure): string {
  const digits = value >= 100 ? 0 : 2;
  const number = value.toLocaleString("en", { maximumFractionDigits: digits });
  const wanted = target === undefined
    ? ""
    : "least" in target
    ? `  (at least ${target.least.toLocaleString("en")})`
    : `  (at most ${target.most.toLocaleString("en")})`;
  return `${name.padEnd(58)} ${number.padStart(14)} ${unit}${wanted}`;
}
