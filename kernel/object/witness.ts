/**
 * Somebody who watches which objects a deed depends on, to know which deeds could change places.
 *
 * @module
 */
import type { KernelObject } from "./object.ts";

/** Hears of objects while deeds are done. A kernel does without, unless schedules are explored. */
export interface Witness {
  /** A deed looks at an object, by a handle or because it belongs with another. */
  looked(object: KernelObject): void;
  /** A deed changes an object. */
  changed(object: KernelObject): void;
  /** One more or one less handle refers to an object. */
  counted(object: KernelObject): void;
  /** A process holds a handle that it did not, or no longer holds one. */
  tableChanged(process: KernelObject): void;
}
