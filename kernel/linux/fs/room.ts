/**
 * The room that files in memory have: so many pages, and so many names.
 *
 * @module
 */

/** Things of which there are so many, and of which some are taken. */
export class Supply {
  /** How many there are. */
  readonly total: number;
  #taken = 0;

  /** All of them are free. */
  constructor(total: number) {
    this.total = total;
  }

  /** How many are free. */
  get free(): number {
    return Math.max(0, this.total - this.#taken);
  }

  /** Take one, if one is free. */
  take(): boolean {
    if (this.#taken >= this.total) return false;
    this.#taken++;
    return true;
  }

  /** Count one as taken, whether one was free or not. */
  force(): void {
    this.#taken++;
  }

  /** Some are free again. */
  give(count: number): void {
    this.#taken -= count;
  }
}

/** What a file system may take of the machine's memory. */
export interface Room {
  /** Pages for what guests write to its files. */
  readonly pages: Supply;
  /** Its names, and the file above all. */
  readonly files: Supply;
}

/** How much somebody wants it to be. */
export interface RoomWanted {
  /** So many pages. */
  pages?: number;
  /** So many files. */
  files?: number;
}

/** What `tmpfs` may take of a memory: half of its frames unless told, and as many files. */
export function roomIn(frames: number, wanted: RoomWanted = {}): Room {
  const half = Math.floor(frames / 2);
  const files = new Supply(wanted.files ?? half);
  files.force();
  return { pages: new Supply(wanted.pages ?? half), files };
}
