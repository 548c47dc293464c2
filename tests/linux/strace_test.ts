/**
 * What `--strace` shows of a program is what the emulator's own trace shows: the same calls in the
 * same order.
 *
 * @module
 */
import { assertEquals, assertMatch } from "@std/assert";
import { existsSync } from "@std/fs";
import { StraceText } from "../../lab/strace.ts";
import { DenoHostFiles } from "../../scripts/host_files.ts";
import { build, emulator, noCompiler, SYSROOT } from "../support/cross.ts";
import { TestLinux } from "../support/linux.ts";

const reason = noCompiler() ??
  (emulator() === undefined ? "qemu-riscv64 is not installed" : undefined);
const why = reason ? ` (${reason})` : "";

/** A call's name, and whether it succeeded. */
function summary(line: string): string | null {
  const found = /^(?:\d+ )?(\w+)\(.*?\) += (\S+)/.exec(line) ??
    /^(?:\d+ )?(exit_group)\((\d)/.exec(line);
  if (!found) return null;
  // This kernel has robust futexes, which the emulator has not.
  const isGood = found[1] === "set_robust_list" || found[2] !== "-1";
  return `${found[1]} ${isGood ? "good" : "failed"}`;
}

/** The environment of the emulator's programs, which is this test's own. */
function environmentOf(): string[] {
  return Object.entries(Deno.env.toObject()).map(([name, value]) => `${name}=${value}`);
}

async function traces(isStatic: boolean): Promise<{ here: string[]; there: string[] }> {
  const folder = Deno.makeTempDirSync();
  try {
    const source = '#include <stdio.h>\nint main(void) { puts("hello"); return 3; }\n';
    Deno.writeTextFileSync(`${folder}/hello.c`, source);
    const bytes = await build(`${folder}/hello.c`, `${folder}/hello`, { isStatic });
    const { stderr } = await new Deno.Command(emulator()!, {
      args: ["-strace", "-L", SYSROOT, `${folder}/hello`],
      stdin: "null",
    }).output();
    const lines: string[] = [];
    const machine = new TestLinux({
      mounts: { "/": new DenoHostFiles(SYSROOT), "/etc": new DenoHostFiles("/etc") },
    });
    machine.linux.tracer = new StraceText((line) => void lines.push(line));
    // The emulator finds in the host's directories what is not in the other ones.
    for (const path of ["/lib/riscv64-linux-gnu", "/usr/lib/riscv64-linux-gnu"]) {
      if (existsSync(path)) machine.directory(path);
    }
    machine.put(`${folder}/hello`, bytes);
    machine.finish({ path: `${folder}/hello`, environment: environmentOf() });
    const there = new TextDecoder().decode(stderr).split("\n");
    return {
      here: lines.map(summary).filter((one) => one !== null),
      there: there.map(summary).filter((one) => one !== null),
    };
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

for (const isStatic of [true, false]) {
  const kind = isStatic ? "static" : "dynamic";
  Deno.test({
    name: `the trace of a ${kind} hello shows the emulator's calls in its order${why}`,
    ignore: reason !== undefined,
    fn: async () => {
      const { here, there } = await traces(isStatic);
      assertEquals(here.toSorted(), there.toSorted());
      // The linker keeps book of the vDSO, which the emulator has not, so it needs a page sooner.
      const inOrder = (calls: string[]) => calls.filter((one) => isStatic || one !== "mmap good");
      assertEquals(inOrder(here), inOrder(there));
    },
  });
}

Deno.test({
  name: `a trace is written as strace writes it${why}`,
  ignore: reason !== undefined,
  fn: async () => {
    const { here } = await traces(true);
    assertMatch(here.join(), /^brk good,brk good,.*write good,exit_group good$/);
  },
});
