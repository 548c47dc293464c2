/**
 * Handles that belong to one piece of work, so that none is lost whichever way the work ends.
 *
 * @module
 */
import { type Operation, zx } from "../../kernel/client.ts";

/** Handles to close when the work is over, unless they were given away. */
export class Owned {
  readonly #handles = new Set<number>();

  /** Take a handle in; answers it. */
  own(handle: number): number {
    if (handle !== 0) this.#handles.add(handle);
    return handle;
  }

  /** Somebody else owns the handle from now on; answers it. */
  give(handle: number): number {
    this.#handles.delete(handle);
    return handle;
  }

  /** Close what is left. */
  *close(): Operation<void> {
    if (this.#handles.size === 0) return;
    yield* zx.handleCloseMany({ handles: [...this.#handles] });
    this.#handles.clear();
  }
}
