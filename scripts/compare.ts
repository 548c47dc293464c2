/**
 * `deno task compare`: load a program in every model, and put the reports next to each other.
 *
 * @module
 */
import { existsSync } from "@std/fs";
import { basename } from "@std/path";
import type { HostFiles } from "../kernel/ports.ts";
import { isModelName, type LoadModelName, MODEL_NAMES } from "../lab/load/models.ts";
import { loadProgram } from "../lab/load/program.ts";
import { command, CommandError, Exit, print } from "./command.ts";
import type { Column } from "./compare/column.ts";
import { comparePage } from "./compare/page.ts";
import { COLOURED, PLAIN } from "./compare/ink.ts";
import { tableLines, type TableOptions } from "./compare/table.ts";
import { DenoHostFiles } from "./host_files.ts";
import { timeoutOf } from "./compare/timeout.ts";
import { writePage } from "./compare/write_page.ts";
import { sizesOf, Twins, userlandExec } from "./compare/twins.ts";

const TIMEOUT = 10;
const PIPE_WIDTH = 120;

/** Those that are compared unless told: of RT-Smart's loaders the later one. */
const DEFAULT_MODELS = MODEL_NAMES.filter((name) => name !== "rtsmart-a");

const GENERATIONS: Readonly<Record<string, readonly string[]>> = {
  A: ["rtsmart-a"],
  B: ["rtsmart"],
  both: ["rtsmart-a", "rtsmart"],
};

if (import.meta.main) {
  await command({
    usage: "deno task compare FILE|NAME [ARGS…] [FLAGS]",
    about:
      "Loads a program in every model of loading, and compares what that took. Words behind --\n" +
      "are the program's, whatever they look like.",
    flags: {
      "models=LIST": `which models: ${DEFAULT_MODELS.join(",")} unless told`,
      "generation=G": "which loader of RT-Smart: A of the first years, B the later one, or both",
      "html=FILE": "write a page to look at as well, in the folder out",
      dynamic: "take the program that a dynamic linker prepares, where there are both",
      "root=DIR": "files that Linux sees, such as a C library's",
      json: "print the whole reports, for other programs",
      "timeout=S": `seconds of virtual time that it may take (${TIMEOUT} unless told)`,
    },
    example: "deno task compare hello --html=out/compare.html",
    stopEarly: true,
    flagsAnywhere: true,
  }, (args) => {
    const [file, ...rest] = args._;
    if (!file) throw new CommandError("no program named: deno task compare FILE|NAME [ARGS…]");
    const wanted: Wanted = {
      twins: new Twins({ name: file, dynamic: args.dynamic === true }),
      words: [basename(file), ...rest],
      timeout: timeoutOf(args.timeout ?? TIMEOUT),
      ...(typeof args.root === "string" ? { host: hostFiles(args.root) } : {}),
    };
    const columns = modelsOf(args.models, args.generation).map((model) => load(model, wanted));
    if (args.json === true) print(JSON.stringify({ program: file, columns }, bytesAsHex, 2));
    else print(tableLines(file, columns, terminal()).join("\n"));
    if (typeof args.html === "string") writePage(args.html, comparePage(basename(file), columns));
    return columns.some(({ report }) => report !== null) ? Exit.ok : Exit.failed;
  });
}

/** What is wanted of every model. */
interface Wanted {
  readonly twins: Twins;
  readonly words: readonly string[];
  readonly timeout: number;
  readonly host?: HostFiles;
}

/** Load a program in one model; whatever goes wrong becomes the column's reason. */
function load(model: LoadModelName, { twins, words, timeout, host }: Wanted): Column {
  const twin = twins.for(model);
  if (typeof twin === "string") return nothing(model, twin);
  const loaded = loadProgram(model, {
    ...twin,
    args: words,
    loader: userlandExec(),
    timeout,
    clock: () => performance.now(),
    ...(host ? { host } : {}),
  });
  return { model, sizes: sizesOf(twin, words[0]!), ...loaded };
}

/** How wide the terminal is, and whether it shows colours; a pipe is as wide as a page. */
function terminal(): TableOptions {
  if (!Deno.stdout.isTerminal()) return { width: PIPE_WIDTH, ink: PLAIN };
  // Some pseudo-terminals do not know how wide they are.
  return { width: Deno.consoleSize().columns || PIPE_WIDTH, ink: Deno.noColor ? PLAIN : COLOURED };
}

function hostFiles(folder: string): HostFiles {
  if (existsSync(folder) && Deno.statSync(folder).isDirectory) return new DenoHostFiles(folder);
  throw new CommandError(`--root=${folder} is no folder`);
}

function bytesAsHex(_key: string, value: unknown): unknown {
  if (!(value instanceof Uint8Array)) return value;
  return [...value].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function nothing(model: string, reason: string): Column {
  return { model, report: null, output: "", reason, photograph: null, sizes: {} };
}

/** The models by their names; `rtsmart` is the loader of the generation that is asked for. */
function modelsOf(text: unknown, generation: unknown = "B"): LoadModelName[] {
  const chosen = GENERATIONS[String(generation)];
  if (!chosen) {
    throw new CommandError(`there is no generation ${generation} of RT-Smart; there is A, B, both`);
  }
  const asked = typeof text === "string" ? text.split(",") : DEFAULT_MODELS;
  const names = asked.flatMap((name) => name === "rtsmart" ? chosen : name);
  const stray = names.find((name) => !isModelName(name));
  if (stray === undefined) return [...new Set(names.filter(isModelName))];
  throw new CommandError(`there is no load model ${stray}; there is ${MODEL_NAMES.join(", ")}`);
}
