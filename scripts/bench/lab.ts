/**
 * How fast schedules are explored, and authority is closed over: with what the reduction saves.
 *
 * There is no peer that does the same, so each figure stands beside the one that is wanted. Schedules
 * are counted by the processor's time, not the wall's, so that a busy host does not count.
 *
 * @module
 */
import type { AuthorityGraph, GraphObject } from "../../lab/authority/authority_graph.ts";
import { Closure, RULES } from "../../lab/authority/closure.ts";
import { Cast } from "../../lab/run/director.ts";
import { Explorer } from "../../lab/explore/explorer.ts";
import { Search } from "../../lab/explore/search.ts";
import type { Setup } from "../../lab/run/run.ts";
import { PATIENCE_SECONDS, Stage } from "../../lab/run/stage.ts";
import { Right, zx } from "../../mod.ts";
import { guestFiles } from "../guest_files.ts";
import { declaredIn, experimentFiles } from "./experiment_files.ts";
import type { Bench, BenchOptions, BenchResult } from "./bench.ts";
import { processorTime } from "./kernel/processor_time.ts";

/** Schedules a second, closures, and how long the experiments take. */
export const labBench: Bench = {
  name: "lab",
  parts: ["generators", "reduction", "elf", "closure", "experiments"],
  run,
};

const PROGRAMS = 3;
const CALLS = 3;
const PROCESSES = 1000;
const HANDLES = 8;
const ELF_SCHEDULES = 2000;

interface Measured {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly wanted: string;
}

async function run({ print, rounds, only }: BenchOptions): Promise<BenchResult> {
  const parts: Readonly<Record<string, () => Measured[] | Promise<Measured[]>>> = {
    generators: () => generators(rounds),
    reduction: () => reduction(),
    elf: () => elf(rounds),
    closure: () => closure(rounds),
    experiments: () => experiments(),
  };
  const figures: Record<string, number> = {};
  for (const [part, measure] of Object.entries(parts)) {
    if (only && !only.includes(part)) continue;
    for (const { name, value, unit, wanted } of await measure()) {
      print(`${name.padEnd(58)} ${value.toFixed(1).padStart(10)} ${unit.padEnd(12)} ${wanted}`);
      figures[`${name}, ${unit}`] = value;
    }
  }
  return { rows: [], geomean: null, figures };
}

/** Three programs of four steps, each with an event of its own. */
const apart: Setup = (world) => {
  for (let at = 0; at < PROGRAMS; at++) {
    const event = world.event(`event ${at}`);
    world.program(`program ${at}`, [event], function* (event) {
      for (let call = 0; call < CALLS; call++) {
        yield* zx.objectSignal({ handle: event, set: 1 << 24 });
      }
    });
  }
};

/** The same, all with one event. */
const together: Setup = (world) => {
  const event = world.event("event");
  for (let at = 0; at < PROGRAMS; at++) {
    world.program(`program ${at}`, [event.only("SIGNAL")], function* (event) {
      for (let call = 0; call < CALLS; call++) {
        yield* zx.objectSignal({ handle: event, set: 1 << (24 + at), clear: 1 << 28 });
      }
    });
  }
};

interface Explored {
  readonly count: number;
  /** The processor's time. */
  readonly ns: number;
}

function explore(setup: Setup, reduce: boolean, countMax = Infinity): Explored {
  const stage = new Stage(setup, new Cast(), { seed: 1, stepsMax: 1000, frames: 64 });
  const search = new Search({ reduce, preemptionsMax: Infinity });
  let count = 0;
  const ns = processorTime(() => {
    do {
      search.begin();
      stage.newRun(search, null).go();
      count++;
    } while (count < countMax && search.advance());
  }, 1);
  return { count, ns };
}

/** As a scenario is explored: guarded, and all that is used held against the closure. */
function exploreChecked(setup: Setup): Explored {
  const explorer = new Explorer(setup, {
    strategy: "every",
    reduce: false,
    preemptions: Infinity,
    steps: 1000,
    schedules: Infinity,
    seed: 1,
    frames: 64,
    rules: RULES,
    patience: PATIENCE_SECONDS,
  });
  const ns = processorTime(() => {
    while (!explorer.slice());
  }, 1);
  return { count: explorer.exploration.schedules, ns };
}

function bestRate(rounds: number, once: () => Explored): number {
  const rates = Array.from({ length: rounds }, () => {
    const { count, ns } = once();
    return count / ns * 1e9;
  });
  return Math.max(...rates);
}

function generators(rounds: number): Measured[] {
  return [{
    name: "3 generators of 4 steps, every schedule executed and checked",
    value: bestRate(rounds, () => exploreChecked(apart)),
    unit: "schedules/s",
    wanted: "(at least 100,000)",
  }];
}

function reduction(): Measured[] {
  const all = explore(apart, false).count;
  return [apart, together].map((setup) => ({
    name: setup === apart
      ? `reduction: ${all} schedules of programs apart`
      : `reduction: ${all} schedules of programs on one event`,
    value: all / explore(setup, true).count,
    unit: "to 1",
    wanted: "",
  }));
}

function elf(rounds: number): Measured[] {
  const files = guestFiles();
  const [client, server] = ["echo_client", "echo_server"].map((name) => files[`bin/${name}`]!);
  const setup: Setup = (world) => {
    const [asks, answers] = world.channel("talk");
    world.elf("client", client!, [asks], { args: ["client", "1"] });
    world.elf("server", server!, [answers]);
  };
  return [{
    name: "two guests in machine code, a question and an answer",
    value: bestRate(rounds, () => explore(setup, false, ELF_SCHEDULES)),
    unit: "schedules/s",
    wanted: "(at least 1,000)",
  }];
}

/** Programs in a ring of channels, each with memory of its own, some of which it may pass on. */
function ring(): AuthorityGraph {
  const objects = new Map<number, GraphObject>();
  const add = (koid: number, type: string, peer = 0) =>
    objects.set(koid, { name: `${type} ${koid}`, type, peer, waiting: [], children: [] });
  const programs = Array.from({ length: PROCESSES }, (_, at) => {
    const [end, next] = [10_000 + 2 * at, 10_001 + 2 * ((at + PROCESSES - 1) % PROCESSES)];
    add(end, "channel", end + 1);
    add(end + 1, "channel", end);
    const own = Array.from({ length: HANDLES - 2 }, (_, n) => {
      const koid = 100_000 + at * HANDLES + n;
      add(koid, "vmo");
      return { koid, rights: Right.READ | (at % 100 === 0 && n === 0 ? Right.TRANSFER : 0) };
    });
    const handles = [
      { koid: end, rights: Right.WRITE },
      { koid: next, rights: Right.READ },
      ...own,
    ];
    return { name: `p${at}`, koid: at + 1, job: "root", makesChannels: at % 2 === 0, handles };
  });
  return { programs, objects };
}

function closure(rounds: number): Measured[] {
  const graph = ring();
  let best = Infinity;
  for (let round = 0; round < Math.max(rounds, 5); round++) {
    const start = performance.now();
    new Closure(graph);
    best = Math.min(best, performance.now() - start);
  }
  return [{
    name: `closure of ${PROCESSES} processes in a ring, ${HANDLES} handles each`,
    value: best,
    unit: "ms",
    wanted: "(at most 50)",
  }];
}

async function experiments(): Promise<Measured[]> {
  const start = performance.now();
  let count = 0;
  for (const file of experimentFiles()) {
    for (const scenario of await declaredIn(file)) {
      await scenario.explore();
      count++;
    }
  }
  return [{
    name: `${count} experiments and twins, one after the other`,
    value: (performance.now() - start) / 1000,
    unit: "s",
    wanted: "(at most 30)",
  }];
}
