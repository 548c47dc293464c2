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
/** The programs that are launched. */
const HELLOS = ["hello", "hello_dynamic"];
/** How many instances run at once when memory is counted. */
const INSTANCES = 1000;

/** Launches a second, beside the host's. */
export const loaderBench: Bench = { name: "loader", parts: HELLOS, run };

async function run({ print, rounds, only }: BenchOptions) {
  const natively = await buildNative(print);
  const rows: Row[] = [];
  for (const name of HELLOS) {
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
    rows.push({ name, ours_ms: ours, first_ms: null, peer_ms: peer, native_ms: peer, ratio });
    print(rowText(rows.at(-1)!));
  }
  const figures = { ...shares("hello"), ...shares("hello_dynamic"), ...memory() };
  for (const [name, value] of Object.entries(figures)) {
    print(`${name.padEnd(62)} ${value.toFixed(1)}`);
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

/** What the system calls of launcher, loader service and first process are for. */
const PHASES: readonly (readonly [phase: string, calls: RegExp])[] = [
  ["parse: reading the file", /^vmoRead|^vmoGet/],
  ["map: regions and mappings", /^vmar/],
  ["copy: snapshots, fresh memory, names", /^vmo|^objectSetProperty/],
  ["messages", /^channel|^handle|^object/],
  ["making and starting tasks", /^process|^thread|^task/],
];

/** Where a launch's time goes, in percent: the kernel's calls by what they are for, code, and rest. */
function shares(name: string): Record<string, number> {
  const machine = new Machine();
  machine.open(guestFiles());
  launchMany(machine, name, LAUNCHES);
  const times = new Map<string, number>();
  const add = (phase: string, start: number) => {
    times.set(phase, (times.get(phase) ?? 0) + performance.now() - start);
  };
  const { processor, kernel: { system: { personality } } } = machine;
  const run = processor.run.bind(processor);
  processor.run = (context, space, budget) => {
    const start = performance.now();
    const reason = run(context, space, budget);
    add(name === "hello" ? "run: machine code" : "link and run: machine code", start);
    return reason;
  };
  const request = personality.onRequest.bind(personality);
  personality.onRequest = (thread, asked) => {
    const start = performance.now();
    const answered = request(thread, asked);
    add(PHASES.find(([, calls]) => calls.test(asked.call))?.[0] ?? "other calls", start);
    return answered;
  };
  const before = processor.retired;
  const total = launchMany(machine, name, LAUNCHES) * LAUNCHES;
  const spent = [...times.values()].reduce((sum, time) => sum + time, 0);
  times.set("launcher's and loader's own steps, and turns", total - spent);
  const percent = [...times].map(([phase, time]) => [`${name}: % ${phase}`, 100 * time / total]);
  const instructions = (processor.retired - before) / LAUNCHES;
  return { ...Object.fromEntries(percent), [`${name}: instructions`]: instructions };
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
