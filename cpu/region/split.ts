/**
 * Copies blocks for those who enter a loop beside its beginning. Compilers make such loops where they
 * know how the first round goes, and WebAssembly cannot express them.
 *
 * @module
 */
import { FlowGraph } from "./flow_graph.ts";
import type { Block, Region } from "./region.ts";

/** Instructions that are copied in one region, at most. */
const COPIED_MAX = 120;
/** Blocks that are copied in one region, at most. */
const COPIES_MAX = 12;

/** The graph of the same region with fewer ways into its loops. */
export function split(plain: Region): FlowGraph {
  const blocks = [...plain.blocks];
  const region = { ...plain, blocks };
  let graph = new FlowGraph(region);
  let copied = 0;
  for (let count = 0; count < COPIES_MAX; count++) {
    const entry = strayEntry(graph, COPIED_MAX - copied);
    if (entry === null) break;
    const { from, to } = entry;
    const own: Block = { ...to, index: blocks.length, successors: [...to.successors] };
    from.successors.forEach((one, at) => {
      if (one === to) from.successors[at] = own;
    });
    blocks.push(own);
    copied += to.body.length;
    graph = new FlowGraph(region);
  }
  return graph;
}

/** A way into a loop beside its beginning, to a block that is small enough. */
function strayEntry(graph: FlowGraph, most: number): { from: Block; to: Block } | null {
  for (const from of graph.order) {
    const to = from.successors.find((to) =>
      graph.isIrreducible(from, to) && to.body.length <= most
    );
    if (to !== undefined) return { from, to };
  }
  return null;
}
