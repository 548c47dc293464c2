/**
 * `deno task compare`: load a program in every model, and put the reports next to each other.
 *
 * @module
 */
import { basename } from "@std/path";
import { LOAD_MODELS } from "../lab/load_models.ts";
import { loadProgram } from "../lab/load_program.ts";
import { command, CommandError, Exit, print } from "./command.ts";
import type { Column } from "./compare/column.ts";
import { comparePage } from "./compare/page.ts";
import { tableLines } from "./compare/table.ts";
import { writePage } from "./compare/write_page.ts";
import { sizesOf, Twins, userlandExec } from "./compare/twins.ts";

const SECOND = 1e9;
const TIMEOUT = 10;

if (import.meta.main) {
  await command({
    usage:
      "deno task compare [--models=LIST] [--html=FILE] [--dynamic] [--json] [--timeout=S] FILE|NAME [ARGS…]",
    about: "Loads a program in every model of loading, and compares what that took.",
    flags: {
      "models=LIST": `which models: ${Object.keys(LOAD_MODELS).join(",")} unless told`,
      "html=FILE": "write a page to look at as well, in the folder out",
      dynamic: "take the program that a dynamic linker prepares, where there are both",
      json: "print the whole reports, for other programs",
      "timeout=S": `seconds of virtual time that it may take (${TIMEOUT} unless told)`,
    },
    example: "deno task compare --html=out/compare.html hello",
    stopEarly: true,
  }, (args) => {
    const [file, ...rest] = args._;
    if (!file) throw new CommandError("no program named: deno task compare FILE|NAME [ARGS…]");
    const timeout = timeoutOf(args.timeout);
    const twins = new Twins({ name: file, dynamic: args.dynamic === true });
    const words = [basename(file), ...rest];
    const columns = modelsOf(args.models).map((model) => load(model, twins, words, timeout));
    if (args.json === true) print(JSON.stringify({ program: file, columns }, null, 2));
    else print(tableLines(file, columns).join("\n"));
    if (typeof args.html === "string") writePage(args.html, comparePage(file, columns));
    return columns.some(({ report }) => report !== null) ? Exit.ok : Exit.failed;
  });
}

/** Load a program in one model; whatever goes wrong becomes the column's reason. */
function load(model: string, twins: Twins, words: readonly string[], timeout: number): Column {
  const twin = twins.for(model);
  if (typeof twin === "string") return nothing(model, twin);
  const loaded = loadProgram(model, {
    ...twin,
    args: words,
    loader: userlandExec(),
    timeout,
    clock: () => performance.now(),
  });
  return { model, sizes: sizesOf(twin, words[0]!), ...loaded };
}

function nothing(model: string, reason: string): Column {
  return { model, report: null, output: "", reason, photograph: null, sizes: {} };
}

function modelsOf(text: unknown): string[] {
  const names = typeof text === "string" ? text.split(",") : Object.keys(LOAD_MODELS);
  const stray = names.find((name) => !Object.hasOwn(LOAD_MODELS, name));
  if (stray === undefined) return [...new Set(names)];
  const known = Object.keys(LOAD_MODELS).join(", ");
  throw new CommandError(`there is no load model ${JSON.stringify(stray)}; there is ${known}`);
}

function timeoutOf(text: unknown): number {
  if (text === undefined) return TIMEOUT * SECOND;
  const seconds = Number(text);
  if (seconds > 0 && Number.isFinite(seconds)) return seconds * SECOND;
  throw new CommandError(`--timeout=${text} is no number of seconds above zero`);
}
