/**
 * What came out of the arena, and how it looks as text.
 *
 * @module
 */
import type { Verdict } from "../../lab/arena.ts";
import type { Outcome } from "../../lab/load_report.ts";
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

const NAME_WIDTH = 34;
const CELL_WIDTH = 18;

/** The table's lines, as wide as they may be. */
export function resultLines(models: readonly string[], results: readonly Result[]): string[] {
  const head = row("", [...models, "readelf"]);
  const body = results.map(({ name, zcore, verdicts, readelf }) => {
    const cells = models.map((model) => cellText(verdicts[model]!));
    const asked = readelf === null ? "" : readelf.accepts ? "fine" : "complains";
    return row(zcore ? `${name} (${zcore})` : name, [...cells, asked]);
  });
  return [head, ...body, "", ...countLines(models, results)];
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
export function cellText(verdict: Verdict | string): string {
  if (typeof verdict === "string") return "-";
  const { outcome, paid } = verdict;
  return paid === "nobody" ? outcome : `${outcome}: ${paid}`;
}

function countLines(models: readonly string[], results: readonly Result[]): string[] {
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
  const agree = models.map((model) => agreement(model, results).join(" of "));
  return [...counts, row("of one mind with readelf", agree)];
}

function row(name: string, cells: readonly string[]): string {
  const fit = (text: string, width: number) =>
    (text.length > width - 1 ? `${text.slice(0, width - 2)}…` : text).padEnd(width);
  return (fit(name, NAME_WIDTH) + cells.map((one) => fit(one, CELL_WIDTH)).join("")).trimEnd();
}
