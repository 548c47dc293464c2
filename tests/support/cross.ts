/**
 * Programs in C and C++ for RISC-V, built by the cross compiler where there is one.
 *
 * @module
 */
import { missing } from "./tool.ts";

/** The directory that holds the C library for RISC-V. */
export const SYSROOT = "/usr/riscv64-linux-gnu";

const GCC = "riscv64-linux-gnu-gcc";
const GXX = "riscv64-linux-gnu-g++";
const OPTIONS = ["-O1", "-w", "-pthread"];
const CACHE = "/tmp/zandbox-programs";

/** What every program begins with, so that it does the same whoever starts it. */
const LEVEL = new URL("level.c", import.meta.url).pathname;
const QEMU = ["qemu-riscv64-static", "qemu-riscv64"];

/** Why programs cannot be built; undefined if they can. */
export function noCompiler(): string | undefined {
  return missing(GCC);
}

/** The user-mode emulator that is there; undefined if none is. */
export function emulator(): string | undefined {
  return QEMU.find((name) => missing(name) === undefined);
}

/** How to build a program. */
export interface BuildOptions {
  /** Whether the C library becomes part of it. */
  readonly isStatic?: boolean;
  /** Further arguments. */
  readonly args?: readonly string[];
}

/** Build a program from its source; answers the file. */
export async function build(
  source: string,
  target: string,
  { isStatic = false, args = [] }: BuildOptions = {},
): Promise<Uint8Array> {
  const kind = isStatic ? ["-static"] : [];
  await compile(source, [...OPTIONS, ...kind, "-o", target, source, ...args]);
  return Deno.readFileSync(target);
}

/** A program that was built, static and dynamic. */
export interface Built {
  /** The file with the C library in it. */
  readonly static: string;
  /** The file that wants a linker. */
  readonly dynamic: string;
}

/**
 * Build a program both ways, unless that was done before: what is built stays in /tmp.
 * A program that is to do the same in any surroundings starts level: see `level.c`.
 */
export async function buildBoth(source: string, name: string, isLevel: boolean): Promise<Built> {
  const more = isLevel ? [LEVEL] : [];
  const texts = [source, ...more].map((path) => Deno.readTextFileSync(path));
  const text = new TextEncoder().encode([OPTIONS.join(" "), ...texts].join("\n"));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", text)).toHex();
  const folder = `${CACHE}/${digest.slice(0, 24)}`;
  const built = { static: `${folder}/static/${name}`, dynamic: `${folder}/dynamic/${name}` };
  if (exists(built.static) && exists(built.dynamic)) return built;
  const scratch = Deno.makeTempDirSync();
  try {
    await compile(source, [...OPTIONS, "-c", "-o", `${scratch}/object`, source]);
    for (const one of more) await compile(one, [...OPTIONS, "-c", "-o", `${scratch}/more`, one]);
    const objects = [`${scratch}/object`, ...more.map(() => `${scratch}/more`)];
    for (const [kind, target] of Object.entries(built)) {
      const made = `${scratch}/${kind}`;
      const flags = kind === "static" ? ["-static", "-pthread"] : ["-pthread"];
      await compile(source, [...flags, "-o", made, ...objects, "-lm"]);
      Deno.mkdirSync(`${folder}/${kind}`, { recursive: true });
      Deno.renameSync(made, target);
    }
  } finally {
    Deno.removeSync(scratch, { recursive: true });
  }
  return built;
}

async function compile(source: string, args: readonly string[]): Promise<void> {
  const compiler = source.endsWith(".cc") ? GXX : GCC;
  const { success, stderr } = await new Deno.Command(compiler, { args: [...args] }).output();
  if (!success) throw new Error(`${source}: ${new TextDecoder().decode(stderr)}`);
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
