/**
 * Every scenario file of the repository runs: found by what it exports, not listed.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { walkSync } from "@std/fs";
import { fromFileUrl, toFileUrl } from "@std/path";
import { isScenario } from "../../scripts/run/scenario.ts";
import { denoTask } from "../support/command_line.ts";

const ROOT = fromFileUrl(new URL("../..", import.meta.url));

/** The files whose default export `deno task run` runs, by their paths in the repository. */
function scenarioFiles(): string[] {
  const files = [...walkSync(`${ROOT}scripts`, { exts: [".ts"], includeDirs: false })];
  return files.filter(({ path }) => /^export default /m.test(Deno.readTextFileSync(path)))
    .map(({ path }) => path.slice(ROOT.length)).sort();
}

const files = scenarioFiles();

Deno.test("there are scenario files to run", () => {
  assert(files.length > 20, `${files.length}`);
});

for (const path of files) {
  Deno.test(`${path} does what it is there for`, async () => {
    const module: Readonly<Record<string, unknown>> = await import(toFileUrl(ROOT + path).href);
    if (!isScenario(module.default)) {
      const { code, out, err } = await denoTask("run", path);
      return assert(code === 0 && out.length > 0, `${code} ${err}${out}`);
    }
    const { verdict } = await module.default.explore();
    assert(["holds", "not-modelled"].includes(verdict), verdict);
    if (!isScenario(module.twin)) return;
    assertEquals((await module.twin.explore()).verdict, "violated");
  });
}
