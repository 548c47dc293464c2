/**
 * What is known of registers and memory at a point of a region, while its code is written.
 *
 * @module
 */
import type { Group } from "./access_plan.ts";
import type { Node } from "../node.ts";

/** What is known while a block's code is written. */
export interface Knowledge {
  /** Registers whose value is a constant. */
  readonly constants: Map<number, Node>;
  /** Registers that hold sign-extended 32-bit values. */
  readonly narrow: Set<number>;
  /** Registers that hold 32 bits shifted left by 32, and those bits. */
  readonly lifted: Map<number, Node>;
  /** Checks that were made, with the host addresses of their first bytes. */
  readonly hosts: Map<Group, Node>;
}

/** What is known where paths meet. */
export function nothing(): Knowledge {
  return { constants: new Map(), narrow: new Set(), lifted: new Map(), hosts: new Map() };
}
