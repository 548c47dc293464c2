/**
 * What many processes, handles and channels cost: each step of one, two, four and eight parts of it
 * all, and whether everything is given back.
 *
 * @module
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { DEFAULT_RIGHTS, Right } from "../../../kernel/abi.ts";
import { type Program, zx } from "../../../kernel/client.ts";
import { invariant } from "../../../kernel/invariant.ts";
import { Channel } from "../../../kernel/ipc/channel.ts";
import type { Process } from "../../../kernel/task/process.ts";
import { Machine } from "../../../lab/machine/machine.ts";
import type { Figure } from "../kernel.ts";
import { processorTime } from "./processor_time.ts";
import { startScript } from "./start_script.ts";

const PROCESSES = 10_000;
const HANDLES_EACH = 80;
const CHANNELS_EACH = 10;

/** Costs per process with its handles and channels, at each size. */
export function manyObjects(): Figure[] {
  const figures: Figure[] = [];
  for (const parts of [8, 4, 2, 1]) {
    const count = PROCESSES / parts;
    const { setUp, tearDown, bytes } = measure(count);
    const about = `of ${count.toLocaleString("en")} processes`;
    figures.push({ name: `setting up each ${about}`, value: setUp / count / 1000, unit: "µs" });
    figures.push({
      name: `tearing down each ${about}`,
      value: tearDown / count / 1000,
      unit: "µs",
    });
    if (parts === 1) {
      figures.push({ name: `handles and channels ${about}`, value: bytes, unit: "B" });
    }
  }
  figures.push({
    name: "host memory of an idle process",
    value: idleBytes(),
    unit: "B",
    target: { most: 16 * 1024 },
  });
  return figures;
}

function measure(count: number) {
  const machine = new Machine();
  const { realm } = machine.kernel;
  const before = JSON.stringify([realm.census(), realm.memory.freeFrames, realm.handles]);
  const heap = heapUsed();
  const processes: Process[] = [];
  const setUp = processorTime(() => {
    for (let at = 0; at < count; at++) processes.push(oneProcess(machine));
    machine.run();
  }, 1);
  const bytes = (heapUsed() - heap) / count;
  const tearDown = processorTime(() => {
    for (const process of processes) process.kill();
    machine.run();
  }, 1);
  processes.length = 0;
  const after = JSON.stringify([realm.census(), realm.memory.freeFrames, realm.handles]);
  invariant(after === before, `all is given back: ${after} is ${before}`);
  return { setUp, tearDown, bytes };
}

/** A process that sleeps, with its share of channels, and of handles to itself. */
function oneProcess(machine: Machine): Process {
  const process = startScript(machine, "one of many", sleep);
  for (let at = 0; at < CHANNELS_EACH; at++) {
    for (const end of Channel.create(process.realm)) {
      process.giveHandle(end, DEFAULT_RIGHTS.channel, "bench");
    }
  }
  for (let at = 0; at < HANDLES_EACH; at++) process.giveHandle(process, Right.NONE, "bench");
  return process;
}

function idleBytes(): number {
  const machine = new Machine();
  const before = heapUsed();
  const processes = Array.from({ length: 1000 }, () => startScript(machine, "idle", sleep));
  machine.run();
  return (heapUsed() - before) / processes.length;
}

function* sleep(): Program {
  yield* zx.nanosleep({});
}

const collect = collector();

/** What lets the host collect what nobody refers to; it has no name until it is asked for. */
function collector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}

function heapUsed(): number {
  collect();
  return Deno.memoryUsage().heapUsed;
}
