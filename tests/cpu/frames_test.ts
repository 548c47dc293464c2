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
    const frame = frames.allocate(random.below(2) * near, random.below(100) - 20);
    if (held.length === COUNT) assertEquals(frame, 0);
    else {
      assert(frame > 0 && !held.includes(frame));
      assertEquals(frames.bytes[frame * PAGE_SIZE + 5], 0);
      held.push(frame);
    }
    assertEquals(frames.freeFrames, COUNT - held.length);
  }
});
