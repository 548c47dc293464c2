/**
 * The scenario files that come with the project: found, not listed.
 *
 * @module
 */
import { fromFileUrl, join, toFileUrl } from "@std/path";
import { isScenario, type Question } from "../run/scenario.ts";

const FOLDER = fromFileUrl(new URL("../experiments", import.meta.url));

/** The paths of the experiments' files. */
export function experimentFiles(): string[] {
  const names = [...Deno.readDirSync(FOLDER)].map(({ name }) => name);
  return names.filter((name) => name.endsWith(".ts") && name !== "mod.ts").sort()
    .map((name) => join(FOLDER, name));
}

/** The scenarios that a file exports. */
export async function declaredIn(file: string): Promise<Question[]> {
  const module: Readonly<Record<string, unknown>> = await import(toFileUrl(file).href);
  return [...new Set(Object.values(module).filter(isScenario))];
}
