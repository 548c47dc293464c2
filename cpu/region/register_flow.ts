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

/** Integer registers that a loop holds: the host has twelve, and some are needed for other things. */
const HELD_MAX = 10;
/** How often an inner loop may be thought to go round. */
const ROUNDS = 8;
/** All integer registers but the one that is always zero. */
const INTEGERS = 0xffff_fffen;

/** By number, the set that a register is; the one that is always zero is none. */
const ALONE: readonly bigint[] = Array.from(
  { length: 64 },
  (_, at) => at === 0 ? 0n : 1n << BigInt(at),
);

/** Looks up an instruction's traits. */
export type TraitsOf = (instruction: Instruction) => Traits;

/**
 * What flows along a region's edges; arrays go by a block's index.
 *
 * A register is loaded where it is used first, not where the region begins or a callee has returned:
 * few of the registers that some path uses are used by the path that is taken. Where paths meet, it
 * is held in a variable if all of them hold it, or if one does and it will be read in any case; the
 * others load it then. In loops without calls it is held if anybody holds it: what some round uses is
 * loaded once before the first.
 *
 * Loops without calls in which paths meet hold the registers that they use most, as many as the host has
 * about: V8 would hold all of them, most on its stack, and move them around wherever paths meet. Where
 * none do it gives each its place better.
 *
 * What nobody will read or write before it is stored in any case is stored behind its last write: it
 * would occupy one of the host's registers till then, or its memory, and so would be stored twice.
 */
export class RegisterFlow {
  /** Registers that are in variables when a block begins. */
  readonly heldIn: bigint[];
  /** Those of them that may differ from the context. */
  readonly dirtyIn: bigint[];
  readonly #graph: FlowGraph;
  readonly #traitsOf: TraitsOf;
  readonly #touched: bigint[];
  readonly #written: bigint[];
  readonly #liveIn: bigint[];
  readonly #busyIn: bigint[];
  readonly #wantedIn: bigint[];
  readonly #settled: (readonly bigint[])[] = [];
  readonly #settledOut: bigint[];
  readonly #entering: Block[][];
  /** 1 for blocks in loops without calls. */
  readonly #isUnbroken: Uint8Array;
  /** Registers that are not to be held when a block begins. */
  readonly #excess: bigint[];

  constructor(graph: FlowGraph, traitsOf: TraitsOf) {
    this.#graph = graph;
    this.#traitsOf = traitsOf;
    const count = graph.predecessors.length;
    const none = () => new Array<bigint>(count).fill(0n);
    this.heldIn = none();
    this.dirtyIn = none();
    this.#touched = none();
    this.#written = none();
    this.#liveIn = none();
    this.#busyIn = none();
    this.#wantedIn = none();
    this.#settledOut = none();
    this.#isUnbroken = new Uint8Array(count);
    this.#entering = graph.predecessors.map(() => []);
    for (const block of graph.order) {
      const from = graph.predecessors[block.index]!;
      this.#entering[block.index] = from.filter((one) => !graph.isIrreducible(one, block));
    }
    this.#excess = none();
    this.#lookAtLoops();
    const read = this.#sum();
    this.#flowLive(read);
    this.#flowBusy(read);
    this.#flowHeld();
    this.#flowWanted();
    for (const block of graph.order) this.#settle(block);
    this.#flowHeld();
  }

  /** The registers that an instruction reads. */
  reads(instruction: Instruction): bigint {
    const { readsRs1, readsRs2, readsRs3 } = this.#traitsOf(instruction);
    let reads = readsRs1 ? ALONE[instruction.rs1]! : 0n;
    if (readsRs2) reads |= ALONE[instruction.rs2]!;
    if (readsRs3) reads |= ALONE[instruction.rs3]!;
    return reads;
  }

  /** The register that an instruction writes, if it does. */
  writes(instruction: Instruction): bigint {
    return this.#traitsOf(instruction).writesRd ? ALONE[instruction.rd]! : 0n;
  }

  /** Registers to load on the way from the end of a block to another. */
  loadsOn(from: Block, to: Block): bigint {
    return this.#heldOn(from, to) & ~this.#heldOut(from);
  }

  /** Registers to store on the way from the end of a block to another. */
  storesOn(from: Block, to: Block): bigint {
    return this.#dirtyOut(from) & ~this.#heldOn(from, to);
  }

  /** The registers to store behind an instruction of a block. */
  settles(block: Block, at: number): bigint {
    return this.#settled[block.index]?.[at] ?? 0n;
  }

  /**
   * Whether the register that an instruction of a block writes may go to the context and nowhere else.
   * Where a block that is next holds it, its variable counts: others who lead there may have changed it.
   */
  isGivenAway(block: Block, at: number): boolean {
    const settled = this.settles(block, at);
    if (settled === 0n || spills(block)) return settled !== 0n;
    return block.successors.every((next) => (this.#heldOn(block, next) & settled) === 0n);
  }

  /** Registers that may differ from the context where a block ends, before it gives them away. */
  dirtyAtEnd({ index }: Block): bigint {
    return (this.dirtyIn[index]! | this.#written[index]!) & ~this.#settledOut[index]!;
  }

  /** Registers that may differ from the context when a block has ended. */
  #dirtyOut(block: Block): bigint {
    return spills(block) ? 0n : this.dirtyAtEnd(block);
  }

  /** What is held on an edge; it may be one that leaves the region. */
  #heldOn(from: Block, to: Block): bigint {
    return this.#graph.isIrreducible(from, to) ? 0n : this.heldIn[to.index]!;
  }

  #heldOut(block: Block): bigint {
    return spills(block) ? 0n : this.heldIn[block.index]! | this.#touched[block.index]!;
  }

  /** Fill in what blocks touch; gives what they read before they write it. */
  #sum(): bigint[] {
    const read = new Array<bigint>(this.heldIn.length).fill(0n);
    for (const { index, body } of this.#graph.order) {
      for (const { instruction } of body) {
        const reads = this.reads(instruction);
        read[index]! |= reads & ~this.#written[index]!;
        this.#written[index]! |= this.writes(instruction);
        this.#touched[index]! |= reads | this.#written[index]!;
      }
    }
    return read;
  }

  /**
   * Find which blocks lie, as far as the innermost loop around them goes, in loops without calls, and
   * which registers such loops use least. Inner loops begin later, so what they are comes last.
   */
  #lookAtLoops(): void {
    const { order, isLoop, isMerge } = this.#graph;
    const loops = order.filter(({ index }) => isLoop[index])
      .map((header) => [...this.#graph.loopOf(header)]);
    const depth = new Uint8Array(this.heldIn.length);
    for (const body of loops) for (const { index } of body) depth[index]!++;
    for (const body of loops) {
      const is = body.some(spills) ? 0 : 1;
      const winds = body.slice(1).some(({ index }) => isLoop[index] || isMerge[index]);
      const excess = is === 1 && winds ? INTEGERS & ~this.#usedMost(body, depth) : 0n;
      for (const { index } of body) {
        this.#isUnbroken[index] = is;
        this.#excess[index] = excess;
      }
    }
  }

  /** The integer registers that a loop uses most, counting that inner loops go round more often. */
  #usedMost(body: readonly Block[], depth: Uint8Array): bigint {
    const uses = new Float64Array(64);
    for (const block of body) {
      const rounds = ROUNDS ** depth[block.index]!;
      for (const { instruction } of block.body) {
        const { readsRs1, readsRs2, writesRd } = this.#traitsOf(instruction);
        if (readsRs1) uses[instruction.rs1]! += rounds;
        if (readsRs2) uses[instruction.rs2]! += rounds;
        if (writesRd) uses[instruction.rd]! += rounds;
      }
    }
    const order = members(INTEGERS).sort((a, b) => uses[b]! - uses[a]!);
    return order.slice(0, HELD_MAX).reduce((set, register) => set | (1n << BigInt(register)), 0n);
  }

  /** Registers that some path reads; what lives behind a call is loaded again there. */
  #flowLive(read: readonly bigint[]): void {
    this.#flowBack(this.#liveIn, read, ({ successors }) => {
      let after = 0n;
      for (const next of successors) after |= this.#liveIn[next.index]!;
      return after;
    });
  }

  /** Registers that every path reads, as far as paths are known. */
  #flowBusy(read: readonly bigint[]): void {
    this.#busyIn.fill(-1n);
    this.#flowBack(this.#busyIn, read, ({ successors, exit }) => {
      let after = successors.length > 0 || exit ? -1n : 0n;
      for (const next of successors) after &= this.#busyIn[next.index]!;
      return after;
    });
  }

  #flowBack(
    found: bigint[],
    read: readonly bigint[],
    behind: (block: Block) => bigint,
  ): void {
    const { order } = this.#graph;
    for (let changed = true; changed;) {
      changed = false;
      for (let rank = order.length - 1; rank >= 0; rank--) {
        const block = order[rank]!;
        const after = spills(block) ? 0n : behind(block);
        const now = read[block.index]! | (after & ~this.#written[block.index]!);
        if (now === found[block.index]) continue;
        found[block.index] = now;
        changed = true;
      }
    }
  }

  /** Registers that some path reads or writes before they are stored. */
  #flowWanted(): void {
    this.#flowBack(this.#wantedIn, this.#touched, (block) => this.#wantedBehind(block));
  }

  #wantedBehind(block: Block): bigint {
    let wanted = 0n;
    for (const next of spills(block) ? [] : block.successors) {
      wanted |= this.#heldOn(block, next) & this.#wantedIn[next.index]!;
    }
    return wanted;
  }

  /** Find where a block stores what it is done with: that does not occupy a variable till its end. */
  #settle(block: Block): void {
    const { body, index } = block;
    let left = this.#written[index]! & ~this.#wantedBehind(block);
    if (left === 0n) return;
    const settled = new Array<bigint>(body.length).fill(0n);
    for (let at = body.length - 1; at >= 0 && left !== 0n; at--) {
      const { instruction } = body[at]!;
      const writes = this.writes(instruction);
      const isEnd = at === body.length - 1 && block.flow !== Flow.NEXT;
      if (!isEnd) settled[at] = writes & left;
      this.#settledOut[index]! |= settled[at]!;
      left &= ~(writes | this.reads(instruction));
    }
    this.#settled[index] = settled;
  }

  #flowHeld(): void {
    this.heldIn.fill(0n);
    this.dirtyIn.fill(0n);
    for (let changed = true; changed;) {
      changed = false;
      for (const block of this.#graph.order) {
        const { index } = block;
        let written = 0n;
        for (const from of this.#entering[index]!) written |= this.#dirtyOut(from);
        const wanted = this.#liveIn[index]! | written;
        const held = this.#agreed(block) & wanted & ~this.#excess[index]!;
        const dirty = written & held;
        if (held === this.heldIn[index] && dirty === this.dirtyIn[index]) continue;
        this.heldIn[index] = held;
        this.dirtyIn[index] = dirty;
        changed = true;
      }
    }
  }

  /** Registers that it is best to hold when a block begins, by who leads there. */
  #agreed(block: Block): bigint {
    const entering = this.#entering[block.index]!;
    let any = 0n;
    for (const from of entering) any |= this.#heldOut(from);
    if (this.#isUnbroken[block.index] !== 0) return any;
    // What a round needs that the one before it leaves is loaded before the first.
    const who = this.#graph.isLoop[block.index] ? this.#graph.backTo(block) : entering;
    let all = any;
    for (const from of who) all &= this.#heldOut(from);
    return all | (any & this.#busyIn[block.index]!);
  }
}

/** Whether a block ends by giving all registers away: to a callee or to the kernel. */
export function spills(block: Block): boolean {
  return block.flow === Flow.CALL || block.flow === Flow.INDIRECT_CALL || block.flow === Flow.TRAP;
}

const HALF = 0xffff_ffffn;

/** The registers in a set, in order. */
export function members(set: bigint): number[] {
  const found: number[] = [];
  if (set === 0n) return found;
  // Bits of numbers are found sooner than those of integers without bounds.
  for (const [first, part] of [[0, set & HALF], [32, set >> 32n]] as const) {
    for (let left = Number(part) | 0; left !== 0; left &= left - 1) {
      found.push(first + 31 - Math.clz32(left & -left));
    }
  }
  return found;
}
