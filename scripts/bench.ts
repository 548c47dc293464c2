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
  usage: "deno task bench [NAME] [--json] [--rounds=N] [--only=KERNELS] [--soak=MINUTES]",
  about: `Measures speed beside a peer: ${BENCHES.map(({ name }) => name).join(", ")}.`,
  flags: {
    json: "print one JSON object and nothing else",
    "rounds=N": "how often each side runs; the best counts (5)",
    "only=KERNELS": "these kernels, with commas between them",
    "soak=MINUTES": "rewrite running code for so long and watch memory",
  },
  example: "deno task bench cpu --rounds=3 --only=fib,sieve",
}, async (args) => {
  const wanted = args._[0];
  const chosen = BENCHES.filter(({ name }) => wanted === undefined || name === wanted);
  if (chosen.length === 0) throw new CommandError(`There is no bench named ${wanted}`);
  for (const bench of chosen) {
    const silent = () => {};
    const result = await bench.run({
      print: args["json"] ? silent : print,
      rounds: Number(args["rounds"] ?? 5),
      only: args["only"] === undefined ? null : String(args["only"]).split(","),
      soakMinutes: Number(args["soak"] ?? 0),
    });
    if (args["json"]) print(JSON.stringify({ bench: bench.name, ...result }));
  }
  return Exit.ok;
});
