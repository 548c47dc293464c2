/**
 * The authority graph as a drawing: programs, objects, and who holds which with what rights.
 *
 * @module
 */
import { shortRights } from "../story.ts";
import type { AuthorityGraph } from "./authority_graph.ts";

/** Beyond so many nodes, objects that one program alone holds are drawn as one. */
const NODES_MAX = 150;

/** The graph in the language of Graphviz. */
export function dotOf(graph: AuthorityGraph): string {
  const { programs, objects } = graph;
  const isLarge = programs.length + objects.size > NODES_MAX;
  const held = new Map<number, number>();
  for (const { handles } of programs) {
    for (const koid of new Set(handles.map((one) => one.koid))) {
      held.set(koid, (held.get(koid) ?? 0) + 1);
    }
  }
  const drawn = [...objects].filter(([koid, { peer }]) =>
    !isLarge || (held.get(koid) ?? 0) > 1 || peer !== 0
  );
  const names = new Set(drawn.map(([koid]) => koid));
  const lines = [
    "digraph authority {",
    "  rankdir=LR; node [fontname=sans]; edge [fontname=sans];",
  ];
  for (const { name, handles } of programs) {
    const alone = handles.filter(({ koid }) => !names.has(koid)).length;
    const label = alone > 0 ? `${name}\\nand ${alone} objects of its own` : name;
    lines.push(`  ${quoted(`p:${name}`)} [shape=box label=${quoted(label)}];`);
    for (const { koid, rights } of handles.filter((one) => names.has(one.koid))) {
      lines.push(`  ${quoted(`p:${name}`)} -> ${koid} [label=${quoted(shortRights(rights))}];`);
    }
  }
  for (const [koid, { name, type, peer }] of drawn) {
    lines.push(`  ${koid} [label=${quoted(name ? `${type} ${name}` : `${type} ${koid}`)}];`);
    if (peer > koid && names.has(peer)) lines.push(`  ${koid} -> ${peer} [dir=none style=dashed];`);
  }
  return [...lines, "}"].join("\n");
}

/** The graph as SVG. */
export async function svgOf(graph: AuthorityGraph): Promise<string> {
  const { Graphviz } = await import("@hpcc-js/wasm-graphviz");
  const graphviz = await Graphviz.load();
  return graphviz.dot(dotOf(graph));
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '\\"')}"`;
}
