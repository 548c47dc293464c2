/**
 * The twelve kernels, what bounds each on our side, and how they are built for every engine.
 *
 * The RV64 files are committed; `deno run -A scripts/bench/kernels.ts` makes them again.
 *
 * @module
 */

/** A kernel. */
export interface Kernel {
  readonly name: string;
  /** True where it computes with doubles. */
  readonly float: boolean;
  /** What its time goes into. */
  readonly bound: string;
}

const kernel = (name: string, bound: string, float = false): Kernel => ({ name, float, bound });

/** In the order in which they are printed. */
export const KERNELS: readonly Kernel[] = [
  kernel("sha256", "additions and rotations of 32 bits; the bounds of host memory"),
  kernel(
    "quicksort",
    "branches that nobody foresees, as in any engine; checks of two walking pointers",
  ),
  kernel("fib", "saved registers to and from memory; every fourth call leaves its region"),
  kernel("sieve", "two comparisons for every strided byte: the page's and the host memory's"),
  kernel("coremark", "short loops, which count and look for interrupts"),
  kernel(
    "strings",
    "one check for eight bytes, the host memory's bounds for each, and short loops",
  ),
  kernel("hashtable", "two comparisons at addresses that nothing connects, and cache misses"),
  kernel("matmul", "checks of two walking pointers, one proof for every product", true),
  kernel("nbody", "a proof for every result, quotients and roots", true),
  kernel("mandelbrot", "a chain of products and sums with a proof for each", true),
  kernel("bytecode", "one indirect jump for every byte code, as in any engine"),
  kernel("memory", "host memory's bounds, compared for every word"),
];

const FOLDER = new URL("../../guests/bench/", import.meta.url);
const COMMON = "-O2 -static -nostdlib -ffreestanding -fno-pic -no-pie -fno-stack-protector " +
  "-fno-tree-loop-distribute-patterns -Wall -Wl,--build-id=none";
const TARGETS = {
  rv64: ["riscv64-linux-gnu-gcc", "-march=rv64gc -mabi=lp64d -Wl,-z,separate-code -s"],
  native: ["gcc", ""],
  i386: [
    "gcc",
    "-m32 -march=pentium4 -mfpmath=sse -fno-asynchronous-unwind-tables " +
    "-Wl,-Ttext=0x100000 -Wl,-z,noseparate-code",
  ],
} as const;

/** Something to build for. */
export type Target = keyof typeof TARGETS;

/** Where the committed RV64 file of a kernel is. */
export function guestPath(name: string): string {
  return new URL(`${name}.elf`, FOLDER).pathname;
}

/** Build a kernel to a path; false where the compiler is absent or cannot. */
export function build(name: string, target: Target, path: string): boolean {
  const [compiler, own] = TARGETS[target];
  const source = new URL(`${name}.c`, FOLDER).pathname;
  const args = `${COMMON} ${own}`.split(" ").filter(Boolean);
  try {
    const { success } = new Deno.Command(compiler, {
      args: [...args, "-o", path, source],
      stdout: "null",
      stderr: "null",
    }).outputSync();
    return success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

if (import.meta.main) {
  for (const { name } of KERNELS) {
    if (!build(name, "rv64", guestPath(name))) throw new Error(`${name} cannot be built`);
  }
}
