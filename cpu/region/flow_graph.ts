/**
 * The shape of a region: an order in which blocks come before those they lead to, which block
 * dominates which, and where the loops begin.
 *
 * @module
 */
import type { Block, Region } from "./region.ts";

/** The shape of a region; arrays go by a block's index. */
export class FlowGraph {
  /** What has this shape. */
  readonly region: Region;
  /** Blocks in reverse postorder. */
  readonly order: Block[] = [];
  /** A block's place in `order`. */
  readonly rank: Int32Array;
  /** Blocks that lead to a block. */
  readonly predecessors: Block[][];
  /** Blocks that a block dominates immediately. */
  readonly children: Block[][];
  /** True where a loop begins. */
  readonly isLoop: boolean[];
  /** True where forward edges meet, or where a table leads. */
  readonly isMerge: boolean[];
  readonly #dominator: Int32Array;

  /** A region's graph; it holds as long as nothing is changed there. */
  constructor(region: Region) {
    this.region = region;
    const count = region.blocks.length;
    this.rank = new Int32Array(count).fill(-1);
    this.#number(region.blocks[0]!);
    this.predecessors = Array.from({ length: count }, () => []);
    this.children = Array.from({ length: count }, () => []);
    for (const block of this.order) {
      const { successors } = block;
      successors.forEach((next, at) => {
        if (successors.indexOf(next) === at) this.predecessors[next.index]!.push(block);
      });
    }
    this.#dominator = new Int32Array(count).fill(-1);
    this.#dominate();
    this.isLoop = this.#each((block, from) => this.isBack(from, block));
    this.isMerge = this.predecessors.map((from, index) => {
      const forward = from.filter((one) => this.rank[one.index]! < this.rank[index]!);
      return forward.length > 1 || forward.some((one) => one.targets.length > 0) ||
        forward.some((one) => new Set(one.successors).size < one.successors.length);
    });
  }

  /** Whether an edge goes back to a block that dominates where it comes from. */
  isBack(from: Block, to: Block): boolean {
    return this.rank[from.index]! >= this.rank[to.index]! && this.#dominates(to, from);
  }

  /** Whether an edge enters a loop beside its beginning: such control flow has no structure. */
  isIrreducible(from: Block, to: Block): boolean {
    return this.rank[from.index]! >= this.rank[to.index]! && !this.#dominates(to, from);
  }

  /** Blocks from which control goes back to where a loop begins. */
  backTo(header: Block): Block[] {
    return this.predecessors[header.index]!.filter((from) => this.isBack(from, header));
  }

  /** The blocks of a loop, by where it begins and where control goes back from. */
  loopOf(header: Block, from: readonly Block[] = this.backTo(header)): Set<Block> {
    const body = new Set([header]);
    const work = [...from];
    for (let block = work.pop(); block !== undefined; block = work.pop()) {
      if (body.has(block)) continue;
      body.add(block);
      work.push(...this.predecessors[block.index]!);
    }
    return body;
  }

  #each(test: (block: Block, from: Block) => boolean): boolean[] {
    const found = new Array<boolean>(this.predecessors.length).fill(false);
    for (const block of this.order) {
      found[block.index] = this.predecessors[block.index]!.some((from) => test(block, from));
    }
    return found;
  }

  /** Depth first with a stack of its own, since regions may be long. */
  #number(entry: Block): void {
    const seen = new Set<Block>([entry]);
    const stack: { block: Block; at: number }[] = [{ block: entry, at: entry.successors.length }];
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      if (top.at === 0) {
        this.order.push(top.block);
        stack.pop();
        continue;
      }
      const next = top.block.successors[--top.at]!;
      if (seen.has(next)) continue;
      seen.add(next);
      stack.push({ block: next, at: next.successors.length });
    }
    this.order.reverse();
    this.order.forEach((block, rank) => this.rank[block.index] = rank);
  }

  #dominate(): void {
    const idom = new Int32Array(this.order.length).fill(-1);
    idom[0] = 0;
    for (let changed = true; changed;) {
      changed = false;
      for (let rank = 1; rank < this.order.length; rank++) {
        let common = -1;
        for (const from of this.predecessors[this.order[rank]!.index]!) {
          const other = this.rank[from.index]!;
          if (idom[other] === -1) continue;
          common = common === -1 ? other : meet(idom, common, other);
        }
        if (idom[rank] === common) continue;
        idom[rank] = common;
        changed = true;
      }
    }
    this.order.forEach((block, rank) => {
      this.#dominator[block.index] = idom[rank]!;
      if (rank > 0) this.children[this.order[idom[rank]!]!.index]!.push(block);
    });
  }

  #dominates(a: Block, b: Block): boolean {
    const goal = this.rank[a.index]!;
    let rank = this.rank[b.index]!;
    while (rank > goal) rank = this.#dominator[this.order[rank]!.index]!;
    return rank === goal;
  }
}

function meet(idom: Int32Array, a: number, b: number): number {
  while (a !== b) {
    while (a > b) a = idom[a]!;
    while (b > a) b = idom[b]!;
  }
  return a;
}
