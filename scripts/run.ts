/**
 * `deno task run`: run a scenario, that is, a TypeScript file.
 *
 * The file's default export is what runs: a function that is given the words behind the file's name,
 * and may answer an exit code. A file without one has done its work when it is loaded.
 *
 * @module
 */
import { existsSync } from "@std/fs";
import { resolve, toFileUrl } from "@std/path";
import { command, CommandError, Exit } from "./command.ts";

/** What a scenario's file may export as its default. */
export type Main = (words: readonly string[]) => unknown;

if (import.meta.main) {
  await command({
    usage: "deno task run FILE [ARGS…]",
    about: "Runs a scenario: a TypeScript file, with the arguments behind it.",
    flags: {},
    example: "deno task run scripts/hello.ts",
    stopEarly: true,
  }, async (args) => {
    const [file, ...words] = args._;
    if (!file) throw new CommandError("no scenario named: deno task run FILE [ARGS…]");
    const main = await load(file);
    return main ? await runMain(file, main, words) : Exit.ok;
  });
}

async function load(file: string): Promise<Main | undefined> {
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
    const loaded: { readonly default?: unknown } = await import(toFileUrl(path).href);
    return typeof loaded.default === "function" ? loaded.default as Main : undefined;
  } catch (error) {
    throw scenarioError(file, error);
  }
}

async function runMain(file: string, main: Main, words: readonly string[]): Promise<number> {
  try {
    const code = await main(words);
    return typeof code === "number" ? code : Exit.ok;
  } catch (error) {
    if (error instanceof CommandError) throw error;
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
