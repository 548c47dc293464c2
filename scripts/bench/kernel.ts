/**
 * How fast the kernel is: system calls, messages, and what many of everything cost.
 *
 * Times are the processor's, not the wall's, so that a busy host does not count; where both sides of
 * a comparison are processes, the wall's time is taken for both, in turns, and the best of each.
 *
 * @module
 */
import { command, CommandError, Exit, print } from "../command.ts";
import { callRates } from "./kernel/calls.ts";
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

const PARTS = { calls: callRates, trips: roundTrips, many: manyObjects, queues: queueCosts };

/** Measure everything, or the parts that are named. */
export async function benchKernel(parts: readonly string[], json: boolean): Promise<number> {
  const names = parts.length > 0 ? parts : Object.keys(PARTS);
  const figures: Figure[] = [];
  for (const name of names) {
    const part = PARTS[name as keyof typeof PARTS];
    if (!part) {
      throw new CommandError(
        `no part is called ${name}: there are ${Object.keys(PARTS).join(", ")}`,
      );
    }
    for (const figure of await part()) {
      figures.push(figure);
      if (!json) print(line(figure));
    }
  }
  if (json) print(JSON.stringify(figures, null, 2));
  return Exit.ok;
}

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

if (import.meta.main) {
  await command({
    usage: "deno task bench kernel [PARTS…] [--json]",
    about: `Measures the kernel: ${Object.keys(PARTS).join(", ")}.`,
    flags: { json: "print the numbers as JSON" },
    example: "deno run --allow-read scripts/bench/kernel.ts calls",
  }, (args) => benchKernel(args._.map(String), args.json === true));
}
