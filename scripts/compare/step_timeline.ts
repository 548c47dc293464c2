/**
 * What was done before the first instruction, in order: a rail on which dark is the kernel's and
 * light a process's, and under it the same in words.
 *
 * @module
 */
import type { LoadReport, LoadStep, MappingChange } from "../../lab/load/report.ts";
import { escapeHtml } from "./html.ts";
import { countText, sizeText } from "./model_words.ts";

/** Steps that follow one another and are the same, as one. */
interface Run {
  readonly what: string;
  readonly details: readonly string[];
  readonly changes: readonly MappingChange[];
  readonly count: number;
  readonly isCall: boolean;
}

/** Steps of one actor that follow one another. */
interface Part {
  readonly who: string;
  readonly privilege: LoadStep["privilege"];
  readonly runs: Run[];
  readonly at: number;
}

/** The steps of one model. */
export function stepTimeline({ steps }: LoadReport): string {
  const parts = partsOf(steps);
  return `${rail(steps)}<ol class="parts">${parts.map((one) => partHtml(one)).join("")}</ol>`;
}

/** A cell for each step, dark for the kernel's and light for a process's. */
function rail(steps: readonly LoadStep[]): string {
  const cells = steps.map(({ privilege, changes }) =>
    `<i class="${privilege}${changes.length > 0 ? " changes" : ""}"></i>`
  );
  const kernel = steps.filter(({ privilege }) => privilege === "kernel").length;
  const words = `${steps.length} steps: ${kernel} in the kernel, ${
    steps.length - kernel
  } calls of processes`;
  return `<p class="sum">${words}</p><div class="cells" role="img" aria-label="${words}">${
    cells.join("")
  }</div>`;
}

function partHtml({ who, privilege, runs, at }: Part): string {
  const mark = privilege === "kernel" ? "K" : "U";
  const items = runs.map((one) => runHtml(one, privilege)).join("");
  const name = who === "kernel" ? "the kernel" : escapeHtml(who);
  return `<li class="part ${privilege}"><div class="actor"><span class="who ${privilege}">${mark}</span> <b>${name}</b> <small>${
    countText(at)
  } instructions in</small></div><ol>${items}</ol></li>`;
}

function runHtml(
  { what, details, changes, count, isCall }: Run,
  privilege: LoadStep["privilege"],
): string {
  const times = count > 1 ? `<small> × ${count}</small>` : "";
  const detail = [...new Set(details)].filter((one) => one !== "").join(", ");
  const said = detail ? ` <small class="detail">${escapeHtml(detail)}</small>` : "";
  const chips = changes.map((one) => chip(one)).join("");
  // Among its calls, a step that a program tells of stands out.
  const told = isCall || privilege === "kernel" ? "" : ' class="told"';
  return `<li><code${told}>${breakable(what)}</code>${times}${said}${chips}</li>`;
}

/** A name that may be broken behind its underscores. */
function breakable(name: string): string {
  return escapeHtml(name).replaceAll("_", "_<wbr>");
}

/** What a step changed in the address space. */
function chip({ kind, length, access }: MappingChange): string {
  const sign = kind === "map" ? "+" : kind === "unmap" ? "−" : "=";
  return ` <span class="chip ${kind}">${sign} ${access} ${sizeText(length)}</span>`;
}

function partsOf(steps: readonly LoadStep[]): Part[] {
  const parts: Part[] = [];
  for (const { who, privilege, what, detail, changes, at, isCall } of steps) {
    const last = parts.at(-1);
    const part = last?.who === who ? last : { who, privilege, runs: [], at };
    if (part !== last) parts.push(part);
    const run = part.runs.at(-1);
    if (run?.what !== what) part.runs.push({ what, details: [detail], changes, count: 1, isCall });
    else {
      part.runs[part.runs.length - 1] = {
        what,
        details: [...run.details, detail],
        changes: [...run.changes, ...changes],
        isCall,
        count: run.count + 1,
      };
    }
  }
  return parts;
}
