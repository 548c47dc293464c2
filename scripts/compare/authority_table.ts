/**
 * What programs may use, by what it is for: what every model gives, what one gives less of, and what
 * one alone gives.
 *
 * @module
 */
import type { AuthorityTopic, LoadAuthority, LoadReport } from "../../lab/load/report.ts";
import { escapeHtml } from "./html.ts";

/** A column: a model and its report. */
export interface Holder {
  /** The model. */
  readonly model: string;
  /** Its report; null if the program never began. */
  readonly report: LoadReport | null;
}

/** How something compares with what other models give. */
export type Likeness =
  /** Another model gives the same. */
  | "same"
  /** Another model gives more of it. */
  | "weaker"
  /** Another model gives less of it. */
  | "stronger"
  /** No other model gives anything like it. */
  | "only";

/** What is shown before it. */
export const MARKS: Readonly<Record<Likeness, string>> = {
  same: "=",
  weaker: "▽",
  stronger: "△",
  only: "◆",
};

const TOPICS: readonly AuthorityTopic[] = [
  "talking to whoever started it",
  "standard input and output",
  "its own process",
  "its own memory",
  "calling the kernel",
  "files",
  "anything else",
];

/** How something that one model gives compares with what others give. */
export function likeness(one: LoadAuthority, others: readonly LoadAuthority[]): Likeness {
  const like = others.filter((other) => keyOf(other) === keyOf(one));
  if (like.length === 0) return "only";
  const mine = partsOf(one.access);
  if (like.some((other) => equal(partsOf(other.access), mine))) return "same";
  const isLess = like.some((other) => [...mine].every((part) => partsOf(other.access).has(part)));
  return isLess ? "weaker" : "stronger";
}

/** The whole table, a row for each thing that authority is for. */
export function authorityTable(holders: readonly Holder[]): string {
  const head = holders.map(({ model }) => `<th scope="col">${model}</th>`).join("");
  const rows = TOPICS.filter((topic) =>
    holders.some(({ report }) => report?.authority.some((one) => one.topic === topic))
  ).map((topic) => row(topic, holders));
  return `<table class="grid authority"><thead><tr><td></td>${head}</tr></thead><tbody>${
    rows.join("")
  }</tbody></table>`;
}

function row(topic: AuthorityTopic, holders: readonly Holder[]): string {
  const cells = holders.map((holder) => {
    const others = holders.filter((one) => one !== holder)
      .flatMap(({ report }) => report?.authority ?? []);
    const mine = holder.report?.authority.filter((one) => one.topic === topic) ?? [];
    const label = `<span class="label">${holder.model}</span>`;
    if (mine.length === 0) {
      const none = holder.report ? "not handed over" : "never began";
      return `<td>${label}<span class="none">${none}</span></td>`;
    }
    return `<td>${label}<ul>${listed(mine, others)}</ul></td>`;
  });
  return `<tr><th scope="row">${topic}</th>${cells.join("")}</tr>`;
}

/** Things one by one; paths below another one that may be as much used are only counted. */
function listed(mine: readonly LoadAuthority[], others: readonly LoadAuthority[]): string {
  const isBelow = ({ what }: LoadAuthority) => /^path \/[^/]+\/./.test(what);
  const items = mine.filter((one) => !isBelow(one)).map((one) => {
    const prefix = `${one.what}/`;
    const below = mine.filter((other) => isBelow(other) && other.what.startsWith(prefix));
    return item(one, likeness(one, others), below);
  });
  return items.join("");
}

function item(one: LoadAuthority, kind: Likeness, below: readonly LoadAuthority[]): string {
  const { what, access, via } = one;
  const words = {
    same: "same elsewhere",
    weaker: "less than elsewhere",
    stronger: "more than elsewhere",
    only: "only here",
  };
  const text = escapeHtml(what.replace(/^path /, ""));
  const said = via === "by name"
    ? ""
    : `<small>${escapeHtml(via.replace("bootstrap message: ", ""))}</small>`;
  const paths = below.map((other) =>
    `<code>${escapeHtml(other.what.replace(/^path /, ""))} ${escapeHtml(other.access)}</code>`
  );
  const inside = below.length > 0
    ? `<details><summary>${below.length} path${below.length === 1 ? "" : "s"} below</summary><p>${
      paths.join(" ")
    }</p></details>`
    : "";
  return `<li class="${kind}"><span class="mark" title="${words[kind]}">${
    MARKS[kind]
  }</span><span class="hidden">${words[kind]}: </span><b>${text}</b> <code>${
    escapeHtml(access).replaceAll("|", "|<wbr>")
  }</code>${said}${inside}</li>`;
}

/** What makes two things alike: descriptors by number, handles by purpose, paths by name. */
function keyOf({ topic, what, via }: LoadAuthority): string {
  if (what.startsWith("descriptor ")) return what.split(":")[0]!;
  return what.startsWith("path ") ? what : `${topic} ${via}`;
}

function partsOf(access: string): ReadonlySet<string> {
  const parts = access.includes("|") ? access.split("|") : [...access].filter((one) => one !== "-");
  return new Set(parts);
}

function equal(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && [...one].every((part) => other.has(part));
}
