/**
 * What places in compiled code remember, all together. It is true of one space at a time: whoever
 * changes what that space sees, or lets another run, empties it.
 *
 * @module
 */
import type { Frames } from "./frames.ts";
import { Site, State } from "../layout.ts";

/** All sites. */
export class Sites {
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;
  #used = 0;

  constructor(frames: Frames) {
    this.#words = frames.words;
    this.#bytes = frames.bytes;
  }

  /** A new place, or 0 where there is none left. */
  take(): number {
    return this.#used === Site.COUNT ? 0 : Site.BASE + this.#used++ * Site.SIZE;
  }

  /** Where the next place will be. */
  get next(): number {
    return Site.BASE + this.#used * Site.SIZE;
  }

  /** Whether there are none left. */
  get full(): boolean {
    return this.#used === Site.COUNT;
  }

  /** No code has places any more. */
  reset(): void {
    this.empty();
    this.#used = 0;
  }

  /** Let a place remember a function. */
  fillCall(site: number, slot: number): void {
    this.#words[site >> 2] = slot;
    this.#list(site);
  }

  /** Let all places forget. */
  empty(): void {
    const words = this.#words;
    const filled = words[State.FILLED >> 2]!;
    if (filled === 0) return;
    if (filled > Site.LIST_COUNT) {
      this.#bytes.fill(0, Site.BASE, Site.BASE + this.#used * Site.SIZE);
    } else {
      for (let at = 0; at < filled; at++) {
        const site = words[(Site.LIST >> 2) + at]! >> 2;
        words[site] = 0;
        words[site + (Site.LIMIT >> 2)] = 0;
      }
    }
    words[State.FILLED >> 2] = 0;
  }

  #list(site: number): void {
    const count = this.#words[State.FILLED >> 2]!;
    if (count < Site.LIST_COUNT) this.#words[(Site.LIST >> 2) + count] = site;
    this.#words[State.FILLED >> 2] = count + 1;
  }
}
