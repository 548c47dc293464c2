/**
 * Frames and who shares them: a frame that several memory objects show is copied before one writes.
 *
 * @module
 */
import { invariant } from "../invariant.ts";
import { PAGE_SIZE, type PhysicalMemory } from "../ports.ts";

/** Something that can do without its frames. */
export interface Reclaimable {
  /** Give all frames back. */
  reclaim(): void;
}

/** Which frame is at a page; 0 or less where none is. */
export interface PageFrames {
  get(page: number): number;
}

/** Pages whose frames belong together: physical memory gives out frames in runs that are as long. */
const RUN = 32;

/** Where there are so many neighbours, so many are expected. */
const GROWTH: readonly (readonly [are: number, become: number])[] = [[31, 256], [255, 2048]];

/** Physical memory with a count of holders for each frame. */
export class Frames {
  /** Where the frames are. */
  readonly memory: PhysicalMemory;
  /** A frame of zeros that stands in wherever nobody has written; 0 in a machine without memory. */
  readonly zero: number;
  /** Whether somebody was refused a frame since this was looked at last. */
  wanting = false;
  /** Holders of each frame beyond the first; made when a frame is first shared. */
  #sharers: Uint32Array | null = null;
  #reclaimable: Set<Reclaimable> | null = null;

  /** The frames of a memory, none of them shared. */
  constructor(memory: PhysicalMemory) {
    this.memory = memory;
    this.zero = memory.allocate();
  }

  /** Who gives its frames back when there are none left, the first first. */
  get reclaimable(): Set<Reclaimable> {
    return this.#reclaimable ??= new Set();
  }

  /** Take a frame of zeros; 0 when none is left. */
  allocate(wanted = 0, page = -1, neighbours = 0): number {
    return this.memory.allocate(wanted, page, neighbours) || this.#reclaimOne();
  }

  /** Take a frame for a page with what is in another frame; 0 when none is left. */
  allocateFor(pages: PageFrames, page: number, from: number): number {
    const wanted = this.#placeFor(pages, page);
    if (from !== this.zero) return this.copy(from, wanted, page);
    // How far it has grown is of interest only where it cannot grow on.
    return this.allocate(wanted, page, wanted === 0 ? expected(pages, page) : 0);
  }

  /**
   * The free frame where a page belongs: beside a neighbour's, or else as far from that of another page
   * of its run as the two pages lie apart, so that they are together when those between them come; 0 if
   * there is none.
   */
  #placeFor(pages: PageFrames, page: number): number {
    const below = page > 0 ? this.#placeBy(pages, page, page - 1) : 0;
    const beside = below || this.#placeBy(pages, page, page + 1);
    if (beside !== 0) return beside;
    const first = page - page % RUN;
    for (let mate = first; mate < first + RUN; mate++) {
      const place = this.#placeBy(pages, page, mate);
      if (place !== 0) return place;
    }
    return 0;
  }

  /** Where a page belongs by what another page has; 0 if that has no frame, or the place is taken. */
  #placeBy(pages: PageFrames, page: number, mate: number): number {
    const frame = pages.get(mate);
    const place = frame + page - mate;
    return frame > 0 && this.memory.isFree(place) ? place : 0;
  }

  /** Another holder for a frame. */
  share(frame: number): void {
    this.#sharers ??= new Uint32Array(Math.floor(this.memory.bytes.length / PAGE_SIZE));
    this.#sharers[frame]!++;
  }

  /** Whether a frame has more than one holder, so that nobody may write to it. */
  shared(frame: number): boolean {
    return this.#sharers !== null && this.#sharers[frame] !== 0;
  }

  /** How many hold a frame. */
  holders(frame: number): number {
    return (this.#sharers?.[frame] ?? 0) + 1;
  }

  /** One holder less; the last one gives the frame back. */
  release(frame: number): void {
    invariant(frame !== this.zero, "the frame of zeros is nobody's to release");
    if (!this.shared(frame)) this.memory.release(frame);
    else this.#sharers![frame]!--;
  }

  /** Take a frame with what is in another one; 0 when none is left. */
  copy(frame: number, wanted = 0, page = -1): number {
    // What is copied stays while others are asked to give frames back.
    this.share(frame);
    const copy = this.allocate(wanted, page);
    this.release(frame);
    if (copy === 0) return 0;
    const from = frame * PAGE_SIZE;
    this.memory.bytes.copyWithin(copy * PAGE_SIZE, from, from + PAGE_SIZE);
    this.memory.wrote(copy);
    return copy;
  }

  #reclaimOne(): number {
    for (const one of this.reclaimable) {
      this.reclaimable.delete(one);
      one.reclaim();
      const frame = this.memory.allocate();
      if (frame !== 0) return frame;
    }
    this.wanting = true;
    return 0;
  }

  /** The bytes of a frame. */
  bytes(frame: number): Uint8Array {
    return this.memory.bytes.subarray(frame * PAGE_SIZE, (frame + 1) * PAGE_SIZE);
  }
}

/**
 * How many neighbours a page will have on one side, by those on the other that it has: what has grown
 * far, grows further.
 */
function expected(pages: PageFrames, page: number): number {
  const side = page > 0 && pages.get(page - 1) > 0 ? -1 : 1;
  if (pages.get(page + side) <= 0) return 0;
  let count = 0;
  for (const [are, become] of GROWTH) {
    if (page + side * are < 0 || pages.get(page + side * are) <= 0) return count;
    count = -side * become;
  }
  return count;
}
