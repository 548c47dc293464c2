/**
 * The map from Zircon's own core tests to ours: whole, and true.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { type Answer, readParity } from "../scripts/parity.ts";
import { collectTests } from "./support/test_titles.ts";

const TESTS = fromFileUrl(new URL(".", import.meta.url));

const { names, answers, doubled } = readParity();
const titles = new Set((await collectTests(`${TESTS}kernel`)).map(({ name }) => name));

Deno.test("the parity map speaks of Zircon's core tests only, and of each once", () => {
  assertEquals(Object.keys(answers).filter((name) => !names.has(name)), []);
  assertEquals(doubled, []);
});

Deno.test("every title in the parity map is a test's", () => {
  const missing = Object.entries(answers)
    .filter(([, answer]) => typeof answer === "string" && !titles.has(answer));
  assertEquals(missing, []);
});

Deno.test("what has no test says why: hardware, or the C library", () => {
  const unexplained = Object.entries(answers).filter(([, answer]) => !isExplained(answer));
  assertEquals(unexplained, []);
});

function isExplained(answer: Answer): boolean {
  if (typeof answer === "string") return true;
  return (answer.hardware ?? answer.clibrary ?? "").length > 20;
}
