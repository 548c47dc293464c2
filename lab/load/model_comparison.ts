/**
 * What a scenario's programs could use from their first instruction on, were they loaded in one model
 * or in another: what only one side has, and why.
 *
 * @module
 */
import { modelNamed } from "./models.ts";
import type { LoadAuthority } from "./report.ts";
import { ScenarioError } from "../scenario_error.ts";
import type { ObjectFact } from "../step.ts";

/** A program of a scenario, to be loaded in any model. */
export interface LoadableProgram {
  /** Its name. */
  readonly name: string;
  /** Its ELF file. */
  readonly file: Uint8Array;
  /** Its arguments, its own name first. */
  readonly args: readonly string[];
  /** Its environment. */
  readonly environ: readonly string[];
  /** The handles that the scenario lists for it. */
  readonly given: readonly ObjectFact[];
}

/** Something that a program can use from its first instruction on, with the reason. */
export interface AuthorityAtEntry {
  /** What it is for. */
  readonly topic: string;
  /** What it is: an object, a descriptor, a path. */
  readonly what: string;
  /** What may be done with it. */
  readonly access: string;
  /** Why the program has it in this model. */
  readonly reason: string;
}

/** How a program's authority differs between two models. */
export interface ModelDifference {
  /** The program. */
  readonly program: string;
  /** The models. */
  readonly models: readonly [string, string];
  /** What it has in the first model, for something that it has nothing for in the second. */
  readonly onlyFirst: readonly AuthorityAtEntry[];
  /** What it has in the second model alone. */
  readonly onlySecond: readonly AuthorityAtEntry[];
  /** What it has for the same in both, first model first. */
  readonly both: readonly (readonly [AuthorityAtEntry, AuthorityAtEntry])[];
  /**
   * What it holds nothing of at its first instruction and could come to use, whatever programs do:
   * in the first model, and in the second. Each has the rules that lead there as its reason.
   */
  readonly reach: readonly [readonly AuthorityAtEntry[], readonly AuthorityAtEntry[]];
  /** The same as text. */
  toString(): string;
}

/** Virtual time that a load may take, in nanoseconds. */
const TIMEOUT = 1e9;
const ALIKE_MAX = 3;

/** Load a program in two models, and compare what it could use. */
export function compareModels(
  program: LoadableProgram,
  models: readonly [string, string],
): ModelDifference {
  const [one, other] = [authorityIn(program, models[0]), authorityIn(program, models[1])];
  const [first, second] = [one.held, other.held];
  const missing = (from: AuthorityAtEntry[], other: AuthorityAtEntry[]) =>
    from.filter(({ topic }) => !other.some((one) => one.topic === topic));
  const both = first.flatMap((one) => {
    const like = second.find(({ topic }) => topic === one.topic);
    return like ? [[one, like] as const] : [];
  });
  const difference = {
    program: program.name,
    models,
    onlyFirst: missing(first, second),
    onlySecond: missing(second, first),
    both,
    reach: [one.reach, other.reach] as const,
  };
  const toString = () => textOf(difference);
  const display = () => ({ "text/plain": toString() });
  return { ...difference, toString, [Symbol.for("Jupyter.display")]: display };
}

/** What a program holds, and could come to. */
interface Standing {
  readonly held: AuthorityAtEntry[];
  readonly reach: AuthorityAtEntry[];
}

function authorityIn(program: LoadableProgram, model: string): Standing {
  const load = modelNamed(model);
  const { file, args, environ, name, given } = program;
  const rest = { libraries: {}, timeout: TIMEOUT, clock: () => 0, wantsReach: true };
  const { report, reason, reach = [] } = load({ file, args, environ, ...rest });
  if (!report) throw new ScenarioError(`program ${name} cannot be loaded by ${model}: ${reason}`);
  const authority = report.authority.map((one) => ({
    topic: one.topic,
    what: one.what,
    access: one.access,
    reason: reasonOf(one),
  }));
  return {
    held: model === "zircon" ? [...authority, ...given.map(listed)] : authority,
    reach: reach.map(({ what, access, way }) => ({
      topic: "what it could come to",
      what,
      access,
      reason: way.join("; "),
    })),
  };
}

/** Only where programs are started with handles can a scenario list some. */
function listed({ type, name, koid, rights }: ObjectFact): AuthorityAtEntry {
  return {
    topic: "what the scenario lists",
    what: `${type} ${name || koid}`,
    access: rights.join("|"),
    reason: "the scenario lists it, and the launcher put it into the bootstrap message",
  };
}

function reasonOf({ via }: LoadAuthority): string {
  if (via === "inherited") return "descriptors stay open when a program is executed";
  if (via === "by name") return "whoever can name a path may open it, as far as its user may";
  if (via === "process_start") return "it is the one handle that zx_process_start gives";
  const purpose = /^bootstrap message: (.*)/.exec(via)?.[1];
  return purpose ? `the launcher put it into the bootstrap message as ${purpose}` : via;
}

function textOf({ program, models, onlyFirst, onlySecond, both, reach }: {
  readonly [K in Exclude<keyof ModelDifference, "toString">]: ModelDifference[K];
}): string {
  const [first, second] = models;
  const topics = [...new Set(both.map(([{ topic }]) => topic))];
  return [
    `${program}, loaded by ${first} and by ${second}`,
    ...sideLines(`only ${first}`, onlyFirst),
    ...sideLines(`only ${second}`, onlySecond),
    `  both: ${topics.join(", ") || "nothing"}`,
    "  could come to use besides, whatever anybody does:",
    ...reachLines(first, reach[0]),
    ...reachLines(second, reach[1]),
  ].join("\n");
}

/** How many objects could be come to, by each rule that is the last on the way, with one of them. */
function reachLines(model: string, reach: readonly AuthorityAtEntry[]): string[] {
  const byRule = Map.groupBy(reach, ({ reason }) => reason.match(/R\d/g)?.at(-1) ?? "");
  return [...byRule].map(([rule, list]) => {
    const { what, reason } = list[0]!;
    return `    ${model}: ${list.length} by ${rule}, such as ${what}: ${reason}`;
  });
}

function sideLines(title: string, side: readonly AuthorityAtEntry[]): string[] {
  if (side.length === 0) return [`  ${title}: nothing`];
  const groups = Map.groupBy(side, ({ topic, reason }) => `${topic}: ${reason}`);
  const lines = [...groups].flatMap(([group, list]) => {
    const shown = list.slice(0, ALIKE_MAX).map(({ what, access }) => `      ${what}  ${access}`);
    const more = list.length - shown.length;
    return [`    ${group}`, ...shown, ...(more > 0 ? [`      and ${more} more`] : [])];
  });
  return [`  ${title}:`, ...lines];
}
