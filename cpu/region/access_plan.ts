/**
 * Which memory accesses can share one permission check: those at addresses that differ by constants
 * known now, along paths that nothing joins. The check comes before the first and covers the span of
 * all; where it fails, the interpreter takes over at that instruction, so every fault is still exact,
 * and an access that is never reached is never made.
 *
 * @module
 */
import type { Size } from "../algebra.ts";
import type { Analysed } from "./analysed.ts";
import type { Block, Placed } from "./region.ts";
import type { SimpleAccess } from "./traits.ts";

/** A shared check: bytes at distances from an address that has no name. */
export interface Group {
  /** The least distance. */
  least: number;
  /** The distance behind the last byte. */
  end: number;
  write: boolean;
  /** The block that makes the check. */
  readonly block: Block;
  /** Whether it may cover more than its first access. */
  readonly widening: boolean;
}

/** An access and the check that covers it. */
export interface Planned {
  readonly group: Group;
  /** Its distance in the group. */
  readonly distance: number;
  readonly size: Size;
  readonly write: boolean;
  /** The stores that a load finds, from the lowest address up, if there are several. */
  readonly pieces: readonly Planned[];
  /** Whether a load finds what is stored here among others. */
  isPiece: boolean;
  /** For one of two accesses that are made at once, the other. */
  twin: Planned | null;
}

/** A span that is longer fits on no page often enough. */
const SPAN_MAX = 1024;
/** The same for accesses that may never be reached. */
const SPAN_AHEAD_MAX = 256;

/** A register's value: some unknown value, and how far it is from it. */
interface Linear {
  readonly origin: number;
  readonly offset: number;
}

/** What is known of registers along a path. */
interface Path {
  readonly registers: Map<number, Linear>;
  readonly groups: Map<number, Group[]>;
  /** Stores that nothing has been stored over, all of one group: others may lie where it does. */
  stored: readonly Planned[];
}

/** Plans the accesses of a block and of those that only it leads to. */
export class AccessPlanner {
  readonly #plan = new Map<Block, (Planned | null)[]>();
  readonly #analysed: Analysed;
  readonly #followers: (block: Block) => readonly Block[];
  #origins = 0;

  /** `followers` are the blocks that are written right behind a block. */
  constructor(analysed: Analysed, followers: (block: Block) => readonly Block[]) {
    this.#analysed = analysed;
    this.#followers = followers;
  }

  /** For each instruction of a block that was planned, the check that covers it, if it has one. */
  accesses(block: Block): readonly (Planned | null)[] {
    return this.#plan.get(block)!;
  }

  /** Plan from a block on. */
  plan(root: Block): void {
    const work: [Block, Path][] = [[root, { registers: new Map(), groups: new Map(), stored: [] }]];
    for (let next = work.pop(); next !== undefined; next = work.pop()) {
      const [block, path] = next;
      const plan = block.body.map((placed) => this.#step(placed, path, block));
      this.#pair(block, plan);
      this.#plan.set(block, plan);
      for (const follower of this.#followers(block)) {
        const groups = new Map([...path.groups].map(([origin, list]) => [origin, [...list]]));
        const { registers, stored } = path;
        work.push([follower, { registers: new Map(registers), groups, stored }]);
      }
    }
  }

  #step({ instruction }: Placed, path: Path, block: Block): Planned | null {
    const { access, complex, writesRd, linear } = this.#analysed.traitsOf(instruction);
    const { rd, rs1, imm } = instruction;
    let planned: Planned | null = null;
    if (access !== null) {
      const base = this.#linear(path, rs1);
      const distance = base.offset + imm;
      const wanted = { distance, block, ...access };
      const group = find(path, base.origin, wanted) ??
        open(path, base.origin, {
          least: distance,
          end: distance + access.size,
          write: access.write,
          block,
          widening: !this.#analysed.narrow.has(block.address),
        });
      planned = remember(path, group, distance, access);
    } else if (complex) path.stored = [];
    if (writesRd && rd !== 0) {
      const base = linear ? this.#linear(path, rs1) : null;
      path.registers.set(
        rd,
        base === null
          ? { origin: ++this.#origins, offset: 0 }
          : { origin: base.origin, offset: base.offset + imm },
      );
    }
    return planned;
  }

  /**
   * Let two accesses of eight bytes side by side, one right behind the other, be made at once. What
   * goes between memory and registers that lie side by side as well goes there as a whole, so those
   * come first.
   */
  #pair(block: Block, plan: readonly (Planned | null)[]): void {
    const registers = plan.map((planned, at) => planned && this.#moved(block, at, planned));
    for (const isWhole of [true, false]) {
      for (let at = 1; at < plan.length; at++) {
        const [first, second] = [registers[at - 1]!, registers[at]!];
        if (first === null || second === null) continue;
        const [one, other] = [plan[at - 1]!, plan[at]!];
        if (one.twin !== null || other.twin !== null || one.write !== other.write) continue;
        if (one.group !== other.group || Math.abs(one.distance - other.distance) !== 8) continue;
        if (isWhole ? Math.abs(first - second) === 1 : one.write) {
          [one.twin, other.twin] = [other, one];
        }
      }
    }
  }

  /** The register that an access stores, or loads and is done with. */
  #moved(block: Block, at: number, { size, write, pieces }: Planned): number | null {
    if (size !== 8) return null;
    const { instruction } = block.body[at]!;
    if (write) return instruction.rs2;
    const { flow, traitsOf } = this.#analysed;
    if (!traitsOf(instruction).copies || pieces.length > 0 || !flow.isGivenAway(block, at)) {
      return null;
    }
    // What is dirty here is stored wherever the block is left early, so its variable must be right.
    const isDirty = (flow.dirtyIn[block.index]! & flow.writes(instruction)) !== 0n;
    return isDirty ? null : instruction.rd;
  }

  #linear(path: Path, register: number): Linear {
    let value = path.registers.get(register);
    if (value === undefined) {
      value = { origin: ++this.#origins, offset: 0 };
      path.registers.set(register, value);
    }
    return value;
  }
}

function open(path: Path, origin: number, group: Group): Group {
  const there = path.groups.get(origin);
  if (there === undefined) path.groups.set(origin, [group]);
  else there.push(group);
  return group;
}

/** An access, with the stores that it finds or that are no longer found because of it. */
function remember(path: Path, group: Group, distance: number, access: SimpleAccess): Planned {
  const { size, write } = access;
  const there = path.stored.filter((one) => one.group === group);
  const apart = (one: Planned) =>
    one.distance >= distance + size || distance >= one.distance + one.size;
  if (write) {
    const planned: Planned = {
      group,
      distance,
      size,
      write,
      pieces: [],
      isPiece: false,
      twin: null,
    };
    path.stored = [...there.filter(apart), planned];
    return planned;
  }
  const met = there.filter((one) => !apart(one));
  const isCovered = met.length > 1 &&
    met.every((one) => one.distance >= distance && one.distance + one.size <= distance + size) &&
    met.reduce((bytes, one) => bytes + one.size, 0) === size;
  const pieces = isCovered ? met.sort((a, b) => a.distance - b.distance) : [];
  for (const piece of pieces) piece.isPiece = true;
  return { group, distance, size, write, pieces, isPiece: false, twin: null };
}

/** An access: how far from the origin, and what for. */
interface Wanted extends SimpleAccess {
  readonly distance: number;
  readonly block: Block;
}

/** A check on this path that covers an access, or can be made to. */
function find(path: Path, origin: number, wanted: Wanted): Group | null {
  const { distance, size, write, block } = wanted;
  for (const group of path.groups.get(origin) ?? []) {
    // To ask for more rights than the first block needs could refuse what is allowed.
    if (write && !group.write && group.block !== block) continue;
    const least = Math.min(group.least, distance);
    const end = Math.max(group.end, distance + size);
    const widened = least !== group.least || end !== group.end;
    const span = group.block === block ? SPAN_MAX : SPAN_AHEAD_MAX;
    if (widened && (!group.widening || end - least > span)) continue;
    if (write && !group.write && !group.widening) continue;
    group.least = least;
    group.end = end;
    group.write ||= write;
    return group;
  }
  return null;
}
