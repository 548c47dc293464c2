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

  /** An area that shows the same frames. */
  twin(): Area {
    const twin = new Area(this.#frames);
    for (const [page, frame] of this.#at) twin.#at.set(page, frame);
    return twin;
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

Deno.test("pages of a run lie as they follow one another, whichever is touched first", () => {
  const orders = [[0, 2, 1], [2, 0, 1], [0, 31, 1, 30, 16], [31, 30, 20, 29, 28, 21, 5], [
    7,
    0,
    31,
  ]];
  for (const start of [0, 1024]) {
    for (const order of orders) {
      const frames = new Frames(new Memory(65536 * PAGE_SIZE));
      const area = new Area(frames);
      const first = area.touch(start + order[0]!) - order[0]!;
      for (const at of order.slice(1)) {
        frames.allocate(0, 5_000_000 + at);
        assertEquals(area.touch(start + at), first + at, `${at} of ${order} from ${start}`);
      }
    }
  }
});

Deno.test("a place in a run that somebody else has is left to him, and the others are not", () => {
  const frames = new Frames(new Memory(65536 * PAGE_SIZE));
  const area = new Area(frames);
  const first = area.touch(0);
  assertEquals(frames.allocate(first + 2), first + 2);
  const apart = area.touch(2);
  assert(apart > 0 && apart !== first + 2);
  assertEquals(area.touch(3), apart + 1);
  assertEquals(area.touch(31), first + 31);
});

Deno.test("a page that cannot lie beside one neighbour lies beside the other, or with its run", () => {
  for (const mate of [33, 40]) {
    const frames = new Frames(new Memory(65536 * PAGE_SIZE));
    const area = new Area(frames);
    const below = area.touch(31);
    assertEquals(frames.allocate(below + 1), below + 1);
    const frame = area.touch(mate);
    assertEquals(area.touch(32), frame - (mate - 32));
  }
});

Deno.test("an area that writes here and there to what it shares has its own pages in one run", () => {
  const parent = new Area(new Frames(new Memory(65536 * PAGE_SIZE)));
  for (let page = 0; page < 32; page++) parent.touch(page);
  const child = parent.twin();
  const first = child.touch(5) - 5;
  assert(first !== parent.get(0));
  for (const page of [7, 20, 6, 0]) assertEquals(child.touch(page), first + page);
});
