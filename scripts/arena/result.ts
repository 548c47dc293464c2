/**
 * What came out of the arena, and how it looks as text.
 *
 * @module
 */
import type { Verdict } from "../../lab/load/arena.ts";
import type { Outcome, Payer } from "../../lab/load/report.ts";
import type { Opinion } from "./readelf.ts";

/** What became of one file. */
export interface Result {
  /** Its name. */
  readonly name: string;
  /** Which part of it is wrong. */
  readonly part: string;
  /** Which of the shapes it is that end zCore's kernel; 0 if none. */
  readonly zcore: number;
  /** What each model makes of it; a sentence where it has none. */
  readonly verdicts: Readonly<Record<string, Verdict | string>>;
  /** What `readelf` says, where it was asked. */
  readonly readelf: Opinion | null;
}

/** Every outcome, from the one that costs nothing to the one that costs all. */
export const OUTCOMES: readonly Outcome[] = ["runs", "refused", "endless", "killed", "panics"];

/** Columns of text: of a table as wide as it likes, and of one that has to fit a terminal. */
const WIDE = { name: 34, cell: 18 } as const;
const NARROW_NAME = 24;

/** What stands for an outcome, and who pays, where there is little room. */
const MARKS: Readonly<Record<Outcome, string>> = {
  runs: "✓",
  refused: "✕",
  endless: "…",
  killed: "†",
  panics: "‼",
};

/** Who pays, as a letter. */
const PAYERS: Readonly<Record<Payer, string>> = {
  kernel: "K",
  launcher: "L",
  caller: "C",
  nobody: "",
};

/** The table's lines; where the terminal is too narrow, cells are short and a line says how to read them. */
export function resultLines(
  models: readonly string[],
  results: readonly Result[],
  width = Infinity,
): string[] {
  const isWide = WIDE.name + WIDE.cell * (models.length + 1) <= width;
  const cell = Math.floor((width - NARROW_NAME) / (models.length + 1));
  const shape = isWide ? WIDE : { name: NARROW_NAME, cell: Math.max(7, cell) };
  const row = rowOf(shape);
  const cellText = isWide ? longText : shortText;
  const heads = [...models, "readelf"];
  // The two loaders of RT-Smart begin alike: what is behind a hyphen goes to a line of its own.
  const parts = heads.map((one) => one.split("-"));
  const head = isWide ? [row("", heads)] : [
    row("", parts.map(([first = ""]) => first)),
    row("", parts.map(([, second]) => second ? `-${second}` : "")),
  ];
  const body = results.map(({ name, zcore, verdicts, readelf }) => {
    const cells = models.map((model) => cellText(verdicts[model]!));
    const asked = readelf === null ? "" : readelf.accepts ? "fine" : isWide ? "complains" : "not";
    const title = isWide ? name : name.replace(/^a segment: /, "");
    return row(zcore ? `${title} (${zcore})` : title, [...cells, asked]);
  });
  const counts = countLines(models, results, row);
  return [...head, ...body, "", ...counts, ...key(isWide), ...untilWhen(results)];
}

/** How long those ran that did not end. */
function untilWhen(results: readonly Result[]): string[] {
  const all = results.flatMap(({ verdicts }) => Object.values(verdicts));
  const one = all.find((one) => typeof one !== "string" && one.outcome === "endless");
  if (one === undefined || typeof one === "string") return [];
  return ["", `endless: ${one.text} of its own time (--timeout=S gives it more)`];
}

/** What everybody said about each file, a paragraph each. */
export function saidLines(models: readonly string[], results: readonly Result[]): string[] {
  return results.flatMap(({ name, verdicts, readelf }) => {
    const said = models.map((model) => {
      const one = verdicts[model]!;
      return `  ${model.padEnd(15)}${typeof one === "string" ? one : one.text}`.trimEnd();
    });
    return [name, ...said, ...(readelf?.text ? [`  readelf        ${readelf.text}`] : []), ""];
  });
}

/** How often a model and `readelf` are of one mind: both take a file, or both find fault with it. */
export function agreement(model: string, results: readonly Result[]): [number, number] {
  let same = 0;
  let all = 0;
  for (const { verdicts, readelf } of results) {
    const verdict = verdicts[model];
    if (!readelf || !verdict || typeof verdict === "string") continue;
    all++;
    const takes = verdict.outcome === "runs" || verdict.outcome === "endless";
    if (takes === readelf.accepts) same++;
  }
  return [same, all];
}

/** What a cell says: what became of the file, and who pays. */
function longText(verdict: Verdict | string): string {
  if (typeof verdict === "string") return "-";
  const { outcome, paid } = verdict;
  return paid === "nobody" ? outcome : `${outcome}: ${paid}`;
}

function shortText(verdict: Verdict | string): string {
  if (typeof verdict === "string") return "-";
  return `${MARKS[verdict.outcome]} ${PAYERS[verdict.paid]}`.trimEnd();
}

/** How to read short cells. */
function key(isWide: boolean): string[] {
  if (isWide) return [];
  const marks = OUTCOMES.map((one) => `${MARKS[one]} ${one}`).join("  ");
  return ["", marks, "who pays: K kernel, L launcher, C caller; nobody where there is no letter"];
}

type Row = (name: string, cells: readonly string[]) => string;

function countLines(models: readonly string[], results: readonly Result[], row: Row): string[] {
  const counts = OUTCOMES.map((outcome) =>
    row(
      `${outcome} of ${results.length}`,
      models.map((model) =>
        `${
          results.filter(({ verdicts }) => {
            const one = verdicts[model]!;
            return typeof one !== "string" && one.outcome === outcome;
          }).length
        }`
      ),
    )
  );
  if (results.every(({ readelf }) => readelf === null)) return counts;
  const agree = models.map((model) => agreement(model, results).join("/"));
  return [...counts, row("of one mind with readelf", agree)];
}

function rowOf({ name: nameWidth, cell }: { readonly name: number; readonly cell: number }): Row {
  const fit = (text: string, width: number) =>
    (text.length > width - 1 ? `${text.slice(0, width - 2)}…` : text).padEnd(width);
  return (name, cells) =>
    (fit(name, nameWidth) + cells.map((one) => fit(one, cell)).join("")).trimEnd();
}
