/**
 * The map from Zircon's own core tests to ours: whole, and true.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { type Answer, readParity } from "../scripts/parity.ts";

const TESTS = fromFileUrl(new URL(".", import.meta.url));

/** The titles of all tests in these files, those that are made by loops too. */
async function titlesIn(folder: string): Promise<Set<string>> {
  const titles = new Set<string>();
  const real = Deno.test;
  const record = (test: unknown) => {
    titles.add(typeof test === "string" ? test : (test as { readonly name: string }).name);
  };
  const test = Object.assign(record, { ignore: record, only: record });
  Object.defineProperty(Deno, "test", { value: test, configurable: true });
  try {
    for (const { name } of Deno.readDirSync(folder)) {
      if (name.endsWith("_test.ts")) await import(`${folder}/${name}`);
    }
  } finally {
    Object.defineProperty(Deno, "test", { value: real, configurable: true });
  }
  return titles;
}

const { names, answers, doubled } = readParity();
const titles = await titlesIn(`${TESTS}kernel`);

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
