/**
 * Repeats the bodies of small innermost loops, so that counting and checking are paid for once in
 * several rounds, and accesses that walk through memory share a check.
 *
 * @module
 */
import { FlowGraph } from "./flow_graph.ts";
import { Flow } from "../isa.ts";
import type { Block, Region } from "./region.ts";
import { spills } from "./register_flow.ts";
import { split } from "./split.ts";

/** Instructions of all rounds together, at most. */
const BODY_MAX = 256;
/** Blocks of a region, at most, behind which no more loops are repeated. */
const BLOCKS_MAX = 300;
/** Rounds at most. */
const ROUNDS_MAX = 8;
/** Instructions of all rounds together where there are more than half as many rounds. */
const SHORT_MAX = 64;

/** The graph of the same region with its small loops repeated. */
export function unroll(plain: Region): FlowGraph {
  const graph = splitHeaders(split(plain));
  const { region } = graph;
  const blocks = [...region.blocks];
  for (const header of graph.order) {
    if (!graph.isLoop[header.index] || blocks.length > BLOCKS_MAX) continue;
    const body = graph.loopOf(header);
    const rounds = roundsOf(graph, header, body);
    if (rounds > 1) blocks.push(...repeat(header, body, rounds));
  }
  return blocks.length === region.blocks.length ? graph : graphOf(region, blocks);
}

/**
 * A loop and one around it may begin at the same block, as they do where a region is entered in the
 * middle of a program's loops. The outer one gets a beginning of its own, without instructions.
 */
function splitHeaders(graph: FlowGraph): FlowGraph {
  const { region } = graph;
  const blocks = [...region.blocks];
  for (const header of graph.order) {
    if (!graph.isLoop[header.index]) continue;
    const back = graph.backTo(header);
    const outer = back.filter((from) => {
      const body = graph.loopOf(header, [from]);
      return [...body].some((block) => block !== header && graph.isLoop[block.index]);
    });
    if (outer.length === 0 || outer.length === back.length) continue;
    const start: Block = {
      ...header,
      body: [],
      flow: Flow.NEXT,
      successors: [header],
      targets: [],
    };
    const entering = graph.predecessors[header.index]!.filter((from) =>
      !graph.isBack(from, header)
    );
    for (const from of [...outer, ...entering]) redirect(from, header, start);
    if (header === region.blocks[0]) blocks.unshift(start);
    else blocks.push(start);
  }
  return blocks.length === region.blocks.length ? graph : graphOf(region, blocks);
}

function graphOf(region: Region, blocks: Block[]): FlowGraph {
  blocks.forEach((block, index) => block.index = index);
  return new FlowGraph({ ...region, blocks });
}

function redirect(from: Block, old: Block, to: Block): void {
  from.successors.forEach((one, at) => {
    if (one === old) from.successors[at] = to;
  });
}

function roundsOf(graph: FlowGraph, header: Block, body: ReadonlySet<Block>): number {
  let size = 0;
  for (const block of body) {
    if (spills(block) || block.targets.length > 0) return 1;
    if (block !== header && graph.isLoop[block.index]) return 1;
    size += block.body.length;
  }
  const rounds = Math.min(ROUNDS_MAX, Math.floor(SHORT_MAX / size));
  return Math.max(rounds, Math.min(ROUNDS_MAX / 2, Math.floor(BODY_MAX / size)));
}

/** Lead the way back to the beginning through copies of the loop; the copies are given. */
function repeat(header: Block, body: ReadonlySet<Block>, rounds: number): Block[] {
  const copies: Block[] = [];
  let back = header;
  for (let round = 1; round < rounds; round++) {
    const copy = new Map<Block, Block>();
    for (const block of body) copy.set(block, { ...block, successors: [] });
    for (const [block, own] of copy) {
      const next = block.successors.map((to) => to === header ? back : copy.get(to) ?? to);
      own.successors.push(...next);
    }
    back = copy.get(header)!;
    copies.push(...copy.values());
  }
  for (const block of body) redirect(block, header, back);
  return copies;
}
