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
import { ARENA_MODELS, type Judge, judgeFor } from "../lab/arena.ts";
import { arenaPage } from "./arena/page.ts";
import { type Fixture, folderFixtures, ownFixtures } from "./arena/fixture.ts";
import { opinions } from "./arena/readelf.ts";
import { type Result, resultLines, saidLines } from "./arena/result.ts";
import { timeoutOf } from "./compare/timeout.ts";
import { CommandError, type CommandOptions, helpOf, print, readArgs } from "./command.ts";
import { userlandExec } from "./compare/twins.ts";
import { writePage } from "./compare/write_page.ts";
import { libraryFiles } from "./guest_files.ts";

/** Seconds of its own time that a program may run: ours end at once, or never. */
const TIMEOUTS = { ours: 0.001, yours: 0.02 } as const;

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
export default async function main(words: readonly string[]): Promise<void> {
  const args = readArgs(words, ARENA);
  if (args.help) return print(helpOf(ARENA));
  const [folder] = args._;
  const fixtures = folder === undefined ? ownFixtures() : folderFixtures(String(folder));
  if (fixtures.length === 0) throw new CommandError(`${folder} has no files`);
  const models = modelsOf(typeof args.models === "string" ? args.models : undefined);
  const time = timeoutOf(args.timeout ?? (folder === undefined ? TIMEOUTS.ours : TIMEOUTS.yours));
  const results = await judge(fixtures, models, time);
  if (args.json) print(JSON.stringify({ models, results }, null, 2));
  else {
    print(resultLines(models, results, widthOf()).join("\n"));
    if (args.said) print(["", ...saidLines(models, results)].join("\n"));
  }
  if (typeof args.html === "string") writePage(args.html, arenaPage(models, results));
}

/** How wide the terminal is; a pipe takes lines of any length. */
function widthOf(): number {
  return Deno.stdout.isTerminal() ? Deno.consoleSize().columns : Infinity;
}

/** What every model makes of every file, where a program may run for so many nanoseconds. */
export async function judge(
  fixtures: readonly Fixture[],
  models: readonly string[],
  time = timeoutOf(TIMEOUTS.ours),
): Promise<Result[]> {
  const files = {
    time,
    zircon: libraryFiles("zircon"),
    linux: libraryFiles("linux"),
    rtsmart: libraryFiles("rtsmart"),
    loader: userlandExec(),
  };
  const judges = new Map<string, Judge>(models.map((model) => [model, judgeFor(model, files)]));
  const said = await opinions(fixtures.map((one) => bytesOf(one)));
  return fixtures.map(({ name, part, zcore, bytesFor }, at) => {
    const verdicts = models.map((model) => {
      const bytes = bytesFor(model);
      return [model, typeof bytes === "string" ? bytes : judges.get(model)!(bytes)] as const;
    });
    return {
      name,
      part,
      zcore,
      verdicts: Object.fromEntries(verdicts),
      readelf: said?.[at] ?? null,
    };
  });
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
