/**
 * The map from Zircon's own core tests to ours, as data in `tests/parity/`.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";

/** What stands for one of Zircon's tests: the title of a test of ours, or why there is none. */
export type Answer = string | { readonly hardware?: string; readonly clibrary?: string };

/** The map. */
export interface Parity {
  /** Zircon's tests, as `Suite.Name`. */
  readonly names: ReadonlySet<string>;
  /** What stands for them. */
  readonly answers: Readonly<Record<string, Answer>>;
  /** Names that several files speak of. */
  readonly doubled: readonly string[];
}

const FOLDER = fromFileUrl(new URL("../tests/parity", import.meta.url));

/** Read the map. */
export function readParity(): Parity {
  const suites = readJson("names.json") as Record<string, readonly string[]>;
  const names = Object.entries(suites).flatMap(([suite, tests]) => {
    return tests.map((test) => `${suite}.${test}`);
  });
  const answers: Record<string, Answer> = {};
  const doubled: string[] = [];
  for (const { name } of Deno.readDirSync(FOLDER)) {
    if (name === "names.json" || !name.endsWith(".json")) continue;
    for (const [test, answer] of Object.entries(readJson(name))) {
      if (test in answers) doubled.push(test);
      answers[test] = answer as Answer;
    }
  }
  return { names: new Set(names), answers, doubled };
}

/** The map in a few lines: how many of Zircon's tests have one of ours, by suite where some lack. */
export function parityReport({ names, answers }: Parity): string {
  const all = [...names];
  const ours = all.filter((name) => typeof answers[name] === "string");
  const count = (word: "hardware" | "clibrary") =>
    all.filter((name) => {
      const answer = answers[name];
      return typeof answer === "object" && word in answer;
    }).length;
  const open = all.filter((name) => !(name in answers));
  return [
    `${ours.length} of ${all.length} of Zircon's core tests have a test here that does the same`,
    `${count("hardware")} are about hardware that this machine does not have`,
    `${count("clibrary")} are about a C library`,
    `${open.length} have nothing yet${open.length > 0 ? `: ${open.join(", ")}` : ""}`,
  ].join("\n");
}

function readJson(name: string): Record<string, unknown> {
  return JSON.parse(Deno.readTextFileSync(`${FOLDER}/${name}`));
}
