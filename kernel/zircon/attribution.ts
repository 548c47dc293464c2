/**
 * How many bytes a part of a memory object takes, and how many of them are its own.
 *
 * @module
 */
import type { Frames } from "../object/frames.ts";
import { PAGE_SIZE } from "../ports.ts";
import type { Content } from "../vm/content.ts";
import type { Vmo } from "../vm/vmo.ts";

/** What a part takes. */
export interface Attribution {
  /** All of it, shared with copies or not. */
  readonly bytes: number;
  /** What no copy shares. */
  readonly unshared: number;
  /** All of it, each page divided by how many share it. */
  readonly scaled: number;
}

/** The answers to one question, in which the same pages may be counted very often. */
export class Attributions {
  readonly #counted = new Map<Content, Counted>();

  /** What a part of a memory object takes. */
  of({ content, firstPage, realm: { frames } }: Vmo, offset: number, size: number): Attribution {
    let counted = this.#counted.get(content);
    if (!counted) this.#counted.set(content, counted = new Counted(content, frames));
    const first = firstPage + Math.floor(offset / PAGE_SIZE);
    return counted.between(first, first + Math.ceil(size / PAGE_SIZE));
  }
}

/** The pages of a content that have frames, each with what it and all before it take. */
class Counted {
  readonly #pages: number[] = [];
  readonly #unshared: number[] = [0];
  readonly #scaled: number[] = [0];

  constructor(content: Content, frames: Frames) {
    content.pages.forEach(0, content.end, (page, frame) => {
      if (frame <= 0) return;
      const holders = frames.holders(frame);
      const at = this.#pages.push(page);
      this.#unshared[at] = this.#unshared[at - 1]! + (holders === 1 ? PAGE_SIZE : 0);
      this.#scaled[at] = this.#scaled[at - 1]! + PAGE_SIZE / holders;
    });
  }

  between(first: number, end: number): Attribution {
    const [from, to] = [this.#placeOf(first), this.#placeOf(end)];
    return {
      bytes: (to - from) * PAGE_SIZE,
      unshared: this.#unshared[to]! - this.#unshared[from]!,
      scaled: this.#scaled[to]! - this.#scaled[from]!,
    };
  }

  /** How many pages come before this one. */
  #placeOf(page: number): number {
    let low = 0;
    let high = this.#pages.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#pages[middle]! < page) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** What `ZX_INFO_VMO` and `ZX_INFO_PROCESS_MAPS` say of it. */
export function bytesOf({ bytes, unshared, scaled }: Attribution) {
  const whole = Math.floor(scaled);
  return {
    committedBytes: bytes,
    populatedBytes: bytes,
    committedPrivateBytes: unshared,
    populatedPrivateBytes: unshared,
    committedScaledBytes: whole,
    populatedScaledBytes: whole,
    committedFractionalScaledBytes: fraction(scaled),
    populatedFractionalScaledBytes: fraction(scaled),
  };
}

/** What is left of a number of bytes beyond whole ones, as a fraction of 2^63. */
export function fraction(scaled: number): number {
  return (scaled - Math.floor(scaled)) * 2 ** 63;
}
