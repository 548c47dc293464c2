/**
 * What becomes of the program where one thing in its file is wrong, in every model.
 *
 * @module
 */
import type { LoadReport, MalformedPart } from "../../lab/load/report.ts";
import { escapeHtml } from "./html.ts";

/** A column: a model and its report. */
interface Holder {
  readonly model: string;
  readonly report: LoadReport | null;
}

/** What is shown for an outcome. */
export const OUTCOME_MARKS: Readonly<Record<string, string>> = {
  runs: "✓",
  refused: "✕",
  endless: "…",
  killed: "†",
  panics: "‼",
};

/** The table; empty if nobody tried. */
export function malformedTable(holders: readonly Holder[]): string {
  const shown = holders.filter(({ report }) => (report?.malformed.length ?? 0) > 0);
  const [first] = shown;
  if (!first) return "";
  const head = shown.map(({ model }) => `<th scope="col">${model}</th>`).join("");
  const names = first.report!.malformed;
  const rows = names.map(({ name, part }, at) => {
    const isNew = names[at - 1]?.part !== part;
    const group = isNew
      ? `<tr class="group"><th colspan="${shown.length + 1}" scope="rowgroup">${part}</th></tr>`
      : "";
    const cells = shown.map(({ model, report }) => cell(model, report!, name));
    const title = escapeHtml(name.replace(/^a segment: /, ""));
    return `${group}<tr><th scope="row">${title}</th>${cells.join("")}</tr>`;
  });
  const sums = shown.map(({ model, report }) =>
    `<td><span class="label">${model}</span><p>${sumText(report!.malformed)}</p></td>`
  );
  rows.unshift(`<tr><th scope="row">all ${names.length}</th>${sums.join("")}</tr>`);
  return `<table class="grid malformed"><thead><tr><td></td>${head}</tr></thead><tbody>${
    rows.join("")
  }</tbody></table>`;
}

/** How often each outcome was seen. */
function sumText(all: readonly MalformedPart[]): string {
  return Object.keys(OUTCOME_MARKS).map((outcome) => {
    const count = all.filter((one) => one.outcome === outcome).length;
    return count > 0 ? `<b>${count}</b> ${outcome}` : "";
  }).filter((one) => one !== "").join(", ");
}

function cell(model: string, { malformed }: LoadReport, name: string): string {
  const one = malformed.find((other) => other.name === name);
  const label = `<span class="label">${model}</span>`;
  return one ? `<td class="${one.outcome}">${label}${verdictHtml(one)}</td>` : `<td>${label}</td>`;
}

/** What became of a file, in a cell. */
export function verdictHtml(
  { outcome, text, paid }: Omit<MalformedPart, "name" | "part">,
): string {
  const payer = paid === "nobody" ? "" : `<span class="pays">${paid} pays</span>`;
  const mark = `<span class="mark" aria-hidden="true">${OUTCOME_MARKS[outcome]}</span>`;
  return `<p class="verdict">${mark}${outcome}${payer}</p><small>${escapeHtml(text)}</small>`;
}
