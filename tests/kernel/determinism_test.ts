import { assert, assertEquals } from "@std/assert";
import { failed, Signal } from "../../kernel/abi.ts";
import { type Program, zx } from "../../kernel/client.ts";
import { ChanceScheduler } from "../../kernel/task/chance_scheduler.ts";
import { PriorityChangeScheduler } from "../../kernel/task/priority_change_scheduler.ts";
import { RoundRobin, type Scheduler } from "../../kernel/task/scheduler.ts";
import { ScriptedScheduler } from "../../kernel/task/scripted_scheduler.ts";
import { jsonLine, LogHash, traceLine } from "../../kernel/trace.ts";
import { SeededEntropy } from "../../lab/machine/seeded_entropy.ts";
import { ScriptKernel } from "../support/scripts.ts";

/** Processes that wait for each other, and in which order they come to their ends. */
function race(scheduler: Scheduler, seed = 1) {
  const machine = new ScriptKernel({ scheduler, seed });
  const hash = new LogHash();
  const lines: string[] = [];
  machine.kernel.realm.log.listen((event) => {
    hash.add(event);
    lines.push(traceLine(event));
    JSON.parse(jsonLine(event));
  });
  const order: string[] = [];
  for (const name of ["one", "two", "three", "four"]) {
    machine.spawn(name, () => racer(name, order));
  }
  machine.run();
  return { hash: hash.text, order: order.join(" "), lines };
}

function* racer(name: string, order: string[]): Program {
  const pair = yield* zx.channelCreate({});
  if (failed(pair)) return;
  for (let at = 0; at < 5; at++) {
    yield* zx.channelWrite({ handle: pair.out0, bytes: new Uint8Array([at]), handles: [] });
    yield* zx.objectWaitOne({ handle: pair.out1, signals: Signal.READABLE });
    yield* zx.channelRead({ handle: pair.out1 });
  }
  order.push(name);
}

const SCHEDULERS: Readonly<Record<string, (seed: number) => Scheduler>> = {
  "round robin": () => new RoundRobin(500),
  "chance": (seed) => new ChanceScheduler(new SeededEntropy(seed)),
  "priority change": (seed) =>
    new PriorityChangeScheduler(new SeededEntropy(seed), { depth: 3, calls: 60 }),
  "scripted": (seed) => new ScriptedScheduler(scriptOf(seed)),
};

for (const [name, make] of Object.entries(SCHEDULERS)) {
  Deno.test(`the same seed gives the same events under the ${name} scheduler`, () => {
    for (let seed = 1; seed <= 5; seed++) {
      assertEquals(race(make(seed), seed).hash, race(make(seed), seed).hash);
    }
  });
}

for (const name of ["chance", "priority change", "scripted"]) {
  Deno.test(`different seeds give different orders under the ${name} scheduler`, () => {
    const orders = new Set<string>();
    for (let seed = 1; seed <= 30; seed++) orders.add(race(SCHEDULERS[name]!(seed)).order);
    assert(orders.size > 5, `${orders.size} orders`);
  });
}

Deno.test("another seed of the kernel gives other handle values, and so another hash", () => {
  assert(race(new RoundRobin(), 1).hash !== race(new RoundRobin(), 2).hash);
});

Deno.test("a scripted scheduler says at each choice how many threads there were", () => {
  const scheduler = new ScriptedScheduler([3, 2, 1]);
  race(scheduler);
  const first = scheduler.choices.slice(0, 3);
  assertEquals(first, [{ taken: 3, among: 4 }, { taken: 2, among: 4 }, { taken: 1, among: 4 }]);
});

Deno.test("every event is a line with its time and who it is about", () => {
  const { lines } = race(new RoundRobin());
  const call = lines.find((line) => line.includes("zx_channel_create(") && line.includes("…"));
  const told = call?.replace(/\d+:\d+/, "P:T");
  assertEquals(told, "0.000000100 [P:T] zx_channel_create(options=0) …");
});

function scriptOf(seed: number): number[] {
  const chance = new SeededEntropy(seed);
  return Array.from({ length: 200 }, () => chance.next() % 4);
}
