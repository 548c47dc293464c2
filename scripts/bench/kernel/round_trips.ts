/**
 * How many messages go to and fro in a second: between machine code, between scripts, and, beside
 * them, between two native processes over Linux pipes.
 *
 * @module
 */
import { DEFAULT_RIGHTS } from "../../../kernel/abi.ts";
import { type Program, zx } from "../../../kernel/client.ts";
import { Channel } from "../../../kernel/ipc/channel.ts";
import { Handle } from "../../../kernel/object/handle.ts";
import { startBare } from "../../../lab/machine/bare_program.ts";
import { Machine } from "../../../lab/machine/machine.ts";
import type { Figure } from "../kernel.ts";
import { timeAlone } from "./alone.ts";
import { answer, ANSWERER, asker, READABLE } from "./asking.ts";
import { nativePipes } from "./native_pipes.ts";
import { startScript } from "./start_script.ts";

const TRIPS = 600_000;

/** Round trips between each kind of process. */
export async function roundTrips(): Promise<Figure[]> {
  const machineTime = await timeAlone("betweenMachineCode");
  const scriptTime = await timeAlone("betweenScripts");
  const unit = "trips/s";
  const rate = (time: number) => TRIPS / time * 1e9;
  const figures: Figure[] = [
    {
      name: "channel round trip between machine code",
      value: rate(machineTime),
      unit,
      target: { least: 400_000 },
    },
    {
      name: "channel round trip between scripts",
      value: rate(scriptTime),
      unit,
      target: { least: 250_000 },
    },
  ];
  return [...figures, ...await againstPipes()];
}

/** Wall time on both sides, in turns, because the native one is two processes. */
async function againstPipes(): Promise<Figure[]> {
  let ours = Infinity;
  let theirs = Infinity;
  for (let turn = 0; turn < 3; turn++) {
    const native = await nativePipes(TRIPS / 6);
    if (native === null) return [];
    theirs = Math.min(theirs, native);
    const start = performance.now();
    betweenMachineCode();
    ours = Math.min(ours, (performance.now() - start) * 1e6 / TRIPS);
  }
  return [
    { name: "pipe round trip between native processes", value: 1e9 / theirs, unit: "trips/s" },
    {
      name: "channels beside native pipes",
      value: theirs / ours,
      unit: "times as fast",
      target: { least: 2 },
    },
  ];
}

/** One run of round trips between machine code, on a machine that may be prepared. */
export function betweenMachineCode(prepare?: (machine: Machine) => void): void {
  const machine = new Machine();
  prepare?.(machine);
  const ends = Channel.create(machine.kernel.realm);
  const handle = (end: Channel) => () => new Handle(end, DEFAULT_RIGHTS.channel);
  startBare(machine, { name: "server", text: ANSWERER, handle: handle(ends[0]) });
  startBare(machine, { name: "client", text: asker(TRIPS), handle: handle(ends[1]) });
  machine.run();
}

/** One run of round trips between scripts. */
export function betweenScripts(): void {
  const machine = new Machine();
  const ends = Channel.create(machine.kernel.realm);
  startScript(machine, "server", (process) => {
    return answer(process.giveHandle(ends[0], DEFAULT_RIGHTS.channel, "bench"));
  });
  startScript(machine, "client", (process) => {
    return ask(process.giveHandle(ends[1], DEFAULT_RIGHTS.channel, "bench"));
  });
  machine.run();
}

function* ask(handle: number): Program {
  const bytes = new Uint8Array(8);
  for (let trip = 0; trip < TRIPS; trip++) {
    yield* zx.channelWrite({ handle, bytes, handles: [] });
    yield* zx.objectWaitOne({ handle, signals: READABLE });
    yield* zx.channelRead({ handle });
  }
}
