/**
 * What Linux itself says: some programs' output is recorded from it, where the emulator cannot tell,
 * and each of these says why. The files hold what Linux 6.18 on x86-64 had programs print that were
 * built from these same sources.
 *
 * `deno task test --native tests/linux/native_test.ts` builds the programs for the host and holds the
 * host's Linux against what is recorded, and for the others against the emulator: both could be wrong
 * in the same way where ours is. It wants user 0, and clang, which evaluates arguments in the order
 * of compilers for RISC-V. Programs that are about that processor say so and are left out.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { emulator, noCompiler } from "../support/cross.ts";
import { emulated, endOf, type Outcome } from "../support/emulator.ts";
import { buildAll, pathOf, type Program, programs } from "../support/programs.ts";
import { missing } from "../support/tool.ts";

const RECORDED = "// Recorded from Linux: ";
const OWN = "// Only on RISC-V: ";
const CLANG = "clang-19";
const LEVEL = pathOf("../../support/level.c");

/** Has the C library leave to programs what it takes for itself on some machines. */
const TUNABLES = "GLIBC_TUNABLES=glibc.pthread.rseq=0";

const STUCK: Outcome = { code: -1, output: "the program does not end" };

const isAsked = Deno.args.includes("--native");
const all = programs();

Deno.test("a program says that its output is recorded, and why, exactly where it is", () => {
  for (const { file, text, expected } of all) {
    assertEquals(text.includes(RECORDED), expected !== null, file);
    if (expected !== null) {
      const comment = text.slice(0, text.search(/^(?!\/\/)/m));
      assertStringIncludes(comment, RECORDED, file);
    }
  }
});

Deno.test("a file that says what a program prints is beside a program", () => {
  const names = new Set(all.filter(({ expected }) => expected).map(({ name }) => name));
  for (const { name } of Deno.readDirSync(pathOf("."))) {
    assert(!name.endsWith(".expected") || names.has(name.slice(0, -".expected".length)), name);
  }
});

/** Why the host cannot be asked; undefined if it can. */
function whyNot(): string | undefined {
  if (Deno.build.os !== "linux") return "the host is no Linux";
  if (emulator() === undefined) return "qemu-riscv64 is not installed";
  return missing(CLANG) ?? noCompiler();
}

/** What the Linux below has a program print. */
async function native({ file, name, expected }: Program): Promise<Outcome> {
  const directory = Deno.makeTempDirSync();
  try {
    Deno.chmodSync(directory, 0o755);
    const program = `${directory}/${name}`;
    const sources = expected ? [pathOf(file)] : [pathOf(file), LEVEL];
    const build = await new Deno.Command(CLANG, {
      args: ["-O1", "-fno-builtin", "-w", "-pthread", "-o", program, ...sources, "-lstdc++", "-lm"],
    }).output();
    assert(build.success, new TextDecoder().decode(build.stderr));
    Deno.mkdirSync(`${directory}/here`);
    const ended = await endOf("env", { args: ["-i", TUNABLES, program], cwd: `${directory}/here` });
    return ended ? { code: ended.code, output: ended.output } : STUCK;
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

const why = whyNot();
const asked = isAsked
  ? all.filter(({ text }) => !text.includes(OWN) && !text.includes("// With libraries/"))
  : [];
const built = why === undefined ? buildAll(asked.filter(({ expected }) => !expected)) : new Map();
for (const program of asked) {
  Deno.test({
    name: `${program.file} prints the same under the host's Linux${why ? ` (${why})` : ""}`,
    ignore: why !== undefined,
    // The compilers of the programs that follow are at work meanwhile.
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async () => {
      const wanted = program.expected ?? await emulated((await built.get(program.file)!).dynamic);
      assertEquals(await native(program), wanted);
    },
  });
}
