/**
 * Steps as sentences: who called what on which object, and what came of it.
 *
 * @module
 */
import {
  ChannelLimit,
  InfoTopic,
  Property,
  Right,
  rightNames,
  Signal,
  statusName,
} from "../../kernel/abi.ts";
import type { Denial } from "../../kernel/events.ts";
import type { ObjectFact, Step } from "../step.ts";

const TEXT_MAX = 32;
/** Arguments that say "however much there is", which need not be told. */
const BOUNDS: Readonly<Record<string, number>> = {
  numBytes: ChannelLimit.BYTES_MAX,
  numHandles: ChannelLimit.HANDLES_MAX,
};

/**
 * A run as lines: each program's name, and its steps below it until another goes on. Where a call is
 * answered that has waited, that stands below the step which brought the answer.
 */
export function storyOf(steps: readonly Step[], history: readonly Step[] = steps): string[] {
  const lines: string[] = [];
  const own = new Set(steps);
  let program = "";
  for (const step of history) {
    if (!own.has(step)) {
      lines.push(`       ${step.program}'s ${step.call} → ${resultText(step)}${gotText(step)}`);
      continue;
    }
    if (step.program !== program) lines.push(step.program);
    program = step.program;
    lines.push(`  ${String(step.number).padStart(3)}  ${stepText(step)}`);
  }
  return lines;
}

/** One step as a line. */
export function stepText(step: Step): string {
  const { note } = step;
  if (step.call === "") return note || "ends";
  const args = Object.entries(step.args).map(([name, value]) => argumentText(step, name, value));
  const before = note ? `${note}, then ` : "";
  const call = `${step.call}(${args.filter(Boolean).join(", ")})`;
  return `${before}${call} → ${resultText(step)}${gotText(step)}`;
}

function gotText({ got }: Step): string {
  return got.length > 0 ? `, gets ${got.map(objectText).join(" and ")}` : "";
}

/** A denial as lines: what was refused, by which rule, and what would have changed the answer. */
export function denialText(step: Step, denial: Denial): string[] {
  const answer = step.fatal ? "ends its program" : `is refused with ${statusName(denial.status)}`;
  const what = step.refusedOn === "" ? "" : ` ${step.fatal ? "for" : "on"} ${step.refusedOn}`;
  return denialLines(
    `step ${step.number}, ${step.program}: ${denial.syscall} ${answer}${what}`,
    denial,
  );
}

/** The same below a line of one's own. */
export function denialLines(
  head: string,
  { wanted, held, rule, grant }: Pick<Denial, "wanted" | "held" | "rule" | "grant">,
): string[] {
  return [
    head,
    `  wanted  ${wanted}`,
    `  held    ${held}`,
    `  rule    ${rule}`,
    `  grant   ${grant}`,
  ];
}

/** An object as a story names it. */
export function objectText({ name, type, koid }: ObjectFact): string {
  return name || `${type} ${koid}`;
}

function argumentText(step: Step, name: string, value: unknown): string {
  const object = step.objects[name];
  if (object) return objectText(object);
  if (name === "handles" && Array.isArray(value)) {
    return value.length === 0
      ? ""
      : `sends ${step.sent.map(objectText).join(" and ") || "nothing"}`;
  }
  if (value === BOUNDS[name]) return "";
  if (name === "items" && Array.isArray(value)) return itemsText(step, value);
  if (name === "options" && typeof value === "number") return optionsWord(step, value);
  if (name === "rights" && typeof value === "number") return rightsWord(value);
  if (name === "property") return numberNamed(Property, value) ?? `property: ${value}`;
  if (name === "topic") return numberNamed(InfoTopic, value) ?? `topic: ${value}`;
  if (name === "signals" && typeof value === "number") return signalsWord(value);
  return `${name}: ${valueText(value)}`;
}

/** What a call waits for: each object with its signals. */
function itemsText(step: Step, items: readonly { readonly signals: number }[]): string {
  return items.map(({ signals }, at) => {
    const object = step.objects[`items.${at}`];
    return `${object ? objectText(object) : "nothing"} ${signalsWord(signals)}`;
  }).join(", ");
}

function resultText(step: Step): string {
  if (step.fatal) return step.call === "processExit" ? "ends" : "is killed";
  if (step.status === null) return "waits";
  if (step.status !== 0) return statusName(step.status);
  if (typeof step.result !== "object" || step.result === null) return "OK";
  const bytes = Object.values(step.result).find((value) => value instanceof Uint8Array);
  return bytes && (bytes.length > 0 || step.got.length === 0) ? valueText(bytes) : "OK";
}

/** Options, where there are any; those that say what may be done with memory as its letters. */
function optionsWord({ call }: Step, options: number): string {
  if (options === 0) return "";
  const isAccess = (call === "vmarMap" || call === "vmarProtect") && options < 8;
  if (!isAccess) return `options: ${valueText(options)}`;
  return [..."rwx"].map((letter, at) => options & 1 << at ? letter : "-").join("");
}

function rightsWord(rights: number): string {
  if (rights === Right.SAME_RIGHTS) return "SAME_RIGHTS";
  return rightNames(rights).join("|") || "no rights";
}

/** What a number is called in a table of things that have one. */
function numberNamed(
  table: Readonly<Record<string, { readonly number: number }>>,
  number: unknown,
): string | undefined {
  return Object.keys(table).find((name) => table[name]!.number === number);
}

/** The names of signals, each bit under the first name that it has. */
function signalsWord(signals: number): string {
  const names = Object.entries(Signal).filter(([, bit], at, all) =>
    bit !== 0 && (bit & (bit - 1)) === 0 && (signals & bit) !== 0 &&
    all.findIndex(([, other]) => other === bit) === at
  );
  return names.map(([name]) => name).join("|") || "no signals";
}

function valueText(value: unknown): string {
  if (value instanceof Uint8Array) {
    const text = new TextDecoder().decode(value).replace(/\0+$/, "");
    if (text !== "" && value.length <= TEXT_MAX && /^[\x20-\x7e]*$/.test(text)) {
      return JSON.stringify(text);
    }
    return value.length === 1 ? "1 byte" : `${value.length} bytes`;
  }
  if (Array.isArray(value)) return `[${value.map(valueText).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    if (Object.getPrototypeOf(value) !== Object.prototype) return "an object";
    return `{${
      Object.entries(value).map(([name, one]) => `${name}: ${valueText(one)}`).join(", ")
    }}`;
  }
  return typeof value === "number" && value > 0xffff ? `0x${value.toString(16)}` : String(value);
}
