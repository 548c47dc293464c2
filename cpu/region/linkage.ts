/**
 * What the code of a region may count on in its module.
 *
 * @module
 */
import type { Routine } from "../routines.ts";

/** Functions that compiled code calls, by their numbers in the module, and types. */
export interface Linkage {
  readonly syscall: number;
  readonly enter: number;
  readonly callee: number;
  readonly miss: number;
  readonly float: number;
  readonly limits: number;
  readonly time: number;
  readonly home: number;
  /** The number of the function itself. */
  readonly self: number;
  /** The type of compiled functions. */
  readonly regionType: number;
  routine(name: Routine): number;
  /** A place for the code of a block to remember what it accessed, or 0. */
  site(address: number): number;
  /** Where a table of so many 16-bit labels may lie, or 0. */
  labels(count: number): number;
  /** Fill a label. */
  setLabel(address: number, label: number): void;
}
