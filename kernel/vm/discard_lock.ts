/**
 * Memory that may be taken away in need, unless somebody has locked it.
 *
 * @module
 */
import { Status } from "../abi.ts";
import type { Reclaimable } from "../object/frames.ts";
import type { Content } from "./content.ts";

/** Counts who needs a discardable content to stay. */
export class DiscardLock implements Reclaimable {
  readonly #content: Content;
  #locks = 0;

  /** A lock that nobody holds. */
  constructor(content: Content) {
    this.#content = content;
    this.#idle.add(this);
  }

  /** Whether the frames were taken away since it was locked last. */
  get discarded(): boolean {
    return this.#content.discarded;
  }

  /** Keep what is there; answers whether it had been taken away. Then it is zeros again. */
  lock(): boolean {
    const { discarded } = this.#content;
    this.#content.discarded = false;
    this.#locks++;
    this.#idle.delete(this);
    return discarded;
  }

  /** One reason less to keep it. */
  unlock(): typeof Status["OK"] | typeof Status["BAD_STATE"] {
    if (this.#locks === 0) return Status.BAD_STATE;
    if (--this.#locks === 0) this.#idle.add(this);
    return Status.OK;
  }

  reclaim(): void {
    const content = this.#content;
    if (content.pages.frames === 0) return;
    content.clear(0, content.end);
    content.discarded = true;
  }

  /** The content is gone. */
  close(): void {
    this.#idle.delete(this);
  }

  get #idle(): Set<Reclaimable> {
    return this.#content.realm.frames.reclaimable;
  }
}
