/**
 * Commands as a person runs them, and what they say.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";

const ROOT = fromFileUrl(new URL("../..", import.meta.url));

/** How a command ended. */
export interface Ran {
  /** The exit code. */
  readonly code: number;
  /** What it printed. */
  readonly out: string;
  /** What it printed to standard error. */
  readonly err: string;
}

/** Run `deno task` with these words, as it is run on a pipe. */
export function denoTask(...words: string[]): Promise<Ran> {
  return denoTaskReading("", ...words);
}

/** The same, with something to read from standard input. */
export async function denoTaskReading(input: string, ...words: string[]): Promise<Ran> {
  const command = new Deno.Command("deno", {
    args: ["task", "--quiet", ...words],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  });
  const child = command.spawn();
  const writer = child.stdin.getWriter();
  // A command that ends without reading leaves a pipe that nobody reads.
  await writer.write(new TextEncoder().encode(input)).catch(() => {});
  await writer.close().catch(() => {});
  const { code, stdout, stderr } = await child.output();
  const text = new TextDecoder();
  return { code, out: text.decode(stdout), err: text.decode(stderr) };
}
