/**
 * An address space as a drawing: every page is a square, so what is drawn is to scale; where a
 * mapping is too long, or nothing is mapped, the drawing says how much it leaves out.
 *
 * @module
 */
import type { LoadMapping, LoadReport } from "../../lab/load/report.ts";
import { escapeHtml } from "./html.ts";
import { countText, sizeText } from "./model_words.ts";

const PAGE = 4096;
/** So many squares are drawn of one mapping. */
const SQUARES_MAX = 64;
const SQUARES_IN_ROW = 16;
const SQUARE = 12;
const STEP = 14;

/** The drawing of one model's address space, lowest address first. */
export function addressMap({ mappings }: LoadReport): string {
  const items = mappings.map((one, at) => {
    const before = mappings[at - 1];
    const gap = before ? one.address - (before.address + before.length) : 0;
    const between = gap > 0 ? `<li class="gap"><span>${sizeText(gap)} of nothing</span></li>` : "";
    return between + block(one);
  });
  return `<ol class="map">${items.join("")}</ol>`;
}

/** One line for each model, with its mappings where they are among all addresses. */
export function addressRails(
  all: readonly { readonly model: string; readonly report: LoadReport }[],
): string {
  const ends = all.flatMap(({ report }) =>
    report.mappings.map(({ address, length }) => address + length)
  );
  const top = 2 ** Math.ceil(Math.log2(Math.max(2, ...ends)));
  const rails = all.map(({ model, report }) => {
    const marks = report.mappings.map(({ address, length, access, name }) => {
      const left = (100 * address / top).toFixed(3);
      const width = (100 * length / top).toFixed(3);
      return `<i style="left:min(${left}%,100% - 4px);width:${width}%" title="${
        escapeHtml(`${name} ${access} at ${address.toString(16)}`)
      }"></i>`;
    });
    return `<div class="rail"><b>${model}</b><span class="line">${marks.join("")}</span></div>`;
  });
  const ticks = [0, 1, 2, 3, 4].map((at) =>
    `<span style="left:${at * 25}%">${at === 0 ? "0" : sizeText(at * top / 4)}</span>`
  );
  return `<div class="rails">${rails.join("")}<div class="rail axis"><b></b><span class="line">${
    ticks.join("")
  }</span></div></div>`;
}

function block(mapping: LoadMapping): string {
  const { address, length, access, name, backing, pages, touched, who } = mapping;
  const count = length / PAGE;
  const kind = backing.replace(" ", "-");
  const privilege = who === "kernel" ? "kernel" : "user";
  const start = address.toString(16);
  return `<li class="block from-${kind}" tabindex="0"><div class="name"><code${
    access.includes("wx") ? ' class="wx" title="may be written and executed"' : ""
  }>${access}</code> <b>${escapeHtml(name)}</b><span class="size">${sizeText(length)}</span></div>${
    squares(mapping)
  }<div class="at"><code>${start}</code><span class="who ${privilege}">${
    privilege === "kernel" ? "K" : "U"
  }</span></div>${
    tip(
      mapping,
      `${countText(count)} page${count === 1 ? "" : "s"}, ${pages} there at the first
    instruction, ${touched.length} at the end`,
    )
  }</li>`;
}

/** What a person sees who points at a mapping, or comes to it by keyboard. */
function tip(mapping: LoadMapping, pages: string): string {
  const { address, length, backing, who, how, name } = mapping;
  const from = address.toString(16);
  const to = (address + length).toString(16);
  const source = backing === "file"
    ? "the file's own pages"
    : backing === "private copy"
    ? "a private copy of the file's"
    : "zeros";
  return `<div class="tip" role="tooltip"><b>${
    escapeHtml(name)
  }</b><br><code>${from}–${to}</code><br>${pages}<br>shows ${source}<br>made by ${
    escapeHtml(who)
  }: <code>${escapeHtml(how)}</code></div>`;
}

/** A square for each page: full if it was there at once, half if it came later. */
function squares({ length, present, touched }: LoadMapping): string {
  const count = length / PAGE;
  const shown = shownPages(count, present, touched);
  const isCut = shown.length < count;
  const rows = Math.ceil(shown.length / SQUARES_IN_ROW);
  const there = new Set(present);
  const later = new Set(touched);
  const drawn = shown.map((page, at) => {
    const x = (at % SQUARES_IN_ROW) * STEP + 1;
    const y = Math.floor(at / SQUARES_IN_ROW) * STEP + 1;
    const state = there.has(page) ? "there" : later.has(page) ? "later" : "never";
    const half = state === "later"
      ? `<path class="half" d="M${x} ${y + SQUARE}V${y}L${x + SQUARE} ${y + SQUARE}z"/>`
      : "";
    return `<rect class="${state}" x="${x}" y="${y}" width="${SQUARE}" height="${SQUARE}"/>${half}`;
  });
  const width = Math.min(shown.length, SQUARES_IN_ROW) * STEP + 1;
  const cut = isCut
    ? `<div class="cut">${countText(count - shown.length)} pages more, not drawn</div>`
    : "";
  return `<svg width="${width}" height="${rows * STEP + 1}" viewBox="0 0 ${width} ${
    rows * STEP + 1
  }" aria-hidden="true">${drawn.join("")}</svg>${cut}`;
}

/** The pages that are drawn: all, or of very many the first and the last, and those that are used. */
function shownPages(
  count: number,
  present: readonly number[],
  touched: readonly number[],
): number[] {
  if (count <= SQUARES_MAX) return Array.from({ length: count }, (_, page) => page);
  const used = [...new Set([...present, ...touched])].slice(0, SQUARES_MAX / 2);
  const last = Array.from({ length: SQUARES_IN_ROW }, (_, at) => count - SQUARES_IN_ROW + at);
  const first = Array.from({ length: SQUARES_IN_ROW }, (_, at) => at);
  return [...new Set([...first, ...used, ...last])].sort((a, b) => a - b);
}
