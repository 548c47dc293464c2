/**
 * The native side of the comparison: a C program, built where there is a compiler.
 *
 * @module
 */
import { printError } from "../../command.ts";

const SOURCE = new URL("../../../guests/bench/native/pipe.c", import.meta.url).pathname;

const BUILT: { path?: string | null } = {};

/** Nanoseconds of a round trip over pipes; null, and a word why, where it cannot be built or run. */
export async function nativePipes(trips: number): Promise<number | null> {
  const path = BUILT.path === undefined ? BUILT.path = await build() : BUILT.path;
  if (path === null) return null;
  const { stdout } = await new Deno.Command(path, { args: [String(trips)] }).output();
  return Number(new TextDecoder().decode(stdout));
}

async function build(): Promise<string | null> {
  try {
    const path = `${await Deno.makeTempDir()}/pipe`;
    const cc = new Deno.Command("cc", { args: ["-O2", "-o", path, SOURCE], stderr: "null" });
    if ((await cc.output()).success) return path;
    printError("cc cannot build the native program, so there is nothing to compare with");
  } catch {
    printError("there is no cc to run, or no leave to run it: nothing native to compare with");
  }
  return null;
}
