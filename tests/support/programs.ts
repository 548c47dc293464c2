/**
 * The programs in C and C++ that tests run: what their first lines say of them, and how they are built.
 *
 * @module
 */
import { buildBoth, type Built } from "./cross.ts";
import type { Outcome } from "./emulator.ts";

const FOLDER = new URL("../linux/programs/", import.meta.url);

/** What is said in the first lines of a program that makes no sense static. */
const DYNAMIC_ONLY = "// Dynamic only.";

/** What is said there by a program that opens a library which is built with it. */
const LIBRARY = /^\/\/ With (libraries\/\w+\.c)\.$/gm;

/** A program that tests run. */
export interface Program {
  /** Its source's name. */
  readonly file: string;
  /** Its own. */
  readonly name: string;
  /** Its source. */
  readonly text: string;
  /** What it prints, where the emulator cannot tell. */
  readonly expected: Outcome | null;
  /** Whether it is built without the C library in it only. */
  readonly isDynamicOnly: boolean;
}

/** Where a source is. */
export function pathOf(file: string): string {
  return new URL(file, FOLDER).pathname;
}

/** Every program, by name. */
export function programs(): readonly Program[] {
  return [...Deno.readDirSync(FOLDER)].map(({ name }) => name)
    .filter((file) => /\.cc?$/.test(file)).sort().map((file) => {
      const name = file.replace(/\.cc?$/, "");
      const text = Deno.readTextFileSync(pathOf(file));
      const isDynamicOnly = text.startsWith(DYNAMIC_ONLY);
      return { file, name, text, expected: expectedOf(name), isDynamicOnly };
    });
}

/** Programs on their way, built in this order by as many as there are processors. */
export function buildAll(all: readonly Program[]): Map<string, Promise<Built>> {
  const built = new Map<string, Promise<Built>>();
  const workers = Array.from({ length: navigator.hardwareConcurrency }, () => Promise.resolve());
  all.forEach(({ file, name, text, expected }, at) => {
    const libraries = [...text.matchAll(LIBRARY)].map(([, path]) => pathOf(path!));
    const before = workers[at % workers.length]!;
    const isLevel = expected === null;
    const one = before.then(() => buildBoth({ source: pathOf(file), name, isLevel, libraries }));
    workers[at % workers.length] = one.then(() => {}, () => {});
    built.set(file, one);
  });
  return built;
}

function expectedOf(name: string): Outcome | null {
  try {
    return { code: 0, output: Deno.readTextFileSync(pathOf(`${name}.expected`)) };
  } catch {
    return null;
  }
}
