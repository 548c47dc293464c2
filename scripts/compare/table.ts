/**
 * The comparison as text: the numbers in a table, then what each model did, one behind the other.
 *
 * @module
 */
import type { LoadReport, LoadStep } from "../../lab/load/report.ts";
import { type Column, ROWS } from "./column.ts";
import type { Ink } from "./ink.ts";
import { MODEL_WORDS, sizeText } from "./model_words.ts";
import { rangeTexts } from "./range_text.ts";

/** How the text is to look. */
export interface TableOptions {
  /** How many columns the terminal has. */
  readonly width: number;
  /** What marks it up. */
  readonly ink: Ink;
}

const TITLE_WIDTH = 24;
const CELL_MAX = 24;

/** The lines. */
export function tableLines(
  program: string,
  columns: readonly Column[],
  { width, ink }: TableOptions,
): string[] {
  const cell = Math.min(CELL_MAX, Math.floor((width - TITLE_WIDTH) / columns.length));
  const row = (title: string, cells: readonly string[]) =>
    title.padEnd(TITLE_WIDTH) + cells.map((text) => fit(text, cell)).join("");
  const numbers = ROWS.map(({ title, cell }) =>
    row(title, columns.map(({ report }) => report ? cell(report) : "-")).trimEnd()
  );
  const head = row("", columns.map(({ model }) => model.toUpperCase())).trimEnd();
  const isShown = columns.some(({ report }) => report !== null);
  return [
    ink.strong(`${program}, loaded`),
    ...(isShown ? ["", ink.strong(head), ...numbers] : []),
    ...columns.flatMap((column) => modelLines(column, { width, ink })),
  ];
}

/** What one model did. */
function modelLines(column: Column, options: TableOptions): string[] {
  const { model, report, output, reason } = column;
  const { width, ink } = options;
  const printed = output.trimEnd().split("\n").filter((line) => line !== "").slice(0, 5);
  const head = [
    "",
    ink.strong(model.toUpperCase()),
    ...wrap(MODEL_WORDS[model] ?? "", width).map(ink.soft),
    ...(reason ? wrap(`! ${reason}`, width).map(ink.alarm) : []),
    ...printed.map((line) => `> ${line.slice(0, width - 2)}`),
  ];
  if (!report) return head;
  const part = (title: string, lines: readonly string[]) => ["", `  ${title}`, ...lines];
  return [
    ...head,
    ...part("who read which bytes", parsedLines(report, options)),
    ...part("steps to the first instruction", stepLines(report, options)),
    ...part(
      "copied",
      listLines(
        report.copied.map((one) => [sizeText(one.bytes), `${one.what} (${one.who})`] as const),
        options,
      ),
    ),
    ...part("mapped at the first instruction", mappingLines(report, options)),
    ...part("authority at the first instruction", authorityLines(report, options)),
    ...part(
      "page faults",
      listLines(report.faults.map(({ kind, count }) => [`${count}`, kind] as const), options),
    ),
  ];
}

function parsedLines({ parsed }: LoadReport, options: TableOptions): string[] {
  const readers = [
    ...new Set(parsed.map(({ who, privilege, file }) => `${who} (${privilege})\n${file}`)),
  ];
  const rows = readers.map((key) => {
    const [who, file] = key.split("\n");
    const ranges = parsed.filter((one) =>
      `${one.who} (${one.privilege})` === who && one.file === file
    );
    return [who!, `${file}: ${rangeTexts(ranges).join(", ")}`] as const;
  });
  return listLines(rows, options);
}

/** The steps, those of one actor after another in one paragraph. */
function stepLines({ steps }: LoadReport, { width, ink }: TableOptions): string[] {
  const parts: { who: string; privilege: LoadStep["privilege"]; words: string[] }[] = [];
  for (const { who, privilege, what } of steps) {
    if (parts.at(-1)?.who !== who) parts.push({ who, privilege, words: [] });
    parts.at(-1)!.words.push(what);
  }
  return parts.flatMap(({ who, privilege, words }) => {
    const mark = privilege === "kernel" ? ink.kernel("K") : "U";
    const lines = wrap(counted(words).join(", "), width - 8);
    return [`    ${mark} ${ink.strong(who)}`, ...lines.map((line) => `      ${line}`)];
  });
}

/** Words that are the same and follow one another, as one with their number. */
function counted(words: readonly string[]): string[] {
  const runs: { word: string; count: number }[] = [];
  for (const word of words) {
    const last = runs.at(-1);
    if (last?.word === word) last.count++;
    else runs.push({ word, count: 1 });
  }
  return runs.map(({ word, count }) => count > 1 ? `${count}×${word}` : word);
}

function mappingLines({ mappings }: LoadReport, { width, ink }: TableOptions): string[] {
  return mappings.map(({ access, address, length, name, backing, who, how, pages }) => {
    const size = sizeText(length).padStart(8);
    const text = access === "rwx" ? ink.alarm(access) : access;
    const left = `${text} ${address.toString(16).padStart(11)} ${size} `;
    const right = `${name} (${backing}, ${pages} there; ${who}: ${how})`;
    return `    ${left}${right.slice(0, width - 29)}`;
  });
}

/** Authority; of paths below others only the number. */
function authorityLines({ authority }: LoadReport, options: TableOptions): string[] {
  const isBelow = (what: string) => /^path \/[^/]+\/./.test(what);
  const rows = authority.filter(({ what }) => !isBelow(what)).map(({ what, access, via }) => {
    const below = authority.filter((one) =>
      isBelow(one.what) && one.what.startsWith(`${what}/`)
    ).length;
    const more = below > 0 ? `, ${below} below` : "";
    return [what, `${access}  ${via.replace("bootstrap message: ", "")}${more}`] as const;
  });
  return listLines(rows, options);
}

/** Lines of two parts, the second set in as far as the longest first one asks for. */
function listLines(
  rows: readonly (readonly [string, string])[],
  { width, ink }: TableOptions,
): string[] {
  if (rows.length === 0) return [`    ${ink.soft("none")}`];
  const left = Math.min(32, Math.max(...rows.map(([first]) => first.length)));
  return rows.flatMap(([first, second]) => {
    const lines = wrap(second, Math.max(20, width - left - 6));
    return lines.map((line, at) =>
      `    ${(at === 0 ? first : "").padEnd(left)}  ${line}`.trimEnd()
    );
  });
}

function fit(text: string, width: number): string {
  return (text.length >= width ? `${text.slice(0, width - 2)}…` : text).padEnd(width);
}

/** Break a line between words, or where a word offers it. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/(?<=[ |])/)) {
    if (line !== "" && line.length + word.trimEnd().length > width) {
      lines.push(line.trimEnd());
      line = "";
    }
    line += word;
  }
  return [...lines, line.trimEnd()];
}
