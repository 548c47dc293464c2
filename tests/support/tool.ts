/**
 * Programs of the host that some tests compare with, where they are installed and may be run.
 *
 * @module
 */

/** Why a program cannot be run, for the name of a test that is skipped; undefined if it can. */
export function missing(tool: string): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "run", command: tool });
  if (state !== "granted") return `${tool} is not installed, or may not be run`;
  try {
    new Deno.Command(tool, { args: ["--version"], stdout: "null", stderr: "null" }).outputSync();
    return undefined;
  } catch {
    return `${tool} is not installed`;
  }
}

/** Run a program with this on its standard input; answers what it writes. */
export async function runTool(
  tool: string,
  args: readonly string[],
  input: string | Uint8Array<ArrayBuffer> = "",
): Promise<Uint8Array> {
  const child = new Deno.Command(tool, {
    args: [...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(typeof input === "string" ? new TextEncoder().encode(input) : input);
  await writer.close();
  const { success, stdout, stderr } = await child.output();
  if (!success) throw new Error(`${tool}: ${new TextDecoder().decode(stderr)}`);
  return stdout;
}
