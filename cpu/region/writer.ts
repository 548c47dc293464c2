/**
 * Writes a region as one WebAssembly function with structured control flow.
 *
 * The dominator tree gives the nesting: a block where forward edges meet comes behind a WebAssembly
 * block that its predecessors leave, a loop begins a WebAssembly loop. Registers are loaded as
 * `RegisterFlow` says, and stored where the function is left or calls another one. Instructions are
 * counted along the way, and wherever control could run in circles the count is compared with what may
 * still be executed; too little left means that the interpreter does the rest, to the very instruction.
 *
 * @module
 */
import { AccessPlanner } from "./access_plan.ts";
import { type Analysed, pathLengths } from "./analysed.ts";
import { Flow } from "../isa.ts";
import { Arith, binary, i32, i64, Kind, loadFrom, type Node, unary, wrap, write } from "../node.ts";
import type { Block } from "./region.ts";
import { State } from "../layout.ts";
import type { Linkage } from "./linkage.ts";
import { writeCall, writeComeBack, writeSeen, writeTailCall } from "./call.ts";
import type { Control } from "./control.ts";
import type { Knowledge } from "./knowledge.ts";
import { RegionEmitter } from "./emitter.ts";
import { spills } from "./register_flow.ts";
import type { Routine } from "../routines.ts";
import { FUEL, OTHER, PC, RegionFrame } from "./frame.ts";
import type { Variables } from "./variables.ts";
import { type Code, Op, Type } from "../wasm.ts";

/** Writes one region. */
export class RegionWriter implements Control {
  readonly miss: number;
  readonly float: number;
  readonly limits: number;
  readonly time: number;
  /** What was written. */
  readonly code: Code;
  /** The function's variables. */
  readonly variables: Variables;
  readonly #frame = new RegionFrame();
  readonly #analysed: Analysed;
  readonly #link: Linkage;
  readonly #emitter: RegionEmitter;
  readonly #lengths: Int32Array;
  #block!: Block;
  #at = 0;
  /** Instructions executed since they were last counted. */
  #pending = 0;
  #terminated = false;
  /** Instructions that are not yet counted where a block begins that several lead to. */
  readonly #carried = new Map<Block, number>();
  readonly #planner: AccessPlanner;

  constructor(analysed: Analysed, link: Linkage) {
    this.#analysed = analysed;
    this.#link = link;
    this.miss = link.miss;
    this.float = link.float;
    this.limits = link.limits;
    this.time = link.time;
    this.code = this.#frame.code;
    this.variables = this.#frame.variables;
    this.#emitter = new RegionEmitter(this.code, this.variables, this);
    this.#lengths = pathLengths(analysed);
    for (const { targets, successors } of analysed.graph.order) {
      if (targets.length > 0) { for (const to of successors) this.#carried.set(to, 0); }
    }
    this.#planner = new AccessPlanner(analysed, this.#followers);
  }

  /** Write the whole function. */
  write(): void {
    const { graph, flow, region } = this.#analysed;
    const pads = new Set(graph.order.map((block) => flow.dirtyIn[block.index]!));
    for (const dirty of pads) this.#frame.open(Op.BLOCK, { kind: "pad", block: null, dirty });
    this.#frame.load(flow.heldIn[0]!);
    const entry = region.blocks[0]!;
    if (!graph.isLoop[0]) this.#checkFuel(entry);
    this.#tree(entry, null);
    this.code.byte(Op.UNREACHABLE);
    for (const dirty of [...pads].reverse()) {
      this.#frame.close();
      this.#frame.store(dirty);
      this.#frame.leave(PC);
    }
    this.code.byte(Op.UNREACHABLE);
    this.#frame.end();
  }

  exitHere(depth: number): void {
    const { address } = this.#block.body[this.#at]!;
    this.#frame.opened(depth);
    this.#frame.storeCold();
    this.#frame.store(this.#emitter.written);
    this.#exitTo(i64(address), this.#pending + this.#at);
    this.#frame.opened(-depth);
  }

  branch(taken: Node): void {
    const [yes, no] = this.#block.successors;
    this.#terminated = true;
    this.#pending += this.#block.body.length;
    if (taken.kind === Kind.CONST) return this.#go(taken.value !== 0n ? yes! : no!);
    const pending = this.#pending;
    const known = this.#emitter.knowledge;
    write(this.code, taken);
    this.#frame.open(Op.IF, OTHER);
    this.#go(yes!);
    this.code.byte(Op.ELSE);
    this.#pending = pending;
    this.#goKnowing(no!, known);
    this.#frame.close();
    this.code.byte(Op.UNREACHABLE);
  }

  jump(): void {
    this.#terminated = true;
    this.#pending += this.#block.body.length;
    const next = this.#block.successors[0]!;
    if (this.#block.flow === Flow.JUMP) return this.#go(next);
    const { address, instruction } = this.#block.body[this.#at]!;
    this.#call(i64(address + instruction.imm));
  }

  jumpTo(address: Node): void {
    this.#terminated = true;
    this.#pending += this.#block.body.length;
    if (this.#block.flow === Flow.INDIRECT_CALL) return this.#call(address);
    this.#frame.keep(address);
    const [next] = this.#block.successors;
    const { flow, targets } = this.#block;
    if (flow === Flow.RETURN && next !== undefined) return this.#goBack(next);
    if (flow === Flow.INDIRECT) {
      if (targets.length > 0) this.#switch();
      writeSeen(this.#frame, this.#block.body[this.#at]!.address);
    }
    this.#frame.store(this.#dirty());
    this.#count();
    if (flow === Flow.RETURN) this.#frame.leave(PC);
    else writeTailCall(this.#frame, this.#link, PC);
  }

  syscall(): void {
    const { code } = this;
    this.#terminated = true;
    this.#pending += this.#block.body.length;
    const next = this.#block.successors[0]!;
    this.#frame.store(this.#dirty());
    this.#count();
    this.#frame.storeFuel();
    this.#frame.storePc(i64(next.address));
    code.op(Op.CALL, this.#link.syscall);
    write(code, i32(1));
    code.byte(Arith.I32_NE);
    code.mostly(false);
    this.#frame.open(Op.IF, OTHER);
    this.#frame.leaveAll();
    this.#frame.close();
    this.#resume(next);
  }

  retired(): Node {
    const left = unary(Arith.I64_EXTEND_I32_S, Type.I64, FUEL);
    const total = loadFrom(0x29, Type.I64, i32(0), State.RETIRED);
    const counted = binary(Arith.I64_SUB, Type.I64, total, left);
    return binary(Arith.I64_ADD, Type.I64, counted, i64(this.#pending + this.#at));
  }

  storeCount(): void {
    this.#frame.storeFuel(this.#pending + this.#at);
  }

  site(): number {
    return this.#link.site(this.#block.address);
  }

  routine(name: Routine): number {
    return this.#link.routine(name);
  }

  /** A block, and all that it dominates. */
  #tree(block: Block, known: Knowledge | null): void {
    const { graph } = this.#analysed;
    const merges = graph.children[block.index]!.filter((child) => graph.isMerge[child.index]);
    merges.sort((a, b) => graph.rank[b.index]! - graph.rank[a.index]!);
    if (!graph.isLoop[block.index]) return this.#within(block, merges, known);
    this.#count();
    this.#frame.open(Op.LOOP, { kind: "loop", block, dirty: 0n });
    this.#checkFuel(block);
    this.#within(block, merges, null);
    this.#frame.close();
    this.code.byte(Op.UNREACHABLE);
  }

  #within(block: Block, merges: readonly Block[], known: Knowledge | null): void {
    const [first, ...rest] = merges;
    if (first === undefined) {
      const before = this.variables.enter(known !== null);
      this.#straight(block, known);
      return this.variables.leave(before);
    }
    this.#frame.open(Op.BLOCK, { kind: "block", block: first, dirty: 0n });
    this.#within(block, rest, known);
    this.#frame.close();
    this.#pending = this.#carried.get(first) ?? 0;
    this.#tree(first, null);
  }

  /** The instructions of a block, and where it leads. */
  #straight(block: Block, known: Knowledge | null): void {
    this.#block = block;
    const { isa, flow } = this.#analysed;
    if (block.exit) {
      this.#frame.store(flow.dirtyIn[block.index]!);
      return this.#moveTo(block);
    }
    this.#emitter.begin(known);
    this.#terminated = false;
    if (known === null) this.#planner.plan(block);
    const plan = this.#planner.accesses(block);
    let held = flow.heldIn[block.index]!;
    block.body.forEach((placed, index) => {
      this.#at = index;
      const reads = flow.reads(placed.instruction);
      const loaded = reads & ~held;
      this.#frame.load(loaded);
      held |= reads | flow.writes(placed.instruction);
      this.#emitter.place(placed, plan[index]!, loaded);
      if (this.#emitter.loadHalf()) return;
      isa.semantics[placed.instruction.name]!(this.#emitter);
      const settled = flow.settles(block, index);
      if (settled === 0n) return;
      this.#frame.store(settled);
      this.#emitter.written &= ~settled;
    });
    if (this.#terminated) return;
    this.#pending += block.body.length;
    this.#go(block.successors[0]!);
  }

  /** Blocks that are written right behind a block, with all that is known there. */
  readonly #followers = (block: Block): Block[] => {
    const { graph } = this.#analysed;
    if (spills(block)) return [];
    return block.successors.filter((to) =>
      !to.exit && !graph.isLoop[to.index] && !graph.isMerge[to.index] &&
      graph.rank[to.index]! > graph.rank[block.index]!
    );
  };

  /** On to a block, from the end of the current one. */
  #go(to: Block): void {
    this.#goKnowing(to, spills(this.#block) ? null : this.#emitter.knowledge);
  }

  #goKnowing(to: Block, known: Knowledge | null): void {
    const { graph } = this.#analysed;
    const from = this.#block;
    this.#cross([to]);
    if (graph.isIrreducible(from, to)) this.#moveTo(to);
    else if (graph.isBack(from, to)) this.#leave("loop", to);
    else if (graph.isMerge[to.index]) this.#leave("block", to);
    else this.#tree(to, known);
    this.#block = from;
    // Blocks written in between may have ended otherwise; this one has ended here.
    this.#terminated = true;
  }

  #leave(kind: "loop" | "block", block: Block): void {
    const carried = kind === "loop" ? 0 : this.#carried.get(block);
    if (carried === undefined) this.#carried.set(block, this.#pending);
    else this.#frame.subtract(this.#pending - carried);
    this.#pending = 0;
    this.code.op(
      Op.BR,
      this.#frame.distance((label) => label.kind === kind && label.block === block),
    );
  }

  /** Leave the region where `dirty` is what the block began with, or what is given. */
  #exitTo(address: Node, executed: number, dirty?: bigint): void {
    const set = dirty ?? this.#analysed.flow.dirtyIn[this.#block.index]!;
    this.#frame.keep(address);
    this.#frame.subtract(executed);
    this.code.op(
      Op.BR,
      this.#frame.distance((label) => label.kind === "pad" && label.dirty === set),
    );
  }

  /** Leave for a block that is another region's, or not written here; all registers are stored. */
  #moveTo(block: Block): void {
    this.#frame.subtract(this.#pending);
    writeTailCall(this.#frame, this.#link, i64(block.address));
  }

  /** Leave before a block if its paths may be longer than what is left to execute. */
  #checkFuel(block: Block): void {
    write(this.code, FUEL);
    this.code.i32(this.#lengths[block.index]!);
    this.code.byte(0x48);
    this.code.mostly(false);
    this.#frame.open(Op.IF, OTHER);
    this.#exitTo(i64(block.address), 0, this.#analysed.flow.dirtyIn[block.index]!);
    this.#frame.close();
  }

  /** Call the code at an address; everything is stored, and loaded again behind. */
  #call(address: Node): void {
    const { code } = this;
    const next = this.#block.successors[0]!;
    const target = address.kind === Kind.CONST ? address : this.#frame.keep(address);
    this.#frame.store(this.#dirty());
    this.#count();
    write(code, this.#frame.depth(target));
    write(code, FUEL);
    if (target.kind === Kind.CONST && Number(target.value) === this.#analysed.region.entry) {
      code.op(Op.CALL, this.#link.self);
    } else writeCall(this.#frame, this.#link, target);
    writeComeBack(this.#frame, this.#link, next.address, this.#lengths[next.index]!);
    this.#resume(next);
  }

  /** On behind the call of a function that was copied, unless it returns to somewhere else. */
  #goBack(next: Block): void {
    const { code } = this;
    write(code, binary(Arith.I64_NE, Type.I32, PC, i64(next.address)));
    code.mostly(false);
    this.#frame.open(Op.IF, OTHER);
    this.#frame.store(this.#emitter.written);
    this.#exitTo(PC, this.#pending);
    this.#frame.close();
    this.#go(next);
  }

  /** Go where `PC` says, if that was seen before: by a table of labels for the span of targets. */
  #switch(): void {
    const { code } = this;
    const { targets, successors } = this.#block;
    const least = targets[0]!;
    const count = (targets[targets.length - 1]! - least) / 2 + 1;
    const table = this.#link.labels(count);
    if (table === 0) return;
    const labels = [...new Set(successors)];
    targets.forEach((target, at) => {
      this.#link.setLabel(table + target - least, labels.indexOf(successors[at]!) + 1);
    });
    const offset = binary(Arith.I64_SUB, Type.I64, PC, i64(least));
    this.#count();
    this.#cross(labels);
    this.#frame.open(Op.BLOCK, OTHER);
    write(code, offset);
    write(code, i64(count * 2));
    code.byte(Arith.I64_GE_U);
    code.op(Op.BR_IF, 0);
    write(code, loadFrom(0x2f, Type.I32, wrap(offset), table));
    code.op(Op.BR_TABLE, labels.length + 1);
    code.unsigned(0);
    for (const block of labels) code.unsigned(this.#labelOf(block));
    code.unsigned(0);
    this.#frame.close();
  }

  /** Bring registers where any of these blocks, which control goes to now, expects them. */
  #cross(to: readonly Block[]): void {
    const { flow } = this.#analysed;
    this.#frame.store(to.reduce((all, one) => all | flow.storesOn(this.#block, one), 0n));
    this.#frame.load(to.reduce((all, one) => all | flow.loadsOn(this.#block, one), 0n));
  }

  /** How far it is to a block that a table leads to; 0, which leaves, where it has no label. */
  #labelOf(to: Block): number {
    const { graph } = this.#analysed;
    if (graph.isIrreducible(this.#block, to)) return 0;
    const kind = graph.isBack(this.#block, to) ? "loop" : "block";
    return this.#frame.distance((label) => label.kind === kind && label.block === to);
  }

  /** Behind a call or a trap: load what is needed and go on. */
  #resume(next: Block): void {
    if (next.exit) this.#moveTo(next);
    else this.#goKnowing(next, null);
  }

  #dirty(): bigint {
    return this.#analysed.flow.dirtyAtEnd(this.#block);
  }

  /** Subtract what was executed and not yet counted. */
  #count(): void {
    this.#frame.subtract(this.#pending);
    this.#pending = 0;
  }
}
