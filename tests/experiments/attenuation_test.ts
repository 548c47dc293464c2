/**
 * Attenuation for chains that chance makes: whatever is passed on, nobody comes to hold more.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { Right } from "@zandbox/zandbox";
import { chain } from "../../scripts/experiments/attenuation.ts";

const { READ, WRITE, MAP, DUPLICATE, TRANSFER } = Right;
const LINKS = 8;
const rights = fc.subarray([READ, WRITE, MAP, DUPLICATE, TRANSFER])
  .map((some) => some.reduce((all, one) => all | one, 0));
const chains = fc.array(rights, { minLength: 1, maxLength: LINKS });

Deno.test("in any chain of up to eight links, rights only shrink", () => {
  const numRuns = Deno.args.includes("--long") ? 2000 : 25;
  fc.assert(
    fc.property(chains, fc.nat(), (passedOn, seed) => {
      const { facts } = chain(passedOn).run({ seed });
      assertEquals(facts.claims.filter(({ state }) => state === "violated"), []);
      assertEquals(facts.failures, []);
    }),
    { seed: 3, numRuns },
  );
});

Deno.test("what the last of a chain could ever use of the letter, the first could too", () => {
  const numRuns = Deno.args.includes("--long") ? 500 : 15;
  fc.assert(
    fc.property(chains, (passedOn) => {
      const { closure } = chain(passedOn).authority();
      const could = (program: string) =>
        [...closure.where({ program })].filter(({ object }) => object === "letter")
          .map(({ right }) => right);
      const first = could("p0");
      assertEquals(first.includes("WRITE"), false);
      passedOn.forEach((_, at) => {
        assertEquals(could(`p${at + 1}`).filter((right) => !first.includes(right)), []);
      });
    }),
    { seed: 4, numRuns },
  );
});

Deno.test("one link passes on each of all 32 combinations, and nobody gains", async () => {
  for (let passedOn = 0; passedOn < 32; passedOn++) {
    const bits = [READ, WRITE, MAP, DUPLICATE, TRANSFER].filter((_, at) => passedOn & 1 << at);
    const report = await chain([bits.reduce((all, one) => all | one, 0), READ]).explore();
    assertEquals(report.verdict, "holds", `${report}`);
  }
});
