/**
 * The authority on a running machine at one moment: who holds what, and who could come to hold it.
 *
 * @module
 */
import type { RightName } from "../../kernel/abi.ts";
import type { Process } from "../../kernel/task/process.ts";
import type { Job } from "../../kernel/task/job.ts";
import type { Reachable } from "../load/request.ts";
import { type AuthorityGraph, graphOf, heldIn } from "./authority_graph.ts";
import type { AuthoritySet } from "./authority_set.ts";
import { Closure, type Rule, RULES } from "./closure.ts";
import { dotOf, Drawing, svgOf } from "./drawing.ts";

/** Who holds what on a machine, and who could come to. */
export interface AuthorityMoment {
  /** What programs hold. */
  readonly held: AuthoritySet;
  /** What they could come to use of what there is, whatever they do. */
  readonly closure: AuthoritySet;
  /** Who could come to use a right on an object of this name, each with the way there. */
  whoCanReach(object: string, right: RightName): ReadonlyMap<string, readonly string[]>;
  /** The graph, for Graphviz. */
  toDot(): string;
  /** The graph, drawn. */
  toSvg(): Promise<string>;
  /** The same for Deno's notebooks, where the last line of a cell shows itself. */
  drawing(): Promise<Drawing>;
}

/** The moment that a graph is a picture of. */
export function momentOf(graph: AuthorityGraph, rules: readonly Rule[] = RULES): AuthorityMoment {
  const closure = new Closure(graph, rules);
  return {
    held: heldIn(graph),
    get closure() {
      return closure.authority;
    },
    whoCanReach: (object, right) => {
      const found = new Map<string, readonly string[]>();
      for (const [koid, { name }] of graph.objects) {
        if (name !== object) continue;
        for (const [program, path] of closure.whoCanReach(koid, right)) found.set(program, path);
      }
      return found;
    },
    toDot: () => dotOf(graph),
    toSvg: () => svgOf(graph),
    drawing: async () => new Drawing(await svgOf(graph)),
  };
}

/** What a process of a graph could come to use beside what it holds, an object each. */
export function reachIn(graph: AuthorityGraph, process: number): Reachable[] {
  const program = graph.programs.find(({ koid }) => koid === process);
  if (!program) return [];
  const closure = new Closure(graph);
  const held = new Set(program.handles.map(({ koid }) => koid));
  const could = [...closure.authority.where({ program: program.name })];
  return [...Map.groupBy(could, ({ koid }) => koid)].filter(([koid]) => !held.has(koid))
    .map(([koid, facts]) => ({
      what: facts[0]!.object,
      access: facts.map(({ right }) => right).join("|"),
      way: closure.path(program.name, koid, facts[0]!.right),
    }));
}

/** The moment that a machine with handles is in: all processes below a job, by their names. */
export function momentBelow(job: Job): AuthorityMoment {
  return momentOf(graphBelow(job));
}

/** Who holds what of all processes below a job, by their names. */
export function graphBelow(job: Job): AuthorityGraph {
  const processes = new Map<string, Process>();
  for (const process of processesBelow(job)) {
    const { name, koid } = process;
    processes.set(
      processes.has(name) || name === "" ? `${name || "process"} ${koid}` : name,
      process,
    );
  }
  return graphOf(processes);
}

function processesBelow(job: Job): Process[] {
  const own = [...job.processes].filter(({ state }) => state !== "dead");
  return [...own, ...[...job.jobs].flatMap(processesBelow)];
}
