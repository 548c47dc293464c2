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
  const { success, stderr } = await new Deno.Command(source.endsWith(".cc") ? GXX : GCC, {
    args: [
      "-O1",
      "-w",
      "-pthread",
      ...(isStatic ? ["-static"] : []),
      "-o",
      target,
      source,
      ...args,
    ],
  }).output();
  if (!success) throw new Error(`${source}: ${new TextDecoder().decode(stderr)}`);
  return Deno.readFileSync(target);
}
