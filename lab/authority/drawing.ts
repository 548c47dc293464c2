/**
 * The authority graph as a drawing: programs, objects, and who holds which with what rights.
 *
 * @module
 */
import { rightsOn } from "../story.ts";
import type { AuthorityGraph, GraphProgram } from "./authority_graph.ts";

/** Beyond so many nodes, programs are drawn as one for each job. */
const NODES_MAX = 150;

/** What is drawn as one node: a program, or all programs of a job. */
interface Group {
  readonly label: string;
  readonly programs: GraphProgram[];
}

/** The graph in the language of Graphviz; a large one has a node for each job and not each program. */
export function dotOf(graph: AuthorityGraph): string {
  const { programs, objects } = graph;
  const isLarge = programs.length + objects.size > NODES_MAX;
  const groups = isLarge ? byJob(programs) : programs.map((one) => ({
    label: one.name,
    programs: [one],
  }));
  const held = holdersOf(groups);
  // What one job's programs alone hold says nothing about what flows between jobs.
  const drawn = [...objects].filter(([koid, { peer }]) => {
    const holders = new Set([...held.get(koid) ?? [], ...held.get(peer) ?? []]);
    return !isLarge || holders.size > 1;
  });
  const shown = new Set(drawn.map(([koid]) => koid));
  return [
    "digraph authority {",
    '  rankdir=LR; node [fontname=Helvetica margin="0.25,0.08"]; edge [fontname=Helvetica];',
    ...groups.flatMap((group, at) => groupLines(group, `g${at}`, new Map(drawn))),
    ...drawn.flatMap(([koid, { name, type, peer }]) => [
      `  ${koid} [label=${quoted(name ? `${type} ${name}` : `${type} ${koid}`)}];`,
      ...(peer > koid && shown.has(peer) ? [`  ${koid} -> ${peer} [dir=none style=dashed];`] : []),
    ]),
    "}",
  ].join("\n");
}

/** A drawing that shows itself in a notebook. */
export class Drawing {
  /** It as SVG. */
  readonly svg: string;

  /** Of this SVG. */
  constructor(svg: string) {
    this.svg = svg;
  }

  /** How Deno's notebooks show it. */
  [Symbol.for("Jupyter.display")](): Readonly<Record<string, string>> {
    return { "image/svg+xml": this.svg };
  }
}

function byJob(programs: readonly GraphProgram[]): Group[] {
  return [...Map.groupBy(programs, ({ job }) => job)].map(([job, programs]) => {
    const names = programs.length > 3
      ? `${programs.length} programs`
      : programs.map(({ name }) => name).join(", ");
    return { label: `job ${job}\n${names}`, programs };
  });
}

/** For each object, the groups that hold it. */
function holdersOf(groups: readonly Group[]): Map<number, Set<number>> {
  const held = new Map<number, Set<number>>();
  groups.forEach(({ programs }, at) => {
    for (const { handles } of programs) {
      for (const { koid } of handles) held.set(koid, (held.get(koid) ?? new Set()).add(at));
    }
  });
  return held;
}

function groupLines(
  { label, programs }: Group,
  node: string,
  shown: AuthorityGraph["objects"],
): string[] {
  const handles = programs.flatMap(({ handles }) => handles);
  const rights = new Map<number, number>();
  for (const { koid, rights: mask } of handles) rights.set(koid, (rights.get(koid) ?? 0) | mask);
  const alone = [...rights.keys()].filter((koid) => !shown.has(koid)).length;
  const text = alone > 0 ? `${label}\nand ${alone} objects of its own` : label;
  const edges = [...rights].filter(([koid]) => shown.has(koid)).map(([koid, mask]) =>
    `  ${node} -> ${koid} [label=${quoted(rightsOn(shown.get(koid)!.type, mask))}];`
  );
  return [`  ${node} [shape=box label=${quoted(text)}];`, ...edges];
}

/** The graph as SVG. */
export async function svgOf(graph: AuthorityGraph): Promise<string> {
  const { Graphviz } = await import("@hpcc-js/wasm-graphviz");
  const graphviz = await Graphviz.load();
  return graphviz.dot(dotOf(graph));
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}
