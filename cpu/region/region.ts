/**
 * A region: the part of a program that can be reached from one address without calls, as basic
 * blocks. Calls leave it and come back; whatever is too far, not code, or was never executed so far is
 * an exit.
 *
 * @module
 */
import type { Instruction } from "../instruction.ts";
import { Flow, type Isa } from "../isa.ts";

/** Blocks in a region at most: code is written by functions that call each other as deep. */
const BLOCKS_MAX = 150;

/** An instruction and where it is. */
export interface Placed {
  readonly address: number;
  readonly instruction: Instruction;
}

/** Instructions that are executed together. */
export interface Block {
  /** Its place in `Region.blocks`. */
  index: number;
  readonly address: number;
  readonly body: Placed[];
  /** How control goes on behind the last instruction. */
  flow: Flow;
  /** Blocks that may follow: for a branch, first where it goes when taken. */
  readonly successors: Block[];
  /** Where an indirect jump has been seen to go; the blocks are `successors`, in this order. */
  targets: readonly number[];
  /** True where control leaves the region for `address`: the block has no instructions. */
  exit: boolean;
}

/** What reading code asks of its surroundings. */
export interface CodeSource {
  /** The instruction at an address, or null where there is none to compile. */
  at(address: number): Instruction | null;
  /** Where the indirect jump at an address has been seen to go, in order. */
  targetsOf(address: number): number[];
  /** Whether the code at an address has ever been executed, as far as is known. */
  isReached(address: number): boolean;
  /** Whether there is compiled code that starts at an address. */
  isCompiled(address: number): boolean;
}

/** Blocks that are reached from the first one. */
export interface Region {
  readonly entry: number;
  readonly blocks: Block[];
  /** Addresses of all its instructions. */
  readonly instructions: ReadonlyMap<number, Instruction>;
}

/**
 * The region of an address, not much longer than given; null where there is no instruction. A function
 * may be longer than regions are, such as one that interprets another language: then its regions do not
 * overlap, or most of it would be compiled again from each place that is hot.
 */
export function readRegion(
  address: number,
  isa: Isa,
  source: CodeSource,
  most: number,
): Region | null {
  const whole = new RegionReader(isa, source).read(address, most);
  if (whole === null) return null;
  const { instructions, blocks } = whole;
  const isWhole = instructions.size < most && blocks.length < BLOCKS_MAX;
  return isWhole ? whole : new RegionReader(isa, source, true).read(address, most);
}

/** Reads a region. */
export class RegionReader {
  readonly #isa: Isa;
  readonly #source: CodeSource;
  readonly #instructions = new Map<number, Instruction>();
  readonly #leaders = new Set<number>();
  readonly #indirect = new Map<number, number[]>();
  readonly #work: number[] = [];
  readonly #stops: boolean;
  #entry = 0;
  #most = 0;

  /** Whether it `stops` where compiled code starts, which then is not in two regions. */
  constructor(isa: Isa, source: CodeSource, stops = false) {
    this.#isa = isa;
    this.#source = source;
    this.#stops = stops;
  }

  /** The region of an address, not much longer than given; null where there is no instruction. */
  read(entry: number, most: number): Region | null {
    this.#most = most;
    this.#entry = entry;
    this.#lead(entry);
    // What is nearest comes first, as there may be no room for all.
    for (let at = 0; at < this.#work.length; at++) this.#follow(this.#work[at]!);
    if (!this.#instructions.has(entry)) return null;
    const blocks = new Map<number, Block>();
    const first = this.#block(entry, blocks);
    const order = [first, ...[...blocks.values()].filter((block) => block !== first)];
    order.forEach((block, index) => block.index = index);
    return { entry, blocks: order, instructions: this.#instructions };
  }

  #lead(address: number): void {
    if (this.#leaders.has(address)) return;
    this.#leaders.add(address);
    if (this.#source.isReached(address)) this.#work.push(address);
  }

  /** Read straight on from an address. */
  #follow(address: number): void {
    while (!this.#instructions.has(address)) {
      if (this.#instructions.size >= this.#most || this.#isElsewhere(address)) return;
      const instruction = this.#source.at(address);
      if (instruction === null) return;
      this.#instructions.set(address, instruction);
      const next = address + instruction.length;
      const flow = this.#isa.flow(instruction);
      if (flow !== Flow.NEXT) return this.#leadBehind(address, instruction, flow, next);
      address = next;
    }
  }

  /** Whether the code at an address is another region's, where that matters. */
  #isElsewhere(address: number): boolean {
    return this.#stops && address !== this.#entry && this.#source.isCompiled(address);
  }

  #leadBehind(address: number, instruction: Instruction, flow: Flow, next: number): void {
    const target = address + instruction.imm;
    if (flow === Flow.BRANCH || flow === Flow.JUMP) this.#lead(target);
    if (flow === Flow.INDIRECT) {
      const targets = this.#source.targetsOf(address);
      this.#indirect.set(address, targets);
      targets.forEach((one) => this.#lead(one));
    }
    const comesBack = flow === Flow.BRANCH || flow === Flow.CALL || flow === Flow.INDIRECT_CALL ||
      flow === Flow.TRAP;
    if (comesBack) this.#lead(next);
  }

  /** The block at an address with all that follow it. An explicit stack: regions may be long. */
  #block(entry: number, blocks: Map<number, Block>): Block {
    const pending: Block[] = [];
    const get = (address: number): Block => {
      let block = blocks.get(address);
      if (block === undefined) {
        block = this.#start(address, blocks.size >= BLOCKS_MAX);
        blocks.set(address, block);
        pending.push(block);
      }
      return block;
    };
    const first = get(entry);
    for (let block = pending.pop(); block !== undefined; block = pending.pop()) {
      if (!block.exit) this.#fill(block, get);
    }
    return first;
  }

  #start(address: number, beyond: boolean): Block {
    const exit = beyond || !this.#instructions.has(address);
    return {
      index: 0,
      address,
      body: [],
      flow: Flow.NEXT,
      successors: [],
      targets: [],
      exit,
    };
  }

  #fill(block: Block, get: (address: number) => Block): void {
    let address = block.address;
    for (;;) {
      const instruction = this.#instructions.get(address);
      if (instruction === undefined || (address !== block.address && this.#leaders.has(address))) {
        block.successors.push(get(address));
        return;
      }
      block.body.push({ address, instruction });
      const flow = this.#isa.flow(instruction);
      const next = address + instruction.length;
      if (flow !== Flow.NEXT) {
        block.flow = flow;
        return this.#succeed(block, address, instruction.imm, next, get);
      }
      address = next;
    }
  }

  #succeed(
    block: Block,
    address: number,
    imm: number,
    next: number,
    get: (address: number) => Block,
  ): void {
    switch (block.flow) {
      case Flow.BRANCH:
        block.successors.push(get(address + imm), get(next));
        return;
      case Flow.JUMP:
        block.successors.push(get(address + imm));
        return;
      case Flow.INDIRECT:
        block.targets = this.#indirect.get(address) ?? [];
        block.successors.push(...block.targets.map(get));
        return;
      case Flow.RETURN:
      case Flow.TAIL:
        return;
      default:
        block.successors.push(get(next));
    }
  }
}
