/**
 * Everything that is to be known of how a model loads a program: from several runs of it, and of
 * copies that are wrong in one place.
 *
 * @module
 */
import { MALFORMATIONS } from "../../guests/malformed.ts";
import { HEADER_SIZE, readHeader, refused } from "../../loader/elf.ts";
import { judgeFor } from "./arena.ts";
import { PAGE_SIZE } from "../../kernel/ports.ts";
import { mainAddress, stoppedAtMain } from "./main.ts";
import { type LoadModelName, modelNamed } from "./models.ts";
import type { LoadReport, MalformedPart } from "./report.ts";
import type { Loaded, LoadRequest } from "./request.ts";

/** Load a program in a model. */
export function loadProgram(model: LoadModelName, request: LoadRequest): Loaded {
  const loaded = loadGoodProgram(model, request);
  if (!loaded.report) return loaded;
  return {
    ...loaded,
    report: { ...loaded.report, malformed: malformedParts(model, request, loaded.report) },
  };
}

/**
 * Run a program in one of the models of loading: what it printed, and a report of how it came to run.
 *
 * @example
 * ```ts
 * import { loadGoodProgram } from "@zandbox/zandbox";
 *
 * const { output, report } = loadGoodProgram("linux", {
 *   file: Deno.readFileSync("guests/hello/hello_linux"),
 *   args: ["hello", "Ada"],
 *   libraries: {},
 *   timeout: 1e9,
 *   clock: () => performance.now(),
 * });
 * if (!output.includes("argument 1: Ada")) throw new Error(output);
 * if (report?.parsed[0]?.who !== "kernel") throw new Error("somebody else has read the file");
 * ```
 */
export function loadGoodProgram(model: LoadModelName, request: LoadRequest): Loaded {
  const loaded = modelNamed(model)(request);
  if (!loaded.report) return loaded;
  return { ...loaded, report: { ...loaded.report, ...beforeMain(model, request) } };
}

/** What happens before `main`: a copy of the program stops there. */
function beforeMain(model: LoadModelName, request: LoadRequest): Partial<LoadReport> {
  const file = stoppedAtMain(request.file);
  const report = file && modelNamed(model)({ ...request, file }).report;
  // Another exception may come first: then nobody gets to main.
  const main = mainAddress(request.file) ?? 0;
  if (!report?.exception || (report.exception.pc - main) % PAGE_SIZE !== 0) return {};
  return {
    parsed: report.parsed,
    callsBeforeMain: report.calls,
    instructionsToMain: report.exception.instructions,
  };
}

/** A copy may do four times what the good program does, a nanosecond each, within these bounds. */
const TIMES = 4;
const TIME_MIN = 1_000_000;
const TIME_MAX = 16_000_000;

/** What happens where a part of the file is wrong. */
function malformedParts(
  model: string,
  request: LoadRequest,
  { instructions }: LoadReport,
): MalformedPart[] {
  const { file, libraries, loader, host } = request;
  const header = readHeader(file);
  if (refused(header) || header.segments.offset !== HEADER_SIZE) return [];
  const judge = judgeFor(model, {
    zircon: libraries,
    linux: libraries,
    rtsmart: libraries,
    loader: loader ?? new Uint8Array(0),
    time: Math.min(TIME_MAX, TIME_MIN * Math.ceil(TIMES * instructions / TIME_MIN) || TIME_MIN),
    ...(host ? { host } : {}),
  });
  return MALFORMATIONS.map(({ name, part, spoil }) => ({ name, part, ...judge(spoil(file)) }));
}
