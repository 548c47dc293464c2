/**
 * The arena as a page.
 *
 * @module
 */
import type { Verdict } from "../../lab/load/arena.ts";
import { escapeHtml } from "../compare/html.ts";
import { OUTCOME_MARKS, verdictHtml } from "../compare/malformed_table.ts";
import { STYLE } from "../compare/style.ts";
import { agreement, OUTCOMES, type Result } from "./result.ts";

/** The whole page. */
export function arenaPage(models: readonly string[], results: readonly Result[]): string {
  const asked = isAsked(results);
  const heads = [...models, ...(asked ? ["readelf"] : [])];
  const head = heads.map((one) => `<th scope="col">${one}</th>`).join("");
  const sums = OUTCOMES.map((outcome) => sumRow(models, results, outcome));
  const rows = results.map((one) => row(models, one)).join("");
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><link rel="icon" href="data:,">
<title>Arena</title><style>${STYLE}</style></head><body>
<header class="top"><p class="over">Arena</p><h1>${results.length} files before ${models.length} models</h1>
<p class="about">Who takes them, what is said, and who pays where a file is bad: the launcher where a
process that holds nothing but handles has read it; the kernel where it has read it itself, or has
ended; the caller where it is gone, or has read it itself.</p></header>
<main><table class="grid malformed"><thead><tr><td></td>${head}</tr></thead><tbody>${
    sums.join("")
  }${asked ? agreementRow(models, results) : ""}${rows}</tbody></table></main></body></html>
`;
}

function sumRow(models: readonly string[], results: readonly Result[], outcome: string): string {
  const cells = models.map((model) => {
    const count = results.filter(({ verdicts }) => {
      const one = verdicts[model]!;
      return typeof one !== "string" && one.outcome === outcome;
    }).length;
    return `<td>${label(model)}<b>${count}</b></td>`;
  });
  if (isAsked(results)) cells.push("<td></td>");
  return `<tr class="${outcome}"><th scope="row"><span class="mark" aria-hidden="true">${
    OUTCOME_MARKS[outcome]
  }</span> ${outcome}</th>${cells.join("")}</tr>`;
}

function agreementRow(models: readonly string[], results: readonly Result[]): string {
  const cells = models.map((model) =>
    `<td>${label(model)}<b>${agreement(model, results).join(" of ")}</b></td>`
  );
  return `<tr><th scope="row">of one mind with readelf</th>${cells.join("")}<td></td></tr>`;
}

function row(models: readonly string[], { name, part, zcore, verdicts, readelf }: Result): string {
  const shape = zcore ? ` · ends zCore's kernel (${zcore})` : "";
  const cells = models.map((model) => cell(model, verdicts[model]!)).join("");
  const said = readelf && (readelf.accepts ? "fine" : escapeHtml(readelf.text));
  const opinion = said === null ? "" : `<td>${label("readelf")}<small>${said}</small></td>`;
  return `<tr><th scope="row">${
    escapeHtml(name)
  }<small>${part}${shape}</small></th>${cells}${opinion}</tr>`;
}

function cell(model: string, verdict: Verdict | string): string {
  if (typeof verdict === "string") {
    return `<td>${label(model)}<small>${escapeHtml(verdict)}</small></td>`;
  }
  return `<td class="${verdict.outcome}">${label(model)}${verdictHtml(verdict)}</td>`;
}

/** Whether readelf had an opinion. */
function isAsked(results: readonly Result[]): boolean {
  return results.some(({ readelf }) => readelf !== null);
}

function label(model: string): string {
  return `<span class="label">${model}</span>`;
}
