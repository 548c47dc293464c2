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
  /** The libraries that stand beside the latter. */
  readonly libraries: readonly string[];
}

/** What to build. */
export interface Sources {
  /** The program's source. */
  readonly source: string;
  /** What it is called. */
  readonly name: string;
  /** Whether it is to do the same in any surroundings: see `level.c`. */
  readonly isLevel: boolean;
  /** Sources of libraries that it opens itself, each called for its source. */
  readonly libraries: readonly string[];
}

/** Build a program both ways, unless that was done before: what is built stays in /tmp. */
export async function buildBoth(sources: Sources): Promise<Built> {
  const { name, libraries } = sources;
  const more = sources.isLevel ? [LEVEL] : [];
  const folder = await placeFor([sources.source, ...more, ...libraries]);
  const built = {
    static: `${folder}/static/${name}`,
    dynamic: `${folder}/dynamic/${name}`,
    libraries: libraries.map((one) => `${folder}/dynamic/${libraryName(one)}`),
  };
  if (exists(built.static) && exists(built.dynamic)) return built;
  const scratch = Deno.makeTempDirSync();
  try {
    for (const kind of ["dynamic", "static"]) {
      Deno.mkdirSync(`${folder}/${kind}`, { recursive: true });
    }
    for (const [at, target] of built.libraries.entries()) {
      const args = [...OPTIONS, "-shared", "-fPIC", "-o", `${scratch}/library`, libraries[at]!];
      await compile(libraries[at]!, args);
      Deno.renameSync(`${scratch}/library`, target);
    }
    const beside = sources.isLevel ? [await levelObject(scratch)] : [];
    await linkBoth(sources.source, beside, { scratch, built });
  } finally {
    Deno.removeSync(scratch, { recursive: true });
  }
  return built;
}

/** What the file of a library is called, given its source. */
function libraryName(source: string): string {
  return source.replace(/^.*\/(.*)\.c$/, "lib$1.so");
}

/** Where what is built of some sources stays. */
async function placeFor(sources: readonly string[]): Promise<string> {
  const texts = sources.map((path) => Deno.readTextFileSync(path));
  const text = new TextEncoder().encode([OPTIONS.join(" "), ...texts].join("\n"));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", text)).toHex();
  return `${CACHE}/${digest.slice(0, 24)}`;
}

/** What `level.c` compiles to, which is the same for every program. */
async function levelObject(scratch: string): Promise<string> {
  const folder = await placeFor([LEVEL]);
  const object = `${folder}/level.o`;
  if (exists(object)) return object;
  await compile(LEVEL, [...OPTIONS, "-c", "-o", `${scratch}/level.o`, LEVEL]);
  Deno.mkdirSync(folder, { recursive: true });
  Deno.renameSync(`${scratch}/level.o`, object);
  return object;
}

/** Compile a program once, and link it both ways with what else belongs to it. */
async function linkBoth(
  source: string,
  beside: readonly string[],
  { scratch, built }: { scratch: string; built: Built },
): Promise<void> {
  const object = `${scratch}/object`;
  await compile(source, [...OPTIONS, "-c", "-o", object, source]);
  for (const kind of ["dynamic", "static"] as const) {
    const flags = kind === "static" ? ["-static", "-pthread"] : ["-pthread"];
    await compile(source, [...flags, "-o", `${scratch}/made`, object, ...beside, "-lm"]);
    Deno.renameSync(`${scratch}/made`, built[kind]);
  }
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
