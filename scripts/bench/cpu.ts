/**
 * The processor beside `qemu-riscv64`, on the same files; native code and v86 stand beside them.
 *
 * @module
 */
import {
  type Bench,
  type BenchOptions,
  type BenchResult,
  geometricMean,
  type Row,
} from "./bench.ts";
import { ElfGuest } from "./elf_guest.ts";
import { figures } from "./figures.ts";
import { build, guestPath, type Kernel, KERNELS } from "./kernels.ts";
import { runV86 } from "./v86.ts";

const PEER = "qemu-riscv64-static";

/** Programs of one kernel, as far as there are tools for them. */
interface Programs {
  readonly guest: Uint8Array;
  readonly native: string | null;
  readonly i386: string | null;
}

/** The bench. */
export const cpuBench: Bench = { name: "cpu", parts: KERNELS.map(({ name }) => name), run };

async function run(options: BenchOptions): Promise<BenchResult> {
  const { print } = options;
  const folder = await Deno.makeTempDir();
  const rows: Row[] = [];
  const v86: (number | null)[] = [];
  print("kernel      ours ms first ms  qemu ms  native ms   v86 ms  speed÷qemu  bound by");
  for (const kernel of KERNELS) {
    if (options.only !== null && !options.only.includes(kernel.name)) continue;
    const { row, v86Ms } = await measure(kernel, folder, options);
    rows.push(row);
    v86.push(v86Ms === null ? null : v86Ms / row.ours_ms);
    print(line(row, v86Ms, kernel));
  }
  const geomean = geometricMean(rows.map(({ ratio }) => ratio));
  const integer = rows.filter(({ name }) => !KERNELS.find((one) => one.name === name)!.float);
  const found = {
    integer_geomean: geometricMean(integer.map(({ ratio }) => ratio)) ?? 0,
    worst_ratio: Math.min(...rows.map(({ ratio }) => ratio ?? Infinity)),
    speed_over_v86: geometricMean(v86) ?? 0,
    ...(options.only === null ? figures(options.soakMinutes) : {}),
  };
  print(`speed ÷ qemu, geometric mean: ${geomean?.toFixed(2) ?? "no peer"}`);
  for (const [name, value] of Object.entries(found)) {
    print(`${name}: ${Number(value.toPrecision(4))}`);
  }
  await Deno.remove(folder, { recursive: true });
  return { rows, geomean, figures: found };
}

/** Both sides take turns; the best of each counts. */
async function measure(kernel: Kernel, folder: string, { rounds }: BenchOptions) {
  const programs = prepare(kernel.name, folder);
  const best = { ours: Infinity, first: 0, peer: Infinity, native: Infinity };
  for (let round = 0; round < rounds; round++) {
    const ours = runOurs(programs.guest);
    const peer = timed(PEER, [guestPath(kernel.name)]);
    if (peer !== null && peer.output !== ours.output) {
      throw new Error(`${kernel.name}: ${ours.output} here, ${peer.output} on ${PEER}`);
    }
    if (round === 0) best.first = ours.ms;
    best.ours = Math.min(best.ours, ours.ms);
    best.peer = Math.min(best.peer, peer?.ms ?? Infinity);
    const native = programs.native === null ? null : timed(programs.native, []);
    best.native = Math.min(best.native, native?.ms ?? Infinity);
  }
  const v86Ms = programs.i386 === null ? null : await runV86(programs.i386);
  const peerMs = finite(best.peer);
  const row: Row = {
    name: kernel.name,
    ours_ms: best.ours,
    first_ms: best.first,
    peer_ms: peerMs,
    native_ms: finite(best.native),
    ratio: peerMs === null ? null : peerMs / best.ours,
  };
  return { row, v86Ms };
}

function prepare(name: string, folder: string): Programs {
  const at = (target: "native" | "i386") => {
    const path = `${folder}/${name}.${target}`;
    return build(name, target, path) ? path : null;
  };
  return { guest: Deno.readFileSync(guestPath(name)), native: at("native"), i386: at("i386") };
}

/** Everything that the peer's time has in it too: a machine, loading, and running. */
function runOurs(elf: Uint8Array): { ms: number; output: string } {
  const start = performance.now();
  const guest = new ElfGuest(elf, { memoryBytes: 64 << 20 });
  guest.cpu.run(guest.context, guest.space, Number.MAX_SAFE_INTEGER);
  return { ms: performance.now() - start, output: guest.output };
}

function timed(program: string, args: string[]): { ms: number; output: string } | null {
  const start = performance.now();
  try {
    const { stdout } = new Deno.Command(program, { args, stderr: "null" }).outputSync();
    return { ms: performance.now() - start, output: new TextDecoder().decode(stdout) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function line(row: Row, v86Ms: number | null, kernel: Kernel): string {
  const ms = (value: number | null) => value === null ? "-" : value.toFixed(0);
  return [
    row.name.padEnd(10),
    ms(row.ours_ms).padStart(8),
    ms(row.first_ms).padStart(8),
    ms(row.peer_ms).padStart(8),
    ms(row.native_ms).padStart(10),
    ms(v86Ms).padStart(8),
    (row.ratio?.toFixed(2) ?? "-").padStart(11),
    ` ${kernel.bound}`,
  ].join(" ");
}
