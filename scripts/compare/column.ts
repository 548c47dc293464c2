/**
 * A column of the comparison: one model, and what became of the program in it.
 *
 * @module
 */
import type { Loaded } from "../../lab/load_request.ts";
import { bytesOf, type LoadReport, type ParsedBytes } from "../../lab/load_report.ts";

/** A model and what became of the program in it. */
export interface Column extends Loaded {
  /** The model's name. */
  readonly model: string;
  /** How many bytes its file and its libraries have, by name. */
  readonly sizes: Readonly<Record<string, number>>;
}

/** A line of the comparison: what it is about, and what a column says. */
export interface Row {
  /** What it is about. */
  readonly title: string;
  /** What a report says to that, a line each. */
  readonly cell: (report: LoadReport) => readonly string[];
}

/** What the reports are compared in; the lists that the page draws are not here. */
export const ROWS: readonly Row[] = [
  { title: "ended with", cell: ({ exitCode }) => [exitCode === undefined ? "-" : `${exitCode}`] },
  { title: "who parsed the file", cell: ({ parsed }) => parsers(parsed) },
  {
    title: "system calls before the first instruction",
    cell: ({ entries }) =>
      entries.length === 0
        ? ["none: the kernel was told from outside"]
        : entries.map(({ who, name, count }) => `${count} × ${name} (${who})`),
  },
  {
    title: "bytes copied",
    cell: ({ copied }) => [
      `${bytesOf(copied)} in all`,
      ...copied.map(({ bytes, what, who }) => `${bytes}: ${what} (${who})`),
    ],
  },
  {
    title: "pages there at entry, at the end",
    cell: ({ pagesAtEntry, pagesAtExit }) => [`${pagesAtEntry}, ${pagesAtExit}`],
  },
  {
    title: "page faults",
    cell: ({ faults }) =>
      faults.length === 0 ? ["none"] : faults.map(({ kind, count }) => `${count} × ${kind}`),
  },
  {
    title: "instructions before its first system call",
    cell: ({ instructionsToCall }) => [`${instructionsToCall ?? "it made none"}`],
  },
  { title: "time on the host", cell: ({ hostMs }) => [`${hostMs.toFixed(1)} ms`] },
];

/** Lists of the report, a line for each of their things. */
export const LISTS: readonly Row[] = [
  {
    title: "mappings at the first instruction",
    cell: ({ mappings }) =>
      mappings.map(({ address, length, access, name, backing, how, who }) =>
        `${access} ${address.toString(16)} ${
          length / 1024
        } KiB ${name} (${backing}; ${who}: ${how})`
      ),
  },
  {
    title: "authority at the first instruction",
    cell: ({ authority }) =>
      authority.map(({ what, access, via }) => `${what} [${access}] (${via})`),
  },
];

function parsers(parsed: readonly ParsedBytes[]): string[] {
  const lines = parsed.map(({ who, privilege, file, offset, length }) =>
    `${who} (${privilege}): ${file} ${offset}+${length}`
  );
  return lines.length === 0 ? ["nobody"] : [...new Set(lines)];
}
