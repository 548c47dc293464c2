/**
 * The arena as a page.
 *
 * @module
 */
import type { Verdict } from "../../lab/arena.ts";
import { escapeHtml } from "../compare/html.ts";
import { STYLE } from "../compare/style.ts";
import { agreement, OUTCOMES, type Result } from "./result.ts";

const MARKS: Readonly<Record<string, string>> = {
  runs: "✓",
  refused: "✕",
  endless: "…",
  killed: "†",
  panics: "‼",
};

const ARENA_STYLE = `
.arena{border-collapse:collapse;width:100%;font-size:14px}
.arena th,.arena td{text-align:left;vertical-align:top;padding:.45rem .6rem;border-bottom:1px solid var(--line)}
.arena thead th{position:sticky;top:0;background:var(--paper)}
.arena tbody th{font-weight:500;max-width:18rem}
.arena small{display:block;color:var(--soft);overflow-wrap:anywhere}
.mark{display:inline-block;width:1.4em;text-align:center;border:1px solid currentColor;border-radius:3px;margin-right:.35em}
.killed .mark,.panics .mark{background:var(--ink);color:var(--paper)}
.panics{background:repeating-linear-gradient(135deg,var(--shade) 0 6px,transparent 6px 12px)}
`;

/** The whole page. */
export function arenaPage(models: readonly string[], results: readonly Result[]): string {
  const head = models.map((model) => `<th scope="col">${model}</th>`).join("");
  const rows = results.map((one) => row(models, one)).join("");
  const counts = OUTCOMES.map((outcome) => {
    const cells = models.map((model) => `<td>${count(results, model, outcome)}</td>`);
    return `<tr><th scope="row">${MARKS[outcome]} ${outcome}</th>${cells.join("")}<td></td></tr>`;
  });
  const agree = models.map((model) => `<td>${agreement(model, results).join(" of ")}</td>`);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><link rel="icon" href="data:,">
<title>Arena</title><style>${STYLE}${ARENA_STYLE}</style></head><body>
<header class="top"><h1>${results.length} files before ${models.length} models</h1>
<p>Who takes them, what is said, and who pays where a file is bad: the <b>launcher</b> where a
process that holds nothing but handles has read it; the <b>kernel</b> where it has read it itself,
or has ended; the <b>caller</b> where it is gone, or has read it itself.</p></header>
<main><div class="wide" tabindex="0" role="region" aria-label="All files">
<table class="arena"><thead><tr><th scope="col">file</th>${head}<th scope="col">readelf</th></tr></thead>
<tbody>${rows}</tbody><tfoot>${counts.join("")}
<tr><th scope="row">of one mind with readelf</th>${
    agree.join("")
  }<td></td></tr></tfoot></table></div>
</main></body></html>
`;
}

function row(models: readonly string[], { name, part, zcore, verdicts, readelf }: Result): string {
  const shape = zcore ? ` · ends zCore's kernel (${zcore})` : "";
  const cells = models.map((model) => cell(verdicts[model]!)).join("");
  const said = readelf === null ? "" : readelf.accepts ? "fine" : escapeHtml(readelf.text);
  return `<tr><th scope="row">${
    escapeHtml(name)
  }<small>${part}${shape}</small></th>${cells}<td><small>${said}</small></td></tr>`;
}

function cell(verdict: Verdict | string): string {
  if (typeof verdict === "string") return `<td><small>${escapeHtml(verdict)}</small></td>`;
  const { outcome, text, paid } = verdict;
  const payer = paid === "nobody" ? "" : ` · ${paid} pays`;
  return `<td class="${outcome}"><span class="mark" aria-hidden="true">${
    MARKS[outcome]
  }</span>${outcome}<small>${escapeHtml(text)}${payer}</small></td>`;
}

function count(results: readonly Result[], model: string, outcome: string): number {
  return results.filter(({ verdicts }) => {
    const one = verdicts[model]!;
    return typeof one !== "string" && one.outcome === outcome;
  }).length;
}
