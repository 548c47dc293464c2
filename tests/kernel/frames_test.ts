/**
 * Where the frames of an area lie: side by side, and further on where others are in between.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { Frames as Memory } from "../../cpu/memory/frames.ts";
import { Frames } from "../../kernel/object/frames.ts";
import { PAGE_SIZE } from "../../kernel/ports.ts";

/** An area that somebody touches page by page. */
class Area {
  /** The pages that were looked at since the last one was touched. */
  readonly looked = new Set<number>();
  readonly #frames: Frames;
  readonly #at = new Map<number, number>();

  constructor(frames: Frames) {
    this.#frames = frames;
  }

  get(page: number): number {
    this.looked.add(page);
    return this.#at.get(page) ?? 0;
  }

  touch(page: number): number {
    this.looked.clear();
    const frame = this.#frames.allocateFor(this, page, this.#frames.zero);
    this.#at.set(page, frame);
    return frame;
  }
}

Deno.test("a page that finds its place beside its neighbour asks nothing of the others", () => {
  const area = new Area(new Frames(new Memory(65536 * PAGE_SIZE)));
  const first = area.touch(1000);
  for (let count = 1; count < 300; count++) {
    assertEquals(area.touch(1000 + count), first + count);
    assertEquals([...area.looked], [1000 + count - 1]);
  }
});

Deno.test("an area whose way is barred goes on where there is room, the more the further it has grown", () => {
  for (const [grown, room] of [[20, 0], [40, 200], [300, 1800]] as const) {
    const frames = new Frames(new Memory(65536 * PAGE_SIZE));
    const area = new Area(frames);
    let last = 0;
    for (let page = 0; page < grown; page++) last = area.touch(page);
    frames.allocate(last + 1);
    frames.allocate(0, 5_000_000);
    const next = area.touch(grown);
    assert(next !== last + 1);
    // Whoever comes next stays away from what is kept for the area.
    const other = frames.allocate(0, 6_000_000);
    assert(Math.abs(other - next) > room, `${grown} pages: ${other} is near ${next}`);
  }
});
