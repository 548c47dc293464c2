/**
 * What the emitter of a region's instructions asks of whoever writes its control flow.
 *
 * @module
 */
import type { Node } from "../node.ts";
import type { Routine } from "../routines.ts";

/** What control flow the emitter's owner writes. */
export interface Control {
  /** Leave the region before the current instruction; `depth` blocks were opened since it began. */
  exitHere(depth: number): void;
  /** How many instructions were executed before the current one. */
  retired(): Node;
  /** Store how many may still be executed, for somebody who looks at it. */
  storeCount(): void;
  branch(taken: Node): void;
  jump(): void;
  jumpTo(address: Node): void;
  syscall(): void;
  /** A place for code to remember what it accessed, or 0. */
  site(): number;
  /** The function that does floating point the exact way. */
  readonly float: number;
  /** The function that works the limits of floating point out again. */
  readonly limits: number;
  /** The function that tells the time. */
  readonly time: number;
  /** The number of the function that finds the host address of an access. */
  readonly miss: number;
  routine(name: Routine): number;
}
