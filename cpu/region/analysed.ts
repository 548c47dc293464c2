/**
 * A region with what was found out about it before its code is written.
 *
 * @module
 */
import type { FlowGraph } from "./flow_graph.ts";
import { Flow, type Isa } from "../isa.ts";
import type { Region } from "./region.ts";
import type { RegisterFlow, TraitsOf } from "./register_flow.ts";

/** A region with what was found out about it. */
export interface Analysed {
  readonly region: Region;
  readonly graph: FlowGraph;
  readonly flow: RegisterFlow;
  readonly isa: Isa;
  readonly traitsOf: TraitsOf;
  /** Blocks, by address, whose checks are not widened to cover accesses nearby. */
  readonly narrow: ReadonlySet<number>;
}

/** How many instructions a path from a block executes at most before the count is compared again. */
export function pathLengths({ graph }: Analysed): Int32Array {
  const lengths = new Int32Array(graph.predecessors.length);
  for (let rank = graph.order.length - 1; rank >= 0; rank--) {
    const block = graph.order[rank]!;
    let longest = 0;
    const compared = block.flow === Flow.CALL || block.flow === Flow.INDIRECT_CALL;
    for (const next of block.successors) {
      const ahead = graph.rank[next.index]! > rank && !graph.isLoop[next.index] && !compared;
      if (ahead) longest = Math.max(longest, lengths[next.index]!);
    }
    lengths[block.index] = block.body.length + longest;
  }
  return lengths;
}
