/**
 * `deno task run`: run a scenario, that is, a TypeScript file.
 *
 * The file's default export is what runs: a declared scenario, or a function that is given the words
 * behind the file's name and may answer an exit code. Without one, every scenario runs that the file
 * declares; a file that declares none has done its work when it is loaded.
 *
 * @module
 */
import { existsSync } from "@std/fs";
import { resolve, toFileUrl } from "@std/path";
import { KernelBug } from "../kernel/invariant.ts";
import { ScenarioExit } from "../lab/telling/report.ts";
import { DECLARED } from "../lab/scenario.ts";
import {
  command,
  CommandError,
  type CommandOptions,
  Exit,
  helpOf,
  print,
  printError,
} from "./command.ts";
import {
  exportNamed,
  flagWords,
  isScenario,
  type Question,
  runScenarios,
  SCENARIO_FLAGS,
  severity,
} from "./run/scenario.ts";

/** What a scenario's file may export as its default. */
export type Main = (words: readonly string[]) => unknown;

const RUN: CommandOptions = {
  usage: "deno task run FILE [ARGS…]",
  about: `Runs a scenario: a TypeScript file, with the arguments that follow it. Unless a flag says
otherwise, every order of steps is tried. A claim that never had a chance to fail holds, and is
reported as vacuous (in JUnit as skipped): claim with sometimes what must be able to happen.

exit codes: ${ScenarioExit.holds} it holds, ${ScenarioExit.violated} it is violated, or the file \
throws, ${ScenarioExit.usage} it cannot be judged,
            ${ScenarioExit.selfCheck} the kernel is wrong, ${ScenarioExit.incomplete} not all was \
tried or modelled, ${ScenarioExit.nondeterminism} runs differ`,
  flags: SCENARIO_FLAGS,
  example: "deno task run scripts/experiments/confused_deputy.ts",
  stopEarly: true,
};

if (import.meta.main) {
  await command(RUN, async (args) => {
    const [file, ...words] = args._;
    if (!file) throw new CommandError("no scenario named: deno task run FILE [ARGS…]");
    const all = [...flagWords(args), ...words];
    const rejected = watchPromises(file);
    const main = await load(file, all);
    const code = main ? await runMain(file, main, all) : Exit.ok;
    return rejected() && severity(code) < severity(Exit.usage) ? Exit.usage : code;
  });
}

/** Tell of promises that nobody awaits and that come to nothing; answers whether there was one. */
function watchPromises(file: string): () => boolean {
  const told = new Set<string>();
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    Deno.exitCode = Exit.usage;
    const { message } = scenarioError(file, event.reason);
    if (told.has(message)) return;
    told.add(message);
    printError(`${message} (in a promise that nobody awaits; a program never makes one)`);
  });
  return () => told.size > 0;
}

async function load(file: string, words: readonly string[]): Promise<Main | undefined> {
  const path = resolve(file);
  if (!existsSync(path)) throw new CommandError(`there is no file ${file}`);
  if (Deno.statSync(path).isDirectory) {
    throw new CommandError(`${file} is a folder; name a scenario's file in it`);
  }
  if (!/\.[mc]?[tj]s$/.test(file)) {
    throw new CommandError(
      `${file} is no TypeScript file; a program runs with: deno task exec ${file}`,
    );
  }
  try {
    const loaded: Readonly<Record<string, unknown>> = await import(toFileUrl(path).href);
    const wantsHelp = words.includes("--help") || words.includes("-h");
    if (typeof loaded.default === "function") {
      const main = loaded.default as Main;
      // One that takes no words cannot be asked itself; what its file says of it is its help.
      return wantsHelp && main.length === 0 ? () => print(aboutOf(file, path)) : main;
    }
    if (wantsHelp) return () => print(helpOf({ ...RUN, usage: `deno task run ${file} [FLAGS]` }));
    const scenarios = chosen(file, loaded, words);
    return scenarios.length > 0 ? (words) => runScenarios(scenarios, words, file) : undefined;
  } catch (error) {
    if (error instanceof CommandError || error instanceof KernelBug) throw error;
    throw scenarioError(file, error);
  }
}

/** What a file says of itself at its top, and how it is run. */
function aboutOf(file: string, path: string): string {
  const [, comment = ""] = /^\s*\/\*\*([^]*?)\*\//.exec(Deno.readTextFileSync(path)) ?? [];
  const lines = comment.split("\n").map((line) => line.replace(/^\s*\* ?/, ""));
  const about = lines.filter((line) => !line.startsWith("@")).join("\n").trim();
  return [...(about === "" ? [] : [about]), `usage: deno task run ${file}`].join("\n\n");
}

/** The scenarios of a file that are to run: the one exported, or all it declares. */
function chosen(
  file: string,
  loaded: Readonly<Record<string, unknown>>,
  words: readonly string[],
): readonly Question[] {
  if (DECLARED.length === 0 && !Object.values(loaded).some(isScenario)) return [];
  const name = exportNamed(words);
  const found = loaded[name];
  if (isScenario(found)) return [found];
  if (name === "default") return DECLARED;
  throw new CommandError(`${file} exports no scenario named ${name}`);
}

async function runMain(file: string, main: Main, words: readonly string[]): Promise<number> {
  try {
    const code = await main(words);
    return typeof code === "number" ? code : Exit.ok;
  } catch (error) {
    if (error instanceof CommandError || error instanceof KernelBug) throw error;
    throw scenarioError(file, error);
  }
}

/** The first line of what a scenario threw, and where in its file. */
function scenarioError(file: string, error: unknown): CommandError {
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? error.stack ?? "" : "";
  const name = file.slice(file.lastIndexOf("/") + 1).replace(/\./g, "\\.");
  const line = new RegExp(`${name}:(\\d+):\\d+`).exec(stack)?.[1];
  const [first] = message.split("\n");
  return new CommandError(`${file}${line ? `, line ${line}` : ""}: ${first}`, Exit.failed);
}
