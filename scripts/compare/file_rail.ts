/**
 * A file as a line, with the bytes marked that somebody read in order to understand them.
 *
 * @module
 */
import type { LoadReport, ParsedBytes } from "../../lab/load/report.ts";
import { basename } from "@std/path";
import { escapeHtml } from "./html.ts";
import { countText } from "./model_words.ts";
import { rangeTexts } from "./range_text.ts";

/** A line for each file that was read. */
export function fileRails(
  { parsed }: LoadReport,
  sizes: Readonly<Record<string, number>>,
): string {
  const files = [...new Set(parsed.map(({ file }) => file))];
  if (files.length === 0) return "<p>Nobody read it.</p>";
  const rails = files.map((file) => {
    const ranges = parsed.filter((one) => one.file === file);
    const end = Math.max(...ranges.map(({ offset, length }) => offset + length));
    return rail(file, ranges, Math.max(sizes[basename(file)] ?? 0, end));
  });
  return rails.join("");
}

function rail(file: string, ranges: readonly ParsedBytes[], size: number): string {
  const marks = ranges.map(({ offset, length, privilege, who }) =>
    `<i class="${privilege}" style="left:${(100 * offset / size).toFixed(2)}%;width:${
      (100 * length / size).toFixed(2)
    }%" title="${escapeHtml(`${who}: ${offset} to ${offset + length}`)}"></i>`
  );
  const readers = [...new Set(ranges.map(({ who }) => who))].map((who) => {
    const { privilege } = ranges.find((one) => one.who === who)!;
    const those = rangeTexts(ranges.filter((one) => one.who === who));
    const mark = privilege === "kernel" ? "K" : "U";
    return `<small><span class="who ${privilege}">${mark}</span> ${escapeHtml(who)}: ${
      those.join(", ")
    }</small>`;
  });
  return `<div class="file"><b>${escapeHtml(file)}</b> <small class="length">${
    countText(size)
  } bytes</small><span class="line">${marks.join("")}</span>${readers.join("")}</div>`;
}
