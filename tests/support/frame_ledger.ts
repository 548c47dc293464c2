/**
 * Which frames are whose, written down beside the kernel while it works: what memory gives and takes
 * back, and which pages of which contents show it.
 *
 * @module
 */
import type { Frames } from "../../kernel/object/frames.ts";
import type { PhysicalMemory } from "../../kernel/ports.ts";
import { Content } from "../../kernel/vm/content.ts";
import { Pages } from "../../kernel/vm/pages.ts";

/** Frames, and how many pages show each. */
export class FrameLedger {
  readonly #memory: PhysicalMemory;
  readonly #frames: Frames;
  readonly #given = new Set<number>();
  readonly #shown = new Map<number, number>();
  /** The frames at the pages of each content that anybody holds. */
  readonly #contents = new Map<Pages, Map<number, number>>();
  readonly #touched = new Set<number>();

  /** A ledger of one memory. */
  constructor(memory: PhysicalMemory, frames: Frames) {
    this.#memory = memory;
    this.#frames = frames;
  }

  /** Write down from now on; answers how to stop. */
  watch(report: (wrong: string) => void): () => void {
    const memory = this.#memory as { -readonly [K in keyof PhysicalMemory]: PhysicalMemory[K] };
    const { allocate, release } = memory;
    const owns = (frames: Frames) => frames === this.#frames;
    memory.allocate = (wanted, page) => {
      const frame = allocate.call(memory, wanted, page);
      if (this.#given.has(frame)) report(`frame ${frame} is given out twice`);
      if (frame !== 0) this.#given.add(frame);
      return frame;
    };
    memory.release = (frame) => {
      if (!this.#given.delete(frame)) report(`frame ${frame} is given back twice`);
      this.#touched.add(frame);
      release.call(memory, frame);
    };
    const stop = [this.#watchPages(), this.#watchContents(owns)];
    return () => {
      Object.assign(memory, { allocate, release });
      for (const one of stop) one();
    };
  }

  /** A content that was there before: what it shows counts. */
  adopt({ pages }: Content): void {
    const shown = this.#contents.get(pages) ?? new Map();
    this.#contents.set(pages, shown);
    pages.forEach(0, 2 ** 40, (page, frame) => {
      if (frame <= 0) return;
      this.#given.add(frame);
      if (!shown.has(page)) this.#count(frame, 1);
      shown.set(page, frame);
    });
  }

  /** What is wrong with the frames that somebody touched since this was asked last. */
  *wrong(): Generator<string> {
    for (const frame of this.#touched) {
      if (frame === this.#frames.zero) continue;
      const shown = this.#shown.get(frame) ?? 0;
      const held = this.#given.has(frame) ? this.#frames.holders(frame) : 0;
      if (held !== shown) yield `frame ${frame} has ${held} holders and is shown at ${shown} pages`;
    }
    this.#touched.clear();
  }

  #count(frame: number, by: number): void {
    this.#touched.add(frame);
    const shown = (this.#shown.get(frame) ?? 0) + by;
    if (shown === 0) this.#shown.delete(frame);
    else this.#shown.set(frame, shown);
  }

  #watchPages(): () => void {
    const contents = this.#contents;
    const note = (page: number, shown: Map<number, number>, frame: number) => {
      const before = shown.get(page) ?? 0;
      if (before > 0) this.#count(before, -1);
      if (frame > 0) this.#count(frame, 1);
      if (frame > 0) shown.set(page, frame);
      else shown.delete(page);
    };
    const { set, truncate } = Pages.prototype;
    Pages.prototype.set = function (this: Pages, page: number, value: number) {
      const shown = contents.get(this);
      if (shown) note(page, shown, value);
      set.call(this, page, value);
    };
    Pages.prototype.truncate = function (this: Pages, end: number) {
      const shown = contents.get(this);
      if (shown) { for (const page of [...shown.keys()]) if (page >= end) note(page, shown, 0); }
      truncate.call(this, end);
    };
    return () => void Object.assign(Pages.prototype, { set, truncate });
  }

  #watchContents(owns: (frames: Frames) => boolean): () => void {
    const adopt = (content: Content) => {
      if (owns(content.realm.frames) && !this.#contents.has(content.pages)) this.adopt(content);
    };
    const { hold } = Content.prototype;
    Content.prototype.hold = function (this: Content) {
      adopt(this);
      hold.call(this);
    };
    return () => void Object.assign(Content.prototype, { hold });
  }
}
