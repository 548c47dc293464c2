/**
 * Libraries that want each other.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { clangMissing, compile, inFolder, runHost } from "../support/clang.ts";
import { runGuest } from "../support/guest_machine.ts";

const tool = clangMissing();
const TARGET = ["--target=riscv64-unknown-fuchsia", "-Os", "-fPIC", "-ffreestanding", "-c"];

/** One of the two: it counts down by calling the other. */
function half(own: string, other: string): string {
  return `int ${other}(int n);\nint ${own}(int n) { return n == 0 ? 0 : 1 + ${other}(n - 1); }\n`;
}

async function makeHalf(folder: string, own: string, other: string): Promise<void> {
  await Deno.writeTextFile(`${folder}/${own}.c`, half(own, other));
  await runHost("clang-19", [...TARGET, `${folder}/${own}.c`, "-o", `${folder}/${own}.o`]);
}

/** A library, linked with others of the folder. */
function link(folder: string, name: string, others: readonly string[]): Promise<void> {
  const file = `${folder}/lib${name}.so`;
  const own = ["-shared", "-soname", `lib${name}.so`, "-o", file, `${folder}/${name}.o`];
  return runHost("ld.lld-19", [...own, "--no-as-needed", "-L", folder, ...others]);
}

Deno.test({
  name: `two libraries that want each other are each loaded once${
    tool ? ` (skipped: ${tool})` : ""
  }`,
  ignore: tool !== undefined,
  fn: () =>
    inFolder(async (folder) => {
      await makeHalf(folder, "even", "odd");
      await makeHalf(folder, "odd", "even");
      await link(folder, "odd", []);
      await link(folder, "even", ["-lodd"]);
      await link(folder, "odd", ["-leven"]);
      const text = "int even(int n);\nint main(void) { return even(9); }\n";
      const program = await compile(text, ["-L", folder, "-leven"]);
      const { codes } = runGuest(["bin/cycle"], {
        files: {
          "bin/cycle": program,
          "lib/libeven.so": await Deno.readFile(`${folder}/libeven.so`),
          "lib/libodd.so": await Deno.readFile(`${folder}/libodd.so`),
        },
      });
      assertEquals(codes.get("cycle"), 9);
    }),
});
