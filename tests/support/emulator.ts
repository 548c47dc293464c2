/**
 * What the user-mode emulator makes of a program, so that ours can be held against it.
 *
 * @module
 */
import { emulator, SYSROOT } from "./cross.ts";

/** How long a program may take before it counts as stuck: many times what any needs. */
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
    const args = ["-L", SYSROOT, "-E", "LD_LIBRARY_PATH=/lib", program];
    const ended = await endOf(emulator()!, { args, cwd: directory, clearEnv: true });
    if (ended === null || BREAKDOWN.test(ended.errors)) return null;
    return { code: ended.code, output: ended.output };
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

/** How a program of the host ends, and what it complains of; `null` if it is stuck. */
export async function endOf(
  command: string,
  options: Pick<Deno.CommandOptions, "args" | "cwd" | "clearEnv">,
): Promise<Outcome & { readonly errors: string } | null> {
  const streams = { stdin: "null", stdout: "piped", stderr: "piped" } as const;
  const child = new Deno.Command(command, { ...options, ...streams }).spawn();
  const { promise: stuck, resolve } = Promise.withResolvers<null>();
  const watchdog = setTimeout(() => resolve(null), STUCK_MS);
  // What it left behind may hold its output open when it is gone.
  const ended = await Promise.race([child.output(), stuck]);
  clearTimeout(watchdog);
  if (ended === null) {
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended; what it left has not.
    }
    return null;
  }
  const decoder = new TextDecoder();
  const [output, errors] = [decoder.decode(ended.stdout), decoder.decode(ended.stderr)];
  return { code: ended.code, output, errors };
}
