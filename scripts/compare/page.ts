/**
 * The comparison as a page: one file that needs no network and no script, and no colour either.
 *
 * @module
 */
import type { LoadReport } from "../../lab/load/report.ts";
import { addressMap, addressRails } from "./address_map.ts";
import { authorityTable, MARKS } from "./authority_table.ts";
import { charts } from "./charts.ts";
import { callsText, type Column } from "./column.ts";
import { fileRails } from "./file_rail.ts";
import { escapeHtml } from "./html.ts";
import { malformedTable } from "./malformed_table.ts";
import { countText, MODEL_WORDS, sizeText } from "./model_words.ts";
import { STYLE } from "./style.ts";
import { stepTimeline } from "./step_timeline.ts";

/** A part of the page. */
interface Section {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly body: string;
}

/** The whole page. */
export function comparePage(program: string, columns: readonly Column[]): string {
  const name = escapeHtml(program);
  const sections = sectionsOf(columns).filter(({ body }) => body !== "");
  const links = sections.map(({ id, title }) => `<a href="#${id}">${title}</a>`).join("");
  const parts = sections.map(({ id, title, about, body }) =>
    `<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2><p class="about">${about}</p>${body}</section>`
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<link rel="icon" href="data:,"><title>${name}, loaded ${waysText(columns.length)}</title>
<style>${STYLE}</style></head><body><a class="skip" href="#models">Skip to the models</a>
<header class="top"><p class="over">Load models side by side</p><h1>${name}, loaded ${
    waysText(columns.length)
  }</h1><nav aria-label="Parts">${links}</nav>
<p class="legend"><span><span class="who kernel">K</span> done by the kernel, with all its power</span>
<span><span class="who user">U</span> done by a process, with what it was given</span></p></header>
<main>${outcomes(columns)}${parts.join("")}</main>
<footer><p>Everything here was heard from the events of a run; nothing is written down in advance.</p>
</footer></body></html>
`;
}

function sectionsOf(columns: readonly Column[]): Section[] {
  const shown = columns.flatMap(({ model, report, sizes }) =>
    report ? [{ model, report, sizes }] : []
  );
  const each = (cell: (report: LoadReport, sizes: Column["sizes"]) => string) =>
    sideBySide(shown.map(({ model, report, sizes }) => [model, cell(report, sizes)]));
  const marks = `<p class="legend"><span><b class="mark">${MARKS.same}</b> the same elsewhere</span>
<span><b class="mark">${MARKS.weaker}</b> less than elsewhere</span>
<span><b class="mark">${MARKS.stronger}</b> more than elsewhere</span>
<span><b class="mark full">${MARKS.only}</b> only here</span></p>`;
  return [
    {
      id: "file",
      title: "Who read the file",
      about:
        "The file from its first byte to its last, and the bytes that somebody read in order to understand them, until main.",
      body: each(fileRails),
    },
    {
      id: "space",
      title: "Address space",
      about:
        "All addresses that the models use, on one scale; below, every mapping at the first instruction, a square for each page.",
      body: `${addressRails(shown)}${squareKey()}${each(addressMap)}`,
    },
    {
      id: "steps",
      title: "Steps",
      about:
        "What was done before the first instruction, in order; a cell with a bar below changed the address space.",
      body: each(stepTimeline),
    },
    {
      id: "authority",
      title: "Authority",
      about:
        "What the program may use at its first instruction: every handle with its rights, every descriptor, every path.",
      body: `${marks}${authorityTable(columns)}`,
    },
    { id: "numbers", title: "Numbers", about: "What it took.", body: charts(columns) },
    {
      id: "malformed",
      title: "If the file is wrong",
      about:
        "The same program, wrong in one place, and who pays: whoever read it with more power than it needed, or is gone.",
      body: malformedTable(columns),
    },
  ];
}

function squareKey(): string {
  const square = (kind: string, half = "") =>
    `<svg width="14" height="14" aria-hidden="true"><rect class="${kind}" x="1" y="1" width="12" height="12"/>${half}</svg>`;
  const half = '<path class="half" d="M1 13V1L13 13z"/>';
  return `<p class="legend"><span>${square("there")} there at the first instruction</span>
<span>${square("later", half)} came later</span><span>${square("never")} never touched</span>
<span><i class="edge from-file"></i> the file's own pages</span>
<span><i class="edge from-private-copy"></i> a private copy</span>
<span><i class="edge"></i> zeros</span></p>`;
}

/** A card for each model: what it is, how the program fared, and a few numbers. */
function outcomes(columns: readonly Column[]): string {
  const cards = columns.map(({ model, output, reason, report }) => {
    const why = reason ? `<p class="why">${escapeHtml(reason)}</p>` : "";
    const text = output
      ? `<pre tabindex="0" aria-label="What it printed">${escapeHtml(output.slice(0, 2000))}</pre>`
      : "";
    return `<article><h2>${model}</h2><p>${MODEL_WORDS[model] ?? ""}</p>${why}${text}${
      report ? facts(report) : '<p class="none">The program never began.</p>'
    }</article>`;
  });
  return `<div class="cards" id="models" style="--columns:${cards.length}">${cards.join("")}</div>`;
}

function facts(report: LoadReport): string {
  const { parsed, copied, exitCode, instructionsToMain } = report;
  const [first] = parsed;
  const reader = first
    ? `<span class="who ${first.privilege}">${first.privilege === "kernel" ? "K" : "U"}</span> ${
      escapeHtml(first.who)
    }`
    : "nobody";
  const rows: readonly (readonly [string, string])[] = [
    ["read by", reader],
    ["system calls", callsText(report)],
    ["bytes copied", sizeText(copied.reduce((all, { bytes }) => all + bytes, 0))],
    [
      "to main",
      instructionsToMain === null ? "unknown" : `${countText(instructionsToMain)} instr.`,
    ],
    ["ended with", exitCode === undefined ? "not yet" : `${exitCode}`],
  ];
  return `<dl>${
    rows.map(([term, value]) => `<div><dt>${term}</dt><dd>${value}</dd></div>`).join("")
  }</dl>`;
}

function sideBySide(cells: readonly (readonly [string, string])[]): string {
  const all = cells.map(([model, body]) => `<div><h3>${model}</h3>${body}</div>`);
  return `<div class="columns" style="--columns:${all.length}">${all.join("")}</div>`;
}

function waysText(count: number): string {
  return count === 1
    ? "one way"
    : `${["", "", "two", "three", "four", "five"][count] ?? count} ways`;
}
