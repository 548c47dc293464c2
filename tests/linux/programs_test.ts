/**
 * Programs in C and C++ that use the system and print what they saw: each prints the same here and
 * under the user-mode emulator, and ends the same way, with the C library in it and without.
 *
 * Where the emulator cannot tell, a file beside the program says what it prints: what Linux itself
 * had it print. So it does for programs that ask what only the machine below the emulator knows: its
 * network, its file systems, its limits, its processors.
 *
 * Here a program does the same each time. Under the emulator its threads and processes race, so it
 * has more than one try to do what it does here.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { DenoHostFiles } from "../../scripts/host_files.ts";
import { buildBoth, type Built, emulator, noCompiler, SYSROOT } from "../support/cross.ts";
import { TestLinux } from "../support/linux.ts";

const FOLDER = new URL("programs/", import.meta.url);
const SIGNAL_BASE = 128;
const EMULATOR_MS = 90_000;
const EMULATOR_TRIES = 4;

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
      stderr: "null",
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

/** A try of the emulator that is what was wanted; else its last that came to an end. */
async function emulated(program: string, wanted: Outcome): Promise<Outcome | null> {
  let last: Outcome | null = null;
  for (let attempt = 0; attempt < EMULATOR_TRIES; attempt += 1) {
    last = await emulatedOnce(program) ?? last;
    if (last?.code === wanted.code && last.output === wanted.output) break;
  }
  return last;
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

/** What a program is called, given its source. */
function nameOf(file: string): string {
  return file.replace(/\.cc?$/, "");
}

/** Programs on their way, built in this order by as many as there are processors. */
function buildAll(): Map<string, Promise<Built>> {
  const built = new Map<string, Promise<Built>>();
  const workers = Array.from({ length: navigator.hardwareConcurrency }, () => Promise.resolve());
  files.forEach((file, at) => {
    const before = workers[at % workers.length]!;
    const source = new URL(file, FOLDER).pathname;
    const one = before.then(() => buildBoth(source, nameOf(file), known(nameOf(file)) === null));
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
        const name = nameOf(file);
        const program = (await programs.get(file)!)[kind];
        const outcome = here(name, program);
        assertEquals(outcome, known(name) ?? await emulated(program, outcome));
      },
    });
  }
}
