/**
 * What the loop, and the copying of bytes, need of the addresses that a program sees.
 *
 * @module
 */
import type { Realm } from "../object/realm.ts";
import type { AddressSpace as ProcessorSpace } from "../ports.ts";
import type { PageNeed } from "./page_source.ts";

/** Addresses that a program sees, however a personality keeps book of them. */
export interface UserSpace {
  /** What it shares with everything else. */
  readonly realm: Realm;
  /** The processor's view, once something runs here. */
  readonly processor: ProcessorSpace | null;
  /** The processor's view, made now if it was not yet; null where there is none to be had. */
  forProcessor(): ProcessorSpace | null;
  /** Make a page ready for an access; answers its frame, or a negative number if it cannot be. */
  touch(address: number, access: number): number;
  /** What a pager has to do before bytes can be accessed; null if nothing, or if there is no pager. */
  need?(address: number, length: number, access: number): PageNeed | null;
  /** A thread met a page that was not there or forbids what it wants: 0 to go on, or why not. */
  fault(thread: number, address: number, access: number): number;
}
