/**
 * What must be true, or the kernel is wrong.
 *
 * @module
 */

/** The kernel has broken its own rules. Nothing catches this, and no input may cause it. */
export class KernelBug extends Error {
  override readonly name = "KernelBug";
}

/** Say what must hold; `what` is a sentence about the state that is expected. */
export function invariant(condition: unknown, what: string): asserts condition {
  if (!condition) throw new KernelBug(what);
}
