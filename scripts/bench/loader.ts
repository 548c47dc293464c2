/**
 * How fast programs are launched: over the launcher here, by `posix_spawn` on the host.
 *
 * @module
 */
import { Machine, RunningProgram } from "../../lab/mod.ts";
import { guestFiles } from "../guest_files.ts";
import { type Bench, type BenchOptions, geometricMean, type Row } from "./bench.ts";

const NATIVE = new URL("../../guests/bench/native/", import.meta.url).pathname;
/** Launches in one round of one side. */
const LAUNCHES = 500;
/** Most of the instructions that a hello takes. */
const NEARLY_ALL = 5500;
/** How many instances run at once when memory is counted. */
const INSTANCES = 1000;

/** Launches a second, beside the host's. */
export const loaderBench: Bench = { name: "loader", run };

async function run({ print, rounds, only }: BenchOptions) {
  const natively = await buildNative(print);
  const rows: Row[] = [];
  for (const name of ["hello", "hello_dynamic"]) {
    if (only && !only.includes(name)) continue;
    const machine = new Machine();
    machine.open(guestFiles());
    launchMany(machine, name, LAUNCHES);
    let ours = Infinity;
    let peer: number | null = natively ? Infinity : null;
    for (let round = 0; round < rounds; round++) {
      ours = Math.min(ours, launchMany(machine, name, LAUNCHES));
      if (peer !== null) peer = Math.min(peer, await spawnMany(natively!, LAUNCHES));
    }
    const ratio = peer === null ? null : peer / ours;
    rows.push({ name, ours_ms: ours, peer_ms: peer, native_ms: peer, ratio });
    print(rowText(rows.at(-1)!));
  }
  const figures = { ...shares(), ...memory() };
  for (const [name, value] of Object.entries(figures)) {
    print(`${name.padEnd(40)} ${value.toFixed(1)}`);
  }
  return { rows, geomean: geometricMean(rows.map(({ ratio }) => ratio)), figures };
}

function rowText({ name, ours_ms, peer_ms, ratio }: Row): string {
  const each = (ms: number) => `${(1000 / ms).toFixed(0)} launches/s`;
  const beside = peer_ms === null || ratio === null
    ? "no native compiler to compare with"
    : `the host's posix_spawn ${each(peer_ms)}, ratio ${ratio.toFixed(2)}`;
  return `${name.padEnd(16)} ${each(ours_ms).padStart(18)}; ${beside}`;
}

/** Milliseconds of one launch, from the request to the end. */
function launchMany(machine: Machine, name: string, count: number): number {
  const start = performance.now();
  for (let n = 0; n < count; n++) {
    const program = machine.launch({ args: [`bin/${name}`, "x"] });
    if (!(program instanceof RunningProgram)) throw new Error(program.reason);
    program.wait();
    program[Symbol.dispose]();
  }
  return (performance.now() - start) / count;
}

/** Which part of a launch's time is machine code, the rest being launcher, loader and kernel. */
function shares(): Record<string, number> {
  const machine = new Machine();
  machine.open(guestFiles());
  launchMany(machine, "hello", LAUNCHES);
  const { processor } = machine;
  const run = processor.run.bind(processor);
  let inside = 0;
  processor.run = (context, space, budget) => {
    const start = performance.now();
    const reason = run(context, space, budget);
    inside += performance.now() - start;
    return reason;
  };
  const before = processor.retired;
  const total = launchMany(machine, "hello", LAUNCHES) * LAUNCHES;
  return {
    "percent of a launch in machine code": 100 * inside / total,
    "percent in launcher, loader and kernel": 100 - 100 * inside / total,
    "instructions of a launch": (processor.retired - before) / LAUNCHES,
  };
}

/** How much memory many instances of one program share. */
function memory(): Record<string, number> {
  const machine = new Machine();
  machine.open(guestFiles());
  const { memory } = machine.kernel.realm;
  const framesFor = (count: number) => {
    const before = memory.freeFrames;
    const programs = Array.from({ length: count }, () => {
      const program = machine.launch({ args: ["bin/hello"] });
      // Nearly to its end, and held there: it has touched by then what it will touch.
      machine.run({ until: machine.kernel.realm.now + NEARLY_ALL });
      if (program instanceof RunningProgram) hold(machine, program);
      return program;
    });
    const used = before - memory.freeFrames;
    for (const program of programs) {
      if (program instanceof RunningProgram) program[Symbol.dispose]();
    }
    return used;
  };
  const first = framesFor(1);
  return {
    "frames of the first instance": first,
    [`MiB of ${INSTANCES} instances at once`]: framesFor(INSTANCES) * 4096 / 2 ** 20,
  };
}

function hold(machine: Machine, { koid }: RunningProgram): void {
  const process = [...machine.kernel.rootJob.processes].find((one) => one.koid === koid);
  for (const thread of process?.threads ?? []) thread.suspend();
}

async function buildNative(print: (line: string) => void): Promise<string | null> {
  try {
    const folder = await Deno.makeTempDir();
    for (const [name, flags] of [["spawn", []], ["hello", ["-static"]]] as const) {
      const args = ["-O2", ...flags, "-o", `${folder}/${name}`, `${NATIVE}${name}.c`];
      const { success } = await new Deno.Command("gcc", { args, stderr: "null" }).output();
      if (!success) throw new Error(name);
    }
    return folder;
  } catch {
    print("gcc cannot build the native programs, so there is nothing to compare with");
    return null;
  }
}

async function spawnMany(folder: string, count: number): Promise<number> {
  const args = [String(count), `${folder}/hello`];
  const { stdout } = await new Deno.Command(`${folder}/spawn`, { args }).output();
  return Number(new TextDecoder().decode(stdout)) / 1e6;
}
