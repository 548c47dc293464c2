/**
 * The comparison as a page: one file that needs no network, no script and no colour.
 *
 * @module
 */
import type { LoadAuthority, LoadReport } from "../../lab/load_report.ts";
import { addressMap } from "./address_map.ts";
import { type Column, ROWS } from "./column.ts";
import { escapeHtml } from "./html.ts";
import { STYLE } from "./style.ts";

/** The whole page. */
export function comparePage(program: string, columns: readonly Column[]): string {
  const name = escapeHtml(program);
  const section = (title: string, about: string, cell: (report: LoadReport) => string) =>
    `<section><h2>${title}</h2><p>${about}</p>${sideBySide(columns, cell)}</section>`;
  const all = columns.flatMap(({ report }) => report ? [report] : []);
  const longest = Math.max(...all.flatMap(({ mappings }) => mappings.map(({ length }) => length)));
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<link rel="icon" href="data:,"><title>${name}, loaded</title><style>${STYLE}</style></head><body>
<header><h1>${name}, loaded</h1>
<p>One program under each model of loading. Everything here was heard from the run.</p></header>
<main>${outcomes(columns)}
${
    section(
      "Address space",
      "At the first instruction, to one scale: equal bars are as many pages, in every column.",
      (report) => addressMap(report, longest),
    )
  }
${
    section(
      "Steps",
      "Everything done before the first instruction. Dark and marked K: in the kernel.",
      timeline,
    )
  }
${
    section(
      "Authority",
      "What the program can use. Marked ≠: no other model gives the same.",
      (report) => authorities(report, all),
    )
  }
<section><h2>Numbers</h2>${numbers(columns)}</section></main></body></html>
`;
}

function outcomes(columns: readonly Column[]): string {
  const cells = columns.map(({ model, output, reason, report }) => {
    const why = reason ? `<p class="why">Cannot be shown: ${escapeHtml(reason)}</p>` : "";
    const code = report?.exitCode === undefined ? "" : `<p>Ended with ${report.exitCode}.</p>`;
    const text = output ? `<pre tabindex="0">${escapeHtml(output.slice(0, 2000))}</pre>` : "";
    return `<div><h3>${model}</h3>${why}${text}${code}</div>`;
  });
  return `<section><div class="columns">${cells.join("")}</div></section>`;
}

function sideBySide(columns: readonly Column[], cell: (report: LoadReport) => string): string {
  const cells = columns.map(({ model, report }) =>
    `<div><h3>${model}</h3>${report ? cell(report) : "<p>The program never began.</p>"}</div>`
  );
  return `<div class="columns">${cells.join("")}</div>`;
}

function timeline({ steps }: LoadReport): string {
  const items = steps.map(({ who, privilege, what }) => {
    const mark = privilege === "kernel" ? "K" : "U";
    return `<li class="${privilege}"><b>${mark}</b> <span>${escapeHtml(what)}</span> <small>${
      escapeHtml(who)
    }</small></li>`;
  });
  return `<ol class="steps" tabindex="0">${items.join("")}</ol>`;
}

function authorities(report: LoadReport, all: readonly LoadReport[]): string {
  const others = all.filter((one) => one !== report).flatMap(({ authority }) => authority);
  const items = report.authority.map((one) => {
    const differs = !others.some((other) => isSame(one, other));
    const mark = differs ? `<b title="no other model gives the same">≠</b> ` : "";
    return `<li${differs ? ' class="differs"' : ""}>${mark}${escapeHtml(one.what)} <code>${
      escapeHtml(one.access).replaceAll("|", "|<wbr>")
    }</code> <small>${escapeHtml(one.via)}</small></li>`;
  });
  return `<ul class="authority">${items.join("")}</ul>`;
}

function isSame(one: LoadAuthority, other: LoadAuthority): boolean {
  return one.what === other.what && one.access === other.access;
}

function numbers(columns: readonly Column[]): string {
  const head = columns.map(({ model }) => `<th scope="col">${model}</th>`).join("");
  const rows = ROWS.map(({ title, cell }) => {
    const cells = columns.map(({ report }) => {
      const lines = report ? cell(report) : ["-"];
      return `<td>${lines.map(escapeHtml).join("<br>")}</td>`;
    });
    return `<tr><th scope="row">${title}</th>${cells.join("")}</tr>`;
  });
  return `<div class="wide" tabindex="0"><table><thead><tr><td></td>${head}</tr></thead><tbody>${
    rows.join("")
  }</tbody></table></div>`;
}
