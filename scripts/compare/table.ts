/**
 * The comparison as text: a column for each model.
 *
 * @module
 */
import { type Column, LISTS, ROWS } from "./column.ts";

const TITLE_WIDTH = 20;
const CELL_WIDTH = 50;

/** The table's lines. */
export function tableLines(program: string, columns: readonly Column[]): string[] {
  const lines = [`${program}, loaded`, ""];
  lines.push(...rowLines("", columns.map(({ model }) => [model.toUpperCase()])));
  const outcome = columns.map(({ output, reason }) => [
    ...(reason ? [`cannot be shown: ${reason}`] : []),
    ...output.trimEnd().split("\n").slice(0, 5),
  ]);
  lines.push(...rowLines("what it printed", outcome));
  for (const { title, cell } of [...ROWS, ...LISTS]) {
    lines.push(...rowLines(title, columns.map(({ report }) => report ? cell(report) : ["-"])));
  }
  return lines;
}

function rowLines(title: string, cells: readonly (readonly string[])[]): string[] {
  const titles = wrap(title, TITLE_WIDTH);
  const wrapped = cells.map((cell) => cell.flatMap((line) => wrap(line, CELL_WIDTH)));
  const height = Math.max(titles.length, ...wrapped.map(({ length }) => length));
  const rows = Array.from({ length: height }, (_, at) => {
    const parts = wrapped.map((cell) => (cell[at] ?? "").padEnd(CELL_WIDTH));
    return [(titles[at] ?? "").padEnd(TITLE_WIDTH), ...parts].join("  ").trimEnd();
  });
  return [...rows, ""];
}

/** Break a line between words; what goes on is set in. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line.trim() !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = "  ";
    }
    line += line.trim() === "" ? word : ` ${word}`;
    while (line.length > width) {
      lines.push(line.slice(0, width));
      line = `  ${line.slice(width)}`;
    }
  }
  return [...lines, line];
}
