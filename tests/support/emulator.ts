/**
 * What the user-mode emulator makes of a program, so that ours can be held against it.
 *
 * @module
 */
import { emulator, SYSROOT } from "./cross.ts";

/** How long the emulator may take before it counts as stuck: many times what any program needs. */
const STUCK_MS = 120_000;

/** How often the emulator may break down under a program before that is the answer. */
const BREAKDOWNS_MAX = 4;

/** What the emulator says when the fault is its own and not the program's. */
const BREAKDOWN = /QEMU internal SIG|Bail out!|Assertion .* failed/;

/** How a program ended, and what it wrote. */
export interface Outcome {
  /** As a shell says it: 128 and the signal, if one ended it. */
  readonly code: number;
  /** What it wrote to descriptor 1. */
  readonly output: string;
}

/**
 * What the emulator makes of a program. The first run that comes to an end is the answer: it is not
 * asked again because an answer is not liked, only where it broke down itself or hung.
 */
export async function emulated(program: string): Promise<Outcome> {
  for (let attempt = 0; attempt < BREAKDOWNS_MAX; attempt += 1) {
    const outcome = await emulatedOnce(program);
    if (outcome !== null) return outcome;
  }
  return { code: -1, output: `the emulator broke down ${BREAKDOWNS_MAX} times` };
}

/** A run of a program in a directory of its own; `null` if the emulator broke down or hung. */
async function emulatedOnce(program: string): Promise<Outcome | null> {
  const directory = Deno.makeTempDirSync();
  try {
    const child = new Deno.Command(emulator()!, {
      args: ["-L", SYSROOT, "-E", "LD_LIBRARY_PATH=/lib", program],
      cwd: directory,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      clearEnv: true,
    }).spawn();
    let isStuck = false;
    const watchdog = setTimeout(() => {
      isStuck = true;
      child.kill("SIGKILL");
    }, STUCK_MS);
    const { code, stdout, stderr } = await child.output();
    clearTimeout(watchdog);
    const decoder = new TextDecoder();
    if (isStuck || BREAKDOWN.test(decoder.decode(stderr))) return null;
    return { code, output: decoder.decode(stdout) };
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}
