/**
 * Programs made by clang's own driver for Fuchsia, where it is installed.
 *
 * @module
 */
import { missing } from "./tool.ts";

const ROOT = new URL("../..", import.meta.url);

/** Why programs cannot be made, for the name of a test that is skipped; undefined if they can. */
export function clangMissing(): string | undefined {
  return missing("clang-19") ?? missing("ld.lld-19") ?? missing("deno");
}

/** Run a tool of the host in the project's folder; what it complains of is the error. */
export async function runHost(tool: string, args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(tool, { args: [...args], cwd: ROOT }).output();
  if (!success) throw new Error(`${tool}: ${new TextDecoder().decode(stderr)}`);
}

/** Use a new folder, and take it away behind. */
export async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir();
  try {
    return await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Write the sysroot that programs are made with. */
export async function writeSysroot(folder: string): Promise<void> {
  await runHost("deno", ["run", "-A", "scripts/guests.ts", `--sysroot=${folder}`]);
}

/** A program from its text, as clang's driver makes it with some flags. */
export function compile(text: string, flags: readonly string[]): Promise<Uint8Array> {
  return inFolder(async (folder) => {
    await writeSysroot(`${folder}/sysroot`);
    await Deno.writeTextFile(`${folder}/program.c`, text);
    await runHost("clang-19", [
      "--target=riscv64-unknown-fuchsia",
      `--sysroot=${folder}/sysroot`,
      "-fuse-ld=/usr/bin/ld.lld-19",
      "-nodefaultlibs",
      ...flags,
      `${folder}/program.c`,
      "-lc",
      "-lzircon",
      "-o",
      `${folder}/program`,
    ]);
    return await Deno.readFile(`${folder}/program`);
  });
}
