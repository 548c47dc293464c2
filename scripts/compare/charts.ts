/**
 * The numbers as bars: one chart for each thing that was counted, a bar for each model.
 *
 * @module
 */
import type { LoadReport } from "../../lab/load/report.ts";
import { escapeHtml } from "./html.ts";
import { countText, sizeText } from "./model_words.ts";

/** A column: a model and its report. */
interface Holder {
  readonly model: string;
  readonly report: LoadReport | null;
}

/** A piece of a bar. */
interface Piece {
  readonly name: string;
  readonly amount: number;
}

/** A chart: what it is about, and the pieces of each bar. */
interface Chart {
  readonly title: string;
  readonly about: string;
  readonly pieces: (report: LoadReport) => readonly Piece[];
  readonly text: (amount: number) => string;
  /** Whether pieces are named for who did it: then the first pattern is the kernel's. */
  readonly isByActor?: boolean;
}

/** So many pieces can be told apart. */
const PATTERNS = 9;

const sum = (list: readonly { readonly count: number }[]) =>
  list.reduce((total, { count }) => total + count, 0);

/** What was copied for, where several models have words of their own for it. */
function purposeOf(what: string): string {
  return /argument|environment|vector|tables/.test(what) ? "arguments and their tables" : what;
}

const CHARTS: readonly Chart[] = [
  {
    title: "System calls before the first instruction",
    about:
      "Who called how often; none where the kernel was told from outside, and did it all itself.",
    pieces: ({ entries }) => {
      const names = [...new Set(entries.map(({ who }) => who))];
      return names.map((name) => ({
        name,
        amount: sum(entries.filter(({ who }) => who === name)),
      }));
    },
    text: countText,
    isByActor: true,
  },
  {
    title: "Bytes copied",
    about: "Until the program ended; what is only mapped is not copied.",
    pieces: ({ copied }) => {
      const names = [...new Set(copied.map(({ what }) => purposeOf(what)))];
      return names.map((name) => ({
        name,
        amount: copied.filter(({ what }) => purposeOf(what) === name)
          .reduce((all, { bytes }) => all + bytes, 0),
      }));
    },
    text: sizeText,
  },
  {
    title: "Bytes read to be understood",
    about: "Of the program and of libraries, until main.",
    pieces: ({ parsed }) =>
      [...new Set(parsed.map(({ who }) => who))].map((name) => ({
        name,
        amount: parsed.filter(({ who }) => who === name).reduce(
          (all, { length }) => all + length,
          0,
        ),
      })),
    text: sizeText,
    isByActor: true,
  },
  {
    title: "Pages",
    about: "Those that were there at the first instruction, and those that came until the end.",
    pieces: ({ pagesAtEntry, pagesAtExit }) => [
      { name: "there at once", amount: pagesAtEntry },
      { name: "came later", amount: Math.max(0, pagesAtExit - pagesAtEntry) },
    ],
    text: countText,
  },
  {
    title: "Page faults",
    about: "By what was tried, and what was there.",
    pieces: ({ faults }) => faults.map(({ kind, count }) => ({ name: kind, amount: count })),
    text: countText,
  },
  {
    title: "Instructions",
    about: "Before main, and from there on.",
    pieces: ({ instructions, instructionsToMain }) => [
      { name: "before main", amount: instructionsToMain ?? 0 },
      { name: "main and after", amount: instructions - (instructionsToMain ?? 0) },
    ],
    text: countText,
  },
  {
    title: "Time on the host",
    about: "Loading and running, once, on this computer.",
    pieces: ({ hostMs }) => [{ name: "milliseconds", amount: Math.round(hostMs * 10) / 10 }],
    text: (amount) => `${amount} ms`,
  },
];

/** Whoever cannot point at a bar comes to it by keyboard. */
const FOCUS = ' tabindex="0"';

/** All charts. */
export function charts(holders: readonly Holder[]): string {
  return `<div class="charts">${CHARTS.map((one) => chart(one, holders)).join("")}</div>`;
}

function chart(
  { title, about, pieces, text, isByActor = false }: Chart,
  holders: readonly Holder[],
): string {
  const bars = holders.map(({ model, report }) => ({
    model,
    list: report ? pieces(report) : null,
  }));
  const names = [...new Set(bars.flatMap(({ list }) => (list ?? []).map(({ name }) => name)))];
  const first = isByActor && !names.includes("kernel") ? 1 : 0;
  if (isByActor) names.sort((a, b) => Number(b === "kernel") - Number(a === "kernel"));
  const pattern = (name: string) => `p${(names.indexOf(name) + first) % PATTERNS}`;
  const longest = Math.max(1, ...bars.map(({ list }) => total(list ?? [])));
  const rows = bars.map(({ model, list }) => {
    const value = list === null ? "not run" : text(total(list));
    const parts = (list ?? []).filter(({ amount }) => amount > 0).map(({ name, amount }) =>
      `<i class="${pattern(name)}" style="width:${(100 * amount / longest).toFixed(2)}%"></i>`
    );
    return `<tr><th scope="row">${model}</th><td class="bar"${parts.length > 1 ? FOCUS : ""}>${
      parts.join("")
    }${parts.length > 1 ? tip(list!, text) : ""}</td><td class="value">${value}</td></tr>`;
  });
  const key = names.length > 1
    ? `<p class="key">${
      names.map((name) => `<span><i class="${pattern(name)}"></i>${escapeHtml(name)}</span>`)
        .join("")
    }</p>`
    : "";
  return `<figure><figcaption><b>${title}</b> <small>${about}</small></figcaption><table>${
    rows.join("")
  }</table>${key}</figure>`;
}

/** What the pieces of a bar are, for who points at it or comes to it by keyboard. */
function tip(list: readonly Piece[], text: Chart["text"]): string {
  const lines = list.filter(({ amount }) => amount > 0).map(({ name, amount }) =>
    `${escapeHtml(name)}: <b>${text(amount)}</b>`
  );
  return `<span class="tip" role="tooltip">${lines.join("<br>")}</span>`;
}

function total(list: readonly Piece[]): number {
  const whole = list.reduce((all, { amount }) => all + amount, 0);
  return Math.round(whole * 10) / 10;
}
