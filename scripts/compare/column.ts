/**
 * A column of the comparison: one model, and what became of the program in it.
 *
 * @module
 */
import type { LoadReport } from "../../lab/load/report.ts";
import type { Loaded } from "../../lab/load/request.ts";
import { countText, sizeText } from "./model_words.ts";

/** A model and what became of the program in it. */
export interface Column extends Loaded {
  /** The model's name. */
  readonly model: string;
  /** How many bytes its file and its libraries have, by name. */
  readonly sizes: Readonly<Record<string, number>>;
}

/** A line of the comparison: what it is about, and what a report says to that. */
export interface Row {
  /** What it is about. */
  readonly title: string;
  /** What a report says. */
  readonly cell: (report: LoadReport) => string;
}

/** What the reports are compared in, a few words each. */
export const ROWS: readonly Row[] = [
  { title: "ended with", cell: ({ exitCode }) => `${exitCode ?? "-"}` },
  { title: "read by", cell: ({ parsed }) => parsed[0]?.who ?? "nobody" },
  {
    title: "bytes read to parse",
    cell: ({ parsed }) => countText(parsed.reduce((sum, { length }) => sum + length, 0)),
  },
  { title: "system calls to start", cell: (report) => callsText(report) },
  {
    title: "bytes copied",
    cell: ({ copied }) => sizeText(copied.reduce((sum, { bytes }) => sum + bytes, 0)),
  },
  { title: "mappings", cell: ({ mappings }) => `${mappings.length}` },
  {
    title: "writable and executable",
    cell: ({ mappings }) => `${mappings.filter(({ access }) => access === "rwx").length}`,
  },
  {
    title: "pages at entry, at exit",
    cell: ({ pagesAtEntry, pagesAtExit }) => `${pagesAtEntry}, ${pagesAtExit}`,
  },
  { title: "page faults", cell: ({ faults }) => countText(count(faults)) },
  {
    title: "instructions to main",
    cell: ({ instructionsToMain }) =>
      instructionsToMain === null ? "unknown" : countText(instructionsToMain),
  },
  { title: "instructions in all", cell: ({ instructions }) => countText(instructions) },
  { title: "handles", cell: (report) => `${kinds(report).handles}` },
  { title: "descriptors", cell: (report) => `${kinds(report).descriptors}` },
  { title: "paths in reach", cell: (report) => `${kinds(report).paths}` },
  { title: "bad copies refused", cell: (report) => bad(report, "refused") },
  { title: "bad copies that kill", cell: (report) => bad(report, "killed") },
  { title: "bad copies that panic", cell: (report) => bad(report, "panics") },
  { title: "time on the host", cell: ({ hostMs }) => `${hostMs.toFixed(1)} ms` },
];

/** How many calls somebody made to start the program: none where the kernel itself was told to. */
export function callsText({ entries }: LoadReport): string {
  return entries.length === 0 ? "from outside" : countText(count(entries));
}

function count(list: readonly { readonly count: number }[]): number {
  return list.reduce((sum, one) => sum + one.count, 0);
}

/** How much of each kind of authority there is. */
function kinds({ authority }: LoadReport): { handles: number; descriptors: number; paths: number } {
  const descriptors = authority.filter(({ what }) => what.startsWith("descriptor ")).length;
  const paths = authority.filter(({ what }) => what.startsWith("path ")).length;
  return { handles: authority.length - descriptors - paths, descriptors, paths };
}

function bad({ malformed }: LoadReport, outcome: string): string {
  if (malformed.length === 0) return "-";
  const found = malformed.filter((one) => one.outcome === outcome).length;
  return `${found} of ${malformed.length}`;
}
