/**
 * What a scenario's author did wrong, as a sentence.
 *
 * @module
 */

/** A scenario cannot be carried out as it is written. */
export class ScenarioError extends Error {
  /** The word before its sentence in a stack trace. */
  override readonly name = "ScenarioError";
}

/** The same choices led to different runs. */
export class NondeterminismError extends ScenarioError {}

/** Where the lab, the kernel, the commands themselves and the host are. */
const OWN = [
  "./",
  "../kernel/",
  ...["run.ts", "run/", "sweep", "command.ts"].map((path) => `../scripts/${path}`),
].map((path) => new URL(path, import.meta.url).href).concat("ext:", "node:");

/** Where in somebody's file an error comes from, such as `caretaker.ts:12`; empty if nobody knows. */
export function placeOf(error: unknown): string {
  const stack = error instanceof Error ? error.stack ?? "" : "";
  const lines = stack.split("\n").filter((line) => !OWN.some((path) => line.includes(path)));
  const found = lines.map((line) => /([^/\\( ]+\.[mc]?[tj]sx?):(\d+):\d+/.exec(line)).find(Boolean);
  return found ? `${found[1]}:${found[2]}` : "";
}

/** What was thrown and where, in one line; `otherwise` is where if the error does not tell. */
export function sentenceOf(error: unknown, otherwise = ""): string {
  const message = (error instanceof Error ? error.message : String(error)).split("\n")[0]!;
  const place = placeOf(error) || otherwise;
  return place ? `${message} (${place})` : message;
}
