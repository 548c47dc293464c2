/**
 * Programs whose output the emulator cannot tell have a file beside them that says it, and two lines
 * that say why. What the files hold was printed by Linux 6.18 on x86-64, for programs built from these
 * same sources; `deno task test --native tests/linux/recorded_test.ts` asks the Linux below again.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Outcome } from "../support/emulator.ts";
import { pathOf, type Program, programs } from "../support/programs.ts";
import { missing } from "../support/tool.ts";

const RECORDED = "// Recorded from Linux: ";
const GCC = "gcc";

/** Has the C library leave to programs what it takes for itself on some machines. */
const TUNABLES = "GLIBC_TUNABLES=glibc.pthread.rseq=0";

const isAsked = Deno.args.includes("--native");
const recorded = programs().filter(({ expected }) => expected !== null);

Deno.test("a program says that its output is recorded, and why, exactly where it is", () => {
  for (const { file, text, expected } of programs()) {
    assertEquals(text.includes(RECORDED), expected !== null, file);
    if (expected !== null) {
      const comment = text.slice(0, text.search(/^(?!\/\/)/m));
      assertStringIncludes(comment, RECORDED, file);
    }
  }
});

Deno.test("a file that says what a program prints is beside a program", () => {
  const names = new Set(recorded.map(({ name }) => `${name}.expected`));
  for (const { name } of Deno.readDirSync(pathOf("."))) {
    assert(!name.endsWith(".expected") || names.has(name), name);
  }
});

/** Why the host cannot be asked; undefined if it can. */
function whyNot(): string | undefined {
  return Deno.build.os === "linux" ? missing(GCC) : "the host is no Linux";
}

/** What the Linux below has a program print. */
async function native({ file, name }: Program): Promise<Outcome> {
  const directory = Deno.makeTempDirSync();
  try {
    Deno.chmodSync(directory, 0o755);
    const program = `${directory}/${name}`;
    const build = await new Deno.Command(GCC, {
      args: ["-O1", "-w", "-pthread", "-o", program, pathOf(file), "-lm"],
    }).output();
    assert(build.success, new TextDecoder().decode(build.stderr));
    Deno.mkdirSync(`${directory}/here`);
    const { code, stdout } = await new Deno.Command("env", {
      args: ["-i", TUNABLES, program],
      cwd: `${directory}/here`,
      stdin: "null",
      stderr: "null",
    }).output();
    return { code, output: new TextDecoder().decode(stdout) };
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

const why = whyNot();
for (const program of isAsked ? recorded : []) {
  Deno.test({
    name: `${program.file} prints what is recorded under the host's Linux${why ? ` (${why})` : ""}`,
    ignore: why !== undefined,
    fn: async () => assertEquals(await native(program), program.expected),
  });
}
