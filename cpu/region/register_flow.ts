/**
 * Which registers a block must find in variables, and which of them differ from the context in
 * memory, so that compiled code loads and stores as few as it can.
 *
 * Sets of registers are bits of a `bigint`.
 *
 * @module
 */
import type { FlowGraph } from "./flow_graph.ts";
import type { Instruction } from "../instruction.ts";
import { Flow } from "../isa.ts";
import type { Block } from "./region.ts";
import type { Traits } from "./traits.ts";

/** Looks up an instruction's traits. */
export type TraitsOf = (instruction: Instruction) => Traits;

/** What flows along a region's edges; arrays go by a block's index. */
export class RegisterFlow {
  /** Registers that may differ from the context when a block begins. */
  readonly dirtyIn: bigint[];
  /** Registers that must be in variables when a block begins. */
  readonly liveIn: bigint[];
  /** Registers that a block writes. */
  readonly written: bigint[];
  readonly #graph: FlowGraph;

  constructor(graph: FlowGraph, traitsOf: TraitsOf) {
    this.#graph = graph;
    const count = graph.predecessors.length;
    this.dirtyIn = new Array<bigint>(count).fill(0n);
    this.liveIn = new Array<bigint>(count).fill(0n);
    this.written = new Array<bigint>(count).fill(0n);
    const read = new Array<bigint>(count).fill(0n);
    for (const block of graph.order) {
      for (const { instruction } of block.body) {
        const traits = traitsOf(instruction);
        read[block.index]! |= readsOf(instruction, traits) & ~this.written[block.index]!;
        if (traits.writesRd && instruction.rd !== 0) {
          this.written[block.index]! |= 1n << BigInt(instruction.rd);
        }
      }
    }
    this.#flowDirty();
    this.#flowLive(read);
  }

  /** Registers that may differ from the context when a block has ended. */
  dirtyOut(block: Block): bigint {
    if (spills(block)) return 0n;
    return this.dirtyIn[block.index]! | this.written[block.index]!;
  }

  #flowDirty(): void {
    for (let changed = true; changed;) {
      changed = false;
      for (const block of this.#graph.order) {
        let dirty = 0n;
        for (const from of this.#graph.predecessors[block.index]!) dirty |= this.dirtyOut(from);
        if (dirty === this.dirtyIn[block.index]) continue;
        this.dirtyIn[block.index] = dirty;
        changed = true;
      }
    }
  }

  #flowLive(read: readonly bigint[]): void {
    const { order } = this.#graph;
    for (let changed = true; changed;) {
      changed = false;
      for (let rank = order.length - 1; rank >= 0; rank--) {
        const block = order[rank]!;
        let after = 0n;
        // What lives behind a call is loaded again there.
        if (!spills(block)) {
          for (const next of block.successors) after |= this.liveIn[next.index]!;
        }
        // Leaving the region stores what is dirty, so that must be there too.
        const live = read[block.index]! | this.dirtyIn[block.index]! |
          (after & ~this.written[block.index]!);
        if (live === this.liveIn[block.index]) continue;
        this.liveIn[block.index] = live;
        changed = true;
      }
    }
  }
}

/** Whether a block ends by giving all registers away: to a callee or to the kernel. */
export function spills(block: Block): boolean {
  return block.flow === Flow.CALL || block.flow === Flow.INDIRECT_CALL || block.flow === Flow.TRAP;
}

/** The registers in a set, in order. */
export function members(set: bigint): number[] {
  const found: number[] = [];
  for (let register = 0; set !== 0n; register++, set >>= 1n) {
    if ((set & 1n) !== 0n) found.push(register);
  }
  return found;
}

function readsOf(instruction: Instruction, traits: Traits): bigint {
  let reads = 0n;
  if (traits.readsRs1) reads |= 1n << BigInt(instruction.rs1);
  if (traits.readsRs2) reads |= 1n << BigInt(instruction.rs2);
  if (traits.readsRs3) reads |= 1n << BigInt(instruction.rs3);
  return reads & ~1n;
}
