/**
 * Measures how fast things are, beside a peer in the same run: `deno task bench [NAME] [--json]`.
 *
 * Each file in `scripts/bench/` that exports a `Bench` is one; to add one, add it to `BENCHES`.
 *
 * @module
 */
import type { Bench } from "./bench/bench.ts";
import { cpuBench } from "./bench/cpu.ts";
import { kernelBench } from "./bench/kernel.ts";
import { labBench } from "./bench/lab.ts";
import { linuxBench } from "./bench/linux.ts";
import { loaderBench } from "./bench/loader.ts";
import { command, CommandError, Exit, print } from "./command.ts";

const BENCHES: readonly Bench[] = [cpuBench, kernelBench, labBench, linuxBench, loaderBench];

await command({
  usage: "deno task bench [--json] [--rounds=N] [--only=PARTS] [--soak=MINUTES] [NAME]",
  about: `Measures speed beside a peer: ${BENCHES.map(({ name }) => name).join(", ")}.`,
  flags: {
    json: "print one JSON object and nothing else",
    "rounds=N": "how often each side runs; the best counts (5 unless told)",
    "only=PARTS": "only these parts, with commas between them",
    "soak=MINUTES": "rewrite running code for so long and watch memory (cpu)",
  },
  example: "deno task bench cpu --rounds=3 --only=fib,sieve",
  operands: 1,
}, async (args) => {
  const wanted = args._[0];
  const chosen = BENCHES.filter(({ name }) => wanted === undefined || name === wanted);
  if (chosen.length === 0) {
    const known = BENCHES.map(({ name }) => name).join(", ");
    throw new CommandError(`there is no bench ${wanted}; there is ${known}`);
  }
  const rounds = numberOf("rounds", args["rounds"] ?? "5");
  const soakMinutes = args["soak"] === undefined ? 0 : numberOf("soak", args["soak"]);
  const only = args["only"] === undefined ? null : partsOf(chosen, String(args["only"]));
  for (const bench of chosen) {
    const silent = () => {};
    const result = await bench.run({
      print: args["json"] ? silent : print,
      rounds,
      only,
      soakMinutes,
    });
    if (args["json"]) print(JSON.stringify({ bench: bench.name, ...result }));
  }
  return Exit.ok;
});

function numberOf(name: string, text: unknown): number {
  const number = Number(text);
  if (number > 0 && (name === "soak" ? Number.isFinite(number) : Number.isSafeInteger(number))) {
    return number;
  }
  const wanted = name === "soak" ? "number" : "whole number";
  throw new CommandError(`--${name}=${text} is no ${wanted} above zero`);
}

function partsOf(chosen: readonly Bench[], list: string): readonly string[] {
  const names = list.split(",");
  const known = chosen.flatMap(({ parts }) => parts);
  const stray = names.find((name) => !known.includes(name));
  if (stray === undefined) return names;
  throw new CommandError(`there is no part ${stray} to measure; there is ${known.join(", ")}`);
}
