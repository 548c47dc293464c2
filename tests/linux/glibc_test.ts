/**
 * Programs of the real C library, unmodified: static, and dynamic with the real dynamic linker.
 *
 * @module
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { DenoHostFiles } from "../../scripts/host_files.ts";
import { build, noCompiler, SYSROOT } from "../support/cross.ts";
import { TestLinux } from "../support/linux.ts";

const reason = noCompiler();
const ignore = reason !== undefined;
const why = reason ? ` (${reason})` : "";

const SOURCE = `
#include <stdio.h>
int main(int argc, char **argv) {
  printf("hello from %s, %d arguments, %.3f\\n", argv[0], argc, argc / 3.0);
  return 3;
}
`;

async function run(isStatic: boolean): Promise<string> {
  const folder = Deno.makeTempDirSync();
  try {
    Deno.writeTextFileSync(`${folder}/hello.c`, SOURCE);
    const bytes = await build(`${folder}/hello.c`, `${folder}/hello`, { isStatic });
    const machine = new TestLinux({ mounts: { "/": new DenoHostFiles(SYSROOT) } });
    machine.put("/hello", bytes);
    const { status, output } = machine.finish({ path: "/hello", args: ["/hello", "one"] });
    assertEquals(status, 3 << 8);
    return output;
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test({
  name: `a static program of glibc runs to its end${why}`,
  ignore,
  fn: async () => assertEquals(await run(true), "hello from /hello, 2 arguments, 0.667\n"),
});

Deno.test({
  name: `a dynamic program of glibc finds its linker and its library in the host's directory${why}`,
  ignore,
  fn: async () => assertStringIncludes(await run(false), "hello from /hello, 2 arguments, 0.667"),
});
