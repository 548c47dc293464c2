/**
 * The arena: good and bad programs before every model of loading. Who takes them, what is said, and
 * who pays where a file is bad.
 *
 * The launcher pays where a process that holds nothing but handles has read the file; the kernel
 * where it has read the file itself, or has ended; the caller where it is gone, or has read the file
 * itself; nobody where the file is good, or only its own new process is gone.
 *
 * @module
 */
import { ARENA_MODELS, type Judge, judgeFor } from "../lab/load/arena.ts";
import { ScenarioExit } from "../lab/telling/report.ts";
import { arenaPage } from "./arena/page.ts";
import { type Fixture, folderFixtures, ownFixtures } from "./arena/fixture.ts";
import { opinions } from "./arena/readelf.ts";
import { type Result, resultLines, saidLines } from "./arena/result.ts";
import { timeoutOf } from "./compare/timeout.ts";
import { CommandError, type CommandOptions, Exit, helpOf, print } from "./command.ts";
import { printError, readArgs } from "./command.ts";
import { userlandExec } from "./compare/twins.ts";
import { writePage } from "./compare/write_page.ts";
import { libraryFiles } from "./guest_files.ts";
import { Interrupt } from "./run/interrupt.ts";

/** Seconds of its own time that a program may run: ours end at once, or never. */
const TIMEOUTS = { ours: 0.001, yours: 0.02 } as const;

/** So many files are judged before anything else is heard. */
const AT_ONCE = 50;

const ARENA: CommandOptions = {
  usage: "deno task arena [--models=LIST] [--timeout=S] [--said] [--json] [--html=FILE] [DIR]",
  about: `Puts good and bad programs before every model of loading, or the files of a folder: who
takes them, who refuses them, and who pays.`,
  flags: {
    "models=LIST": `which models: ${ARENA_MODELS.join(",")} unless told`,
    "timeout=S":
      `seconds of virtual time that a program may run (${TIMEOUTS.ours} unless told; a ` +
      `folder's ${TIMEOUTS.yours})`,
    said: "what each of them said, as well",
    json: "print the verdicts as one JSON object",
    "html=FILE": "write a page to look at as well, in the folder out",
  },
  example: "deno task arena --models=zircon,linux --said",
  operands: 1,
};

/** Put every file before every model. */
export default async function main(words: readonly string[]): Promise<number> {
  const args = readArgs(words, ARENA);
  if (args.help) {
    print(helpOf(ARENA));
    return Exit.ok;
  }
  const [folder] = args._;
  const fixtures = folder === undefined ? ownFixtures() : folderFixtures(String(folder));
  if (fixtures.length === 0) throw new CommandError(`${folder} has no files`);
  const models = modelsOf(typeof args.models === "string" ? args.models : undefined);
  const time = timeoutOf(args.timeout ?? (folder === undefined ? TIMEOUTS.ours : TIMEOUTS.yours));
  using interrupt = await Interrupt.listen();
  const results = await judge(fixtures, models, { time, signal: interrupt.signal });
  if (args.json) print(JSON.stringify({ models, results }, null, 2));
  else {
    print(resultLines(models, results, widthOf()).join("\n"));
    if (args.said) print(["", ...saidLines(models, results)].join("\n"));
  }
  if (typeof args.html === "string") writePage(args.html, arenaPage(models, results));
  if (results.length === fixtures.length) return Exit.ok;
  printError(`interrupted: these are ${results.length} of ${fixtures.length} files`);
  return ScenarioExit.incomplete;
}

/** How wide the terminal is; a pipe takes lines of any length. */
function widthOf(): number {
  return Deno.stdout.isTerminal() ? Deno.consoleSize().columns : Infinity;
}

/** How files are judged. */
export interface Judging {
  /** How long a program may run, in nanoseconds of its own time. */
  readonly time?: number;
  /** Aborted where no more files are wanted. */
  readonly signal?: AbortSignal;
}

/** What every model makes of every file, or of the first ones where it is interrupted. */
export async function judge(
  fixtures: readonly Fixture[],
  models: readonly string[],
  { time = timeoutOf(TIMEOUTS.ours), signal }: Judging = {},
): Promise<Result[]> {
  const files = {
    time,
    zircon: libraryFiles("zircon"),
    linux: libraryFiles("linux"),
    rtsmart: libraryFiles("rtsmart"),
    loader: userlandExec(),
  };
  const judges = new Map<string, Judge>(models.map((model) => [model, judgeFor(model, files)]));
  const results: Result[] = [];
  for (let at = 0; at < fixtures.length && !signal?.aborted; at += AT_ONCE) {
    const some = fixtures.slice(at, at + AT_ONCE);
    const asked = opinions(some.map((one) => bytesOf(one)));
    const judged = some.map((one) => resultOf(one, judges));
    const said = await asked;
    results.push(...judged.map((one, nth) => ({ ...one, readelf: said?.[nth] ?? null })));
    // Whoever interrupts is heard here.
    await new Promise((goOn) => setTimeout(goOn));
  }
  return results;
}

function resultOf(
  { name, part, zcore, bytesFor }: Fixture,
  judges: ReadonlyMap<string, Judge>,
): Omit<Result, "readelf"> {
  const verdicts = [...judges].map(([model, judge]) => {
    const bytes = bytesFor(model);
    return [model, typeof bytes === "string" ? bytes : judge(bytes)] as const;
  });
  return { name, part, zcore, verdicts: Object.fromEntries(verdicts) };
}

/** The bytes that are shown to readelf: those for Linux where there are any. */
function bytesOf({ bytesFor }: Fixture): Uint8Array {
  const found = ["linux", "zircon"].map((model) => bytesFor(model))
    .find((bytes) => typeof bytes !== "string");
  return found as Uint8Array ?? new Uint8Array(0);
}

function modelsOf(text: string | undefined): readonly string[] {
  if (text === undefined) return ARENA_MODELS;
  const names = text.split(",");
  const stray = names.find((name) => !ARENA_MODELS.includes(name));
  if (stray === undefined) return names;
  throw new CommandError(
    `there is no load model ${stray} here; there is ${ARENA_MODELS.join(", ")}`,
  );
}
