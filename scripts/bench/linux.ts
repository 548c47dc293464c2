/**
 * How fast Linux programs start, call, make others and talk: beside the emulator, and beside the
 * host's own Linux where the program is the same source.
 *
 * @module
 */
import { existsSync } from "@std/fs";
import { LinuxMachine } from "../../lab/machine/linux_machine.ts";
import { DenoHostFiles } from "../host_files.ts";
import {
  type Bench,
  type BenchOptions,
  type BenchResult,
  geometricMean,
  type Row,
} from "./bench.ts";

const FOLDER = new URL("linux/", import.meta.url).pathname;
const SYSROOT = "/usr/riscv64-linux-gnu";
const CROSS = "riscv64-linux-gnu-gcc";
const EMULATOR = "qemu-riscv64-static";
const FORKS = 150;
/** So many that starting the programs, and compiling them, is little of it. */
const TRIPS = 100_000;
const CALLS = 2_000_000;

/** What is measured: a program, its arguments, and how it is built. */
interface Part {
  readonly name: string;
  readonly source: string;
  readonly args: readonly string[];
  readonly isStatic: boolean;
  /** What the emulator cannot do: run a program from a program. */
  readonly isOnlyNative?: boolean;
}

/** Real programs with their arguments; each takes the emulator some seconds. */
const REAL: readonly (readonly [source: string, ...args: string[]])[] = [
  ["squeeze", "8", "4"],
  ["compile", "120"],
  ["sort", "400000", "2"],
  ["lisp", "18"],
];

const PARTS: readonly Part[] = [
  { name: "hello, static", source: "hello", args: [], isStatic: true },
  { name: "hello, dynamic", source: "hello", args: [], isStatic: false },
  { name: `${CALLS} getppid`, source: "parents", args: [`${CALLS}`], isStatic: true },
  {
    name: `${FORKS} fork+exec+wait`,
    source: "forks",
    args: [`${FORKS}`, "/tmp/nothing"],
    isStatic: true,
    isOnlyNative: true,
  },
  { name: `${TRIPS} pipe trips`, source: "pingpong", args: [`${TRIPS}`], isStatic: true },
  ...REAL.map(([source, ...args]) => ({ name: source, source, args, isStatic: true })),
];

/** The bench. */
export const linuxBench: Bench = {
  name: "linux",
  parts: [...new Set(PARTS.map(({ source }) => source))],
  run,
};

function run({ print, rounds, only }: BenchOptions): Promise<BenchResult> {
  if (!existsSync(`/usr/bin/${CROSS}`)) throw new Error(`${CROSS} is not installed`);
  const folder = Deno.makeTempDirSync({ prefix: "linux-bench-" });
  const rows: Row[] = [];
  try {
    for (const part of PARTS) {
      if (only && !only.includes(part.source)) continue;
      const row = measure(part, folder, rounds);
      rows.push(row);
      print(rowText(row));
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
  const rate = (name: string, count: number) => {
    const row = rows.find((one) => one.name.includes(name));
    return row ? count / row.ours_ms * 1000 : NaN;
  };
  const figures = {
    getppid_per_s: rate("getppid", CALLS),
    fork_exec_wait_per_s: rate("fork", FORKS),
    pipe_trips_per_s: rate("pipe", TRIPS),
  };
  return Promise.resolve({ rows, geomean: geometricMean(rows.map(({ ratio }) => ratio)), figures });
}

function rowText({ name, ours_ms, first_ms, peer_ms, native_ms, ratio }: Row): string {
  const ours = `${name.padEnd(20)} ${ours_ms.toFixed(2).padStart(8)} ms`;
  const times = ratio === null ? "" : ` (${ratio.toFixed(2)}×)`;
  const peer = peer_ms === null ? "" : `, emulator ${peer_ms.toFixed(1)} ms${times}`;
  const native = native_ms === null ? "" : `, native ${native_ms.toFixed(1)} ms`;
  return `${ours}, the first run ${first_ms?.toFixed(2)} ms${peer}${native}`;
}

/** Both sides in turns; the best of each. */
function measure(part: Part, folder: string, rounds: number): Row {
  const program = compile(CROSS, part.source, `${folder}/${part.source}`, part.isStatic);
  const nothing = compile(CROSS, "nothing", `${folder}/nothing`, true);
  const host = existsSync("/usr/bin/gcc")
    ? compile("gcc", part.source, `${folder}/${part.source}.host`, false)
    : null;
  compile(existsSync("/usr/bin/gcc") ? "gcc" : CROSS, "nothing", "/tmp/nothing", false);
  let [ours, first, peer, native] = [Infinity, 0, Infinity, Infinity];
  for (let round = 0; round < rounds; round++) {
    const now = here(part, Deno.readFileSync(program), Deno.readFileSync(nothing));
    if (round === 0) first = now;
    ours = Math.min(ours, now);
    if (!part.isOnlyNative && existsSync(`/usr/bin/${EMULATOR}`)) {
      peer = Math.min(peer, spawned(EMULATOR, ["-L", SYSROOT, program, ...part.args]));
    }
    if (host) native = Math.min(native, spawned(host, part.args));
  }
  return {
    name: part.name,
    ours_ms: ours,
    first_ms: first,
    peer_ms: peer === Infinity ? null : peer,
    native_ms: native === Infinity ? null : native,
    ratio: peer === Infinity ? null : peer / ours,
  };
}

/** From `execve` to the end, on a machine that is up. */
function here(part: Part, program: Uint8Array, nothing: Uint8Array): number {
  const machine = new LinuxMachine({ mounts: { "/": new DenoHostFiles(SYSROOT) } });
  machine.put("/tmp/program", program);
  machine.put("/tmp/nothing", nothing);
  const once = () => {
    const start = performance.now();
    const group = machine.start({ path: "/tmp/program", args: ["program", ...part.args] });
    if (typeof group === "number") throw new Error(`${part.name}: execve answers ${group}`);
    machine.run(group);
    if (group.exitStatus !== 0) throw new Error(`${part.name}: it ends with ${group.exitStatus}`);
    return performance.now() - start;
  };
  // The machine is up when it has run something.
  const first = once();
  return part.source === "hello" ? Math.min(once(), once(), once()) : first;
}

function spawned(program: string, args: readonly string[]): number {
  const start = performance.now();
  new Deno.Command(program, { args: [...args], stdout: "null" }).outputSync();
  return performance.now() - start;
}

function compile(compiler: string, source: string, target: string, isStatic: boolean): string {
  const { success, stderr } = new Deno.Command(compiler, {
    args: ["-O2", "-w", ...(isStatic ? ["-static"] : []), "-o", target, `${FOLDER}${source}.c`],
  }).outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return target;
}
