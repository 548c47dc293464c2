/**
 * Programs in C and C++ that use the system and print what they saw: each prints the same here and
 * under the user-mode emulator, and ends the same way, with the C library in it and without.
 *
 * Where the emulator cannot tell, a file beside the program says what it prints: what Linux itself
 * had it print.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { DenoHostFiles } from "../../scripts/host_files.ts";
import { buildBoth, type Built, emulator, noCompiler, SYSROOT } from "../support/cross.ts";
import { TestLinux } from "../support/linux.ts";

const FOLDER = new URL("programs/", import.meta.url);
const SIGNAL_BASE = 128;
const EMULATOR_MS = 20_000;
const EMULATOR_TRIES = 3;

/** What the compiler is told that makes no sense in a static program. */
const DYNAMIC_ONLY = "// Dynamic only.";

const noReason = noCompiler() ??
  (emulator() === undefined ? "qemu-riscv64 is not installed" : undefined);

interface Outcome {
  readonly code: number;
  readonly output: string;
}

/** What Linux had a program print, where the emulator cannot tell. */
function known(name: string): Outcome | null {
  try {
    return { code: 0, output: Deno.readTextFileSync(new URL(`${name}.expected`, FOLDER)) };
  } catch {
    return null;
  }
}

/** What the emulator makes of a program once; `null` if it came to no end. */
async function emulatedOnce(program: string): Promise<Outcome | null> {
  const directory = Deno.makeTempDirSync();
  try {
    const child = new Deno.Command(emulator()!, {
      args: ["-L", SYSROOT, "-E", "LD_LIBRARY_PATH=/lib", program],
      cwd: directory,
      stdin: "null",
      stdout: "piped",
      clearEnv: true,
    }).spawn();
    let isStuck = false;
    const watchdog = setTimeout(() => {
      isStuck = true;
      child.kill("SIGKILL");
    }, EMULATOR_MS);
    const { code, stdout } = await child.output();
    clearTimeout(watchdog);
    return isStuck ? null : { code, output: new TextDecoder().decode(stdout) };
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

/** What the emulator makes of a program: it now and then hangs in a fork, so it has three tries. */
async function emulated(program: string): Promise<Outcome> {
  for (let attempt = 0; attempt < EMULATOR_TRIES; attempt += 1) {
    const outcome = await emulatedOnce(program);
    if (outcome !== null) return outcome;
  }
  throw new Error(`${program}: the emulator came to no end in ${EMULATOR_TRIES} tries`);
}

/** What a program does here. */
function here(name: string, program: string): Outcome {
  const machine = new TestLinux({
    memoryBytes: 128 << 20,
    stderr: () => {},
    mounts: { "/": new DenoHostFiles(SYSROOT) },
  });
  machine.put(`/opt/${name}`, Deno.readFileSync(program));
  const { status, output } = machine.finish({ path: `/opt/${name}`, directory: "/tmp" });
  const signal = status & 0x7f;
  return { code: signal === 0 ? status >> 8 : SIGNAL_BASE + signal, output };
}

const files = [...Deno.readDirSync(FOLDER)].map(({ name }) => name)
  .filter((name) => /\.cc?$/.test(name)).sort();

/** Programs on their way, built in this order by as many as there are processors. */
function buildAll(): Map<string, Promise<Built>> {
  const built = new Map<string, Promise<Built>>();
  const workers = Array.from({ length: navigator.hardwareConcurrency }, () => Promise.resolve());
  files.forEach((file, at) => {
    const before = workers[at % workers.length]!;
    const source = new URL(file, FOLDER).pathname;
    const one = before.then(() => buildBoth(source, file.replace(/\.cc?$/, "")));
    workers[at % workers.length] = one.then(() => {}, () => {});
    built.set(file, one);
  });
  return built;
}

const programs = noReason === undefined ? buildAll() : new Map<string, Promise<Built>>();

for (const file of files) {
  const isDynamicOnly = Deno.readTextFileSync(new URL(file, FOLDER)).startsWith(DYNAMIC_ONLY);
  for (const kind of isDynamicOnly ? ["dynamic"] as const : ["dynamic", "static"] as const) {
    Deno.test({
      name: `${file}, ${kind}, prints what it prints under the emulator` +
        (noReason ? ` (${noReason})` : ""),
      ignore: noReason !== undefined,
      // The compilers of the programs that follow are at work meanwhile.
      sanitizeOps: false,
      sanitizeResources: false,
      fn: async () => {
        const name = file.replace(/\.cc?$/, "");
        const program = (await programs.get(file)!)[kind];
        assertEquals(here(name, program), known(name) ?? await emulated(program));
      },
    });
  }
}
