/**
 * Frames: each is given to one holder at a time, as zeros, and neighbours get neighbours.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { Frames } from "../../cpu/memory/frames.ts";
import { PAGE_SIZE } from "../../cpu/layout.ts";
import { SeededRandom } from "../support/seeded_random.ts";

const COUNT = 1000;

function memory(): Frames {
  return new Frames(COUNT * PAGE_SIZE);
}

Deno.test("pages that are touched one after the other lie side by side, in either direction", () => {
  const frames = memory();
  const up = [frames.allocate(0, 7)];
  const down = [frames.allocate(0, 1_000_031)];
  for (let page = 1; page < 20; page++) {
    up.push(frames.allocate(up.at(-1)! + 1, 7 + page));
    down.push(frames.allocate(down.at(-1)! - 1, 1_000_031 - page));
    frames.allocate();
  }
  for (let page = 1; page < 20; page++) {
    assertEquals(up[page], up[0]! + page);
    assertEquals(down[page], down[0]! - page);
  }
});

Deno.test("areas that grow by turns lie in fewer pieces the more pages they have", () => {
  const frames = new Frames(65536 * PAGE_SIZE);
  const areas = [3, 500_000, 1_000_013].map((page) => ({ page, at: [frames.allocate(0, page)] }));
  for (let count = 1; count < 2000; count++) {
    const neighbours = count < 256 ? count < 32 ? 0 : 256 : 2048;
    for (const { page, at } of areas) {
      at.push(frames.allocate(at.at(-1)! + 1, page + count, neighbours));
    }
  }
  for (const { at } of areas) {
    const pieces = at.filter((frame, index) => frame !== at[index - 1]! + 1);
    assert(pieces.length <= 4, `${pieces.length} pieces`);
  }
});

Deno.test("an area that grows down gets what lies below", () => {
  const frames = new Frames(65536 * PAGE_SIZE);
  const first = frames.allocate(0, 70_000, -256);
  for (let count = 1; count < 256; count++) {
    assertEquals(frames.allocate(first - count, 70_000 - count, -256), first - count);
    frames.allocate(0, 5);
  }
});

Deno.test("what is kept for neighbours is nobody's yet", () => {
  const frames = new Frames(65536 * PAGE_SIZE);
  const area = [frames.allocate(0, 0)];
  for (let page = 1; page < 40; page++) area.push(frames.allocate(area.at(-1)! + 1, page));
  const other = frames.allocate(0, 1000, 256);
  assert(!area.includes(other));
  assertEquals(frames.allocate(other + 1, 1001), other + 1);
});

Deno.test("what was kept for neighbours who never came is given to others", () => {
  const frames = new Frames(65536 * PAGE_SIZE);
  const alone = Array.from({ length: 100 }, (_, at) => frames.allocate(0, at * 5000, 2048));
  assertEquals(new Set(alone).size, 100);
  const left = frames.freeFrames;
  const rest = new Set(Array.from({ length: left }, (_, at) => frames.allocate(0, at * 32)));
  assertEquals(rest.size, left);
  // Each run begins with one: a search for what is left anywhere would fill one after the other.
  const first = [...rest].slice(0, 1900);
  assertEquals(new Set(first.map((frame) => Math.floor(frame / 32))).size, first.length);
});

Deno.test("what is wanted but taken is given from elsewhere, and what does not exist as well", () => {
  const frames = memory();
  const first = frames.allocate(0, 3);
  for (const wanted of [first, 1, 2 ** 20, -5]) {
    const other = frames.allocate(wanted, 4);
    assert(other > 0 && other !== first);
  }
});

Deno.test("every frame can be taken, however they are asked for, and no frame twice", () => {
  for (const ask of [() => [], () => [0, 5], (at: number) => [0, at * 31], (at: number) => [at]]) {
    const frames = memory();
    const taken = new Set<number>();
    for (let at = 0; at < COUNT; at++) {
      assertEquals(frames.freeFrames, COUNT - at);
      taken.add(frames.allocate(...ask(at)));
    }
    assertEquals(taken.size, COUNT);
    assert(!taken.has(0));
    assertEquals(frames.allocate(0, 1), 0);
    for (const frame of taken) frames.release(frame);
    assertEquals(frames.freeFrames, COUNT);
  }
});

Deno.test("random takers and givers never share a frame, and each is given zeros", () => {
  const random = new SeededRandom(17);
  const frames = memory();
  const held: number[] = [];
  for (let step = 0; step < 200_000; step++) {
    if (held.length > 0 && random.below(100) < 49) {
      const [frame] = held.splice(random.below(held.length), 1);
      frames.bytes[frame! * PAGE_SIZE + 5] = 1;
      frames.release(frame!);
      continue;
    }
    const near = held.length > 0 ? held[random.below(held.length)]! + 1 : 0;
    const wanted = random.below(2) * near;
    const neighbours = [0, 64, -64, 2048][random.below(4)];
    const frame = frames.allocate(wanted, random.below(100) - 20, neighbours);
    if (held.length === COUNT) assertEquals(frame, 0);
    else {
      assert(frame > 0 && !held.includes(frame));
      assertEquals(frames.bytes[frame * PAGE_SIZE + 5], 0);
      held.push(frame);
    }
    assertEquals(frames.freeFrames, COUNT - held.length);
  }
});
