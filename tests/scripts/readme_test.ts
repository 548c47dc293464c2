/**
 * What the README shows is what its commands print, and what it names is there.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { denoTask } from "../support/command_line.ts";

const README = Deno.readTextFileSync("README.md");

/** The blocks of a language, without their fences. */
function blocks(language: string): string[] {
  return [...README.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, "gm"))]
    .map(([, text]) => text!);
}

/** Columns may stand closer in a page than on a terminal. */
function words(line: string): string {
  return line.trim().replace(/\s+/g, " ");
}

/** The first line shown that is not printed where it should be; a line of `…` stands for any. */
function strayLine(shown: readonly string[], printed: readonly string[]): string | undefined {
  let at = 0;
  let maySkip = false;
  for (const line of shown.map(words)) {
    if (line === "…") maySkip = true;
    else {
      const found = maySkip ? printed.indexOf(line, at) : printed[at] === line ? at : -1;
      if (found < 0) return line;
      at = found + 1;
      maySkip = false;
    }
  }
  return undefined;
}

Deno.test("what the README shows of a command is what it prints", async () => {
  const first = blocks("ts")[0]!;
  const folder = await Deno.makeTempDir({ dir: "/tmp" });
  try {
    await Deno.writeTextFile(`${folder}/first.ts`, first);
    const shown = blocks("console");
    assert(shown.length >= 3);
    for (const block of shown) {
      const [call, ...lines] = block.trimEnd().split("\n");
      const [, command] = /^\$ deno task (.*)$/.exec(call!)!;
      const asked = command!.split(" ").map((word) =>
        word === "first.ts" ? `${folder}/first.ts` : word
      );
      const { out } = await denoTask(...asked);
      const printed = out.split("\n").map(words).filter((line) => line !== "");
      const stray = strayLine(lines.filter((line) => line !== ""), printed);
      assertEquals(stray, undefined, `${call} does not print what the README shows`);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the change that the README proposes to its first experiment violates it", async () => {
  const folder = await Deno.makeTempDir({ dir: "/tmp" });
  try {
    const [first] = blocks("ts");
    await Deno.writeTextFile(`${folder}/first.ts`, first!.replace("NEW_VMO", "NEW_EVENT"));
    const { code, out } = await denoTask("run", `${folder}/first.ts`);
    assertEquals([code, /: 1 step; none is shorter/.test(out)], [1, true], out);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("every command and every file that the documents name is there", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile("deno.json"));
  for (const file of ["README.md", "guests/README.md"]) {
    const text = await Deno.readTextFile(file);
    const calls = [...text.matchAll(/deno task ([a-z]+)/g)].map(([, name]) => name!);
    assertEquals(calls.filter((name) => !Object.hasOwn(tasks, name)), [], file);
    const paths = text.matchAll(/\b(?:scripts|kernel|cpu|loader|lab|guests|tests)\/[\w./]*\w/g);
    const named = [...new Set([...paths].map(([path]) => path))].filter((path) =>
      !path.includes("NAME") && !path.includes("LIST")
    );
    const missing: string[] = [];
    for (const path of named) await Deno.stat(path).catch(() => missing.push(path));
    assertEquals(missing, [], file);
  }
});

Deno.test("every task says in a sentence what it does", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile("deno.json"));
  const silent = Object.entries<{ description?: string }>(tasks)
    .filter(([, { description }]) => !description).map(([name]) => name);
  assertEquals(silent, []);
});
