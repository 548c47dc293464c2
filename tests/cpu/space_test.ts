/**
 * What spaces know of their pages is bounded: a space that sees too much forgets, and is asked again.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { Space, SpaceBudget } from "../../cpu/memory/space.ts";

/** Pages in a chunk. */
const APART = 64;

Deno.test("spaces that see pages everywhere take no more than they may, and show what was shown last", () => {
  const budget = new SpaceBudget(200);
  const spaces = [1, 2, 3].map(() => new Space(budget));
  for (let at = 0; at < 5000; at++) {
    const space = spaces[at % 3]!;
    const page = at * APART * 7;
    space.map(page, 5, 3);
    assertEquals(space.lookup(page), 5 * 8 + 3);
    // Whoever has little keeps what it had just before: no instruction needs more at once.
    if (at >= 3 && at % 64 > 10) assertEquals(budget.chunks <= 200 + 3 * APART, true);
  }
  for (const space of spaces) space.destroy();
  assertEquals(budget.chunks, 0);
});

Deno.test("a space that sees little forgets nothing, whatever the others take", () => {
  const budget = new SpaceBudget(100);
  const [greedy, modest] = [new Space(budget), new Space(budget)];
  for (let at = 0; at < 1000; at++) greedy.map(at * APART, 5, 1);
  for (let at = 0; at < 60; at++) modest.map(at * APART, 6, 1);
  for (let at = 0; at < 60; at++) assertEquals(modest.lookup(at * APART), 6 * 8 + 1);
  modest.unmap(0, 60 * APART);
  assertEquals(modest.lookup(0), 0);
  greedy.destroy();
  assertEquals(budget.chunks, 0);
});
