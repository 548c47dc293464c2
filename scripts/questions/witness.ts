/**
 * Those who are asked: every model of loading, each with what happened when it loaded `hello` as
 * `prog 123`, with HOME and PATH in its environment.
 *
 * @module
 */
import { type LoadModelName, MODEL_NAMES } from "../../lab/load/models.ts";
import { loadGoodProgram } from "../../lab/load/program.ts";
import type { LoadMapping, LoadReport } from "../../lab/load/report.ts";
import type { Photograph } from "../../lab/load/photograph.ts";
import {
  type ElfHeader,
  type ElfSegment,
  HEADER_SIZE,
  readHeader,
  readSegments,
  refused,
  SEGMENT_SIZE,
  SegmentType,
} from "../../loader/elf.ts";
import type { BootFiles } from "../../loader/zircon/bootfs.ts";
import { type CommandOptions, helpOf, print, readArgs } from "../command.ts";
import { Twins, userlandExec } from "../compare/twins.ts";

/** One model, and what happened. */
export interface Witness {
  /** The model. */
  readonly model: LoadModelName;
  /** Whether the program was one that a dynamic linker prepares. */
  readonly dynamic: boolean;
  /** The program's file. */
  readonly file: Uint8Array;
  /** Its file header. */
  readonly header: ElfHeader;
  /** Its program headers. */
  readonly segments: readonly ElfSegment[];
  /** The libraries that it could have, below `lib/`. */
  readonly libraries: BootFiles;
  /** What happened. */
  readonly report: LoadReport;
  /** Its registers and its stack at its first instruction. */
  readonly photograph: Photograph;
}

/** The words that the program is started with. */
export const WORDS: readonly string[] = ["prog", "123"];

/** Its environment. */
export const ENVIRONMENT: readonly string[] = ["HOME=/home/user", "PATH=/usr/bin"];

const SECOND = 1e9;

/** Everybody who can tell of a static program, or of one with a dynamic linker. */
export function witnesses(dynamic = false, models = MODEL_NAMES): Witness[] {
  const twins = Twins.ofGuest("hello", dynamic);
  return models.flatMap((model) => {
    const twin = twins.for(model);
    if (typeof twin === "string") return [];
    const { report, photograph } = loadGoodProgram(model, {
      ...twin,
      args: WORDS,
      environ: ENVIRONMENT,
      loader: userlandExec(),
      timeout: SECOND,
      clock: () => 0,
    });
    if (!report || !photograph) return [];
    return [{ model, dynamic, ...twin, ...elfOf(twin.file), report, photograph }];
  });
}

/** A question as `deno task run` runs it: it takes no words, but the one that asks what it is. */
export function question(
  name: string,
  text: string,
  answer: () => void,
): (words: readonly string[]) => void {
  const call = `deno task run scripts/questions/${name}.ts`;
  const options: CommandOptions = {
    usage: call,
    about: `${text}\nEvery model of loading answers, by loading a program.`,
    flags: {},
    example: call,
    operands: 0,
  };
  return (words) => {
    if (readArgs(words, options).help) return print(helpOf(options));
    print(text);
    answer();
  };
}

/** A model's name, with how the program was linked. */
export function titleOf({ model, dynamic }: Witness): string {
  return dynamic ? `${model}, dynamic` : model;
}

/** The headers of a file that is known to be good. */
export function elfOf(file: Uint8Array): { header: ElfHeader; segments: ElfSegment[] } {
  const header = readHeader(file);
  if (refused(header)) throw new Error(header.text);
  const table = file.subarray(HEADER_SIZE, HEADER_SIZE + header.segments.count * SEGMENT_SIZE);
  return { header, segments: readSegments(table, header) };
}

/** The segments of a file that are loaded. */
export function loadsOf({ segments }: Pick<Witness, "segments">): ElfSegment[] {
  return segments.filter(({ type }) => type === SegmentType.LOAD);
}

/** What is mapped at an address when the program begins. */
export function mappingAt({ report }: Witness, address: number): LoadMapping | undefined {
  return report.mappings.find((one) =>
    address >= one.address && address < one.address + one.length
  );
}

/**
 * The file that the first instruction is of: what is mapped there, or, where a loader copies files
 * into memory that has no name of theirs, the last one that was read before.
 */
export function imageAtEntry(witness: Witness): string {
  const { report } = witness;
  const name = mappingAt(witness, report.start.entry)?.name ?? "nothing";
  if (!name.startsWith("[")) return name;
  return report.parsed.findLast(({ privilege }) => privilege === "kernel")?.file ?? name;
}

/** The last thing that was done before the program began, besides tidying up. */
export function lastStep({ report }: Witness): string {
  const found = report.steps.findLast(({ what }) => !/^(munmap|close|write)$/.test(what));
  return found ? `${found.who}: ${found.what}` : "nobody";
}

/** A number as an address is written. */
export function hex(value: number): string {
  return value.toString(16);
}

/** Print what each model answers. */
export function printAnswers(answers: readonly (readonly string[])[]): void {
  print("");
  for (const [title, ...lines] of answers) {
    const [first = "", ...rest] = lines;
    print(`${`${title}:`.padEnd(TITLE_WIDTH)}${first}`);
    for (const line of rest) print(`${" ".repeat(TITLE_WIDTH)}${line}`);
  }
}

const TITLE_WIDTH = 24;
