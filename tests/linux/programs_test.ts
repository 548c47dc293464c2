/**
 * Programs in C and C++ that use the system and print what they saw: each prints the same here and
 * under the user-mode emulator, and ends the same way, with the C library in it and without.
 *
 * Here a program runs on two machines that differ in whatever chance and the clock decide, and must
 * print the same on both; with `--long` one of them compiles all code before it runs. The emulator runs it once: a program that would print now this and now
 * that says nothing about either, so programs await events and print nothing that a race decides.
 *
 * Where the emulator cannot tell, a file beside the program says what it prints, and the program's
 * first lines say why and where the file comes from: see `native_test.ts`.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { DenoHostFiles } from "../../scripts/host_files.ts";
import { type Built, emulator, noCompiler, SYSROOT } from "../support/cross.ts";
import { emulated, type Outcome } from "../support/emulator.ts";
import { TestLinux } from "../support/linux.ts";
import { buildAll, programs } from "../support/programs.ts";

const SIGNAL_BASE = 128;

/** Where the C library looks for what is said in other languages; the emulator sees the host's. */
const LOCALES = "/usr/lib/locale";

const isLong = Deno.args.includes("--long");

/** Two machines that agree on nothing but what Linux says. */
const MACHINES = [
  { seed: 1, tier: isLong ? "compiler" : "auto" },
  { seed: 0x5eed, randomize: true, epoch: 1_900_000_000 },
] as const;

const noReason = noCompiler() ??
  (emulator() === undefined ? "qemu-riscv64 is not installed" : undefined);

/** What a program does here, on one of the machines. */
function here(name: string, files: readonly string[], which: number): Outcome {
  const machine = new TestLinux({
    memoryBytes: 128 << 20,
    stderr: () => {},
    mounts: { "/": new DenoHostFiles(SYSROOT), ...locales() },
    ...MACHINES[which],
  });
  for (const file of files) {
    machine.put(`/opt/${file.replace(/^.*\//, "")}`, Deno.readFileSync(file));
  }
  const { status, output } = machine.finish({ path: `/opt/${name}`, directory: "/tmp" });
  const signal = status & 0x7f;
  return { code: signal === 0 ? status >> 8 : SIGNAL_BASE + signal, output };
}

function locales(): Record<string, DenoHostFiles> {
  try {
    return { [LOCALES]: new DenoHostFiles(LOCALES) };
  } catch {
    return {};
  }
}

const all = programs();
const built = noReason === undefined ? buildAll(all) : new Map<string, Promise<Built>>();

for (const { file, name, expected, isDynamicOnly } of all) {
  for (const kind of isDynamicOnly ? ["dynamic"] as const : ["dynamic", "static"] as const) {
    Deno.test({
      name:
        `${file}, ${kind}, prints what ${
          expected ? "Linux printed" : "the emulator has it print"
        }` +
        (noReason ? ` (${noReason})` : ""),
      ignore: noReason !== undefined,
      // The compilers of the programs that follow are at work meanwhile.
      sanitizeOps: false,
      sanitizeResources: false,
      fn: async () => {
        const { [kind]: program, libraries } = await built.get(file)!;
        const [one, other] = MACHINES.map((_, at) => here(name, [program, ...libraries], at));
        assertEquals(one, other, "the program prints other things on another machine of ours");
        assertEquals(one, expected ?? await emulated(program));
      },
    });
  }
}
