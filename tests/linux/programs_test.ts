/**
 * Programs in C and C++ that use the system and print what they saw: each prints the same here and
 * under the user-mode emulator, and ends the same way.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { DenoHostFiles } from "../../scripts/host_files.ts";
import { build, emulator, noCompiler, SYSROOT } from "../support/cross.ts";
import { TestLinux } from "../support/linux.ts";

const FOLDER = new URL("programs/", import.meta.url);
const SIGNAL_BASE = 128;

const noReason = noCompiler() ??
  (emulator() === undefined ? "qemu-riscv64 is not installed" : undefined);
const isLong = Deno.args.includes("--long");

interface Outcome {
  readonly code: number;
  readonly output: string;
}

/**
 * What a program must print, where the emulator cannot tell: it runs no program from a program, and
 * shares no memory after `vfork`.
 */
function known(name: string): Outcome | null {
  try {
    return { code: 0, output: Deno.readTextFileSync(new URL(`${name}.expected`, FOLDER)) };
  } catch {
    return null;
  }
}

/** What the emulator makes of a program. */
async function emulated(program: string, directory: string): Promise<Outcome> {
  const { code, stdout } = await new Deno.Command(emulator()!, {
    args: ["-L", SYSROOT, "-E", "LD_LIBRARY_PATH=/lib", program],
    cwd: directory,
    stdin: "null",
    clearEnv: true,
  }).output();
  return { code, output: new TextDecoder().decode(stdout) };
}

/** What a program does here. */
function here(name: string, bytes: Uint8Array): Outcome {
  const machine = new TestLinux({
    memoryBytes: 128 << 20,
    stderr: () => {},
    mounts: { "/": new DenoHostFiles(SYSROOT) },
  });
  machine.put(`/opt/${name}`, bytes);
  const { status, output } = machine.finish({ path: `/opt/${name}`, directory: "/tmp" });
  const signal = status & 0x7f;
  return { code: signal === 0 ? status >> 8 : SIGNAL_BASE + signal, output };
}

async function compare(file: string, isStatic: boolean): Promise<void> {
  const directory = Deno.makeTempDirSync();
  try {
    const name = file.replace(/\.cc?$/, "");
    const target = `${directory}/${name}`;
    const args = ["-lm"];
    const bytes = await build(new URL(file, FOLDER).pathname, target, { isStatic, args });
    Deno.mkdirSync(`${directory}/work`);
    const expected = known(name) ?? await emulated(target, `${directory}/work`);
    assertEquals(here(name, bytes), expected);
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

const files = [...Deno.readDirSync(FOLDER)].map(({ name }) => name)
  .filter((name) => /\.cc?$/.test(name)).sort();
// Building each takes longer than running it: the long run takes all of them.
const chosen = files.filter((_, at) => isLong || at % 8 === 0);
for (const file of chosen) {
  for (const isStatic of isLong ? [false, true] : [false]) {
    const kind = isStatic ? "static" : "dynamic";
    Deno.test({
      name: `${file}, ${kind}, prints what it prints under the emulator` +
        (noReason ? ` (${noReason})` : ""),
      ignore: noReason !== undefined,
      fn: () => compare(file, isStatic),
    });
  }
}
