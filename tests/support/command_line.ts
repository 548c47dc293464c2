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
export async function denoTask(...words: string[]): Promise<Ran> {
  const command = new Deno.Command("deno", {
    args: ["task", "--quiet", ...words],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  });
  const { code, stdout, stderr } = await command.output();
  const text = new TextDecoder();
  return { code, out: text.decode(stdout), err: text.decode(stderr) };
}
