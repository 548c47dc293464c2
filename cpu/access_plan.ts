/**
 * Which memory accesses of a block can share one permission check: those at the same register, with
 * nothing written to it in between. The check covers the span of all of them; where it fails, the
 * interpreter takes over before the first, so that every fault is still exact.
 *
 * @module
 */
import type { Block } from "./region.ts";
import type { TraitsOf } from "./register_flow.ts";

/** A shared check. */
export interface Group {
  /** The least offset from the register. */
  least: number;
  /** The offset behind the last byte. */
  end: number;
  write: boolean;
}

/** For each instruction of a block: the check that covers it, if it makes a simple access. */
export type AccessPlan = readonly (Group | null)[];

/** A span that is longer fits on no page often enough. */
const SPAN_MAX = 1024;

/** Plan the accesses of a block. */
export function planAccesses(block: Block, traitsOf: TraitsOf): AccessPlan {
  const open = new Map<number, Group>();
  return block.body.map(({ instruction }) => {
    const { access, writesRd } = traitsOf(instruction);
    const { rs1, rd, imm } = instruction;
    let group: Group | null = null;
    if (access !== null) {
      group = open.get(rs1) ?? null;
      if (group === null || !widen(group, imm, access.size)) {
        group = { least: imm, end: imm + access.size, write: false };
        open.set(rs1, group);
      }
      group.write ||= access.write;
    }
    if (writesRd) open.delete(rd);
    return group;
  });
}

function widen(group: Group, offset: number, size: number): boolean {
  const least = Math.min(group.least, offset);
  const end = Math.max(group.end, offset + size);
  if (end - least > SPAN_MAX) return false;
  group.least = least;
  group.end = end;
  return true;
}
