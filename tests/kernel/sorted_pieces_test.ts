/**
 * A sorted list in pieces is a sorted list.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { SortedPieces } from "../../kernel/vm/sorted_pieces.ts";

interface Step {
  readonly deed: number;
  readonly base: number;
  readonly more: number;
}

const anyStep: fc.Arbitrary<Step> = fc.record({
  deed: fc.nat(7),
  base: fc.nat(4000),
  more: fc.nat(1500),
});

/** Do a step with the list and with what it should be. */
function doStep(
  pieces: SortedPieces<{ base: number }>,
  model: Set<number>,
  { deed, base, more }: Step,
): void {
  if (deed === 0) {
    pieces.removeFrom(base, base + more);
    for (const one of [...model]) if (one >= base && one < base + more) model.delete(one);
  } else if (deed === 1) {
    const there = [...model].filter((one) => one <= base).sort((a, b) => b - a)[0];
    if (there !== undefined) pieces.remove(there);
    if (there !== undefined) model.delete(there);
  } else {
    // Many at once, forwards or backwards, so that pieces are cut.
    for (let n = 0; n < more; n++) {
      const at = deed % 2 ? base + 3 * n : base - 2 * n;
      if (!model.has(at)) pieces.add({ base: at });
      model.add(at);
    }
  }
}

Deno.test("a sorted list in pieces is a sorted list", () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 30, size: "max" }), (steps) => {
      const pieces = new SortedPieces<{ base: number }>();
      const model = new Set<number>();
      for (const step of steps) {
        doStep(pieces, model, step);
        const wanted = [...model].sort((a, b) => a - b);
        assertEquals([pieces.size, pieces.all().length], [wanted.length, wanted.length]);
        assertEquals(pieces.all().findIndex(({ base }, at) => base !== wanted[at]), -1);
        const from = wanted.filter((base) => base >= step.base).slice(0, 700);
        const seen: number[] = [];
        pieces.forEachFrom(step.base, ({ base }) => seen.push(base) < 700);
        assertEquals(seen, from);
        const last = wanted.filter((base) => base <= step.base).at(-1);
        assertEquals(pieces.upTo(step.base)?.base, last);
      }
    }),
    { seed: 20_26, numRuns: Deno.args.includes("--long") ? 2000 : 60 },
  );
});
