/**
 * How hot code must be, and how much is compiled with it.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { State } from "../../cpu/layout.ts";
import { Frames } from "../../cpu/memory/frames.ts";
import { Effort } from "../../cpu/region/effort.ts";

function effortAt(threshold: number) {
  const frames = new Frames(1 << 20);
  frames.words[State.THRESHOLD >> 2] = threshold;
  const effort = new Effort(frames);
  return { effort, threshold: () => frames.words[State.THRESHOLD >> 2]! };
}

Deno.test("a program of few hot places has each compiled soon, with all that belongs to it", () => {
  const { effort, threshold } = effortAt(2000);
  effort.spend(8192);
  assertEquals([threshold(), effort.length, effort.copies], [2000, 1000, 1000]);
});

Deno.test("the more was compiled, the hotter a place must be, and the less comes with it", () => {
  const { effort, threshold } = effortAt(2000);
  effort.spend(8192 * 4);
  assertEquals([threshold(), effort.length, effort.copies], [8000, 250, 250]);
  effort.spend(8192 * 16);
  assertEquals([threshold(), effort.length, effort.copies], [40_000, 60, 50]);
  effort.spend(8192 * 1000);
  assertEquals([threshold(), effort.length, effort.copies], [60_000, 60, 0]);
});

Deno.test("what was compiled long ago counts no more", () => {
  const { effort, threshold } = effortAt(2000);
  effort.spend(8192 * 4);
  effort.recover();
  const after = threshold();
  assert(after > 2000 && after < 8000);
  for (let count = 0; count < 100; count++) effort.recover();
  assertEquals([threshold(), effort.length, effort.copies], [2000, 1000, 1000]);
});

for (const [tier, asked] of [["compiler", 1], ["interpreter", 1 << 30]] as const) {
  Deno.test(`where the ${tier} was asked for, it stays`, () => {
    const { effort, threshold } = effortAt(asked);
    effort.spend(8192 * 100);
    effort.recover();
    assertEquals(threshold(), asked);
  });
}
